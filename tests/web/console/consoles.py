"""The console of an office on a real server on loopback; a header names who is signed in."""

import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Scope

from dsar_export.settings import Settings
from dsar_export.use_cases.staff import own_roles
from dsar_export.web.console.pages import console_routes
from dsar_export.web.console.rendering import Console
from dsar_export.web.cookies import TokenCookie
from dsar_export.web.guard import LOOPBACK, Guard
from dsar_export.web.limits import Limits
from dsar_export.web.place import Place
from dsar_export.web.progress_stream import PACE, Pace
from dsar_export.web.serving import server_of
from dsar_export.web.staff.answering import Answering
from dsar_export.web.staff.doors import SIGN_IN, Doors
from dsar_export.web.staff.kept_forms import KeptForms
from dsar_export.web.staff.routes import OpenAnswer, Route
from dsar_export.web.staff.signed import Signed
from tests.use_cases.offices import Office
from tests.web.served import OWN_SITE, SECONDS, Answer

CSRF: Final = "token-of-the-session"
BASE: Final = "/staff"
IN_BROWSERS: Final = "kim"
"""Who is signed in with a browser, which sends no such header."""
_MANY: Final = 1_000_000
"""Pages a minute: these tests are about other limits."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in, with a browser."""

    port: int
    name: str
    proven: bool = False
    language: str = "en"

    def get(self, path: str) -> Answer:
        return self._answer("GET", path, None, self._headers)

    def post(self, path: str, csrf: str = CSRF, **fields: str | Sequence[str]) -> Answer:
        form = {"Content-Type": "application/x-www-form-urlencoded", **OWN_SITE}
        return self._answer(
            "POST", path, urlencode({"csrf": csrf, **fields}, doseq=True), {**self._headers, **form}
        )

    def _answer(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)) as connection:
            connection.request(method, f"{BASE}{path}", body, headers)
            found = connection.getresponse()
            named = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, named, found.read())

    @property
    def _headers(self) -> dict[str, str]:
        proven = {"X-Proven": "yes"} if self.proven else {}
        return {"X-Person": self.name, "Accept-Language": self.language, **proven}


@contextmanager
def served_console(
    office: Office,
    register: Path,
    pace: Pace = PACE,
    lasts: Callable[[], bool] = lambda: True,
    around: Callable[[ASGIApp], ASGIApp] = lambda app: app,
) -> Iterator[tuple[int, Place]]:
    """The port of the console, and its place; `lasts` says whether sessions do, `around` stands around everything."""
    settings = Settings(state=office.folder).model_copy(update={"register_folder": register, "web_port": 0})
    place = Place(settings, lambda _: office.desk("nia"))
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    console = Console(place, BASE)
    doors = Doors(console, TokenCookie(secure=False, purpose="staff"), KeptForms.of(console))
    app.add_route(f"{BASE}/{SIGN_IN}", doors.sign_in_page, methods=["GET"])
    signed = partial(_signed, office, lasts)
    answering = Answering(console, signed, Limits(_MANY), Limits(_MANY))
    for route in console_routes(console, pace):
        app.add_route(route.path, answering.answer(_answer(signed, route)), methods=[route.method])
    server = server_of(around(Guard(app, LOOPBACK, "'none'", _cross_site)), settings)
    thread = threading.Thread(target=server.run, name="console", daemon=True)
    thread.start()
    until = time.monotonic() + SECONDS
    while not server.started:
        assert time.monotonic() < until, "the server did not start"
        time.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1], place
    finally:
        server.should_exit = True
        thread.join(SECONDS)


async def _signed(office: Office, lasts: Callable[[], bool], request: Request) -> Signed:
    """Whom the headers name."""
    name, proven = request.headers.get("x-person", IN_BROWSERS), "x-proven" in request.headers
    login = request.headers.get("x-login", name)
    return Signed(office.desk(name), login, CSRF, proven, own_roles(office.desk(name)), lasts)


def _answer(signed: Callable[[Request], Awaitable[Signed]], route: Route) -> OpenAnswer:
    async def answer(request: Request) -> Response:
        found = await signed(request)
        if route.rule.proven and not found.proven:
            return PlainTextResponse("prove it again", 401)
        return await route.answer(request, found)

    return answer


async def _cross_site(_: Scope) -> Response:
    return PlainTextResponse("cross site", 403)
