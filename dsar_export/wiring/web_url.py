"""Where people reach the pages of links, by the settings."""

from typing import Final
from urllib.parse import SplitResult, urlsplit

from dsar_export.errors import WrongUseError
from dsar_export.settings import Settings

_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_FORM: Final = (
    "DSAR_WEB_URL is where people reach the pages of links, such as https://privacy.example.org; without TLS it is "
    "only this machine, http://localhost:8000"
)


def web_url_in(settings: Settings) -> str | None:
    """The address without a slash at its end, None if none is set; WrongUseError if others could read along."""
    if settings.web_url is None:
        return None
    try:
        parts = urlsplit(settings.web_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise WrongUseError(_FORM) from None
    if host is None or not _is_private(parts, host) or parts.username is not None:
        raise WrongUseError(_FORM)
    if parts.query or parts.fragment or not settings.web_url.isascii() or not settings.web_url.isprintable():
        raise WrongUseError(_FORM)
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def _is_private(parts: SplitResult, host: str) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
