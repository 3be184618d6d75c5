"""The members of staff: who works here, and what each may do."""

from collections.abc import Sequence, Set
from dataclasses import replace
from itertools import product

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Grant, Person, Role
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.model.subjects import each_kind
from dsar_export.register.hints import nearest
from dsar_export.requests.people import (
    EVERY_CONTROLLER,
    add_person,
    disable_person,
    end_grants,
    grant,
    grants_at,
    is_name,
    list_people,
    may,
    set_own_identifiers,
)
from dsar_export.requests.sessions import end_sessions
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.earlier_requests import NAME as EARLIER_REQUESTS
from dsar_export.use_cases.services import known_controller
from dsar_export.use_cases.take_in import given_identifiers, refuse_unknown_kinds


def add_colleague(desk: Desk, name: str, uid: int) -> None:
    """Adds somebody by the number of the user account; a role follows."""
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        add_person(act.connection, name, uid)
        act.append("add_person", None, None, {"person": name})


def state_own_identifiers(
    desk: Desk, register: Register, name: str, identifiers: Sequence[Identifier]
) -> None:
    """States what a colleague is known by as a customer, so that they handle no request about themself.

    Everybody states their own; an administrator states anybody's. The values themselves are not kept.
    """
    with desk.acting() as act:
        if name != desk.person.name:
            act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        refuse_unknown_kinds(register, identifiers)
        indexes = {
            desk.vault.blind_index(given.identifier.kind, given.folded)
            for part, controller in product(each_kind(register), register.organisation.controllers)
            for given in given_identifiers(part, controller, _of_kinds(identifiers, part.identifier_kinds))
        }
        set_own_identifiers(act.connection, name, indexes)
        act.append("own_identifiers", None, None, {"person": name})


def give_role(desk: Desk, wanted: Grant) -> None:
    """Gives somebody a role at a controller; `*` stands for all controllers."""
    with desk.acting() as act:
        act.require(wanted.controller, Role.ADMINISTRATOR)
        _refuse_program(wanted.person)
        grant(act.connection, replace(wanted, since=max(wanted.since, act.at)))
        act.append("give_role", None, _named(wanted.controller), _role(wanted.person, wanted.role))


def refuse_unknown_limits(register: Register, controller: str, datasets: Sequence[str]) -> None:
    """Raises WrongUseError for a dataset that a controller does not have, and for a controller that there is not."""
    known_controller(register, controller)
    known = {EARLIER_REQUESTS, *(dataset.name for dataset in register.datasets_of(controller))}
    for name in datasets:
        if name not in known:
            raise WrongUseError(f"no dataset {name!r} at {controller}; {nearest(name, known)}")


def end_role(desk: Desk, name: str, controller: str, role: Role) -> None:
    """Ends a role now."""
    with desk.acting() as act:
        act.require(controller, Role.ADMINISTRATOR)
        _refuse_program(name)
        end_grants(act.connection, name, controller, role, act.at)
        act.append("end_role", None, _named(controller), _role(name, role))


def disable_colleague(desk: Desk, name: str) -> None:
    """Takes all roles of somebody away at once."""
    if name == desk.person.name:
        raise WrongUseError("nobody disables themself; ask another administrator")
    with desk.acting() as act:
        act.require(EVERY_CONTROLLER, Role.ADMINISTRATOR)
        disable_person(act.connection, name, act.at)
        end_sessions(act.connection, name)
        act.append("disable_person", None, None, {"person": name})


def colleagues(desk: Desk) -> tuple[tuple[Person, tuple[Grant, ...]], ...]:
    """Everybody with the roles that hold now."""
    with desk.looking() as act:
        held = grants_at(act.connection, act.at)
        return tuple(
            (person, tuple(one for one in held if one.person == person.name))
            for person in list_people(act.connection)
        )


def colleagues_at(desk: Desk, controller: str) -> tuple[str, ...]:
    """The names of the colleagues who have a role at a controller now; tokens and the portal are none."""
    with desk.looking() as act:
        names = {one.person for one in grants_at(act.connection, act.at, controller)}
        return tuple(sorted(filter(is_name, names)))


def own_roles(desk: Desk, controller: str | None = None) -> frozenset[Role]:
    """The roles that the person at work has now, at a controller or at any."""
    with desk.looking() as act:
        held = grants_at(act.connection, act.at, controller)
        return frozenset(one.role for one in held if one.person == desk.person.name)


def controllers_where(desk: Desk, register: Register, role: Role) -> tuple[str, ...]:
    """The controllers of the register at which the person at work has a role now."""
    with desk.looking() as act:
        name = desk.person.name
        known = register.organisation.controllers
        return tuple(each for each in known if may(act.connection, name, each, role, act.at))


def _of_kinds(identifiers: Sequence[Identifier], kinds: Set[str]) -> Sequence[Identifier]:
    """Those that people of one kind have: each kind of people may compare them by a rule of its own."""
    return [identifier for identifier in identifiers if identifier.kind in kinds]


def _refuse_program(name: str) -> None:
    """Roles of tokens and of the portal come and go with them alone."""
    if ":" in name:
        raise WrongUseError(
            f"{name} is no colleague; `dsar-export portal` and `dsar-export api-token` give such roles and end them"
        )


def _named(controller: str) -> str | None:
    return None if controller == EVERY_CONTROLLER else controller


def _role(name: str, role: Role) -> dict[str, str | int]:
    return {"person": name, "role": role.value}
