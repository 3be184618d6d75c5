"""How far the work on a request is, as it happens: server-sent events for whoever has its page open."""

from dataclasses import dataclass, field
from datetime import tzinfo
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dsar_export.errors import DsarExportError, WrongUseError
from dsar_export.language.catalogue import Texts
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.standing import Standing, standing
from dsar_export.web.console.one import OF_REQUEST
from dsar_export.web.console.rendering import Console
from dsar_export.web.console.words.states import STATES
from dsar_export.web.console.words.work import ended_sentence, rows_sentence, work_sentence
from dsar_export.web.progress_stream import Pace, Seen, Watching, watching_slots
from dsar_export.web.slots import Slots
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed
from dsar_export.web.threads import Threads

END: Final = "end"
"""The event after which the page is loaded again."""


def progress_routes(console: Console, pace: Pace) -> tuple[Route, ...]:
    """The stream of a request."""
    path = f"{console.base}/requests/{{reference}}/progress"
    pages = _Progress(console, pace)
    return (Route(path, "GET", pages.stream, Rule(OF_REQUEST, of_request=True)),)


@dataclass(frozen=True)
class _Progress:
    console: Console
    pace: Pace
    slots: Slots = field(default_factory=watching_slots)

    async def stream(self, request: Request, signed: Signed) -> Response:
        """GET /requests/REFERENCE/progress"""
        place, reference = self.console.place, request.path_params["reference"]
        try:
            file = await place.threads.look(lambda: request_file(signed.desk, reference, place.register()))
        except WrongUseError:
            return self.console.missing(request, signed)
        if request.method == "HEAD":
            return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": "GET"})
        shown = Shown(self.console.words(request), file.zone)
        watched = Watched(signed, reference, shown, place.threads)
        full = PlainTextResponse("too many watch", HTTPStatus.SERVICE_UNAVAILABLE)
        return Watching(signed.login, watched.look, self.slots, full, self.pace)


@dataclass(frozen=True)
class Shown:
    """In which language, and by whose clock."""

    words: Texts
    zone: tzinfo

    def event(self, found: Standing) -> Seen:
        """What is to be seen; when nobody works any more, the event that ends all."""
        state = self.words.phrase(STATES[found.state])
        known: dict[str, str | int | None] = {"state": found.state.value, "attempt": found.attempt}
        if found.work is None or not found.goes_on:
            return Seen(
                {**known, "text": ended_sentence(self.words, state), "rows": ""}, goes_on=False, event=END
            )
        work = found.work
        known |= {"dataset": work.dataset, "records": work.rows, "step": work.step}
        texts = {
            "text": work_sentence(self.words, work, self.zone),
            "rows": rows_sentence(self.words, work, self.zone),
        }
        return Seen({**known, **texts}, goes_on=True)


@dataclass(frozen=True)
class Watched:
    """A request that somebody watches."""

    signed: Signed
    reference: str
    shown: Shown
    threads: Threads

    async def look(self) -> Seen | None:
        """Where the request stands; None once the session or the role is over, or nobody can look."""

        def look() -> Standing | None:
            return standing(self.signed.desk, self.reference) if self.signed.lasts() else None

        try:
            found = await self.threads.watch(look)
        except DsarExportError:
            return None
        return None if found is None else self.shown.event(found)
