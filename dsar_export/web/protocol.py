"""uvicorn's own HTTP/1.1, with an end for whoever connects and asks nothing, and ways to hang up and to end."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

HANG_UP: Final = "hang_up"
"""The name in a request's state under which `hang_up_of` finds it."""
ENDS: Final = "ends"
"""The name in a request's state under which `server_ends` finds it."""
_ASKS_WITHIN: Final = 20.0
"""Seconds until the headers of the first request must be there."""


class HttpProtocol(H11Protocol):
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the library does
        super().connection_made(transport)
        self._ends = asyncio.Event()
        self.app_state = {**self.app_state, HANG_UP: transport.abort, ENDS: self._ends.is_set}
        self._deadline = self.loop.call_later(_ASKS_WITHIN, self._leave)

    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        self._ends.set()
        super().shutdown()

    def _leave(self) -> None:
        if self.cycle is None:
            self.transport.abort()


def server_ends(scope: Any) -> bool:
    """Whether the server is to end: an answer that would last for minutes ends too."""
    found: Callable[[], bool] = scope.get("state", {}).get(ENDS, lambda: False)
    return found()


def hang_up_of(scope: Any) -> Callable[[], None]:
    """Ends the connection of a request at once, and throws away what was not sent yet."""
    found: Callable[[], None] = scope.get("state", {}).get(HANG_UP, lambda: None)
    return found
