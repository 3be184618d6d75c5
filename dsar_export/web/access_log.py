"""The access log: one line for each request, with nothing of who asked for what."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Answer = Callable[[Request], Awaitable[Response]]
TEMPLATE: Final = "dsar_export.template"
"""The name in a scope under which the template of the address stands, such as `/l/{token}`; missing without a page."""
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
                route=scope.get(TEMPLATE),
                status=status,
                ms=round((time.perf_counter() - begun) * 1000),
            )


def named(path: str, answer: Answer) -> Answer:
    """The answer of a page, which names its template to the log."""

    async def answered(request: Request) -> Response:
        request.scope[TEMPLATE] = path
        return await answer(request)

    return answered
