"""The only statements that change a request's row: each is one guarded UPDATE, so two of them can't both win."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from functools import cache
from typing import Final, NoReturn

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Update,
    bindparam,
    delete,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.sql.expression import BindParameter

from dsar_export.errors import StaleError, StateError, WrongUseError
from dsar_export.requests.states import AT_WORK, ENDED, TRANSITIONS, Action, State, possible
from dsar_export.requests.tables import COMPLAINTS, REQUESTS
from dsar_export.requests.times import Moment
from dsar_export.requests.webhook_messages import announce, watching
from dsar_export.requests.work_tables import WORK

ANY_STATE: Final = frozenset(State)
NOT_ENDED: Final = ANY_STATE - ENDED
_NEVER_GIVEN: Final = frozenset({"reference", "version", "state", "attempt", "changed_at", "ended_at"})


def move(
    connection: Connection, reference: str, version: int, action: Action, at: datetime, **columns: object
) -> int:
    """Moves a request to the action's state and returns its new version.

    StateError names what is possible now; StaleError if it is no longer the version that the caller saw. What is asked
    of workers ends with the step; when an attempt fails, it stays to be seen. Webhooks get their messages here.
    """
    way = TRANSITIONS[action]
    if missing := way.gives - {name for name, value in columns.items() if value is not None}:
        raise TypeError(f"{action} sets {', '.join(sorted(missing))}")
    seen = watching(connection, reference)  # of this version, if the row still is of it when it is moved
    if not _updated(connection, _moving(action, frozenset(columns)), reference, version, at, columns):
        _refuse(connection, reference, version, action.replace("_", " "), at)
    announce(connection, seen, way.target, at)
    if not way.starts_work and action is not Action.FAIL:
        connection.execute(_WORK_ENDS, {"of_reference": reference})
    return version + 1


def require_possible(
    connection: Connection, reference: str, version: int, action: Action, at: datetime
) -> None:
    """Raises what `move` would raise for the row as it stands, before anything is done that needs it."""
    if connection.scalar(_fitting(action), {"of_reference": reference, "at": at}) is None:
        _refuse(connection, reference, version, action.replace("_", " "), at)


def require_state(
    connection: Connection, reference: str, version: int, at: datetime, during: Set[State], what: str
) -> None:
    """Raises what `move` would raise unless the request is in one of these states; `what` names what was tried."""
    state = connection.scalar(select(REQUESTS.c.state).where(REQUESTS.c.reference == reference))
    if state not in during:
        _refuse(connection, reference, version, what, at)


def change(
    connection: Connection,
    reference: str,
    version: int,
    at: datetime,
    during: Set[State] = NOT_ENDED,
    **columns: object,
) -> int:
    """Changes other columns than the state, in one of these states, and returns the new version; raises as `move`."""
    statement = _changing(frozenset(during), frozenset(columns))
    if not _updated(connection, statement, reference, version, at, columns):
        _refuse(connection, reference, version, "this", at)
    return version + 1


def renew_lease(connection: Connection, reference: str, attempt: int, until: datetime | None) -> bool:
    """Prolongs the lease of an attempt, or ends it with None; False if the attempt has lost the request: it must stop.

    The version stays, because nothing changes that staff decide by.
    """
    attempted = {"of_reference": reference, "of_attempt": attempt}
    return connection.execute(_RENEW, {**attempted, "until": until}).rowcount == 1


def still_works(connection: Connection, reference: str, attempt: int) -> bool:
    """Whether an attempt still has the request."""
    attempted = {"of_reference": reference, "of_attempt": attempt}
    return connection.scalar(_VERSION_OF_ATTEMPT, attempted) is not None


def replace_sealed(
    connection: Connection, columns: Sequence[str], rows: Mapping[str, Sequence[bytes]]
) -> None:
    """Replaces sealed columns of requests by the same values under another key; their versions stay.

    `rows` has the new values by reference, in the order of the columns.
    """
    if others := [name for name in columns if not name.endswith("_sealed")]:
        raise TypeError(f"{', '.join(others)}: only sealed columns have a key")
    values: dict[str, object] = {name: bindparam(f"new_{name}") for name in columns}
    statement = update(REQUESTS).where(REQUESTS.c.reference == bindparam("of_reference")).values(values)
    named = [f"new_{name}" for name in columns]
    parameters = [
        {"of_reference": reference, **dict(zip(named, sealed, strict=True))}
        for reference, sealed in rows.items()
    ]
    connection.execute(statement, parameters)


def void_passphrases(connection: Connection) -> None:
    """Erases what waits to be revealed: after a restore, nobody knows whether it was shown since the backup."""
    connection.execute(update(REQUESTS).values(passphrase_sealed=None))


def pass_attempts(connection: Connection, reference: str, last: int, at: datetime) -> bool:
    """Makes the next attempt come after the last that anybody knows of; False if it does so already.

    After an older database was restored, the store may have parts of attempts that its rows do not know of.
    """
    behind = (REQUESTS.c.reference == reference, REQUESTS.c.attempt < last, _in(NOT_ENDED), _no_lease_at(at))
    values = {"attempt": last, "version": REQUESTS.c.version + 1}
    return connection.execute(update(REQUESTS).where(*behind).values(values)).rowcount == 1


def erase_request(connection: Connection, reference: str, version: int) -> None:
    """Erases the row of a request that has ended, with all that belongs to it.

    StaleError if it was changed, or a complaint about it has no answer.
    """
    seen = (REQUESTS.c.reference == reference, REQUESTS.c.version == version, _in(ENDED))
    complaint = select(COMPLAINTS).where(
        COMPLAINTS.c.reference == REQUESTS.c.reference, COMPLAINTS.c.answered_at.is_(None)
    )
    if connection.execute(delete(REQUESTS).where(*seen, ~complaint.exists())).rowcount != 1:
        raise StaleError(f"{reference} was changed meanwhile, and is not erased; purge again")


def version_of_attempt(connection: Connection, reference: str, attempt: int) -> int:
    """The version to move on from at the end of an attempt; StaleError if the attempt has lost the request.

    On PostgreSQL the row is locked, so that a colleague's note does not make the result of the work stale.
    """
    attempted = {"of_reference": reference, "of_attempt": attempt}
    found = connection.scalar(_LOCK_ATTEMPT, attempted)
    if found is None:
        raise StaleError(
            f"{reference}: another process has taken over this work, or it was cancelled; stop here"
        )
    return int(found)


def _in(states: Set[State]) -> ColumnElement[bool]:
    """Words by name: a list of values would be written into the statement anew at each execution."""
    return REQUESTS.c.state.in_([literal(state, REQUESTS.c.state.type) for state in sorted(states)])


def _works() -> ColumnElement[bool]:
    return _in(AT_WORK.keys())


def _no_lease_at(at: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    return or_(REQUESTS.c.lease_until.is_(None), REQUESTS.c.lease_until < at)


# Made once for each kind of step, as all workers take the same few.
_SEEN: Final = (
    REQUESTS.c.reference == bindparam("of_reference"),
    REQUESTS.c.version == bindparam("of_version"),
)
_ATTEMPTED: Final = (
    REQUESTS.c.reference == bindparam("of_reference"),
    REQUESTS.c.attempt == bindparam("of_attempt"),
    _works(),
)
_VERSION_OF_ATTEMPT: Final = select(REQUESTS.c.version).where(*_ATTEMPTED)
_LOCK_ATTEMPT: Final = _VERSION_OF_ATTEMPT.with_for_update()
_RENEW: Final = update(REQUESTS).where(*_ATTEMPTED).values(lease_until=bindparam("until"))
_WORK_ENDS: Final = delete(WORK).where(WORK.c.reference == bindparam("of_reference"))


@cache
def _moving(action: Action, columns: frozenset[str]) -> Update:
    way = TRANSITIONS[action]
    values: dict[str, object] = {**dict.fromkeys(way.clears), "lease_until": None, "state": way.target}
    values["refusal_proposed_at"] = None  # what was proposed was about the request as it stood
    if way.starts_work:
        values["attempt"] = REQUESTS.c.attempt + 1
    if way.target in ENDED:
        values["ended_at"] = bindparam("at")
    return _guarded(_guards(action), values, columns)


@cache
def _changing(during: frozenset[State], columns: frozenset[str]) -> Update:
    return _guarded([_in(during)], {}, columns)


@cache
def _fitting(action: Action) -> Select[tuple[int]]:
    return select(REQUESTS.c.version).where(_SEEN[0], *_guards(action))


def _guards(action: Action) -> list[ColumnElement[bool]]:
    way = TRANSITIONS[action]
    guards = [_in(way.sources), *(REQUESTS.c[name].is_not(None) for name in way.requires)]
    return [*guards, _no_lease_at(bindparam("at", type_=Moment))] if way.starts_work else guards


def _guarded(guards: list[ColumnElement[bool]], values: dict[str, object], columns: frozenset[str]) -> Update:
    """The update of a row as it was seen, with a parameter `new_…` for each column that the caller gives."""
    _refuse_guarded(columns)
    given: dict[str, object] = {name: bindparam(f"new_{name}") for name in columns}
    always = {"version": REQUESTS.c.version + 1, "changed_at": bindparam("at")}
    return update(REQUESTS).where(*_SEEN, *guards).values({**values, **given, **always})


def _refuse_guarded(columns: Set[str]) -> None:
    if guarded := _NEVER_GIVEN & columns:
        raise TypeError(f"{', '.join(sorted(guarded))}: only `move` and `change` themselves write this")


def _updated(
    connection: Connection,
    statement: Update,
    reference: str,
    version: int,
    at: datetime,
    columns: Mapping[str, object],
) -> bool:
    seen = {"of_reference": reference, "of_version": version, "at": at}
    given = {f"new_{name}": value for name, value in columns.items()}
    return connection.execute(statement, {**seen, **given}).rowcount == 1


def _refuse(connection: Connection, reference: str, version: int, action: str, at: datetime) -> NoReturn:
    """Raises what the caller can act on, from the row as it is now."""
    row = (
        connection.execute(select(REQUESTS).where(REQUESTS.c.reference == reference)).mappings().one_or_none()
    )
    if row is None:
        raise WrongUseError(f"no request has the reference {reference}; `request list --all` shows all")
    if row["version"] != version:
        raise StaleError(f"{reference} was changed meanwhile; look at it again, then decide again")
    allowed = _allowed(row, at)
    lease = row["lease_until"]
    why = f"while it is {row['state']}".replace("_", " ")
    if lease is not None and lease >= at:
        why += f" and a process works on it until {lease:%Y-%m-%d %H:%M:%S} UTC"
    raise StateError(
        f"{reference}: {action} is not possible {why}; possible now: {', '.join(allowed) or 'nothing'}",
        allowed,
    )


def _allowed(row: RowMapping, at: datetime) -> tuple[str, ...]:
    held = [name for name, value in row.items() if value is not None]
    works = row["lease_until"] is not None and row["lease_until"] >= at
    actions = possible(row["state"], held)
    return tuple(a.replace("_", "-") for a in actions if not (works and TRANSITIONS[a].starts_work))
