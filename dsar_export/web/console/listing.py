"""The list of requests: what is due first in front, with filters and a search by reference."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from dsar_export.errors import WrongUseError
from dsar_export.language.formats import date
from dsar_export.language.letter_words import language_of_dates
from dsar_export.model.request import Right
from dsar_export.requests.states import State
from dsar_export.requests.transitions import NOT_ENDED
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.look_up import RequestInList, Wanted, requests_here
from dsar_export.web.console.deeds.deed import AGENT
from dsar_export.web.console.readers import SEEING, WORKING
from dsar_export.web.console.rendering import Console, Page, status_of
from dsar_export.web.console.words.wording import Wording
from dsar_export.web.staff.routes import Route, Rule
from dsar_export.web.staff.signed import Signed

_ALL: Final = "all"


@dataclass(frozen=True)
class Row:
    """A request as the list shows it."""

    reference: str
    state: str
    rights: str
    controller: str
    received: str
    due: str
    overdue: bool
    earliest: bool
    assigned_to: str
    approvers: str | None
    """None unless it waits for an approval; empty if nobody is left."""


def list_routes(console: Console) -> tuple[Route, ...]:
    """The list, and what waits for whoever is at work."""
    pages = _Lists(console)
    return (
        Route(f"{console.base}/requests", "GET", pages.requests, Rule(SEEING)),
        Route(f"{console.base}/inbox", "GET", pages.waiting, Rule(WORKING)),
    )


@dataclass(frozen=True)
class _Lists:
    console: Console

    async def requests(self, request: Request, signed: Signed) -> Response:
        """GET /requests"""
        asked, language = request.query_params, language_of_dates(self.console.words(request).language)

        def look() -> tuple[list[Row], list[str]]:
            register = self.console.place.register()
            names = list(register.organisation.controllers)
            found = requests_here(signed.desk, register, _wanted(asked))
            text = asked.get("q", "").strip().upper()
            rows = [
                _row(
                    each,
                    f"{each.request.received_at.astimezone(zone_in(register, each.request.controller)):%Y-%m-%d}",
                    language,
                )
                for each in found
                if text in each.request.reference
            ]
            return rows, names

        error, status = None, HTTPStatus.OK
        try:
            rows, names = await self.console.place.threads.look(look)
        except WrongUseError as refusal:
            rows, names, error, status = [], [], str(refusal), status_of(refusal)
        may_open = bool(AGENT & signed.roles)
        shown = {
            "rows": rows,
            "controllers": names,
            "error": error,
            "asked": _typed(asked),
            "may_open": may_open,
        }
        choices = {"all_states": [state.value for state in State], "rights": list(Right)}
        return self.console.render(
            "requests.html", Page(request, signed, "requests", status), **shown, **choices
        )

    async def waiting(self, request: Request, signed: Signed) -> Response:
        """GET /inbox"""
        place, language = self.console.place, language_of_dates(self.console.words(request).language)
        wording = Wording(self.console.words(request))
        items = await place.threads.look(lambda: inbox(signed.desk, place.register()))
        rows = [
            {
                "reference": item.reference,
                "why": ", ".join(wording.term("whys", each.why) for each in item.waiting),
                "since": date(item.since.isoformat(), language),
                "due": "" if item.due is None else date(item.due.day.isoformat(), language),
                "assigned_to": item.assigned_to or "",
            }
            for item in items
        ]
        return self.console.render("inbox.html", Page(request, signed, "waits_for_me"), rows=rows)


def _wanted(asked: QueryParams) -> Wanted:
    """What the filters ask for; WrongUseError for what does not exist."""
    state, right = asked.get("state", ""), asked.get("right", "")
    if state and state not in {*State, _ALL}:
        raise WrongUseError("no such state; choose one of the list")
    if right and right not in list(Right):
        raise WrongUseError("no such right; choose one of the list")
    every = state == _ALL or (not state and asked.get("q", "").strip())
    states = frozenset(State) if every else frozenset({State(state)}) if state else NOT_ENDED
    return Wanted(
        states,
        asked.get("controller") or None,
        Right(right) if right else None,
        asked.get("assigned_to") or None,
        asked.get("overdue") == "yes",
    )


def _typed(asked: QueryParams) -> dict[str, str]:
    names = ("q", "state", "controller", "right", "assigned_to", "overdue")
    return {name: asked.get(name, "") for name in names}


def _row(each: RequestInList, received: str, language: str) -> Row:
    listed, due = each.request, each.due
    return Row(
        listed.reference,
        listed.state.value,
        ", ".join(listed.rights),
        listed.controller,
        date(received, language),
        "" if due is None else date(due.day.isoformat(), language),
        each.overdue,
        due is not None and due.at_the_earliest,
        listed.assigned_to or "",
        None if each.approvers is None else ", ".join(each.approvers),
    )
