"""A login of the person at the organisation's provider proves who they are, and shows the passphrase once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey, Key, OKPKey, RSAKey

from dsar_export.errors import ProviderUnavailableError, WrongUseError
from dsar_export.model.api import Scope
from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.login import LoginPurpose
from dsar_export.requests.database import reading
from dsar_export.requests.identifiers import identifiers_of
from dsar_export.requests.requests import read_request
from dsar_export.requests.states import State
from dsar_export.settings import Settings
from dsar_export.use_cases.audit import trail_entries
from dsar_export.wiring.login import login_in
from tests.use_cases.parcels import PASSPHRASE
from tests.web.api.conftest import SAM_OPENS, Portal, portal
from tests.web.api.logins import AUDIENCE, ISSUER, SETTINGS, Provider, signed_by_public_key
from tests.web.api.test_requests import problem
from tests.web.conftest import parcels_in
from tests.web.served import Served, served
from tests.web.staff.providers import SigningProvider, serving

PROVIDER = Provider()
CURVE, EDWARDS = ECKey.generate_key("P-256"), OKPKey.generate_key("Ed25519")
STRANGER = RSAKey.generate_key(2048)
REVEAL = LoginPurpose.REVEAL


@pytest.fixture(scope="module")
def trusting(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Served by settings that name the provider."""
    folder = tmp_path_factory.mktemp("trusting")
    keys = PROVIDER.write_keys(folder / "jwks.json", CURVE, EDWARDS)
    parcels = parcels_in(folder, reached)
    with served(parcels, login_keys=str(keys), **SETTINGS) as made:
        yield made
    parcels.office.installation.engine.dispose()


def opened(asking: Portal, *identifiers: tuple[str, str]) -> str:
    given = [{"kind": kind, "value": value} for kind, value in identifiers]
    body = {**SAM_OPENS, **({"identifiers": given} if given else {})}
    return str(asking.ask("POST", "/requests", body).json()["reference"])


def sent(asking: Portal, reference: str, what: str, token: str, **headers: str) -> httpx.Response:
    return asking.ask("POST", f"/requests/{reference}/{what}", {"login": token}, **headers)


def proven(shop: Served, reference: str) -> dict[str, str | None]:
    with reading(shop.desk.engine) as connection:
        held = identifiers_of(connection, reference, shop.desk.vault)
    return {each.identifier.kind: each.proven_by for each in held}


def test_a_login_proves_the_identifiers_that_it_names_and_no_other(trusting: Served) -> None:
    asking = portal(trusting)
    reference = opened(asking, ("customer_id", "C-1"), ("email", "sam@example.org"))
    answer = sent(asking, reference, "verify", PROVIDER.token(trusting, reference))
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == State.VERIFIED
    assert proven(trusting, reference) == {"customer_id": "login", "email": None}
    entry = trail_entries(trusting.parcels.desk("aud"), reference)[-1].values
    assert (entry["action"], "login" in str(entry)) == ("verify", True)
    with reading(trusting.desk.engine) as connection:
        request = read_request(connection, reference, trusting.desk.vault)
    assert request.evidence is not None
    assert ISSUER in request.evidence
    assert "sam-at-provider" not in request.evidence


def test_an_address_counts_by_its_folded_form_and_only_if_the_provider_verified_it(trusting: Served) -> None:
    asking = portal(trusting)
    reference = opened(asking, ("email", "sam@example.org"))
    for unverified in (None, False, "true"):
        token = PROVIDER.token(trusting, reference, email="sam@example.org", email_verified=unverified)
        problem(sent(asking, reference, "verify", token), 403)
    token = PROVIDER.token(trusting, reference, email="SAM@Example.org", email_verified=True)
    assert sent(asking, reference, "verify", token).status_code == 200
    assert proven(trusting, reference) == {"email": "login"}


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(
    ("alg", "key"),
    [("PS256", PROVIDER.key), ("ES256", CURVE), ("EdDSA", EDWARDS), ("Ed25519", EDWARDS)],
    ids=["PS256", "ES256", "EdDSA", "Ed25519"],
)
def test_each_signature_of_the_list_counts(trusting: Served, alg: str, key: Key) -> None:
    asking = portal(trusting)
    reference = opened(asking)
    token = PROVIDER.token(trusting, reference, key=key, alg=alg)
    assert sent(asking, reference, "verify", token).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "a stranger's"},
        {"alg": "RS512"},
        {"iss": "https://other.example.org"},
        {"aud": "another"},
        {"exp": 1},
        {"iat": 1},
        {"exp": None},
        {"iat": None},
        {"jti": None},
        {"sub": None},
        {"jti": "x" * 300},
        {"iat": 32_503_680_000},
        {"dsar_reference": "DSAR-20261102-00000000"},
        {"dsar_reference": None},
        {"dsar_purpose": "reveal"},
        {"dsar_purpose": None},
    ],
    ids=str,
)
def test_a_token_that_is_wrong_in_one_way_proves_nothing(trusting: Served, changes: dict[str, Any]) -> None:
    asking = portal(trusting)
    reference, given = opened(asking), {**changes, **({"key": STRANGER} if "key" in changes else {})}
    problem(sent(asking, reference, "verify", PROVIDER.token(trusting, reference, **given)), 422)
    assert proven(trusting, reference) == {"customer_id": None}


def test_a_token_that_was_issued_more_than_ten_minutes_ago_proves_nothing(trusting: Served) -> None:
    asking = portal(trusting)
    reference = opened(asking)
    issued = int(trusting.parcels.office.now.timestamp())
    old = PROVIDER.token(trusting, reference, iat=issued - 631)
    assert "too long ago" in problem(sent(asking, reference, "verify", old), 422)
    token = PROVIDER.token(trusting, reference, iat=issued - 600)
    assert sent(asking, reference, "verify", token).status_code == 200


def test_another_persons_login_proves_nothing(trusting: Served) -> None:
    asking = portal(trusting)
    reference = opened(asking)
    token = PROVIDER.token(trusting, reference, customer_number="C-2")
    assert "C-2" not in problem(sent(asking, reference, "verify", token), 403)
    assert proven(trusting, reference) == {"customer_id": None}


def test_a_token_counts_once_and_a_key_repeats_its_answer(trusting: Served) -> None:
    asking = portal(trusting)
    reference, key = opened(asking), {"Idempotency-Key": "v"}
    token = PROVIDER.token(trusting, reference)
    first, again = (sent(asking, reference, "verify", token, **key) for _ in "12")
    assert (first.status_code, first.json()) == (200, again.json())
    assert "used already" in problem(sent(asking, reference, "verify", token), 409)


def test_an_hmac_by_the_public_key_is_no_signature(trusting: Served) -> None:
    asking = portal(trusting)
    reference = opened(asking)
    token = signed_by_public_key(PROVIDER.token(trusting, reference), PROVIDER.key)
    problem(sent(asking, reference, "verify", token), 422)


@pytest.mark.parametrize("header", ["none", "deep"])
def test_a_header_that_nobody_signed_is_refused(trusting: Served, header: str) -> None:
    asking = portal(trusting)
    reference = opened(asking)
    _, claims, _ = PROVIDER.token(trusting, reference).split(".")
    made = "eyJhbGciOiJub25lIn0" if header == "none" else "W1tb" * 3000
    problem(sent(asking, reference, "verify", f"{made}.{claims}.x"), 422)


def test_the_passphrase_is_shown_once_and_kept_nowhere(trusting: Served) -> None:
    reference, asking = trusting.available(), portal(trusting)
    key = {"Idempotency-Key": "r"}
    tokens = [PROVIDER.token(trusting, reference, REVEAL) for _ in "12"]
    answer = sent(asking, reference, "reveal", tokens[0], **key)
    assert answer.json() == {"passphrase": PASSPHRASE}
    assert answer.headers["cache-control"] == "no-store"
    assert "used already" in problem(sent(asking, reference, "reveal", tokens[0], **key), 409)
    assert "shown already" in problem(sent(asking, reference, "reveal", tokens[1], **key), 422)
    assert PASSPHRASE not in str(trusting.logs)
    assert trusting.parcels.actions(reference)[-1] == "reveal"


def test_the_passphrase_needs_a_sign_in_of_the_last_five_minutes(trusting: Served) -> None:
    reference, asking = trusting.available(), portal(trusting)
    now = int(trusting.parcels.office.now.timestamp())
    for wrong in (None, now - 301, now + 60, "now", True, 1e300):
        token = PROVIDER.token(trusting, reference, REVEAL, auth_time=wrong)
        assert "auth_time" in problem(sent(asking, reference, "reveal", token), 422)
    token = PROVIDER.token(trusting, reference, REVEAL, auth_time=now - 240)
    assert sent(asking, reference, "reveal", token).status_code == 200


def test_a_token_to_verify_reveals_nothing_and_nor_does_another_persons(trusting: Served) -> None:
    reference, asking = trusting.available(), portal(trusting)
    problem(sent(asking, reference, "reveal", PROVIDER.token(trusting, reference)), 422)
    other = PROVIDER.token(trusting, reference, REVEAL, customer_number="C-2")
    problem(sent(asking, reference, "reveal", other), 403)


def test_an_identifier_that_is_not_proven_reveals_nothing(trusting: Served) -> None:
    reference, asking = trusting.parcels.ready(proven=False), portal(trusting)
    problem(sent(asking, reference, "reveal", PROVIDER.token(trusting, reference, REVEAL)), 403)


def test_without_settings_no_login_counts(shop: Served) -> None:
    asking = portal(shop, Scope.OPEN, Scope.VERIFY)
    reference = opened(asking)
    assert "DSAR_LOGIN_ISSUER" in problem(
        sent(asking, reference, "verify", PROVIDER.token(shop, reference)), 422
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"login_keys": None},
        {"login_keys": "http://login.example.org/jwks"},
        {"login_claims": "email"},
        {"login_claims": "email=a,email=b"},
    ],
    ids=str,
)
def test_settings_that_are_not_whole_are_refused_at_the_start(wrong: dict[str, str | None]) -> None:
    given = {"login_issuer": ISSUER, "login_audience": AUDIENCE, "login_keys": "jwks.json", **wrong}
    with pytest.raises(WrongUseError, match="DSAR_LOGIN"):
        login_in(Settings().model_copy(update=given))


@pytest.mark.parametrize("content", [None, "", "{}", '{"keys": []}', '{"keys": [1]}', "[" * 100_000])
def test_keys_that_cannot_be_read_are_named(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "jwks.json"
    if content is not None:
        file.write_text(content)
    settings = {"login_issuer": ISSUER, "login_audience": AUDIENCE, "login_keys": str(file)}
    trusted = login_in(Settings().model_copy(update=settings))
    assert trusted is not None
    with pytest.raises(ProviderUnavailableError, match=r"DSAR_LOGIN_KEYS|no key that signs"):
        trusted.keys.ready()


def test_keys_from_an_address_are_read_there(tmp_path: Path) -> None:
    with serving(SigningProvider()) as provider:
        settings = {
            "login_issuer": ISSUER,
            "login_audience": AUDIENCE,
            "login_keys": f"{provider.issuer}/jwks_uri",
        }
        trusted = login_in(Settings().model_copy(update=settings))
        assert trusted is not None
        trusted.keys.ready()
        assert trusted.keys.claims(provider.token("n"))["nonce"] == "n"


def test_a_controller_that_does_not_reveal_by_login_refuses_it(
    trusting: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, asking = trusting.available(), portal(trusting)
    register = trusting.place.register()
    ways = replace(register.organisation.controllers["acme"], passphrase_by=(PassphraseWay.POST,))
    organisation = replace(
        register.organisation, controllers={**register.organisation.controllers, "acme": ways}
    )
    monkeypatch.setattr(trusting.place, "register", lambda: replace(register, organisation=organisation))
    answer = sent(asking, reference, "reveal", PROVIDER.token(trusting, reference, REVEAL))
    assert "passphrase_by" in problem(answer, 422)
