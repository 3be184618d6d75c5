"""The references of open requests, for a shell that completes a word: never makes a database, and does not wait."""

from typing import Final

from sqlalchemy import make_url

from dsar_export.requests.database import reading
from dsar_export.requests.installation import open_existing
from dsar_export.requests.requests import Filters, list_requests

_SECONDS: Final = "2"


def open_references_in(url: str) -> tuple[str, ...]:
    """The references, those that came last in front; raises as `open_existing` does."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.update_query_dict({"connect_timeout": _SECONDS})
    engine = open_existing(parsed.render_as_string(hide_password=False))
    try:
        with reading(engine) as connection:
            return tuple(request.reference for request in reversed(list_requests(connection, Filters())))
    finally:
        engine.dispose()
