"""The application: which page answers where, and what is shown when something fails."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Scope

from dsar_export.errors import DsarExportError
from dsar_export.use_cases.link_mail import LINK_PATH, LOST_PATH
from dsar_export.web.access_log import AccessLog, named
from dsar_export.web.again import AgainPages
from dsar_export.web.api.app import api_app, beside
from dsar_export.web.asking import LateError, TooMuchError
from dsar_export.web.demonstration import demo_routes
from dsar_export.web.front import Front
from dsar_export.web.guard import LOOPBACK, Guard
from dsar_export.web.health import LIVE, READY, Health
from dsar_export.web.links import DOWNLOAD_PATH, LinkPages
from dsar_export.web.pages import Pages
from dsar_export.web.place import Place
from dsar_export.web.portal.pages import portal_pages
from dsar_export.web.security_txt import SECURITY_PATH, SecurityTxt
from dsar_export.web.staff.mounting import staff_pages
from dsar_export.web.words import Notice
from dsar_export.wiring import now
from dsar_export.wiring.web_url import web_url_in

Answer = Callable[[Request], Awaitable[Response]]
_OPENER_POLICY: Final = "frame-ancestors 'none'"
"""Beside the policy in the page itself."""
_log: Final = structlog.get_logger("dsar_export.web")


def build_app(place: Place, demo: Path | None = None) -> ASGIApp:
    """The pages for a place, perhaps with those of a demo; links begin with the address in the settings."""
    url = urlsplit(web_url_in(place.settings) or "")
    pages = Pages(url.path, opener=place.opener is not None)
    front = Front(place, pages, url.path)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    for path, method, answer in (
        *_routes(front),
        *portal_pages(front, secure=url.scheme == "https"),
        *staff_pages(place, url.path, secure=url.scheme == "https"),
        *(() if demo is None else demo_routes(place, demo)),
    ):
        app.add_route(
            path, named(path, answer), methods=[method]
        )  # Starlette answers HEAD where it answers GET
    _explain_failures(app, front)

    async def cross_site(scope: Scope) -> Response:
        return await front.notice(Request(scope), Notice.CROSS_SITE)

    hosts = LOOPBACK | {place.settings.web_host, *([url.hostname] if url.hostname else [])}
    served = beside(app, api_app(place))
    guarded = Guard(served, frozenset(hosts), pages.style_source, cross_site, url.scheme == "https")
    return AccessLog(guarded)


def _routes(front: Front) -> list[tuple[str, str, Answer]]:
    links, again, health = LinkPages(front), AgainPages(front), Health(front)
    link = LINK_PATH + "{token}"
    routes: list[tuple[str, str, Answer]] = [
        (link, "GET", links.page),
        (f"{link}/download", "POST", links.start),
        (f"{link}/code", "GET", links.code_page),
        (f"{link}/code", "POST", links.send_code),
        (f"{link}/passphrase", "POST", links.passphrase),
        (DOWNLOAD_PATH + "{started}/{name}", "GET", links.file),
        (LOST_PATH, "GET", again.form),
        (LOST_PATH, "POST", again.ask),
        (LIVE, "GET", health.live),
        (READY, "GET", health.ready),
    ]
    if front.place.opener is not None:
        routes.append(("/open.html", "GET", _opener(front.place.opener)))
    if (contact := front.place.settings.security_contact) is not None:
        routes.append((SECURITY_PATH, "GET", SecurityTxt(contact, now).page))
    return routes


def _opener(page: bytes) -> Answer:
    async def answer(_: Request) -> Response:
        return HTMLResponse(page, headers={"Content-Security-Policy": _OPENER_POLICY})

    return answer


def _explain_failures(app: FastAPI, front: Front) -> None:
    def explained(notice: Notice) -> Callable[[Request, Exception], Awaitable[Response]]:
        async def answer(request: Request, error: Exception) -> Response:
            if notice is Notice.UNAVAILABLE:
                _log.error("request failed", exception=type(error).__name__)
            return await front.notice(request, notice)

        return answer

    app.add_exception_handler(HTTPException, explained(Notice.GONE))
    app.add_exception_handler(TooMuchError, explained(Notice.TOO_MUCH))
    app.add_exception_handler(LateError, explained(Notice.LATE))
    app.add_exception_handler(DsarExportError, explained(Notice.UNAVAILABLE))
    app.add_exception_handler(Exception, _broken(front))


def _broken(front: Front) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, _: Exception) -> Response:
        page = await front.notice(request, Notice.UNAVAILABLE)
        page.status_code = HTTPStatus.INTERNAL_SERVER_ERROR
        return page

    return answer
