"""What holds for each answer to staff: nobody asks too often, and what is missing takes its time."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.web.asking import not_before
from dsar_export.web.clients import who_asks
from dsar_export.web.console.rendering import Console
from dsar_export.web.front import Front
from dsar_export.web.limits import Limits
from dsar_export.web.staff.routes import OpenAnswer
from dsar_export.web.staff.signed import Signed

LEAST_OF_MISSING: Final = 0.1
"""Seconds until a page is found missing: a request of another controller is read before it is, another is not."""


@dataclass(frozen=True)
class Answering:
    """Around the answer of each page of staff."""

    console: Console
    signed: Callable[[Request], Awaitable[Signed | None]]
    """Who is signed in, if anybody."""
    of_sessions: Limits
    of_addresses: Limits

    def answer(self, inner: OpenAnswer) -> OpenAnswer:
        """The answer, unless its session asks too often, or its address without one."""

        async def answered(request: Request) -> Response:
            begun = time.monotonic()
            signed = await self.signed(request)
            wait = self._wait(request, signed)
            if wait is not None:
                return self.console.crowded(request, signed, wait)
            found = await inner(request)
            if found.status_code == HTTPStatus.NOT_FOUND:
                await not_before(begun, LEAST_OF_MISSING)
            return found

        return answered

    def _wait(self, request: Request, signed: Signed | None) -> int | None:
        """A cookie alone is no session: whoever made one up counts by the address."""
        if signed is None:
            return self.of_addresses.wait(who_asks(Front.client(request)))
        return self.of_sessions.wait(signed.csrf)
