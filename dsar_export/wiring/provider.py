"""Builds what asks the organisation's identity provider, by the settings."""

from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.logins.provider import Client, Provider
from dsar_export.logins.transport import is_private
from dsar_export.settings import Settings
from dsar_export.wiring.web_url import web_url_in

BACK_PATH: Final = "/staff/login/back"
"""Where the provider leads people back to; it must know this address."""


def provider_in(settings: Settings) -> Provider | None:
    """The provider; None if none is set. WrongUseError names a wrong setting."""
    if settings.oidc_issuer is None:
        if settings.oidc_client_id is not None or settings.oidc_client_secret is not None:
            raise WrongUseError("DSAR_OIDC_ISSUER is missing; name the address of your identity provider")
        if not settings.staff_passwords:
            raise WrongUseError("DSAR_STAFF_PASSWORDS=no needs DSAR_OIDC_ISSUER: nobody could sign in")
        return None
    if settings.oidc_client_id is None:
        raise WrongUseError("DSAR_OIDC_CLIENT_ID is missing; your identity provider gives one to dsar-export")
    if not is_private(settings.oidc_issuer):
        raise WrongUseError(
            "DSAR_OIDC_ISSUER is the address of your identity provider, such as https://login.example.org; without "
            "TLS it is only this machine"
        )
    url = web_url_in(settings)
    if url is None:
        raise WrongUseError("DSAR_WEB_URL is missing: the identity provider leads people back there")
    secret = settings.oidc_client_secret
    client = Client(
        settings.oidc_issuer,
        settings.oidc_client_id,
        None if secret is None else secret.get_secret_value(),
        f"{url}{BACK_PATH}",
    )
    return Provider(client)
