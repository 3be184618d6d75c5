"""Shows requests to those who may see them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo

from dsar_export.errors import WrongUseError
from dsar_export.model.clock import DueDate
from dsar_export.model.complaint import Complaint
from dsar_export.model.decision import Decision, DecisionKind, Note
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.model.work import Work
from dsar_export.register.hints import nearest
from dsar_export.requests.codes import LastCode, last_code
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.decisions import decisions_of, notes_of
from dsar_export.requests.identifiers import StoredIdentifier, identifiers_of
from dsar_export.requests.outbox import ListedMail, unsent_mails
from dsar_export.requests.packages import Packages, first_answers, packages_of
from dsar_export.requests.people import EVERY_CONTROLLER, grants_at, list_people
from dsar_export.requests.requests import (
    Filters,
    ListedRequest,
    StoredRequest,
    list_requests,
)
from dsar_export.requests.states import ENDED, HANDED_OUT, State
from dsar_export.requests.transitions import NOT_ENDED
from dsar_export.requests.work import work_of
from dsar_export.use_cases.approvers import approvers
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.complaining import WaitingComplaint, waiting_complaint
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.due import UNANSWERED, due_dates
from dsar_export.use_cases.mandates import covered_datasets
from dsar_export.use_cases.refusing import ProposedRefusal, open_proposal
from dsar_export.use_cases.review import accepted_sources, gap_hash
from dsar_export.use_cases.services import known_controller
from dsar_export.use_cases.unsent import Awaited, Unsent, unsent


@dataclass(frozen=True)
class RequestFile:
    """A request with its identifiers, decisions, notes and packages."""

    request: StoredRequest
    identifiers: tuple[StoredIdentifier, ...]
    decisions: tuple[Decision, ...]
    notes: tuple[Note, ...]
    packages: Packages
    linked: tuple[str, ...] = ()
    """The other requests that the same letter opened."""
    unsent_mails: tuple[ListedMail, ...] = ()
    """Those that ended without being sent, as far as anybody knows."""
    code: LastCode | None = None
    """The code that was sent last."""
    unsent: Mapping[Awaited, Unsent] = field(default_factory=dict)
    """What was asked for later, and not sent."""
    proposed_refusal: ProposedRefusal | None = None
    """A refusal that waits for a second person."""
    complaints: tuple[tuple[Complaint, WaitingComplaint], ...] = ()
    """The complaints with what is still to be done about them."""
    work: Work | None = None
    """What is asked of workers, and how far they are."""
    accepted_gaps: tuple[tuple[str, Decision], ...] = ()
    """The sources whose gap in the Draft as it is was accepted; none without a register."""
    zone: tzinfo = UTC
    """Where staff name its days."""
    answered_at: datetime | None = None
    """When packages were available first."""


def request_file(desk: Desk, reference: str, register: Register | None = None) -> RequestFile:
    """The whole file of a request, for anybody with a role at its controller; with a register, days of complaints."""
    with desk.looking() as act:
        request = act.request(reference, Role.AGENT, Role.REVIEWER, Role.AUDITOR)
        decisions = decisions_of(act.connection, reference, desk.vault)
        complaints = complaints_of(act.connection, reference, desk.vault)
        return RequestFile(
            request,
            identifiers_of(act.connection, reference, desk.vault),
            decisions,
            notes_of(act.connection, reference, desk.vault),
            packages_of(act.connection, [reference]).get(reference, ()),
            _linked(act, request.listed),
            unsent_mails(act.connection, reference),
            last_code(act.connection, reference),
            _unsent(act, request.listed),
            open_proposal(act, request.listed, decisions),
            tuple(
                (each, waiting_complaint(act, register, request.listed, each.listed)) for each in complaints
            ),
            work_of(act.connection, reference),
            _accepted_gaps(register, request.listed, decisions),
            zone_in(register, request.listed.controller),
            first_answers(act.connection, [reference]).get(reference),
        )


@dataclass(frozen=True)
class RequestInList:
    """A request in a list, and who may approve it if it waits for that; None if it does not."""

    request: ListedRequest
    approvers: tuple[str, ...] | None = None
    packages: Packages = ()
    due: DueDate | None = None
    """None once it has ended, and for a controller that has left the register."""
    answered_at: datetime | None = None
    """When packages were available first."""

    @property
    def overdue(self) -> bool:
        return is_overdue(self.request, self.due, self.answered_at)


@dataclass(frozen=True)
class Wanted:
    """Which requests a list has; without any, all that have not ended."""

    states: Set[State] = NOT_ENDED
    controller: str | None = None
    right: Right | None = None
    assigned_to: str | None = None
    overdue: bool = False


def requests_here(
    desk: Desk, register: Register, wanted: Wanted | None = None, *, ended: bool = False
) -> tuple[RequestInList, ...]:
    """The requests of the controllers at which the person has a role, what is due first in front.

    Those that have ended come last, on demand.
    """
    wanted = wanted or Wanted(frozenset(State) if ended else NOT_ENDED)
    with desk.looking() as act:
        mine = [one for one in grants_at(act.connection, act.at) if one.person == desk.person.name]
        controllers = {one.controller for one in mine if one.role is not Role.ADMINISTRATOR}
        _refuse_unknown(act, register, wanted)
        chosen = None if wanted.controller is None else {wanted.controller}
        found = list_requests(act.connection, Filters(wanted.states, chosen, wanted.assigned_to))
        own = [
            r
            for r in found
            if (EVERY_CONTROLLER in controllers or r.controller in controllers)
            and (wanted.right is None or wanted.right in r.rights)
        ]
        packages = packages_of(act.connection)
        due = due_dates(act, register, [r for r in own if r.state not in ENDED])
        answered = first_answers(act.connection, [r.reference for r in own])
        listed = [
            RequestInList(
                r,
                _approvers(act, register, r),
                packages.get(r.reference, ()),
                due.get(r.reference),
                answered.get(r.reference),
            )
            for r in own
        ]
    kept = [each for each in listed if each.overdue or not wanted.overdue]
    return tuple(sorted(kept, key=lambda each: date.max if each.due is None else each.due.day))


def is_overdue(request: ListedRequest, due: DueDate | None, answered_at: datetime | None) -> bool:
    """Whether the person should have had an answer by now, and had none."""
    return due is not None and due.overdue and answered_at is None and request.state in UNANSWERED


def _linked(act: Act, listed: ListedRequest) -> tuple[str, ...]:
    if listed.group_reference is None:
        return ()
    found = list_requests(act.connection, Filters(frozenset(State), group_reference=listed.group_reference))
    return tuple(request.reference for request in found if request.reference != listed.reference)


def _approvers(act: Act, register: Register, request: ListedRequest) -> tuple[str, ...] | None:
    if request.state is not State.IN_REVIEW or request.controller not in register.organisation.controllers:
        return None
    return approvers(act, register, request, covered_datasets(act, register, request))


def _unsent(act: Act, listed: ListedRequest) -> Mapping[Awaited, Unsent]:
    """What matters in the state in which the request is."""
    matters: tuple[Awaited, ...] = ()
    if listed.state is State.RECEIVED:
        matters = (Awaited.CODE,)
    elif listed.state in HANDED_OUT:
        matters = (Awaited.PASSPHRASE_CODE, Awaited.LINK)
    found = {awaited: unsent(act, awaited, [listed.reference]) for awaited in matters}
    return {awaited: each[listed.reference] for awaited, each in found.items() if each}


def _accepted_gaps(
    register: Register | None, request: ListedRequest, decisions: Sequence[Decision]
) -> tuple[tuple[str, Decision], ...]:
    if register is None or request.controller not in register.organisation.controllers:
        return ()
    accepted = {d.about: d for d in decisions if d.kind is DecisionKind.ACCEPT_GAP}
    named = accepted_sources(register, request, accepted.keys())
    return tuple((source, accepted[gap_hash(request, source)]) for source in named)


def _refuse_unknown(act: Act, register: Register, wanted: Wanted) -> None:
    """Raises WrongUseError for a name that no request can have; a controller may have left the register."""
    if wanted.controller is not None and not list_requests(
        act.connection, Filters(frozenset(State), {wanted.controller})
    ):
        known_controller(register, wanted.controller)
    names = {person.name for person in list_people(act.connection)}
    if wanted.assigned_to is not None and wanted.assigned_to not in names:
        raise WrongUseError(
            f"nobody is called {wanted.assigned_to!r} here; {nearest(wanted.assigned_to, names)}"
        )
