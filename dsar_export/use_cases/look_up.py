"""Shows requests to those who may see them."""

from dataclasses import dataclass
from datetime import UTC, date, tzinfo

from dsar_export.model.clock import DueDate
from dsar_export.model.complaint import Complaint
from dsar_export.model.decision import Decision, Note
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import in_scope
from dsar_export.requests.codes import LastCode, last_code
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.decisions import decisions_of, notes_of
from dsar_export.requests.identifiers import StoredIdentifier, identifiers_of
from dsar_export.requests.outbox import ListedMail, unsent_mails
from dsar_export.requests.packages import Packages, packages_of
from dsar_export.requests.people import EVERY_CONTROLLER, grants_at
from dsar_export.requests.requests import (
    Filters,
    ListedRequest,
    StoredRequest,
    list_requests,
    read_request,
)
from dsar_export.requests.states import ENDED, State
from dsar_export.use_cases.approvers import approvers
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.complaining import WaitingComplaint, waiting_complaint
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.due import UNANSWERED, due_dates
from dsar_export.use_cases.earlier_requests import NAME as EARLIER_REQUESTS
from dsar_export.use_cases.refusing import ProposedRefusal, open_proposal


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
    proposed_refusal: ProposedRefusal | None = None
    """A refusal that waits for a second person."""
    complaints: tuple[tuple[Complaint, WaitingComplaint], ...] = ()
    """The complaints with what is still to be done about them."""
    zone: tzinfo = UTC
    """Where staff name its days."""


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
            open_proposal(act, request.listed, decisions),
            tuple(
                (each, waiting_complaint(act, register, request.listed, each.listed)) for each in complaints
            ),
            zone_in(register, request.listed.controller),
        )


@dataclass(frozen=True)
class Waiting:
    """A request in a list, and who may approve it if it waits for that; None if it does not."""

    request: ListedRequest
    approvers: tuple[str, ...] | None = None
    packages: Packages = ()
    due: DueDate | None = None
    """None once it has ended, and for a controller that has left the register."""

    @property
    def overdue(self) -> bool:
        """Whether the person should have had the answer by now."""
        return self.due is not None and self.due.overdue and self.request.state in UNANSWERED


def requests_here(desk: Desk, register: Register, *, ended: bool = False) -> tuple[Waiting, ...]:
    """The requests of the controllers at which the person has a role, what is due first in front.

    Those that have ended come last, on demand.
    """
    with desk.looking() as act:
        mine = [one for one in grants_at(act.connection, act.at) if one.person == desk.person.name]
        controllers = {one.controller for one in mine if one.role is not Role.ADMINISTRATOR}
        filters = Filters() if not ended else Filters(frozenset(State))
        found = list_requests(act.connection, filters)
        own = [r for r in found if EVERY_CONTROLLER in controllers or r.controller in controllers]
        packages = packages_of(act.connection)
        due = due_dates(act, register, [r for r in own if r.state not in ENDED])
        waiting = [
            Waiting(r, _approvers(act, register, r), packages.get(r.reference, ()), due.get(r.reference))
            for r in own
        ]
        return tuple(sorted(waiting, key=lambda each: date.max if each.due is None else each.due.day))


def _linked(act: Act, listed: ListedRequest) -> tuple[str, ...]:
    if listed.group_reference is None:
        return ()
    found = list_requests(act.connection, Filters(frozenset(State), group_reference=listed.group_reference))
    return tuple(request.reference for request in found if request.reference != listed.reference)


def _approvers(act: Act, register: Register, request: ListedRequest) -> tuple[str, ...] | None:
    if request.state is not State.IN_REVIEW or request.controller not in register.organisation.controllers:
        return None
    mandate = read_request(act.connection, request.reference, act.desk.vault).subject.mandate
    scope = () if mandate is None else mandate.scope
    names = {EARLIER_REQUESTS, *(dataset.name for dataset in register.datasets_of(request.controller))}
    return approvers(act, register, request, {name for name in names if in_scope(name, scope)})
