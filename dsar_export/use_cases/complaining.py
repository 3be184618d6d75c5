"""Complaints about how a request is or was handled: in every state of it, with a clock of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.complaint import Complaint, ComplaintOutcome, ListedComplaint, NewComplaint
from dsar_export.model.decision import Decision, DecisionKind
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.requests.complaints import (
    acknowledge_complaint,
    add_complaint,
    answer_complaint,
    complained_about,
    complaints_of,
    lock_and_number,
    open_complaints,
)
from dsar_export.requests.decisions import decisions_of
from dsar_export.requests.due_dates import acknowledge_by
from dsar_export.requests.people import EVERY_CONTROLLER, grants_at, is_name, subjects
from dsar_export.requests.requests import Filters, ListedRequest, StoredRequest, list_requests
from dsar_export.requests.states import State
from dsar_export.requests.times import microseconds
from dsar_export.use_cases.clocks import moment_within, rules_for, zone_in
from dsar_export.use_cases.desk import Act, Desk

_HANDLE = (Role.AGENT, Role.REVIEWER)


@dataclass(frozen=True)
class WaitingComplaint:
    """A complaint, the day by which it is acknowledged while it waits for that, and who may answer it."""

    listed: ListedComplaint
    controller: str
    acknowledge_by: date | None
    overdue: bool
    may_answer: tuple[str, ...]


def complain(desk: Desk, register: Register | None, reference: str, new: NewComplaint) -> int:
    """Records a complaint, in whatever state its request is, and returns its number."""
    with desk.acting() as act:
        request = act.request(reference, *_HANDLE)
        zone = zone_in(register, request.listed.controller)
        received = moment_within(
            zone, new.received_at, (request.listed.received_at, act.at), "the complaint was received"
        )
        number = lock_and_number(act.connection, reference)
        listed = ListedComplaint(reference, number, received, new.channel, desk.person.name)
        add_complaint(act.connection, listed, new.text, desk.vault)
        act.note(
            "complain", request, complaint=number, since=microseconds(received), channel=new.channel.value
        )
    return number


def acknowledge(
    desk: Desk,
    register: Register | None,
    reference: str,
    number: int | None = None,
    on: datetime | None = None,
) -> None:
    """Records that the person was informed that their complaint arrived."""
    with desk.acting() as act:
        request = act.request(reference, *_HANDLE)
        complaint = _chosen(act, reference, number).listed
        zone = zone_in(register, request.listed.controller)
        at = moment_within(zone, on, (complaint.received_at, act.at), "the acknowledgement was sent")
        acknowledge_complaint(act.connection, complaint, desk.person.name, at)
        act.note("acknowledge_complaint", request, complaint=complaint.number, since=microseconds(at))


def answer(
    desk: Desk,
    reference: str,
    text: str,
    number: int | None = None,
    outcome: ComplaintOutcome | None = None,
) -> None:
    """Records the answer to a complaint; somebody else than who decided the request looks at it.

    Without an outcome it is recorded as answered, and no letter about its outcome can be written.
    """
    with desk.acting() as act:
        request = act.request(reference, *_HANDLE)
        complaint = _chosen(act, reference, number).listed
        _require_somebody_else(act, request)
        answer_complaint(act.connection, complaint, (desk.person.name, act.at, text), desk.vault, outcome)
        decided = {} if outcome is None else {"outcome": outcome.value}
        act.note("answer_complaint", request, complaint=complaint.number, **decided)


def complaints_here(desk: Desk, register: Register) -> tuple[WaitingComplaint, ...]:
    """The complaints without an answer, of the controllers at which the person has a role; overdue ones in front."""
    with desk.looking() as act:
        mine = [one for one in grants_at(act.connection, act.at) if one.person == desk.person.name]
        controllers = {one.controller for one in mine if one.role is not Role.ADMINISTRATOR}
        waiting = open_complaints(act.connection)
        filters = Filters(frozenset(State), references=complained_about(waiting))
        about = {r.reference: r for r in list_requests(act.connection, filters)}
        found = [
            waiting_complaint(act, register, about[each.reference], each)
            for each in waiting
            if EVERY_CONTROLLER in controllers or about[each.reference].controller in controllers
        ]
    return tuple(sorted(found, key=lambda each: each.acknowledge_by or date.max))


def waiting_complaint(
    act: Act, register: Register | None, request: ListedRequest, complaint: ListedComplaint
) -> WaitingComplaint:
    """A complaint with its day; None without a register, and of a controller that has left it."""
    day, overdue = None, False
    if register is not None and request.controller in register.organisation.controllers:
        rules = rules_for(register, request.controller)
        day = acknowledge_by(rules, complaint.received_at) if complaint.waits_for_acknowledgement else None
        overdue = day is not None and day < act.at.astimezone(ZoneInfo(rules.time_zone)).date()
    may_answer = _who_may_answer(act, request) if complaint.is_open else ()
    return WaitingComplaint(complaint, request.controller, day, overdue, may_answer)


def _who_may_answer(act: Act, request: ListedRequest) -> tuple[str, ...]:
    decisions = decisions_of(act.connection, request.reference, act.desk.vault)
    barred = _deciders(request, decisions) | subjects(act.connection, request.reference)
    grants = grants_at(act.connection, act.at, request.controller)
    able = {grant.person for grant in grants if grant.role in _HANDLE and is_name(grant.person)}
    return tuple(sorted(able - barred))


def _deciders(request: ListedRequest, decisions: Sequence[Decision]) -> frozenset[str]:
    """Who refused the request, proposed to, or approved it."""
    refused = {DecisionKind.REFUSE, DecisionKind.PROPOSE_REFUSAL}
    names = {decision.by for decision in decisions if decision.kind in refused}
    return frozenset(names if request.approved_by is None else {*names, request.approved_by})


def _require_somebody_else(act: Act, request: StoredRequest) -> None:
    allowed = _who_may_answer(act, request.listed)
    if act.desk.person.name not in allowed:
        raise NotPermittedError(
            f"{request.listed.reference}: somebody answers a complaint who neither approved nor refused the request: "
            f"{', '.join(allowed) or 'nobody left, so add an agent or a reviewer'}"
        )


def _chosen(act: Act, reference: str, number: int | None) -> Complaint:
    """The complaint with this number, or the only one without an answer."""
    found = complaints_of(act.connection, reference, act.desk.vault)
    numbers = ", ".join(str(each.listed.number) for each in found if each.listed.is_open) or "none"
    chosen = [
        each for each in found if (each.listed.is_open if number is None else each.listed.number == number)
    ]
    if len(chosen) != 1:
        raise WrongUseError(f"{reference}: name one complaint by its number; without an answer: {numbers}")
    return chosen[0]
