"""Who comes to a page of the portal: each has a rule, and a visit shows nothing but its own requests."""

from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.language.catalogue import languages
from dsar_export.use_cases.portal_doors import open_controllers, portal_desk
from dsar_export.use_cases.portal_proving import is_open_for
from dsar_export.use_cases.portal_visits import visiting
from dsar_export.web.asking import Form, form_of, language_of
from dsar_export.web.cookies import TokenCookie
from dsar_export.web.pages import Reader
from dsar_export.web.portal.rendering import Portal, see
from dsar_export.web.portal.routes import OpenAnswer, Route, Rule, Visitor

T = TypeVar("T")

LARGEST_FORM: Final = 64 * 1024
"""Bytes: the longest text in any script, and some more."""
_MOST_FIELDS: Final = 60
_OF_REQUEST: Final = frozenset({Rule.OWN, Rule.PROVEN})


def visit_cookie(*, secure: bool) -> TokenCookie:
    """The cookie of a visit: set by the form that opens or seeks a request, and by nothing before it."""
    return TokenCookie(secure, "visit")


@dataclass(frozen=True)
class PortalDoors:
    """Lets whoever comes through to a page by its rule."""

    portal: Portal

    @property
    def cookie(self) -> TokenCookie:
        return visit_cookie(secure=self.portal.secure)

    def guarded(self, route: Route) -> OpenAnswer:
        """The answer of a page for those whom its rule lets in; another visit's request looks like none."""

        async def answer(request: Request) -> Response:
            visitor = await self._visitor(request)
            if not visitor.open_at:
                return self.portal.plain(request, visitor, "not_here", HTTPStatus.NOT_FOUND)
            if route.rule is Rule.ANYBODY:
                return await route.answer(request, visitor)
            if visitor.visiting is None:
                return _lost(visitor)
            if request.method == "POST" and not _is_own_form(visitor):
                return self.portal.plain(request, visitor, "forged", HTTPStatus.FORBIDDEN)
            if route.rule in _OF_REQUEST:
                away = await self._refusal(visitor, route.rule)
                if away is not None:
                    return away
            return await route.answer(request, visitor)

        return answer

    async def _refusal(self, visitor: Visitor, rule: Rule) -> Response | None:
        reference, held = visitor.reference, visitor.visiting
        if held is None or reference not in held.visit.opened:
            return _lost(visitor)
        if not await self._look(lambda: is_open_for(visitor.desk, reference)):
            return _lost(visitor)
        if rule is Rule.PROVEN and not held.visit.is_proven(reference):
            return see(f"/requests/{reference}/prove", visitor)
        return None

    async def _visitor(self, request: Request) -> Visitor:
        fields = await form_of(request, LARGEST_FORM, _MOST_FIELDS) if request.method == "POST" else Form()
        chosen = fields.get("lang", request.query_params.get("lang", ""))
        return await self._look(lambda: self._at_desk(request, fields, chosen))

    def _at_desk(self, request: Request, fields: Form, chosen: str) -> Visitor:
        place, token = self.portal.place, self.cookie.token(request)
        desk, register = portal_desk(place.desk()), place.register()
        known = register.organisation.controllers
        open_at = tuple(name for name in known if name in open_controllers(desk))
        controllers = tuple(known[name] for name in open_at)
        language = (
            chosen if chosen in languages() else language_of(request, [each.language for each in controllers])
        )
        return Visitor(
            desk,
            Reader(language, controllers),
            open_at,
            None if token is None else visiting(desk, token),
            str(request.path_params.get("reference", "")),
            fields,
        )

    async def _look(self, work: Callable[[], T]) -> T:
        return await self.portal.place.threads.look(work)


def _is_own_form(visitor: Visitor) -> bool:
    """Whether the form brings back what its page of this visit gave it."""
    held = visitor.visiting
    return held is not None and compare_digest(visitor.text("csrf").encode(), held.csrf.encode())


def _lost(visitor: Visitor) -> Response:
    """The same for a visit that is over, and for a request of nobody or of somebody else."""
    return see("/follow", visitor, lost="1")
