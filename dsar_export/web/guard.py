"""What holds for every answer: headers, names of this host, and where forms come from."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from traceback import extract_tb
from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dsar_export.web.policy import policy_of

LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_YEAR: Final = 31_536_000
_ALWAYS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_OWN_SITE: Final = frozenset({"same-origin", "none"})
_log: Final = structlog.get_logger("dsar_export.web")


@dataclass(frozen=True)
class Guard:
    """Around the whole application; a fault inside shows nobody anything."""

    app: ASGIApp
    hosts: frozenset[str]
    """The names by which this is reached, without ports."""
    style_source: str
    cross_site: Callable[[Scope], Awaitable[Response]]
    """The page for a form that came from another site."""
    by_tls: bool = False
    """Whether people reach this by TLS, whatever it sees of that itself."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                self._add_headers(scope, message)
            await send(message)

        refusal = await self._refusal(scope)
        try:
            await (self.app if refusal is None else refusal)(scope, receive, guarded)
        except Exception as error:  # noqa: BLE001 # a traceback could show a link, and the server would print one
            place = extract_tb(error.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            _log.error("request failed", exception=type(error).__name__, where=where)
            if not begun:
                broken = PlainTextResponse("internal error", HTTPStatus.INTERNAL_SERVER_ERROR)
                await broken(scope, receive, guarded)

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or _host(headers["host"]) not in self.hosts:
            return PlainTextResponse("unknown host", HTTPStatus.MISDIRECTED_REQUEST)
        if scope["method"] == "POST" and _is_cross_site(headers):
            return await self.cross_site(scope)
        return None

    def _add_headers(self, scope: Scope, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        for name, value in _ALWAYS.items():
            headers[name] = value
        headers.setdefault(
            "Content-Security-Policy",
            policy_of(self.style_source),
        )
        if self.by_tls or scope["scheme"] == "https":
            headers["Strict-Transport-Security"] = f"max-age={_YEAR}"


def _host(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def is_from_here(headers: Headers) -> bool:
    """Whether the browser itself says that a page of this site sent a form; without its word, nobody knows."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OWN_SITE
    origin = headers.get("origin", "null")
    return origin != "null" and _host(origin.partition("://")[2]) == _host(headers["host"])


def _is_cross_site(headers: Headers) -> bool:
    """Whether a form was sent by another site's page.

    Browsers of today say so. An older one names the origin; it writes `null` for our own pages, as they name no
    referrer, and no other page knows a link.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in _OWN_SITE
    origin = headers.get("origin", "null")
    return origin != "null" and _host(origin.partition("://")[2]) != _host(headers["host"])
