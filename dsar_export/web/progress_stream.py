"""Server-sent events about work on a request, for few who watch at once: what they hold in common everywhere."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from dsar_export.web.protocol import server_ends
from dsar_export.web.slots import Slots

EVENT_STREAM: Final = "text/event-stream"
AT_ONCE: Final = 100
PER_WATCHER: Final = 4
_HEADERS: Final = {"X-Accel-Buffering": "no"}  # a server in front sends each event at once
_HEARTBEAT: Final = ": \n\n"


@dataclass(frozen=True)
class Pace:
    """Seconds: between two looks, between two signs of life, and until the stream ends and a client asks again."""

    looks: float = 1.0
    heartbeat: float = 15.0
    longest: float = 600.0


PACE: Final = Pace()


@dataclass(frozen=True)
class Seen:
    """What one look found, as an event; `goes_on` is False for the last one."""

    data: Mapping[str, object]
    goes_on: bool
    event: str | None = None
    """The name of the event, unless it is a message like others."""

    @property
    def text(self) -> str:
        name = "" if self.event is None else f"event: {self.event}\n"
        return f"{name}data: {json.dumps(dict(self.data))}\n\n"


Look = Callable[[], Awaitable[Seen | None]]
"""Finds how far the work is; None once whoever watches may not see it any more, or nobody can look."""


async def events(look: Look, ends: Callable[[], bool], pace: Pace = PACE) -> AsyncIterator[str]:
    """An event for each change, until the work, the right to see it, the time or the server ends."""
    begun = spoken = time.monotonic()
    last = ""
    while time.monotonic() - begun < pace.longest and not ends():
        seen = await look()
        if seen is None:
            return
        if seen.text != last:
            last, spoken = seen.text, time.monotonic()
            yield last
        elif time.monotonic() - spoken >= pace.heartbeat:
            spoken = time.monotonic()
            yield _HEARTBEAT
        if not seen.goes_on:
            return
        await asyncio.sleep(pace.looks)


def watching_slots() -> Slots:
    """Places for all who watch, and for each one of them."""
    return Slots(AT_ONCE, PER_WATCHER)


class Watching(Response):
    """The answer with the events, while there is a place for one more who watches; otherwise `full`."""

    media_type = EVENT_STREAM

    def __init__(self, who: str, look: Look, slots: Slots, full: Response, pace: Pace = PACE) -> None:
        super().__init__()
        self.who, self.look, self.slots, self.full, self.pace = who, look, slots, full, pace

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.slots.one(self.who) as free:
            answer = self.full
            if free:
                found = events(self.look, lambda: server_ends(scope), self.pace)
                answer = StreamingResponse(found, headers=_HEADERS, media_type=EVENT_STREAM)
            await answer(scope, receive, send)
