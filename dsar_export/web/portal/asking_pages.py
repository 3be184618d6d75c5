"""Asking, on four screens: which right, who one is, what was typed, and then proving it."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import StateError, TooOftenError, WrongUseError
from dsar_export.language.letter_words import due_reason, due_words
from dsar_export.language.register_words import identifier_titles, register_translator
from dsar_export.model.intake import FurtherRight
from dsar_export.model.register import Register
from dsar_export.use_cases.portal_asking import (
    LONGEST_VALUE,
    Begun,
    Wish,
    WishProblem,
    ask,
    due_if_sent,
    offered,
    problems,
)
from dsar_export.web.asking import same_time
from dsar_export.web.clients import who_asks
from dsar_export.web.front import Front
from dsar_export.web.portal.rendering import Page, Portal, see
from dsar_export.web.portal.routes import Route, Rule, Visitor
from dsar_export.web.portal.shown import dated
from dsar_export.web.portal.visiting import visit_cookie
from dsar_export.web.portal.wished import carried, chosen_company, chosen_right, form_id, wish_of
from dsar_export.web.portal.words.asking import ALSO, PROBLEMS, RIGHTS

_LOOKS: Final = 20
"""How often it is looked whether a form that was sent twice has opened its request."""
_BETWEEN: Final = 0.25
_UNFIT: Final = HTTPStatus.UNPROCESSABLE_ENTITY
_KEYBOARDS: Final = {"email": ("email", "email"), "phone": ("tel", "tel")}
"""Which keyboard a telephone shows, and what a browser fills in, by the kind of identifier."""


def asking_routes(portal: Portal) -> tuple[Route, ...]:
    """The screens before there is a visit."""
    pages = AskingPages(portal)
    return (
        Route("/ask", "GET", pages.right, Rule.ANYBODY),
        Route("/ask", "POST", pages.right, Rule.ANYBODY),
        Route("/ask/you", "POST", pages.you, Rule.ANYBODY),
        Route("/ask/check", "POST", pages.check, Rule.ANYBODY),
        Route("/ask/send", "POST", pages.send, Rule.ANYBODY),
    )


@dataclass(frozen=True)
class AskingPages:
    """Each screen brings along what the others have."""

    portal: Portal

    async def right(self, request: Request, visitor: Visitor) -> Response:
        """GET and POST /ask: the way back to it loses nothing."""
        return self._right(request, visitor, await self._register(), wrong=False)

    async def you(self, request: Request, visitor: Visitor) -> Response:
        """POST /ask/you"""
        register = await self._register()
        wish = wish_of(visitor, register)
        if wish is None:
            return self._right(request, visitor, register, wrong=True)
        return self._you(request, visitor, register, wish, ())

    async def check(self, request: Request, visitor: Visitor) -> Response:
        """POST /ask/check"""
        register = await self._register()
        wish = wish_of(visitor, register)
        if wish is None:
            return self._right(request, visitor, register, wrong=True)
        if wrong := problems(register, wish):
            return self._you(request, visitor, register, wish, wrong)
        return self._check(request, visitor, register, wish)

    async def send(self, request: Request, visitor: Visitor) -> Response:
        """POST /ask/send: as late for whomever it is about."""
        register = await self._register()
        wish = wish_of(visitor, register)
        if wish is None:
            return self._right(request, visitor, register, wrong=True)
        if wrong := problems(register, wish):
            return self._you(request, visitor, register, wish, wrong)
        try:
            async with same_time():
                begun = await self._sent(request, visitor, register, wish)
        except TooOftenError:
            return self._check(request, visitor, register, wish, "too_many")
        except WrongUseError:
            return self._check(request, visitor, register, wish, "not_sent")
        answer = see(f"/requests/{begun.reference}/prove", visitor)
        visit_cookie(secure=self.portal.secure).keep(answer, begun.token)
        return answer

    async def _sent(self, request: Request, visitor: Visitor, register: Register, wish: Wish) -> Begun:
        """Sends it; a form that was sent twice waits until the first has its answer, and gets the same."""
        asker, form = (who_asks(Front.client(request)), visitor.token), form_id(visitor)
        for _ in range(_LOOKS):
            try:
                return await self.portal.place.threads.look(
                    lambda: ask(visitor.desk, register, wish, form, asker)
                )
            except StateError:
                await asyncio.sleep(_BETWEEN)
        raise WrongUseError("nobody knows yet whether it was sent; ask again")

    async def _register(self) -> Register:
        return await self.portal.place.threads.look(self.portal.place.register)

    def _right(self, request: Request, visitor: Visitor, register: Register, *, wrong: bool) -> Response:
        words, controllers = visitor.reader.words, register.organisation.controllers
        return self.portal.render(
            "ask_right.html",
            Page(request, visitor, "ask", _UNFIT if wrong else HTTPStatus.OK),
            rights=[
                (name, words.phrase(title), words.phrase(hint)) for name, (title, hint) in RIGHTS.items()
            ],
            companies=[(name, controllers[name].name) for name in visitor.open_at],
            right=chosen_right(visitor),
            company=chosen_company(visitor),
            also=[(each.value, words.phrase(ALSO[each])) for each in FurtherRight],
            also_chosen=list(visitor.fields.texts("also")),
            carried=carried(visitor, "right", "company", "also"),
            **({"posted": carried(visitor)} if request.method == "POST" else {}),
            here="/ask",
            wrong=[name for name, missing in self._missing(visitor) if missing] if wrong else [],
        )

    @staticmethod
    def _missing(visitor: Visitor) -> list[tuple[str, bool]]:
        return [("right", chosen_right(visitor) is None), ("company", chosen_company(visitor) is None)]

    def _you(
        self,
        request: Request,
        visitor: Visitor,
        register: Register,
        wish: Wish,
        wrong: tuple[tuple[str, WishProblem], ...],
    ) -> Response:
        kinds = offered(register, wish.controller)
        status = _UNFIT if wrong else HTTPStatus.OK
        return self.portal.render(
            "ask_you.html",
            Page(request, visitor, "who", status, register.organisation.controllers[wish.controller]),
            ways=self._inputs(visitor, register, kinds.ways),
            others=self._inputs(visitor, register, kinds.others),
            more_open=any(visitor.text(f"id-{kind}") for kind in kinds.others) or not kinds.ways,
            subjects=_subjects(visitor, register),
            subject=visitor.text("subject"),
            longest=LONGEST_VALUE,
            carried=carried(visitor, "subject", "id-"),
            posted=carried(visitor),
            here="/ask/check" if wrong else "/ask/you",
            wrong={name: visitor.reader.words.phrase(PROBLEMS[problem]) for name, problem in wrong},
        )

    def _inputs(self, visitor: Visitor, register: Register, kinds: tuple[str, ...]) -> list[dict[str, str]]:
        words = visitor.reader.words
        titles = identifier_titles(register, kinds, words.language)
        shown = []
        for kind, title in zip(kinds, titles, strict=True):
            keyboard, filled = _KEYBOARDS.get(kind, ("text", "off"))
            shown.append(
                {
                    "kind": kind,
                    "title": words.phrase(title),
                    "value": visitor.text(f"id-{kind}"),
                    "inputmode": keyboard,
                    "autocomplete": filled,
                }
            )
        return shown

    def _check(
        self, request: Request, visitor: Visitor, register: Register, wish: Wish, problem: str = ""
    ) -> Response:
        words, company = visitor.reader.words, register.organisation.controllers[wish.controller]
        due = due_if_sent(visitor.desk, register, wish.controller)
        ours = dated(words).under(company.country)
        titles = identifier_titles(register, [each.kind for each in wish.identifiers], words.language)
        kept = [*carried(visitor, "form"), ("form", form_id(visitor))]
        status = {"": HTTPStatus.OK, "too_many": HTTPStatus.TOO_MANY_REQUESTS}.get(problem, _UNFIT)
        return self.portal.render(
            "ask_check.html",
            Page(request, visitor, "check", status, company),
            company=company.name,
            right=words.phrase(RIGHTS[chosen_right(visitor) or ""][0]),
            also=[words.phrase(ALSO[each]) for each in wish.further],
            identifiers=[
                (words.phrase(title), each.value)
                for title, each in zip(titles, wish.identifiers, strict=True)
            ],
            due=due_words(due, ours),
            reason=due_reason(due, ours),
            carried=kept,
            posted=kept,
            here="/ask/check",
            problem=problem,
        )


def _subjects(visitor: Visitor, register: Register) -> list[tuple[str, Any]]:
    """What people can be to the organisation, if there are several kinds."""
    kinds = register.organisation.subjects
    if len(kinds) < 2:
        return []
    words = visitor.reader.words
    translate = register_translator(register, words.language) or str
    return [(name, words.phrase(translate(kind.title))) for name, kind in kinds.items()]
