"""The door that the organisation's identity provider opens."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import partial
from http import HTTPStatus
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import ProviderUnavailableError, RefusedLoginError
from dsar_export.logins.provider import Provider
from dsar_export.model.provider_login import OneTime, ProvenLogin
from dsar_export.requests.logins import Start
from dsar_export.use_cases.provider_login import (
    come_back,
    new_browser,
    one_time,
    prove_again_by,
    sign_in_by,
    start_login,
)
from dsar_export.web.console.rendering import Console, Page
from dsar_export.web.cookies import TokenCookie
from dsar_export.web.staff.routes import OpenAnswer
from dsar_export.web.staff.signed import Signed
from dsar_export.web.staff.ways_on import see, way_on

LOGIN: Final = "login"
_LONGEST: Final = 4096
"""Letters of a code; longer ones are no code."""
_log: Final = structlog.get_logger("dsar_export.web")


class Failure(Enum):
    """Why nobody came in; the page says no more, as the provider's words are for its own pages."""

    REFUSED = HTTPStatus.BAD_REQUEST
    UNAVAILABLE = HTTPStatus.SERVICE_UNAVAILABLE
    UNKNOWN = HTTPStatus.FORBIDDEN
    """The account is nobody's here."""


@dataclass(frozen=True)
class ProviderDoors:
    """Leads browsers to the provider, and lets in whom it proves."""

    console: Console
    provider: Provider
    session: TokenCookie
    browser: TokenCookie
    """Recognises the browser that comes back, so that nobody can be signed in by a link of somebody else."""
    signed: Callable[[Request], Awaitable[Signed | None]]

    def routes(self) -> tuple[tuple[str, str, OpenAnswer], ...]:
        path = f"{self.console.base}/{LOGIN}"
        return ((path, "GET", self.lead), (f"{path}/back", "GET", self.back))

    async def lead(self, request: Request) -> Response:
        """GET /login: to the provider; with `prove=yes` to enter anew there."""
        proves, wanted = request.query_params.get("prove") == "yes", request.query_params.get("next", "")
        token = self.session.token(request) if proves else None
        if proves and await self.signed(request) is None:
            return see(f"{self.console.base}/sign-in")
        browser, desk = new_browser(), self.console.place.desk()
        start = partial(start_login, desk, browser, way_on(self.console.base, wanted), token)
        once = await self.console.place.threads.look(start)
        if once is None:
            return self._failed(request, Failure.UNAVAILABLE)
        try:
            address = await self.console.place.threads.ask(lambda: self.provider.address(once, anew=proves))
        except ProviderUnavailableError as error:
            return self._unavailable(request, error)
        answer = see(address)
        self.browser.keep(answer, browser)
        return answer

    async def back(self, request: Request) -> Response:
        """GET /login/back: from the provider, with a code or with its refusal."""
        answer = await self._back(request)
        self.browser.forget(answer)
        return answer

    async def _back(self, request: Request) -> Response:
        given, browser = request.query_params, self.browser.token(request)
        state, code = given.get("state", ""), given.get("code", "")
        place, desk = self.console.place, self.console.place.desk()
        start = None
        if browser is not None:
            start = await place.threads.look(partial(come_back, desk, browser, state))
        other = given.get("iss", self.provider.issuer) != self.provider.issuer  # RFC 9207, section 2.4
        if browser is None or start is None or other or not 0 < len(code) <= _LONGEST:
            _log.warning("sign-in refused", reason="state" if start is None else "code")
            return self._failed(request, Failure.REFUSED)
        once, at = one_time(browser, state), desk.clock()
        try:
            login = await place.threads.ask(lambda: self._login(code, once, at))
        except RefusedLoginError as error:
            _log.warning("sign-in refused", reason=str(error))
            return self._failed(request, Failure.REFUSED)
        except ProviderUnavailableError as error:
            return self._unavailable(request, error)
        return await self._let_in(request, start, login)

    def _login(self, code: str, once: OneTime, at: datetime) -> ProvenLogin:
        return self.provider.login(code, once, at)

    async def _let_in(self, request: Request, start: Start, login: ProvenLogin) -> Response:
        place, desk = self.console.place, self.console.place.desk()
        if start.session_hash is not None:
            token = self.session.token(request) or ""
            proven = await place.threads.look(partial(prove_again_by, desk, token, start, login))
            return see(start.way_on) if proven else self._failed(request, Failure.REFUSED)
        session = await place.threads.look(partial(sign_in_by, desk, login))
        if session is None:
            return self._failed(request, Failure.UNKNOWN, login.subject)
        answer = see(start.way_on)
        self.session.keep(answer, session)
        return answer

    def _unavailable(self, request: Request, error: ProviderUnavailableError) -> Response:
        _log.error("identity provider unavailable", reason=str(error))
        return self._failed(request, Failure.UNAVAILABLE)

    def _failed(self, request: Request, failure: Failure, subject: str = "") -> Response:
        page = Page(request, None, "not_signed_in", failure.value)
        return self.console.render("not_signed_in.html", page, failure=failure.name.lower(), subject=subject)
