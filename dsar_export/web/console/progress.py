"""How far the work on a request is, as it happens: server-sent events for whoever has its page open."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import tzinfo
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from dsar_export.errors import DsarExportError, WrongUseError
from dsar_export.language.catalogue import Texts
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.standing import Standing, standing
from dsar_export.web.console.one import OF_REQUEST
from dsar_export.web.console.rendering import Console
from dsar_export.web.console.words.states import STATES
from dsar_export.web.console.words.work import ended_sentence, rows_sentence, work_sentence
from dsar_export.web.protocol import server_ends
from dsar_export.web.slots import Slots
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed
from dsar_export.web.threads import Threads

AT_ONCE: Final = 100
PER_PERSON: Final = 4
END: Final = "end"
"""The event after which the page is loaded again."""
_HEADERS: Final = {"X-Accel-Buffering": "no"}  # a server in front sends each event at once
_HEARTBEAT: Final = ": \n\n"


@dataclass(frozen=True)
class Pace:
    """Seconds: between two looks, between two signs of life, and until the stream ends and a browser asks again."""

    looks: float = 1.0
    heartbeat: float = 15.0
    longest: float = 600.0


PACE: Final = Pace()


def progress_routes(console: Console, pace: Pace) -> tuple[Route, ...]:
    """The stream of a request."""
    path = f"{console.base}/requests/{{reference}}/progress"
    pages = _Progress(console, pace)
    return (Route(path, "GET", pages.stream, Rule(OF_REQUEST, of_request=True)),)


@dataclass(frozen=True)
class _Progress:
    console: Console
    pace: Pace
    slots: Slots = field(default_factory=lambda: Slots(AT_ONCE, PER_PERSON))

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
        return Watching(Watched(signed, reference, shown, place.threads, self.pace), self.slots)


@dataclass(frozen=True)
class Shown:
    """In which language, and by whose clock."""

    words: Texts
    zone: tzinfo

    def event(self, found: Standing) -> str:
        """What changed, as an event; when nobody works any more, the one that ends all."""
        state = self.words.phrase(STATES[found.state])
        known: dict[str, str | int | None] = {"state": found.state.value, "attempt": found.attempt}
        if found.work is None or not found.goes_on:
            text = ended_sentence(self.words, state)
            return f"event: {END}\ndata: {json.dumps({**known, 'text': text, 'rows': ''})}\n\n"
        work = found.work
        known |= {"dataset": work.dataset, "records": work.rows, "step": work.step}
        texts = {
            "text": work_sentence(self.words, work, self.zone),
            "rows": rows_sentence(self.words, work, self.zone),
        }
        return f"data: {json.dumps({**known, **texts})}\n\n"


@dataclass(frozen=True)
class Watched:
    """A request that somebody watches."""

    signed: Signed
    reference: str
    shown: Shown
    threads: Threads
    pace: Pace

    async def events(self, scope: Scope) -> AsyncIterator[str]:
        """An event for each change, until the work, the session, the role or the time ends, or the server does."""
        begun = spoken = time.monotonic()
        last = ""
        while time.monotonic() - begun < self.pace.longest and not server_ends(scope):
            found = await self._look()
            if found is None:
                return
            event = self.shown.event(found)
            if event != last:
                last, spoken = event, time.monotonic()
                yield event
            elif time.monotonic() - spoken >= self.pace.heartbeat:
                spoken = time.monotonic()
                yield _HEARTBEAT
            if not found.goes_on:
                return
            await asyncio.sleep(self.pace.looks)

    async def _look(self) -> Standing | None:
        """Where the request stands; None once the session or the role is over, or nobody can look."""

        def look() -> Standing | None:
            return standing(self.signed.desk, self.reference) if self.signed.lasts() else None

        try:
            return await self.threads.watch(look)
        except DsarExportError:
            return None


@dataclass
class Watching(Response):
    """The answer with the events, while there is a place for one more who watches."""

    watched: Watched
    slots: Slots

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.slots.one(self.watched.signed.login) as free:
            answer: Response = PlainTextResponse("too many watch", HTTPStatus.SERVICE_UNAVAILABLE)
            if free:
                events = self.watched.events(scope)
                answer = StreamingResponse(events, headers=_HEADERS, media_type="text/event-stream")
            await answer(scope, receive, send)
