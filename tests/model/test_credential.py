"""Names that look like those of credentials, and ordinary ones that only sound alike."""

from typing import Literal
from unicodedata import normalize

import pytest

from dsar_export.model.credential import counts_tokens, looks_like_credential

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

# Names that developers and other software use.
MORE_CREDENTIALS = """
user_actkey SecurityStamp otpKey AuthenticatorKey key_auth Authorization bcrypt PHPSESSID Set-Cookie puk
hashedToken lostpassword token_auth rp_token spree_api_key user_form_salt user_newpasswd
_two_factor_totp_key two_factor_key 2fa_key 2faBackupCodes mfa_key totp_key hmac_key secure_key api_v2_key
activation_key user_activation_key reset_password_token two_factor_recovery_codes encrypted_password
password_digest remember_token rp_token user_pass db_pass new_pass pass pass_word one_time_code seed_phrase
mnemonic security_question_answer tx_hash_password prompt_token prompt_tokens_secret password_file_hash
secret_santa_token blurhash_key_password
""".split()  # noqa: SIM905 - a table of names reads better so

OF_LANGUAGES = {
    "bg": """
        парола Пароли потребителска_парола таен_ключ частен_ключ код_за_възстановяване еднократен_код
        отговор_сигурност
    """,
    "cs": """
        heslo hesla uživatelské_heslo HESLO heslová_fráze tajný_klíč klic_api obnovovací_kód jednorazovy_kod
        bezpečnostní_odpověď
    """,
    "da": """
        adgangskode kodeord brugerKodeord privat_nøgle privat_noegle gendannelseskode engangskode
        sikkerhedssvar pinkode
    """,
    "de": """
        Passwörter benutzerkennwort Zugangsschlüssel sitzungsSchluessel Wiederherstellungscode einmal_code
        sicherheitsantwort geheimzahl
    """,
    "el": """
        κωδικός_πρόσβασης ΣΥΝΘΗΜΑΤΙΚΟ synthimatiko κλειδί_api ιδιωτικό_κλειδί κωδικός_ανάκτησης
        κωδικός_μίας_χρήσης απάντηση_ασφαλείας
    """,
    "en": """
        password pass-phrase PIN clientSecret sessionToken apiKey recovery_codes one_time_code
        securityAnswer
    """,
    "es": """
        contraseña contrasena clave clave_secreta llave_privada token_sesion código_recuperación
        codigo_de_un_solo_uso respuesta_secreta
    """,
    "et": "parool salasõna salasona privaatvõti api_võti taastekood ühekordne_kood turvavastus",
    "fi": """
        salasana salasanat kayttajansalasana salausavain palautuskoodi kertakäyttökoodi turvavastaus
        pin_koodi
    """,
    "fr": """
        mot_de_passe motsDePasse mdp clé_privée cle_api clef_de_chiffrement jeton_d_accès code_de_secours
        code_usage_unique réponse_secrète
    """,
    "ga": """
        pasfhocal focal_faire eochair_phríobháideach eochair_api cód_aisghabhála cód_aonuaire
        freagra_slándála
    """,
    "hr": """
        lozinka lozinke zaporka tajni_ključ privatni_kljuc kod_za_oporavak jednokratni_kod
        sigurnosni_odgovor
    """,
    "hu": "jelszó jelszava felhasznalo_jelszo titkos_kulcs helyreállítási_kód egyszeri_kód biztonsági_válasz",
    "it": """
        parola codice_segreto chiave_privata chiave_di_accesso gettone_di_sessione codice_di_recupero
        codice_monouso risposta_segreta
    """,
    "lt": """
        slaptažodis slaptazodziai privatus_raktas prieigos_raktas atkūrimo_kodas vienkartinis_kodas
        saugos_atsakymas
    """,
    "lv": """
        parole lietotāja_parole paroles_frāze privātā_atslēga atkopšanas_kods vienreizējs_kods
        drošības_atbilde
    """,
    "mt": "kelma_sigrieta password ċavetta_privata kodiċi_rkupru tweġiba_sigurtà",
    "nl": """
        wachtwoord Wachtwoorden toegangssleutel geheime_sleutel herstelcode eenmalige_code
        beveiligingsantwoord
    """,
    "pl": """
        hasło hasla klucz_prywatny klucz_api żeton_dostępu kod_odzyskiwania kod_jednorazowy
        odpowiedź_bezpieczeństwa
    """,
    "pt": """
        senha palavra_passe palavraPasse chave_privada chave_de_acesso código_de_recuperação
        codigo_uso_unico resposta_secreta
    """,
    "ro": """
        parolă parola cheie_privată cheie_api jeton_de_acces cod_de_recuperare cod_securitate
        răspuns_securitate
    """,
    "sk": "heslo hesla heslová_fráza súkromný_kľúč obnovovací_kód jednorazový_kód bezpečnostná_odpoveď",
    "sl": "geslo gesla zasebni_ključ dostopni_kljuc obnovitvena_koda enkratna_koda varnostni_odgovor",
    "sv": """
        lösenord losenord lösenordet privat_nyckel krypteringsnyckel återställningskod engångskod
        säkerhetssvar pinkod
    """,
}

# Words that look or sound like those above, of any of these languages.
HARMLESS = """
authorization_date license_key p256dh public_key_id pins cookie act_date
prompt_tokens promptTokens completion_tokens max_tokens total_tokens tokens_used token_usage blurhash blur_hash
avatarBlurhash geohash tx_hash txHash transaction_hash block_hash file_hash content_hash commit_hash secret_santa
secretSanta hash_tag passports compass_direction ski_pass boarding_pass season_passes tokyo tokenisation keynote
turnkey answer_key sort_key clef klíč sleutel raktas avain schluessel chave_pix palavra_chave parola_chiave
parole_chiave paroles_chanson parole_status clave_producto code_postal código_postal codice_fiscale kod_pocztowy
cod_unic postleitzahl zip_code nip tunnusluku geheim geheime_adresse hemlig_adress tajny secrétaire tajemnica jeton
jetons_casino code_promo bestätigungscode antwort svar válasz réponse respuesta kelma encodage kodeks schlüsselwort
senhor gesloten hasselt parolier identifiants mnemonic_for_word clientele sekretariat hashtag_count shipping_code
""".split()  # noqa: SIM905 - a table of names reads better so


@pytest.mark.parametrize("name", [*CREDENTIALS, *MORE_CREDENTIALS])
def test_the_name_of_a_credential_is_known_as_such(name: str) -> None:
    assert looks_like_credential(name)


@pytest.mark.parametrize("language", OF_LANGUAGES)
def test_the_words_of_a_language_are_known(language: str) -> None:
    assert [name for name in OF_LANGUAGES[language].split() if not looks_like_credential(name)] == []


def test_each_official_language_of_the_european_union_has_words() -> None:
    assert len(OF_LANGUAGES) == 24


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("name", ["contraseña", "hasło", "κωδικός_πρόσβασης", "ＰＡＳＳＷＯＲＤ"])
def test_a_name_is_the_same_however_its_accents_are_written(
    name: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    assert looks_like_credential(normalize(form, name))


@pytest.mark.parametrize("name", [*ORDINARY, *HARMLESS, "", "_", "7", "日本語"])
def test_an_ordinary_name_is_left_alone(name: str) -> None:
    assert not looks_like_credential(name)


def test_a_name_of_any_length_is_asked_in_no_time() -> None:
    assert looks_like_credential("x" * 10_000_000 + "_password")
    assert not looks_like_credential("pass" * 2_000_000)
    assert not looks_like_credential("a_" * 1_000_000)


def test_only_several_tokens_are_counted() -> None:
    assert counts_tokens("tokens")
    assert counts_tokens("refreshTokens")
    assert not counts_tokens("token")
    assert not counts_tokens("pin")
