"""How far the work on a request is, as it happens, for its person: state and step in words, and nothing else."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dsar_export.errors import DsarExportError
from dsar_export.use_cases.portal_visits import still_proven
from dsar_export.use_cases.standing import Standing, standing
from dsar_export.web.portal.rendering import Portal
from dsar_export.web.portal.routes import Route, Rule, Visitor
from dsar_export.web.portal.words.following import STATES
from dsar_export.web.portal.words.progress import step_words
from dsar_export.web.progress_stream import PACE, Pace, Seen, Watching, watching_slots
from dsar_export.web.slots import Slots
from dsar_export.web.threads import Threads

_END: Final = "end"
"""The event after which the page is loaded again."""


def progress_routes(portal: Portal, pace: Pace = PACE) -> tuple[Route, ...]:
    """The stream of a request that a visit has proven."""
    pages = _Progress(portal, pace)
    return (Route("/requests/{reference}/progress", "GET", pages.stream, Rule.PROVEN),)


@dataclass(frozen=True)
class _Progress:
    portal: Portal
    pace: Pace
    slots: Slots = field(default_factory=watching_slots)

    async def stream(self, request: Request, visitor: Visitor) -> Response:
        """GET /requests/REFERENCE/progress"""
        if request.method == "HEAD":
            return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET"})
        watched = _Watched(visitor, self.portal.place.threads)
        full = PlainTextResponse("too many watch", HTTPStatus.SERVICE_UNAVAILABLE)
        who = "" if visitor.visiting is None else visitor.visiting.csrf
        return Watching(who, watched.look, self.slots, full, self.pace)


@dataclass(frozen=True)
class _Watched:
    """A request whose person has its page open."""

    visitor: Visitor
    threads: Threads

    async def look(self) -> Seen | None:
        """Where the request stands; None once the visit is over, or nobody can look."""
        visitor = self.visitor

        def look() -> Standing | None:
            lasts = still_proven(visitor.desk, visitor.token or "", visitor.reference)
            return standing(visitor.desk, visitor.reference) if lasts else None

        try:
            found = await self.threads.watch(look)
        except DsarExportError:
            return None
        if found is None:
            return None
        words = visitor.reader.words
        shown = {"state": words.phrase(STATES[found.state][0]), "step": step_words(found, words)}
        return Seen(shown, goes_on=found.goes_on, event=None if found.goes_on else _END)
