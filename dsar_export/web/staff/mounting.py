"""The pages of staff, each behind its rule."""

from typing import Final

from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import Console
from dsar_export.web.limits import Limits
from dsar_export.web.place import Place
from dsar_export.web.staff.answering import Answering
from dsar_export.web.staff.cookies import SessionCookie
from dsar_export.web.staff.doors import Doors
from dsar_export.web.staff.kept_forms import KeptForms
from dsar_export.web.staff.routes import OpenAnswer

STAFF_PATH: Final = "/staff"


def staff_pages(place: Place, prefix: str, *, secure: bool) -> tuple[tuple[str, str, OpenAnswer], ...]:
    """Path, method and answer of each page; none where all pages lie below a path of another site.

    There the cookie of a session would go to that site too.
    """
    if prefix:
        return ()
    console = Console(place, STAFF_PATH)
    doors = Doors(console, SessionCookie(secure), KeptForms.of(console))
    guarded = ((route.path, route.method, doors.guarded(route)) for route in console_routes(console))
    most = place.settings
    answering = Answering(
        console,
        doors.signed,
        Limits(most.staff_requests_per_minute),
        Limits(most.staff_requests_per_minute_signed_out),
    )
    all_pages = (*doors.routes(), *guarded)
    return tuple((path, method, answering.answer(answer)) for path, method, answer in all_pages)
