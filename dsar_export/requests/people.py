"""Who works here, and who may do what for which controller at a moment."""

import json
import re
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    bindparam,
    delete,
    insert,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.expression import BindParameter

from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.model.people import Grant, Person, Role
from dsar_export.requests.tables import FOUND_IDENTIFIERS, GRANTS, IDENTIFIERS, OWN_IDENTIFIERS, PEOPLE
from dsar_export.requests.times import Moment

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")
EVERY_CONTROLLER: Final = "*"
"""In a grant, instead of one controller's name."""
_NAMING: Final = (IDENTIFIERS, FOUND_IDENTIFIERS)
"""What a request is about stands in what it names, and in what that leads to."""


def is_name(text: str) -> bool:
    """Whether a text can be somebody's name here."""
    return _NAME.fullmatch(text) is not None


def add_person(connection: Connection, name: str, uid: int | None) -> None:
    """Adds somebody, without any role; WrongUseError if the name or user account is taken."""
    if not is_name(name):  # it stands in the trail
        raise WrongUseError("a name here has letters, digits, '.', '_' and '-', at most 64; such as a login")
    try:
        with connection.begin_nested():
            connection.execute(insert(PEOPLE).values(name=name, uid=uid))
    except IntegrityError:
        raise WrongUseError(
            "the name or the user account is taken; `dsar-export people list` shows whose it is"
        ) from None


def grant(connection: Connection, wanted: Grant) -> None:
    """Gives somebody a role."""
    if wanted.datasets and wanted.role is not Role.REVIEWER:
        raise WrongUseError("only reviewers can be limited to datasets; leave the datasets out")
    if wanted.until is not None and wanted.until <= wanted.since:
        raise WrongUseError("the period of a role ends after it begins; correct its end")
    _known(connection, wanted.person)
    connection.execute(
        insert(GRANTS).values(
            person=wanted.person,
            controller=wanted.controller,
            role=wanted.role,
            since=wanted.since,
            until=wanted.until,
            datasets=json.dumps(sorted(wanted.datasets)) if wanted.datasets else None,
        )
    )


def end_grants(connection: Connection, person: str, controller: str, role: Role, at: datetime) -> None:
    """Ends a role now; WrongUseError if nobody would be an administrator afterwards."""
    _known(connection, person)
    held = (GRANTS.c.person == person, GRANTS.c.controller == controller, GRANTS.c.role == role)
    if role is Role.ADMINISTRATOR:
        _keep_an_administrator(connection, person, at)
    # A period without a moment: until now, it would begin to hold again when the clock is set back.
    ended = connection.execute(update(GRANTS).where(*held, _not_ended(at)).values(until=GRANTS.c.since))
    if not ended.rowcount:
        raise WrongUseError(
            f"{person} is no {role} of {controller}; `dsar-export people list` shows all roles"
        )


def disable_person(connection: Connection, name: str, at: datetime) -> None:
    """Takes all roles of a person away at once; the name stays in what they did."""
    _known(connection, name)
    _keep_an_administrator(connection, name, at)
    connection.execute(
        update(PEOPLE).where(PEOPLE.c.name == name, PEOPLE.c.disabled_at.is_(None)).values(disabled_at=at)
    )


def set_own_identifiers(connection: Connection, name: str, value_indexes: Collection[str]) -> None:
    """Replaces what somebody is known by as a customer; only the blind index is kept."""
    _known(connection, name)
    connection.execute(delete(OWN_IDENTIFIERS).where(OWN_IDENTIFIERS.c.person == name))
    if value_indexes:
        rows = [{"person": name, "value_index": index} for index in sorted(value_indexes)]
        connection.execute(insert(OWN_IDENTIFIERS), rows)


def subjects(connection: Connection, reference: str) -> frozenset[str]:
    """The people here whose own identifiers a request names, or collecting found."""
    return frozenset(connection.scalars(_SUBJECTS, {"of_reference": reference}))


def requests_about(connection: Connection, name: str) -> frozenset[str]:
    """The references of the requests that name one of somebody's own identifiers, or were found to lead to one."""
    own = select(OWN_IDENTIFIERS.c.value_index).where(OWN_IDENTIFIERS.c.person == name)
    about = (select(held.c.reference).where(held.c.value_index.in_(own)) for held in _NAMING)
    return frozenset(connection.scalars(union(*about)))


def refuse_own_request(connection: Connection, name: str, reference: str) -> None:
    """NotPermittedError if a request is about the person who handles it."""
    if name in subjects(connection, reference):
        raise NotPermittedError(
            f"{reference} is about {name}, and nobody handles a request about themself; ask another"
        )


def person_of_uid(connection: Connection, uid: int) -> Person:
    """The person with this user account; NotPermittedError if there is none, or they are disabled."""
    row = connection.execute(select(PEOPLE).where(PEOPLE.c.uid == uid)).mappings().one_or_none()
    if row is None:
        raise NotPermittedError(
            f"the user account {uid} is nobody's here; an administrator adds it with `dsar-export people add`"
        )
    if row["disabled_at"] is not None:
        raise NotPermittedError(f"{row['name']} is disabled; ask an administrator")
    return _person(row)


def list_people(connection: Connection) -> tuple[Person, ...]:
    """Everybody, by name."""
    return tuple(map(_person, connection.execute(select(PEOPLE).order_by(PEOPLE.c.name)).mappings()))


def grants_at(
    connection: Connection, at: datetime, controller: str | None = None, role: Role | None = None
) -> tuple[Grant, ...]:
    """The roles that hold at a moment, of people who are not disabled; of all controllers, or of one."""
    conditions = _holding(at)
    if controller is not None:
        conditions.append(GRANTS.c.controller.in_((controller, EVERY_CONTROLLER)))
    if role is not None:
        conditions.append(GRANTS.c.role == role)
    query = select(GRANTS).join(PEOPLE).where(*conditions).order_by(GRANTS.c.person, GRANTS.c.id)
    return tuple(map(_grant, connection.execute(query).mappings()))


def grants_ever(connection: Connection) -> tuple[Grant, ...]:
    """All roles that anybody was given; of one that somebody ended, `until` is the moment when it began."""
    return tuple(map(_grant, connection.execute(select(GRANTS).order_by(GRANTS.c.id)).mappings()))


def may(connection: Connection, person: str, controller: str, role: Role, at: datetime) -> bool:
    """Whether somebody has a role at a controller at this moment."""
    asked = {"name": person, "of_controller": controller, "of_role": role, "moment": at}
    return connection.scalar(_HELD, asked) is not None


def require(connection: Connection, person: str, controller: str, role: Role, at: datetime) -> None:
    """NotPermittedError names the role that is missing."""
    if not may(connection, person, controller, role, at):
        raise NotPermittedError(f"{person} is no {role} of {controller} now; an administrator can grant it")


def _holding(at: datetime | BindParameter[datetime]) -> list[ColumnElement[bool]]:
    return [
        GRANTS.c.since <= at,
        _not_ended(at),
        or_(PEOPLE.c.disabled_at.is_(None), PEOPLE.c.disabled_at > at),
    ]


def _not_ended(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(GRANTS.c.until.is_(None), GRANTS.c.until > at)


# Each step of a request asks these, so they are made once.
_SUBJECTS: Final = union(
    *(
        select(OWN_IDENTIFIERS.c.person)
        .join(held, OWN_IDENTIFIERS.c.value_index == held.c.value_index)
        .where(held.c.reference == bindparam("of_reference"))
        for held in _NAMING
    )
)
_HELD: Final = (
    select(GRANTS.c.id)
    .join(PEOPLE)
    .where(
        GRANTS.c.person == bindparam("name"),
        or_(GRANTS.c.controller == bindparam("of_controller"), GRANTS.c.controller == EVERY_CONTROLLER),
        GRANTS.c.role == bindparam("of_role"),
        *_holding(bindparam("moment", type_=Moment)),
    )
    .limit(1)
)


def _keep_an_administrator(connection: Connection, leaving: str, at: datetime) -> None:
    # The rows are locked on PostgreSQL, or two administrators could take each other's role away at once.
    conditions = [*_holding(at), GRANTS.c.role == Role.ADMINISTRATOR]
    query = select(GRANTS.c.person).join(PEOPLE).where(*conditions).order_by(GRANTS.c.id).with_for_update()
    administrators = set(connection.scalars(query))
    if administrators == {leaving}:
        raise WrongUseError(f"{leaving} is the last administrator; make somebody else one first")


def _known(connection: Connection, name: str) -> None:
    if connection.scalar(select(PEOPLE.c.name).where(PEOPLE.c.name == name)) is None:
        raise WrongUseError(f"nobody is called {name!r} here; `dsar-export people list` shows all names")


def _person(row: RowMapping) -> Person:
    return Person(row["name"], row["uid"], row["disabled_at"])


def _grant(row: RowMapping) -> Grant:
    datasets: Sequence[str] = json.loads(row["datasets"]) if row["datasets"] else ()
    return Grant(
        person=row["person"],
        controller=row["controller"],
        role=row["role"],
        since=row["since"],
        until=row["until"],
        datasets=tuple(datasets),
    )
