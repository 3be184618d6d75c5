"""Names that look like those of credentials, and ordinary ones that only sound alike."""

import pytest

from dsar_export.model.credential import looks_like_credential

CREDENTIALS = """
password passwords Password PASSWORD user_password old_passwords passwordHash password_hash passwordhash pwhash pw_hash
passwd passphrase passcode pwd pw userpassword password2 temp-password "login.password" password_protected last_password
secret secrets client_secret clientSecret clientsecret totp_secret totp_seed totpSeed otp hotp_key
token tokens access_token accesstoken accessToken sessiontoken session_token refresh_tokens refreshtokens token_id
XAuthToken push_token TOKEN token1 jwt credential credentials
salt pwsalt password_salt hash hashes md5_hash sha256Hash
pin PIN card_pin cardPIN PINCode pin_code pin_number cvv cvv2 cvc
api_key API_KEY APIKey apikey auth_key authKey authkey private_key access_key secret_key signing_keys encryption_key
recovery_codes recovery_code recoveryCodes backupCodes backup_codes security_code login_code security_answer
passwort Passwort passwörter benutzerpasswort passwort_hash kennwort kennwörter mot_de_passe motDePasse motdepasse mdp
contraseña contrasena senha wachtwoord
""".replace('"', "").split()

ORDINARY = """
name email pinned pinned_at spin spinning shipping pinterest_id opinion pin_id pinboard
hashtag hashtags rehashed secretary secretariat saltiness basalt salted_caramel token_count tokens_used_text tokenised
betokened passwordless passwordless_login password_changed_at passwordChangedAt pin_changed_on otp_enabled token_expires
login_attempts password_attempts passenger passport passport_number pass_id compass pwned_count
key keyboard public_key key_account monkey api_version author_key_date keys hockey
code postcode promo_code country_code discount_codes security_level recovery_email optical option laptop stop
cookie_id session_count question answer answers
""".split()  # noqa: SIM905 - a table of names reads better so


@pytest.mark.parametrize("name", CREDENTIALS)
def test_the_name_of_a_credential_is_known_as_such(name: str) -> None:
    assert looks_like_credential(name)


@pytest.mark.parametrize("name", [*ORDINARY, "", "_", "7", "日本語"])
def test_an_ordinary_name_is_left_alone(name: str) -> None:
    assert not looks_like_credential(name)


def test_a_name_of_any_length_is_asked_in_no_time() -> None:
    assert looks_like_credential("x" * 10_000_000 + "_password")
    assert not looks_like_credential("pass" * 2_000_000)
