"""Following a request: where it stands, when the answer comes, what will be in it, and what one can write."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import StaleError, StateError, TooOftenError, WrongUseError
from dsar_export.model.clock import Ground
from dsar_export.model.register import Register
from dsar_export.use_cases.evidence_outcomes import DraftEvidence
from dsar_export.use_cases.portal_following import Followed, followed, what_is_in_it
from dsar_export.use_cases.portal_getting import to_get
from dsar_export.use_cases.portal_writing import (
    LONGEST_TEXT,
    answer_question,
    ask_question,
    complain_here,
    text_problem,
    withdraw,
)
from dsar_export.use_cases.standing import standing
from dsar_export.web.portal.getting import getting_of
from dsar_export.web.portal.rendering import Page, Portal, see
from dsar_export.web.portal.routes import Answer, Route, Rule, Visitor
from dsar_export.web.portal.shown import content_of, facts_of
from dsar_export.web.portal.words.following import TEXT_PROBLEMS
from dsar_export.web.portal.words.progress import step_words
from dsar_export.wiring import parts_of

_MOST_KEPT: Final = 64
"""Requests of which it is kept in memory what is in them: to count a Draft reads all of it."""
_UNFIT: Final = HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True)
class _Writing:
    """A form with a text: what it does, and where it is possible."""

    do: Callable[[Visitor, Register], object]
    possible: Callable[[Followed], bool] = lambda _: True


_WRITINGS: Final[Mapping[str, _Writing]] = MappingProxyType(
    {
        "answer": _Writing(
            lambda visitor, register: answer_question(
                visitor.desk, register, visitor.reference, visitor.text("text")
            ),
            lambda seen: bool(seen.waits),
        ),
        "question": _Writing(
            lambda visitor, register: ask_question(
                visitor.desk, visitor.reference, _section(visitor, register), visitor.text("text")
            )
        ),
        "complaint": _Writing(
            lambda visitor, register: complain_here(
                visitor.desk, register, visitor.reference, visitor.text("text")
            )
        ),
    }
)


def following_routes(pages: "FollowingPages") -> tuple[Route, ...]:
    """The pages of a request that a visit has proven."""
    path = "/requests/{reference}"
    writing = (
        route
        for name, form in _WRITINGS.items()
        for route in (
            Route(f"{path}/{name}", "GET", pages.form(name, form), Rule.PROVEN),
            Route(f"{path}/{name}", "POST", pages.sent(name, form), Rule.PROVEN),
        )
    )
    return (
        Route(path, "GET", pages.page, Rule.PROVEN),
        *writing,
        Route(f"{path}/withdraw", "GET", pages.withdraw_page, Rule.PROVEN),
        Route(f"{path}/withdraw", "POST", pages.withdraw, Rule.PROVEN),
    )


@dataclass(frozen=True)
class FollowingPages:
    """Nothing is shown of the work of staff, and nothing is counted before it is decided what is left out."""

    portal: Portal
    _kept: dict[tuple[str, ...], DraftEvidence | None] = field(default_factory=dict, repr=False)

    async def page(self, request: Request, visitor: Visitor) -> Response:
        """GET /requests/REFERENCE"""
        register, seen = await self.look(visitor)
        content = await self.content(visitor, seen)
        held, place = visitor.visiting, self.portal.place
        getting = await place.threads.look(lambda: to_get(visitor.desk, register, visitor.reference))
        opened = {} if held is None else held.visit.opened
        return self.shown(
            "request.html",
            Page(request, visitor, "your_request"),
            (register, seen),
            **facts_of(seen, register, visitor.reader),
            packages=[] if content is None else content_of(content, seen, register, visitor.reader),
            others=[name for name in opened if name != visitor.reference],
            live=step_words(
                await place.threads.look(lambda: standing(visitor.desk, visitor.reference)),
                visitor.reader.words,
            ),
            getting=getting_of(
                getting,
                visitor.reader,
                register.organisation.controllers.get(seen.request.listed.controller),
                opener=place.opener is not None,
            ),
            done=request.query_params.get("done", ""),
        )

    def form(self, name: str, writing: _Writing) -> Answer:
        """The page on which a text is written."""

        async def answer(request: Request, visitor: Visitor) -> Response:
            register, seen = await self.look(visitor)
            if not writing.possible(seen):
                return see(f"/requests/{visitor.reference}", visitor)
            return await self._writing(request, visitor, (name, register, seen))

        return answer

    def sent(self, name: str, writing: _Writing) -> Answer:
        """What becomes of the text; one that is not taken is shown again."""

        async def answer(request: Request, visitor: Visitor) -> Response:
            problem = text_problem(visitor.text("text"))
            trouble = "" if problem is None else TEXT_PROBLEMS[problem]
            if not trouble:
                trouble = await self.portal.place.threads.look(lambda: self._done(writing, visitor))
            if trouble:
                register, seen = await self.look(visitor)
                return await self._writing(request, visitor, (name, register, seen), trouble)
            return see(f"/requests/{visitor.reference}", visitor, done=name)

        return answer

    async def withdraw_page(self, request: Request, visitor: Visitor) -> Response:
        """GET /requests/REFERENCE/withdraw: nothing happens before it is confirmed."""
        about = await self.look(visitor)
        return self.shown("withdraw.html", Page(request, visitor, "withdraw"), about)

    async def withdraw(self, request: Request, visitor: Visitor) -> Response:
        """POST /requests/REFERENCE/withdraw"""
        try:
            await self.portal.place.threads.look(lambda: withdraw(visitor.desk, visitor.reference))
        except (StateError, StaleError):
            about = await self.look(visitor)
            return self.shown("withdraw.html", Page(request, visitor, "withdraw", HTTPStatus.CONFLICT), about)
        return see(f"/requests/{visitor.reference}", visitor, done="withdraw")

    def _done(self, writing: _Writing, visitor: Visitor) -> str:
        """Does it; what prevents it, as the name of a text."""
        try:
            writing.do(visitor, self.portal.place.register())
        except TooOftenError:
            return "text_too_often"
        except WrongUseError:
            return "text_not_now"
        return ""

    async def _writing(
        self, request: Request, visitor: Visitor, about: tuple[str, Register, Followed], trouble: str = ""
    ) -> Response:
        name, register, seen = about
        content = await self.content(visitor, seen)
        shown = [] if content is None else content_of(content, seen, register, visitor.reader)
        sections = {each["name"]: each["title"] for package in shown for each in package["datasets"]}
        return self.shown(
            "write.html",
            Page(request, visitor, f"write_{name}", _UNFIT if trouble else HTTPStatus.OK),
            (register, seen),
            name=name,
            sections=list(sections.items()) if name == "question" else [],
            section=visitor.text("section") or request.query_params.get("section", ""),
            text=visitor.text("text"),
            longest=LONGEST_TEXT,
            trouble=trouble,
            waits=[f"wait_{pause.ground.value}" for pause in seen.waits] if name == "answer" else [],
            judged=any(pause.ground is not Ground.CLARIFICATION for pause in seen.waits),
        )

    def shown(self, template: str, page: Page, about: tuple[Register, Followed], **shown: Any) -> Response:
        register, seen = about
        company = register.organisation.controllers.get(seen.request.listed.controller)
        named = Page(page.request, page.visitor, page.title, page.status, company)
        return self.portal.render(
            template,
            named,
            may_withdraw=seen.may_withdraw,
            may_answer=bool(seen.waits),
            has_receipt=seen.is_at_its_end,
            **shown,
        )

    async def look(self, visitor: Visitor) -> tuple[Register, Followed]:
        def looked() -> tuple[Register, Followed]:
            register = self.portal.place.register()
            return register, followed(visitor.desk, register, visitor.reference)

        return await self.portal.place.threads.look(looked)

    async def content(self, visitor: Visitor, seen: Followed) -> DraftEvidence | None:
        if not seen.is_decided:
            return None
        listed = seen.request.listed
        key = (visitor.reference, listed.approved_ledger_hash or "", listed.approved_decisions_hash or "")
        if key not in self._kept:
            place = self.portal.place
            found = await place.threads.start(
                lambda: what_is_in_it(visitor.desk, place.services(), parts_of(), seen)
            )
            if len(self._kept) >= _MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = found
        return self._kept[key]


def _section(visitor: Visitor, register: Register) -> str | None:
    named = visitor.text("section")
    return named if named in {dataset.name for dataset in register.datasets} else None
