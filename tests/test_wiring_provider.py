"""A wrong setting of the identity provider is named before anybody is led there."""

import pytest
from pydantic import SecretStr

from dsar_export.errors import WrongUseError
from dsar_export.settings import Settings
from dsar_export.wiring.provider import provider_in

ISSUER = "https://login.example.org"
WEB = "https://privacy.example.org"


def test_the_provider_leads_people_back_to_our_address() -> None:
    settings = Settings(
        oidc_issuer=ISSUER, oidc_client_id="dsar", oidc_client_secret=SecretStr("s"), web_url=WEB
    )
    found = provider_in(settings)
    assert found is not None
    assert (found.issuer, found.client.back) == (ISSUER, f"{WEB}/staff/login/back")
    assert "secret" not in repr(found)


def test_without_one_there_is_none() -> None:
    assert provider_in(Settings()) is None


WRONG: list[tuple[dict[str, object], str]] = [
    ({"oidc_client_id": "dsar"}, "DSAR_OIDC_ISSUER"),
    ({"staff_passwords": False}, "DSAR_STAFF_PASSWORDS"),
    ({"oidc_issuer": ISSUER, "web_url": WEB}, "DSAR_OIDC_CLIENT_ID"),
    ({"oidc_issuer": "http://login.example.org", "oidc_client_id": "dsar", "web_url": WEB}, "without TLS"),
    ({"oidc_issuer": ISSUER, "oidc_client_id": "dsar"}, "DSAR_WEB_URL"),
]


@pytest.mark.parametrize(("given", "named"), WRONG)
def test_a_wrong_setting_is_named(given: dict[str, object], named: str) -> None:
    with pytest.raises(WrongUseError, match=named):
        provider_in(Settings().model_copy(update=given))
