"""Sends a package, or a part of it, from its store: block by block, never more of it in memory than two."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import structlog
from anyio import create_task_group
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from dsar_export.errors import DsarExportError, PackageUnreadableError
from dsar_export.use_cases.downloads import Download
from dsar_export.web.protocol import hang_up_of
from dsar_export.web.ranges import Part
from dsar_export.web.slots import Slots
from dsar_export.web.threads import Threads
from dsar_export.web.words import Notice

LOOKS_AGAIN: Final = 4 << 20
"""After so many bytes it looks whether the download may still be sent."""
LOOKS_WITHIN: Final = 10.0
"""Seconds after which it looks although fewer bytes were sent."""
STALLED: Final = 120.0
"""Seconds in which a reader must take a piece; whoever is slower may resume."""
_log: Final = structlog.get_logger("dsar_export.web")


class End(StrEnum):
    """How sending ended."""

    SENT = "sent"
    """Handed over to the last byte; nobody can know that it arrived."""
    LEFT = "left"
    STALLED = "stalled"
    REVOKED = "revoked"
    UNREADABLE = "unreadable"


@dataclass
class Sending(Response):
    """An answer with a part of a package."""

    download: Download
    part: Part
    fields: Mapping[str, str]
    """The headers."""
    goes_on: Callable[[], bool]
    """Whether the download may still be sent."""
    threads: Threads
    slots: Slots
    notice: Callable[[Notice], Awaitable[Response]]
    """A page that is answered instead."""
    sent: int = field(default=0, init=False)
    end: End = field(default=End.LEFT, init=False)
    begun: bool = field(default=False, init=False)
    """Whether the reader has the headers; until then, a page can still explain what is wrong."""
    fault: Notice = field(default=Notice.UNAVAILABLE, init=False)
    """What it explains."""

    def __post_init__(self) -> None:
        super().__init__(status_code=self.part.status)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client") or ("", 0)
        with self.slots.one(client[0]) as free:
            if not free:
                await (await self.notice(Notice.CROWDED))(scope, receive, send)
                return
            begun = time.monotonic()
            try:
                await self._send_while_read(receive, send)
            finally:
                self._note(time.monotonic() - begun)
        if self.end is End.UNREADABLE and not self.begun:
            await (await self.notice(self.fault))(scope, receive, send)
        elif self.end is not End.SENT:
            hang_up_of(scope)()
            await asyncio.sleep(0)  # until the server has noticed: an answer that ends early is no fault
            await asyncio.sleep(0)

    async def _send_while_read(self, receive: Receive, send: Send) -> None:
        """Sends until the reader leaves; a server may not say so by any other means."""
        async with create_task_group() as group:

            async def leave_with_reader() -> None:
                while (await receive())["type"] != "http.disconnect":
                    pass
                group.cancel_scope.cancel()

            group.start_soon(leave_with_reader)
            self.end = await self._send_all(send)
            group.cancel_scope.cancel()

    async def _send_all(self, send: Send) -> End:
        piece = await self._piece()
        if piece:
            await self._begin(send)
        looked, looked_at = 0, time.monotonic()
        while piece:
            try:
                async with asyncio.timeout(STALLED):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            except TimeoutError:
                return End.STALLED
            self.sent += len(piece)
            if self.sent == self.part.length:
                await send({"type": "http.response.body", "body": b"", "more_body": False})
                return End.SENT
            if self.sent - looked >= LOOKS_AGAIN or time.monotonic() - looked_at >= LOOKS_WITHIN:
                looked, looked_at = self.sent, time.monotonic()
                if not await self._goes_on():
                    return End.REVOKED
            piece = await self._piece()
        return End.UNREADABLE

    async def _begin(self, send: Send) -> None:
        headers = [
            (name.lower().encode("ascii"), value.encode("ascii")) for name, value in self.fields.items()
        ]
        self.begun = True
        await send({"type": "http.response.start", "status": self.part.status.value, "headers": headers})

    async def _goes_on(self) -> bool:
        """Not while nobody can look: whoever was cut off may resume."""
        try:
            return await self.threads.look(self.goes_on)
        except DsarExportError:
            return False

    async def _piece(self) -> bytes:
        """The next bytes, of one block; nothing if the store does not have them, or has others."""
        at = self.part.start + self.sent
        try:
            return await self.threads.read(lambda: self.download.read(at, self.part.end - at))
        except Exception as error:  # noqa: BLE001 # each store has errors of its own
            if isinstance(error, PackageUnreadableError):
                self.fault = Notice.DAMAGED
            _log.error("package unreadable", reference=self.download.reference, reason=type(error).__name__)
            return b""

    def _note(self, seconds: float) -> None:
        _log.info(
            "download",
            reference=self.download.reference,
            right=self.download.right.value,
            status=self.part.status.value,
            bytes=self.sent,
            seconds=round(seconds, 3),
            end=self.end.value,
        )
