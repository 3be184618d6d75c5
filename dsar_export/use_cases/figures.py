"""Counts the requests of the controllers where somebody reviews, audits or administers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Final, TypeVar

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.clock import DueDate
from dsar_export.model.decision import DecisionKind
from dsar_export.model.figures import Counts, Figures, FiguresCell
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.requests import trail
from dsar_export.requests.decisions import listed_decisions, requests_with_decision
from dsar_export.requests.packages import first_answers
from dsar_export.requests.people import EVERY_CONTROLLER, grants_at
from dsar_export.requests.requests import Filters, ListedRequest, list_requests
from dsar_export.requests.states import State
from dsar_export.requests.times import moment
from dsar_export.use_cases.clocks import local_day
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.due import due_dates
from dsar_export.use_cases.open_sources import possible_sources_of
from dsar_export.use_cases.review import gap_hash

_READERS: Final = frozenset({Role.AUDITOR, Role.REVIEWER, Role.ADMINISTRATOR})
_Key = TypeVar("_Key", str, tuple[str, str, str])
_A_ZONE_AHEAD: Final = timedelta(days=2)
"""After a day in UTC, by when that day is over everywhere."""


class _Fate(StrEnum):
    """What became of a request; each has one."""

    IN_TIME = "answered_in_time"
    LATE = "answered_late"
    OPEN = "open"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    NOTHING_HELD = "nothing_held"


_ENDS: Final = {
    State.REFUSED: _Fate.REFUSED,
    State.CANCELLED: _Fate.CANCELLED,
    State.CLOSED: _Fate.NOTHING_HELD,
}


@dataclass(frozen=True)
class _Case:
    """A request as it is counted."""

    controller: str
    rights: str
    received: date
    fate: _Fate
    days: int | None
    overdue: bool
    gap_accepted: bool
    extended: bool

    @property
    def month(self) -> str:
        return f"{self.received:%Y-%m}"

    @property
    def cell(self) -> tuple[str, str, str]:
        return self.controller, self.rights, self.month


def figures(desk: Desk, register: Register, since: date | None = None, until: date | None = None) -> Figures:
    """The figures of requests that were received from a day to a day, in days of each controller."""
    if since is not None and until is not None and until < since:
        raise WrongUseError("the last day is before the first; correct one of them")
    with desk.looking() as act:
        controllers = _controllers(act)
        found = list_requests(act.connection, Filters(frozenset(State), controllers))
        here = [r for r in found if r.controller in register.organisation.controllers]
        cases = [c for c in _cases(act, register, here) if _within(c.received, since, until)]
        erased, complete = _erased(act, controllers)
    return Figures(
        since,
        until,
        _counts(cases),
        _grouped(cases, lambda case: case.controller),
        _grouped(cases, lambda case: case.rights),
        _grouped(cases, lambda case: case.month),
        tuple(FiguresCell(*cell, counts) for cell, counts in _grouped(cases, lambda case: case.cell).items()),
        tuple(sorted({r.controller for r in found} - register.organisation.controllers.keys())),
        erased,
        complete,
    )


def _controllers(act: Act) -> frozenset[str] | None:
    """The controllers whose figures the person may see; None for all."""
    name = act.desk.person.name
    held = {
        g.controller for g in grants_at(act.connection, act.at) if g.person == name and g.role in _READERS
    }
    if not held:
        raise NotPermittedError(
            "figures are for reviewers, auditors and administrators of a controller; ask an administrator"
        )
    return None if EVERY_CONTROLLER in held else frozenset(held)


def _cases(act: Act, register: Register, requests: Sequence[ListedRequest]) -> Iterator[_Case]:
    answered = first_answers(act.connection, [request.reference for request in requests])
    reckoned = [r for r in requests if r.reference in answered or r.state not in _ENDS]
    due = due_dates(act, register, reckoned)
    gaps = _with_accepted_gaps(act, register, requests)
    for request in requests:
        reference, controller = request.reference, request.controller
        received = local_day(register, controller, request.received_at)
        came = answered.get(reference)
        day = None if came is None else local_day(register, controller, came)
        fate = _fate(request, due.get(reference), day)
        yield _Case(
            controller,
            "+".join(request.rights),
            received,
            fate,
            None if day is None else (day - received).days,
            fate is _Fate.OPEN and due[reference].overdue,
            reference in gaps,
            request.extended_at is not None,
        )


def _with_accepted_gaps(act: Act, register: Register, requests: Sequence[ListedRequest]) -> frozenset[str]:
    """Those whose last Draft has a gap that somebody accepted; what was collected since voids an acceptance."""
    accepted = requests_with_decision(act.connection, DecisionKind.ACCEPT_GAP)
    listed = {request.reference: request for request in requests if request.reference in accepted}
    decisions = listed_decisions(act.connection, listed)
    return frozenset(
        reference
        for reference, request in listed.items()
        if {gap_hash(request, source) for source in possible_sources_of(register, request.controller)}
        & {decision.about for decision in decisions.get(reference, ())}
    )


def _fate(request: ListedRequest, due: DueDate | None, answered: date | None) -> _Fate:
    if answered is not None and due is not None:
        return _Fate.IN_TIME if answered <= due.day else _Fate.LATE
    return _ENDS.get(request.state, _Fate.OPEN)


def _within(day: date, since: date | None, until: date | None) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)


def _grouped(cases: Iterable[_Case], key_of: Callable[[_Case], _Key]) -> Mapping[_Key, Counts]:
    groups: dict[_Key, list[_Case]] = {}
    for case in cases:
        groups.setdefault(key_of(case), []).append(case)
    return {key: _counts(groups[key]) for key in sorted(groups)}


def _counts(cases: Sequence[_Case]) -> Counts:
    fates = {fate.value: sum(case.fate is fate for case in cases) for fate in _Fate}
    days = [case.days for case in cases if case.days is not None]
    return Counts(
        received=len(cases),
        overdue=sum(case.overdue for case in cases),
        median_days=median(days) if days else None,
        gaps_accepted=sum(case.gap_accepted for case in cases),
        extended=sum(case.extended for case in cases),
        **fates,
    )


def _erased(act: Act, controllers: frozenset[str] | None) -> tuple[int, date | None]:
    """How many requests were purged, and from which day of receipt on none is missing.

    A reference begins with the day on which the request was opened, which is no earlier than that of its receipt. What
    was purged before the trail begins was opened before that, too.
    """
    entries = trail.entries(act.connection, action="erase_request")
    gone = [e.values for e in entries if controllers is None or e.values["controller"] in controllers]
    opened = [_day_of(str(values["reference"])) for values in gone]
    first = next(trail.entries(act.connection), None)
    if first is not None and first.number > 1:
        opened.append(_day(moment(int(str(first.values["at"])))))
    return len(gone), (max(opened) + _A_ZONE_AHEAD if opened else None)


def _day_of(reference: str) -> date:
    return datetime.strptime(reference.split("-")[1], "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone


def _day(at: datetime) -> date:
    return at.date()
