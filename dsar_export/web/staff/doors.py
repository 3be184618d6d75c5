"""Who comes in: signing in and out, proving again who one is, and the rule of each page."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from typing import Final, TypeVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.model.people import Person, Role
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.sign_in import (
    Entry,
    prove_again,
    session_lasts,
    sign_in,
    sign_out,
    signed_in,
)
from dsar_export.use_cases.staff import own_roles
from dsar_export.web.asking import same_time
from dsar_export.web.console.rendering import Console, ForgedError, Page, checked_form
from dsar_export.web.cookies import TokenCookie
from dsar_export.web.front import Front
from dsar_export.web.staff.kept_forms import KeptForm, KeptForms
from dsar_export.web.staff.routes import OpenAnswer, Route
from dsar_export.web.staff.signed import Signed
from dsar_export.web.staff.ways_on import see, way_on

T = TypeVar("T")

SIGN_IN: Final = "sign-in"
SIGN_OUT: Final = "sign-out"
PROVE: Final = "prove"
WAITING: Final = "waiting"
_SIGNED: Final = "dsar_export.signed"
"""The name in the scope of a request."""
_STARTS: Final = (("inbox", frozenset({Role.AGENT, Role.REVIEWER})), ("requests", frozenset({Role.AUDITOR})))


@dataclass(frozen=True)
class Ways:
    """How people may sign in."""

    password: bool = True
    provider: bool = False


@dataclass(frozen=True)
class Doors:
    """The pages through which staff come in; all others let nobody pass who has not come through them."""

    console: Console
    cookie: TokenCookie
    kept: KeptForms
    ways: Ways = Ways()

    def routes(self) -> tuple[tuple[str, str, OpenAnswer], ...]:
        """The pages that need no session, or look after it themselves."""
        base = self.console.base
        by_password = (
            (f"{base}/{SIGN_IN}", "POST", self.sign_in),
            (f"{base}/{PROVE}", "POST", self.prove),
        )
        return (
            (base, "GET", self.start),
            (f"{base}/{SIGN_IN}", "GET", self.sign_in_page),
            (f"{base}/{PROVE}", "GET", self.prove_page),
            (f"{base}/{WAITING}", "POST", self.waiting),
            (f"{base}/{SIGN_OUT}", "POST", self.sign_out),
            *(by_password if self.ways.password else ()),
        )

    def guarded(self, route: Route) -> OpenAnswer:
        """The answer of a page for those whom its rule lets in."""

        async def answer(request: Request) -> Response:
            signed = await self.signed(request)
            if signed is None:
                return await self._stopped(SIGN_IN, request, own_page=route.own_page)
            if not route.rule.roles & signed.roles:
                return self.console.missing(request, signed)
            if route.rule.proven and not signed.proven:
                return await self._stopped(PROVE, request, signed, own_page=route.own_page)
            return await route.answer(request, signed)

        return answer

    async def start(self, request: Request) -> Response:
        """Leads to the first page that is for whoever signed in."""
        signed = await self.signed(request)
        if signed is None:
            return self._to(SIGN_IN, request)
        for path, roles in _STARTS:
            if roles & signed.roles:
                return see(f"{self.console.base}/{path}")
        return see(f"{self.console.base}/people")

    async def sign_in_page(self, request: Request) -> Response:
        return self._door(request, SIGN_IN)

    async def sign_in(self, request: Request) -> Response:
        """The same answer, and as late, for whatever is wrong."""
        fields, kept = await self.kept.carried(request)
        entry = Entry(
            fields.get("login", ""), fields.get("password", ""), fields.get("code", ""), Front.client(request)
        )
        async with same_time():
            token = await self.console.place.threads.prove(lambda: sign_in(self._desk(), entry))
        if token is None:
            return self._door(request, SIGN_IN, wrong=True, kept=kept)
        answer = self._behind(request, await self._by(token), kept)
        self.cookie.keep(answer, token)
        return answer

    async def prove_page(self, request: Request) -> Response:
        signed = await self.signed(request)
        return self._to(SIGN_IN, request) if signed is None else self._door(request, PROVE, signed)

    async def prove(self, request: Request) -> Response:
        signed, token = await self.signed(request), self.cookie.token(request)
        try:
            fields, kept = await self.kept.carried(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        if signed is None or token is None:
            return self._to(SIGN_IN, request) if kept is None else self._door(request, SIGN_IN, kept=kept)
        password, code, client = fields.get("password", ""), fields.get("code", ""), Front.client(request)
        async with same_time():
            right = await self.console.place.threads.prove(
                lambda: prove_again(self._desk(), token, password, code, client)
            )
        if not right:
            return self._door(request, PROVE, signed, wrong=True, kept=kept)
        return self._behind(request, signed, kept)

    async def waiting(self, request: Request) -> Response:
        """A form that waited at a door while its sender came in by the provider, in another tab."""
        signed = await self.signed(request)
        _, kept = await self.kept.carried(request)
        if signed is None:
            return self._to(SIGN_IN, request) if kept is None else self._door(request, SIGN_IN, kept=kept)
        return self._behind(request, signed, kept)

    async def sign_out(self, request: Request) -> Response:
        signed, token = await self.signed(request), self.cookie.token(request)
        if signed is not None and token is not None:
            try:
                await checked_form(request, signed)
            except ForgedError:
                return self.console.forged(request, signed)
            await self._look(lambda: sign_out(self._desk(), token))
        answer = see(f"{self.console.base}/{SIGN_IN}")
        self.cookie.forget(answer)
        return answer

    async def signed(self, request: Request) -> Signed | None:
        """Who is signed in, looked up once for a request."""
        if _SIGNED not in request.scope:
            token = self.cookie.token(request)
            request.scope[_SIGNED] = None if token is None else await self._by(token)
        found: Signed | None = request.scope[_SIGNED]
        return found

    async def _by(self, token: str) -> Signed | None:
        return await self._look(lambda: self._found(token))

    def _found(self, token: str) -> Signed | None:
        desk = self._desk()
        found = signed_in(desk, token)
        if found is None:
            return None
        own = replace(desk, person=Person(found.login, None))
        lasts = partial(session_lasts, desk, token)
        return Signed(own, found.login, found.csrf, found.proven, own_roles(own), lasts)

    def _desk(self) -> Desk:
        return self.console.place.desk()

    async def _look(self, work: Callable[[], T]) -> T:
        return await self.console.place.threads.look(work)

    async def _stopped(
        self, name: str, request: Request, signed: Signed | None = None, *, own_page: bool
    ) -> Response:
        """The door for whoever can't go on: a form waits there, and from any other page the way leads there."""
        try:
            kept = await self.kept.stopped(request, signed)
        except ForgedError:
            return self.console.forged(request, signed)
        if kept is None:
            return self._to(name, request, own_page=own_page)
        return self._door(request, name, signed, kept=kept)

    def _behind(self, request: Request, signed: Signed | None, kept: KeptForm | None) -> Response:
        """What comes after a door: the form that waits there, or the page that was asked for."""
        if signed is None or kept is None:
            return see(self._way_on(request))
        return self.kept.shown(request, signed, kept)

    def _door(
        self,
        request: Request,
        name: str,
        signed: Signed | None = None,
        *,
        wrong: bool = False,
        kept: KeptForm | None = None,
    ) -> Response:
        status = HTTPStatus.UNAUTHORIZED if wrong or kept is not None else HTTPStatus.OK
        template = "sign_in.html" if name == SIGN_IN else "prove.html"
        wanted = quote(self._way_on(request) if kept is None else kept.page)
        here = f"{self.console.base}/{name}?next={wanted}"
        return self.console.render(
            template,
            Page(request, signed, name.replace("-", "_"), status),
            here=here,
            wrong=wrong,
            wanted=wanted,
            ways=self.ways,
            kept=() if kept is None else kept.hidden,
        )

    def _to(self, name: str, request: Request, *, own_page: bool = False) -> Response:
        """To a door, and from there back to the page, or to that of a form that can't be kept."""
        asked = request.url.path  # a form is sent to a name below the path of its page
        path = asked if own_page or request.method == "GET" else asked.rpartition("/")[0]
        return see(f"{self.console.base}/{name}?next={quote(path)}")

    def _way_on(self, request: Request) -> str:
        return way_on(self.console.base, request.query_params.get("next", ""))
