"""All routes of the portal, each behind its rule."""

from dsar_export.web.front import Front
from dsar_export.web.portal.asking_pages import asking_routes
from dsar_export.web.portal.following import FollowingPages, following_routes
from dsar_export.web.portal.getting import getting_routes
from dsar_export.web.portal.progress import progress_routes
from dsar_export.web.portal.proving import proving_routes
from dsar_export.web.portal.receipt import receipt_routes
from dsar_export.web.portal.rendering import Portal
from dsar_export.web.portal.routes import OpenAnswer, Route
from dsar_export.web.portal.visiting import PortalDoors
from dsar_export.wiring.waking import waker_in


def portal_routes(portal: Portal, front: Front) -> tuple[Route, ...]:
    """Each with what a visit must have shown to come there."""
    waker = waker_in(portal.place.settings)
    following = FollowingPages(portal)
    return (
        *asking_routes(portal),
        *proving_routes(portal, front, waker),
        *following_routes(following),
        *receipt_routes(following),
        *getting_routes(portal),
        *progress_routes(portal),
    )


def portal_pages(front: Front, *, secure: bool) -> tuple[tuple[str, str, OpenAnswer], ...]:
    """Path, method and answer of each page; none where all pages lie below a path of another site.

    There the cookie of a visit would go to that site too.
    """
    if front.base:
        return ()
    portal = Portal(front.place, secure=secure)
    doors = PortalDoors(portal)
    return tuple((route.path, route.method, doors.guarded(route)) for route in portal_routes(portal, front))
