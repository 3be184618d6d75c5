"""Proving by a code who one is, and coming back: the pages are the same whether or not an address is known."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.interfaces import Waker
from dsar_export.language.register_words import identifier_titles
from dsar_export.model.register import Register
from dsar_export.use_cases.codes import finish_code
from dsar_export.use_cases.portal_proving import (
    Typed,
    accept_portal_code,
    accept_return,
    collect_by_policy,
    finish_return,
    prove_here,
    return_by_code,
    typed,
)
from dsar_export.use_cases.portal_visits import lasting_visit, leave, visiting
from dsar_export.web.asking import same_time
from dsar_export.web.clients import who_asks
from dsar_export.web.front import Front
from dsar_export.web.portal.rendering import Page, Portal, see
from dsar_export.web.portal.routes import Route, Rule, Visitor
from dsar_export.web.portal.visiting import visit_cookie

_WRONG = HTTPStatus.UNPROCESSABLE_ENTITY


def proving_routes(portal: Portal, front: Front, waker: Waker) -> tuple[Route, ...]:
    """The pages with codes."""
    pages, path = ProvingPages(portal, front, waker), "/requests/{reference}"
    return (
        Route(f"{path}/prove", "GET", pages.prove_page, Rule.OWN),
        Route(f"{path}/code", "POST", pages.send_code, Rule.OWN),
        Route(f"{path}/prove", "POST", pages.prove, Rule.OWN),
        Route("/follow", "GET", pages.follow_page, Rule.ANYBODY),
        Route("/follow", "POST", pages.follow, Rule.ANYBODY),
        Route("/follow/code", "POST", pages.come_back, Rule.VISIT),
        Route("/leave", "POST", pages.leave, Rule.VISIT),
    )


@dataclass(frozen=True)
class ProvingPages:
    """What comes of a code is decided after the answer, or takes as long for anybody."""

    portal: Portal
    front: Front
    waker: Waker

    async def prove_page(self, request: Request, visitor: Visitor) -> Response:
        """GET /requests/REFERENCE/prove"""
        held = visitor.visiting
        if held is not None and held.visit.is_proven(visitor.reference):
            return see(f"/requests/{visitor.reference}", visitor)
        return await self._prove(request, visitor, sent=request.query_params.get("sent") == "1")

    async def send_code(self, request: Request, visitor: Visitor) -> Response:
        """POST /requests/REFERENCE/code: the sources are read after the answer."""
        place, network = self.portal.place, who_asks(Front.client(request))
        async with same_time():
            asked = await place.threads.look(
                lambda: accept_portal_code(visitor.desk, place.register(), visitor.reference, network)
            )
            later = None if asked is None else partial(finish_code, visitor.desk, place.services, asked)
            answer = see(f"/requests/{visitor.reference}/prove", visitor, sent="1")
            answer.background = self.front.later(later)
            return answer

    async def prove(self, request: Request, visitor: Visitor) -> Response:
        """POST /requests/REFERENCE/prove"""
        place, held, reference = self.portal.place, visitor.visiting, visitor.reference
        async with same_time():
            right = held is not None and await place.threads.look(
                lambda: prove_here(visitor.desk, place.register(), held, reference, visitor.text("code"))
            )
            if not right:
                return await self._prove(request, visitor, sent=True, wrong=True)
            answer = see(f"/requests/{reference}", visitor)
            answer.background = self.front.later(
                lambda: collect_by_policy(visitor.desk, place.register(), reference, self.waker)
            )
            return answer

    async def follow_page(self, request: Request, visitor: Visitor) -> Response:
        """GET /follow"""
        held = visitor.visiting
        return self.portal.render(
            "follow.html",
            Page(request, visitor, "follow_one"),
            lost=request.query_params.get("lost") == "1",
            own=[] if held is None else list(held.visit.opened),
        )

    async def follow(self, request: Request, visitor: Visitor) -> Response:
        """POST /follow: the same for any text, also for one that no reference can have."""
        place, typed_in, network = (
            self.portal.place,
            visitor.text("reference"),
            who_asks(Front.client(request)),
        )
        async with same_time():
            token = await place.threads.look(lambda: lasting_visit(visitor.desk, visitor.token))
            asked = await place.threads.look(lambda: accept_return(visitor.desk, token, typed_in, network))
            later = None if asked is None else partial(finish_return, visitor.desk, place.services, asked)
            found = await place.threads.look(lambda: visiting(visitor.desk, token))
            answer = self._entry(request, visitor, "" if found is None else found.csrf, wrong=False)
            visit_cookie(secure=self.portal.secure).keep(answer, token)
            answer.background = self.front.later(later)
            return answer

    async def come_back(self, request: Request, visitor: Visitor) -> Response:
        """POST /follow/code"""
        held, entered = visitor.visiting, (visitor.text("reference"), visitor.text("code"))
        async with same_time():
            token, csrf = ("", "") if held is None else (held.token, held.csrf)
            found = await self.portal.place.threads.look(
                lambda: return_by_code(visitor.desk, token, *entered)
            )
            if found is None:
                return self._entry(request, visitor, csrf, wrong=True)
            return see(f"/requests/{found}", visitor)

    async def leave(self, request: Request, visitor: Visitor) -> Response:  # noqa: ARG002 # every page has it
        """POST /leave"""
        token = visitor.token
        if token is not None:
            await self.portal.place.threads.look(lambda: leave(visitor.desk, token))
        answer = see("/ask", visitor)
        visit_cookie(secure=self.portal.secure).forget(answer)
        return answer

    def _entry(self, request: Request, visitor: Visitor, csrf: str, *, wrong: bool) -> Response:
        page = Page(request, visitor, "enter_it", _WRONG if wrong else HTTPStatus.OK)
        return self.portal.render(
            "follow_code.html",
            page,
            sought=visitor.text("reference"),
            own_csrf=csrf,
            wrong=wrong,
            here="/follow",
        )

    async def _prove(
        self, request: Request, visitor: Visitor, *, sent: bool, wrong: bool = False
    ) -> Response:
        place = self.portal.place
        register, shown = await place.threads.look(lambda: self._typed(visitor))
        kinds = [each.kind for each in shown.identifiers]
        words = visitor.reader.words
        titles = identifier_titles(register, kinds, words.language)
        return self.portal.render(
            "prove.html",
            Page(
                request,
                visitor,
                "prove_it",
                _WRONG if wrong else HTTPStatus.OK,
                register.organisation.controllers[shown.controller],
            ),
            identifiers=[
                (words.phrase(title), each.value)
                for title, each in zip(titles, shown.identifiers, strict=True)
            ],
            has_way=shown.has_way,
            sent=sent,
            wrong=wrong,
        )

    def _typed(self, visitor: Visitor) -> tuple[Register, Typed]:
        register = self.portal.place.register()
        return register, typed(visitor.desk, register, visitor.reference)
