"""The access log: one line for each request, with nothing of who asked for what."""

import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log: Final = structlog.get_logger("dsar_export.web")


@dataclass(frozen=True)
class AccessLog:
    """Around everything: the method, the template of the address, the status and how long it took.

    Never the address itself, which may be a link or have something typed, and nothing that a client sends.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), int(HTTPStatus.INTERNAL_SERVER_ERROR)

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            _log.info(
                "request",
                method=scope["method"] if scope["method"] in _METHODS else "other",
                route=_template(scope),
                status=status,
                ms=round((time.perf_counter() - begun) * 1000),
            )


def _template(scope: Scope) -> str | None:
    """As the route that answered writes it, such as `/l/{token}`; None where no route did."""
    found = getattr(scope.get("route"), "path", None)
    return f"{scope.get('root_path', '')}{found}" if isinstance(found, str) else None
