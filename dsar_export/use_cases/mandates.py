"""What an agent may get for a person, and until when: checked at intake, corrected later, refused once it has ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from dsar_export.errors import StateError, WrongUseError
from dsar_export.language.zones import moment_text
from dsar_export.model.intake import Mandate
from dsar_export.model.people import Role
from dsar_export.model.register import Register
from dsar_export.model.request import in_scope
from dsar_export.register.hints import nearest
from dsar_export.requests.four_eyes import one_more
from dsar_export.requests.requests import ListedRequest, StoredRequest, read_request, request_cell
from dsar_export.requests.states import TRANSITIONS, Action, State
from dsar_export.requests.subject_text import subject_text
from dsar_export.requests.times import microseconds
from dsar_export.requests.transitions import change, move, require_state
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.earlier_requests import NAME as EARLIER_REQUESTS
from dsar_export.use_cases.subjects import register_to_show

_LAST_YEAR: Final = 2200  # a later moment does not fit into the trail


@dataclass(frozen=True)
class MandateCorrection:
    """What is to change in a mandate; None leaves as it is."""

    agent: str | None = None
    scope: tuple[str, ...] | None = None
    until: datetime | None = None


def refuse_unknown_datasets(register: Register, controllers: Iterable[str], scope: Iterable[str]) -> None:
    """Raises WrongUseError for a dataset that none of the controllers has."""
    known = {EARLIER_REQUESTS, *(d.name for name in controllers for d in register.datasets_of(name))}
    for name in scope:
        if name not in known:
            raise WrongUseError(f"mandate: no dataset {name!r} here; {nearest(name, known)}")


def mandate_at(register: Register, controller: str, mandate: Mandate) -> Mandate:
    """A mandate as it concerns one controller; WrongUseError if it covers none of the controller's datasets."""
    if not mandate.agent.strip():
        raise WrongUseError(
            "the agent is missing; write who acts for the person, and how the authority was shown"
        )
    if mandate.until is not None and mandate.until.year > _LAST_YEAR:
        raise WrongUseError(
            "the last day of the mandate is too far ahead; leave it out for a mandate without an end"
        )
    own = {EARLIER_REQUESTS, *(dataset.name for dataset in register.datasets_of(controller))}
    scope = tuple(name for name in dict.fromkeys(mandate.scope) if name in own)
    if mandate.scope and not scope:  # an empty scope would cover all
        raise WrongUseError(
            f"the mandate covers no dataset of {controller}; leave the controller out, or correct the datasets"
        )
    return replace(mandate, scope=scope)


def covered_datasets(act: Act, register: Register, listed: ListedRequest) -> frozenset[str]:
    """The names of a request's datasets; its mandate is opened for that."""
    mandate = read_request(act.connection, listed.reference, act.desk.vault).subject.mandate
    scope = () if mandate is None else mandate.scope
    part = register_to_show(register, listed.subject)
    names = {EARLIER_REQUESTS, *(dataset.name for dataset in part.datasets_of(listed.controller))}
    return frozenset(name for name in names if in_scope(name, scope))


def correct_mandate(desk: Desk, register: Register, reference: str, correction: MandateCorrection) -> None:
    """Corrects or adds a mandate; after another scope, the request must be collected again."""
    with desk.acting() as act:
        request = act.request(reference, Role.AGENT)
        listed = request.listed
        during = TRANSITIONS[Action.MANDATE].sources | {State.RECEIVED}
        require_state(act.connection, reference, listed.version, act.at, during, "mandate")
        mandate = _corrected(register_to_show(register, listed.subject), request, correction)
        subject = subject_text(replace(request.subject, mandate=mandate))
        columns: dict[str, object] = {
            "subject_sealed": desk.vault.seal(subject, request_cell(reference, "subject_sealed")),
            "mandate_by": one_more(listed.mandate_by, desk.person.name),
        }
        if listed.state is State.RECEIVED or _scope_of(request) == {*mandate.scope}:
            change(act.connection, reference, listed.version, act.at, during=during, **columns)
        else:
            move(act.connection, reference, listed.version, Action.MANDATE, act.at, **columns)
        act.note("mandate", request, **mandate_details(mandate))


def mandate_details(mandate: Mandate) -> Mapping[str, int]:
    """What the trail says of a mandate: how many datasets it covers (0 for all), and when it ends."""
    ends = {} if mandate.until is None else {"until": microseconds(mandate.until)}
    return {"datasets": len(mandate.scope), **ends}


def refuse_ended_mandate(request: StoredRequest, at: datetime) -> None:
    """Raises StateError if the agent's mandate has ended: nothing may be collected or sent under it."""
    mandate, listed = request.subject.mandate, request.listed
    if mandate is None or mandate.until is None or mandate.until >= at:
        return
    offered = (Action.MANDATE, Action.SEND_BACK, Action.REFUSE, Action.CANCEL)
    allowed = tuple(a.replace("_", "-") for a in offered if listed.state in TRANSITIONS[a].sources)
    ended = moment_text(mandate.until, mandate.until.tzinfo or UTC)  # of the zone in which the day was named
    raise StateError(
        f"{listed.reference}: the agent's mandate ended at {ended}, so nothing may be "
        f"collected or sent; possible now: {', '.join(allowed)}",
        allowed,
    )


def _corrected(register: Register, request: StoredRequest, correction: MandateCorrection) -> Mandate:
    earlier, listed = request.subject.mandate, request.listed
    agent = correction.agent if earlier is None or correction.agent is not None else earlier.agent
    if agent is None:
        raise WrongUseError(f"{listed.reference} has no agent; name the agent")
    given = Mandate(agent) if earlier is None else replace(earlier, agent=agent)
    if correction.scope is not None:
        refuse_unknown_datasets(register, (listed.controller,), correction.scope)
        given = replace(given, scope=correction.scope)
    if correction.until is not None:
        given = replace(given, until=correction.until)
    return mandate_at(register, listed.controller, given)


def _scope_of(request: StoredRequest) -> set[str]:
    mandate = request.subject.mandate
    return set() if mandate is None else {*mandate.scope}
