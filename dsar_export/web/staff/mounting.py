"""The pages of staff, each behind its rule."""

from typing import Final

from dsar_export.requests.logins import STARTS_LAST
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import Console
from dsar_export.web.cookies import TokenCookie
from dsar_export.web.limits import Limits
from dsar_export.web.place import Place
from dsar_export.web.staff.answering import Answering
from dsar_export.web.staff.doors import Doors, Ways
from dsar_export.web.staff.kept_forms import KeptForms
from dsar_export.web.staff.provider_doors import LOGIN, ProviderDoors
from dsar_export.web.staff.routes import OpenAnswer
from dsar_export.wiring.provider import provider_in

STAFF_PATH: Final = "/staff"


def staff_pages(place: Place, prefix: str, *, secure: bool) -> tuple[tuple[str, str, OpenAnswer], ...]:
    """Path, method and answer of each page; none where all pages lie below a path of another site.

    There the cookie of a session would go to that site too.
    """
    if prefix:
        return ()
    console = Console(place, STAFF_PATH)
    session, provider = TokenCookie(secure, "staff"), provider_in(place.settings)
    ways = Ways(place.settings.staff_passwords, provider is not None)
    doors = Doors(console, session, KeptForms.of(console), ways)
    by_provider: tuple[tuple[str, str, OpenAnswer], ...] = ()
    if provider is not None:
        browser = TokenCookie(secure, LOGIN, int(STARTS_LAST.total_seconds()))
        by_provider = ProviderDoors(console, provider, session, browser, doors.signed).routes()
    guarded = ((route.path, route.method, doors.guarded(route)) for route in console_routes(console))
    most = place.settings
    answering = Answering(
        console,
        doors.signed,
        Limits(most.staff_requests_per_minute),
        Limits(most.staff_requests_per_minute_signed_out),
    )
    all_pages = (*doors.routes(), *by_provider, *guarded)
    return tuple((path, method, answering.answer(answer)) for path, method, answer in all_pages)
