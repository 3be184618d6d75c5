"""What a provider proves, and what proves nobody: by real requests to a server on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from dsar_export.errors import ProviderUnavailableError, RefusedLoginError
from dsar_export.logins.keys import Keys
from dsar_export.logins.provider import Client, Provider
from dsar_export.model.provider_login import OneTime
from tests.web.staff.providers import CLIENT, SigningProvider, new_key, serving

ONCE: Final = OneTime("the state", "the-nonce", "the-verifier")
HOUR: Final = 3600


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def running() -> Iterator[SigningProvider]:
    with serving(SigningProvider()) as provider:
        yield provider


@pytest.fixture
def signing(running: SigningProvider) -> Iterator[SigningProvider]:
    """As it is in the beginning, whatever an earlier test wanted."""
    keys = list(running.keys)
    yield running
    running.keys, running.claims, running.document = keys, {}, {}
    running.signs_with, running.algorithm = None, "RS256"
    running.asked.clear()
    running.forms.clear()


def provider(signing: SigningProvider, secret: str | None = None, issuer: str = "") -> Provider:
    return Provider(Client(issuer or signing.issuer, CLIENT, secret, "http://localhost/back"))


def test_whoever_signed_in_is_known_by_issuer_and_subject(signing: SigningProvider) -> None:
    at = int(now().timestamp()) - 10
    signing.claims = {"auth_time": at}
    found = provider(signing).login("the-nonce", ONCE, now())
    assert (found.issuer, found.subject) == (signing.issuer, "subject-1")
    assert found.entered_at == datetime.fromtimestamp(at, UTC)
    assert "subject-1" not in repr(found)
    assert signing.forms[-1]["code_verifier"] == "the-verifier"


WRONG: Final = [
    ("iss", {"iss": "https://elsewhere.example.org"}),
    ("aud", {"aud": "another program"}),
    ("aud", {"aud": None}),
    ("azp", {"aud": [CLIENT, "another program"]}),
    ("azp", {"aud": [CLIENT, "another program"], "azp": "another program"}),
    ("azp", {"azp": "another program"}),
    ("exp", {"exp": 120}),
    ("exp", {"exp": None}),
    ("exp", {"exp": "tomorrow"}),
    ("iat", {"iat": HOUR}),
    ("iat", {"iat": 32_503_680_000}),
    ("iat", {"iat": 10**30}),
    ("nonce", {"nonce": "of another browser"}),
    ("nonce", {"nonce": None}),
    ("sub", {"sub": None}),
    ("sub", {"sub": ""}),
    ("sub", {"sub": "x" * 300}),
    ("auth_time", {"auth_time": True}),
]


@pytest.mark.parametrize(("name", "claims"), WRONG)
def test_a_claim_that_does_not_fit_proves_nobody(
    signing: SigningProvider, name: str, claims: dict[str, Any]
) -> None:
    signing.claims = claims
    with pytest.raises(RefusedLoginError, match=f"^{name}$"):
        provider(signing).login("the-nonce", ONCE, now())


def test_a_token_for_several_programs_counts_if_it_was_made_for_this_one(signing: SigningProvider) -> None:
    signing.claims = {"aud": [CLIENT, "another program"], "azp": CLIENT}
    assert provider(signing).login("the-nonce", ONCE, now()).subject == "subject-1"


def test_a_key_that_is_not_published_proves_nobody(signing: SigningProvider) -> None:
    signing.signs_with = new_key("first")  # of the same name
    with pytest.raises(RefusedLoginError, match="signature"):
        provider(signing).login("the-nonce", ONCE, now())


def test_a_new_key_counts_without_a_restart(signing: SigningProvider) -> None:
    seconds = 0.0
    asked = Provider(Client(signing.issuer, CLIENT, None, "http://localhost/back"), clock=lambda: seconds)
    asked.login("the-nonce", ONCE, now())
    signing.keys = [*signing.keys, new_key("second")]
    with pytest.raises(RefusedLoginError):
        asked.login("the-nonce", ONCE, now())  # the keys were read a moment ago
    seconds = 61.0
    asked.login("the-nonce", ONCE, now())
    assert signing.asked.count("/jwks_uri") == 2


def test_neither_no_signature_nor_one_by_a_shared_secret_counts(signing: SigningProvider) -> None:
    public = signing.keys[-1].as_dict(private=False)
    keys = Keys(lambda: {"keys": [public]})
    claims = {"iss": signing.issuer, "sub": "subject-1"}
    for algorithm, key in (("none", ""), ("HS256", str(public["n"]))):
        forged = _forged(algorithm, claims, key)
        with pytest.raises(RefusedLoginError, match="signature"):
            keys.claims(forged)


def _forged(algorithm: str, claims: dict[str, Any], key: str) -> str:
    if algorithm == "none":
        signed = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("x" * 32), algorithms=["HS256"])
        return f"eyJhbGciOiJub25lIn0.{signed.split('.')[1]}."
    return jwt.encode({"alg": algorithm}, claims, OctKey.import_key(key), algorithms=[algorithm])


def test_the_address_asks_for_what_comes_back_to_this_browser_alone(signing: SigningProvider) -> None:
    asked = {
        n: v[0] for n, v in parse_qs(urlsplit(provider(signing).address(ONCE, anew=False)).query).items()
    }
    assert (asked["state"], asked["nonce"], asked["code_challenge_method"]) == (
        "the state",
        "the-nonce",
        "S256",
    )
    assert "the-verifier" not in asked.values()
    assert "prompt" not in asked
    again = provider(signing).address(ONCE, anew=True)
    assert "prompt=login&max_age=0" in again


@pytest.mark.parametrize(
    ("ways", "names"), [(None, set()), (["client_secret_post"], {"client_secret", "client_id"})]
)
def test_the_secret_goes_the_way_that_the_provider_takes(
    signing: SigningProvider, ways: list[str] | None, names: set[str]
) -> None:
    signing.document = {} if ways is None else {"token_endpoint_auth_methods_supported": ways}
    provider(signing, "the secret").login("the-nonce", ONCE, now())
    assert {"client_secret", "client_id"} & signing.forms[-1].keys() == names


DOCUMENTS: Final = [
    ({"issuer": "https://elsewhere.example.org"}, "another name"),
    ({"token_endpoint": None}, "token_endpoint"),
    ({"token_endpoint": "http://login.example.org/token"}, "token_endpoint"),
    ({"jwks_uri": "file:///etc/keys"}, "jwks_uri"),
]


@pytest.mark.parametrize(("document", "reason"), DOCUMENTS)
def test_a_provider_that_describes_itself_wrongly_is_not_asked(
    signing: SigningProvider, document: dict[str, Any], reason: str
) -> None:
    signing.document = document
    with pytest.raises(ProviderUnavailableError, match=reason):
        provider(signing).login("the-nonce", ONCE, now())
    assert signing.forms == []


def test_one_that_does_not_answer_is_unavailable(signing: SigningProvider) -> None:
    silent = replace(provider(signing).client, issuer="http://127.0.0.1:9")
    with pytest.raises(ProviderUnavailableError, match="does not answer"):
        Provider(silent).address(ONCE, anew=False)


def test_an_answer_of_any_length_is_not_read_to_its_end(signing: SigningProvider) -> None:
    signing.document = {"padding": "x" * 300_000}
    with pytest.raises(ProviderUnavailableError, match="too long"):
        provider(signing).address(ONCE, anew=False)


def test_keys_are_those_that_sign(signing: SigningProvider) -> None:
    encrypts = {**signing.keys[-1].as_dict(private=False), "use": "enc"}
    with pytest.raises(ProviderUnavailableError, match="no key"):
        Keys(lambda: {"keys": [encrypts, {"kty": "oct", "k": "AAAA"}, "x"]}).claims("a.b.c")


def test_old_tokens_of_ours_do_not_count(signing: SigningProvider) -> None:
    with pytest.raises(RefusedLoginError, match=r"exp|iat"):
        provider(signing).login("the-nonce", ONCE, now() + timedelta(hours=2))
