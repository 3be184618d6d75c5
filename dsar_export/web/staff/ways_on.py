"""Where somebody goes after a door: to one of these pages, whatever the address says."""

from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse


def way_on(base: str, wanted: str) -> str:
    """The page that was asked for, if it is one of those below `base`; no address of elsewhere."""
    parts = urlsplit(wanted)
    own = not parts.scheme and not parts.netloc and "\\" not in wanted
    inside = wanted.startswith(f"{base}/") and "//" not in wanted
    return parts.path if own and inside else base


def see(path: str) -> RedirectResponse:
    """Leads to a page, which is then read anew."""
    return RedirectResponse(path, HTTPStatus.SEE_OTHER)
