"""What other systems ask about requests: each by its scope, and only at the controllers of its token."""

from collections.abc import Sequence, Set

from dsar_export.errors import NotPermittedError, UnknownRequestError
from dsar_export.model.api import Scope
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.requests.people import may
from dsar_export.requests.states import ENDED, State
from dsar_export.requests.transitions import NOT_ENDED
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
    return _read(caller.desk, register, take_in(caller.desk, register, intake).reference)


def read_for(caller: Caller, register: Register, reference: str) -> RequestInList:
    """Where a request stands; UnknownRequestError also for one of another controller."""
    caller.require(Scope.READ)
    _refuse_unknown(caller.desk, reference)
    return _read(caller.desk, register, reference)


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
    _refuse_unknown(caller.desk, reference)
    return hand_out_links(caller.desk, reference)


def _reference(each: RequestInList) -> str:
    return each.request.reference


def _read(desk: Desk, register: Register, reference: str) -> RequestInList:
    file = request_file(desk, reference)
    listed = file.request.listed
    counts = listed.controller in register.organisation.controllers and listed.state not in ENDED
    due = due_of(desk, register, reference) if counts else None
    return RequestInList(listed, None, file.packages, due, file.answered_at)


def _refuse_unknown(desk: Desk, reference: str) -> None:
    with desk.looking() as act:
        request = stored_request(act, reference)
        name = desk.person.name
        if request is None or not any(
            may(act.connection, name, request.listed.controller, role, act.at) for role in Role
        ):
            raise UnknownRequestError("there is no such request; correct the reference")
