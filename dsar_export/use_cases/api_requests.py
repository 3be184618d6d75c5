"""What other systems ask about requests: each by its scope, and only at the controllers of its token."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from dsar_export.errors import NotPermittedError, UnknownRequestError
from dsar_export.model.api import Scope
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests.people import may
from dsar_export.requests.states import ENDED, State
from dsar_export.requests.transitions import NOT_ENDED
from dsar_export.requests.work import work_of
from dsar_export.use_cases.api_tokens import Caller
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.due import due_of
from dsar_export.use_cases.hand_out import HandedLinks, hand_out_links
from dsar_export.use_cases.links import stored_request
from dsar_export.use_cases.look_up import RequestInList, Wanted, request_file, requests_here
from dsar_export.use_cases.take_in import Intake, take_in


def open_for(caller: Caller, register: Register, intake: Intake) -> RequestInList:
    """Opens a request; NotPermittedError at a controller that is not the token's, also if there is no such one."""
    caller.require(Scope.OPEN)
    with caller.desk.looking() as act:
        known = intake.controller in register.organisation.controllers
        if not known or not may(
            act.connection, caller.desk.person.name, intake.controller, Role.AGENT, act.at
        ):
            raise NotPermittedError("controller: the token opens no requests there; name one of its own")
    return read_unscoped(caller.desk, register, take_in(caller.desk, register, intake).reference)


def read_for(caller: Caller, register: Register, reference: str) -> RequestInList:
    """Where a request stands; UnknownRequestError also for one of another controller."""
    caller.require(Scope.READ)
    refuse_unknown(caller.desk, reference)
    return read_unscoped(caller.desk, register, reference)


def list_for(
    caller: Caller, register: Register, states: Set[State], right: Right | None, page: tuple[str, int]
) -> Sequence[RequestInList]:
    """The requests at the token's controllers, by reference; `page` is after which one, and how many at most."""
    caller.require(Scope.READ)
    after, most = page
    found = requests_here(caller.desk, register, Wanted(states or NOT_ENDED, right=right))
    later = sorted((each for each in found if each.request.reference > after), key=_reference)
    return later[:most]


def link_for(caller: Caller, reference: str) -> HandedLinks:
    """Links to the packages of a request."""
    caller.require(Scope.DELIVER)
    refuse_unknown(caller.desk, reference)
    return hand_out_links(caller.desk, reference)


@dataclass(frozen=True)
class Progress:
    """How far the work on a request is."""

    state: State
    attempt: int
    dataset: str | None
    records: int
    goes_on: bool
    """Whether a worker does something for it, or will."""


def progress_for(caller: Caller, reference: str) -> Progress:
    """How far workers are with a request; UnknownRequestError also for one of another controller."""
    caller.require(Scope.READ)
    refuse_unknown(caller.desk, reference)
    with caller.desk.looking() as act:
        listed = act.request(reference, Role.AUDITOR).listed
        work = work_of(act.connection, reference)
    if work is None:
        return Progress(listed.state, listed.attempt, None, 0, goes_on=False)
    return Progress(listed.state, listed.attempt, work.dataset, work.rows, work.parked_at is None)


def _reference(each: RequestInList) -> str:
    return each.request.reference


def read_unscoped(desk: Desk, register: Register, reference: str) -> RequestInList:
    """Where a request stands, after a call that named its own scope."""
    file = request_file(desk, reference)
    listed = file.request.listed
    counts = listed.controller in register.organisation.controllers and listed.state not in ENDED
    due = due_of(desk, register, reference) if counts else None
    return RequestInList(listed, None, file.packages, due, file.answered_at)


def refuse_unknown(desk: Desk, reference: str) -> None:
    """Raises UnknownRequestError also for a request of another controller."""
    with desk.looking() as act:
        request = stored_request(act, reference)
        name = desk.person.name
        if request is None or not any(
            may(act.connection, name, request.listed.controller, role, act.at) for role in Role
        ):
            raise UnknownRequestError("there is no such request; correct the reference")
