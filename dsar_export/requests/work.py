"""The queue: what is asked of workers, a row for each request. A message of a broker only wakes them."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)

from dsar_export.errors import SourceBusyError
from dsar_export.model.work import Position, Task, Work
from dsar_export.requests.states import TRANSITIONS, Action, State
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.times import Moment
from dsar_export.requests.work_tables import PLACES, WORK


def ask(connection: Connection, work: Work, *, anew: bool = False) -> None:
    """Asks for work instead of what was asked before; what an attempt had read of the same is lost only if `anew`."""
    before = work_of(connection, work.reference)
    if before is not None and before.task is work.task and not anew:
        work = replace(work, checkpoint=before.checkpoint, checkpoint_hash=before.checkpoint_hash)
    if before is not None:
        connection.execute(_FORGET, {"of_reference": work.reference})
    connection.execute(_ASK, vars(work))


def work_of(connection: Connection, reference: str) -> Work | None:
    """What is asked for a request; None if nothing is."""
    row = connection.execute(_OF_REQUEST, {"of_reference": reference}).mappings().first()
    return None if row is None else Work(**row)


def works(connection: Connection, references: Iterable[str] | None = None) -> Mapping[str, Work]:
    """What is asked for these requests, or for all, by reference; what is due soonest in front."""
    query = select(WORK).order_by(WORK.c.due_at, WORK.c.asked_at, WORK.c.reference)
    if references is not None:
        query = query.where(WORK.c.reference.in_(sorted(references)))
    return {row["reference"]: Work(**row) for row in connection.execute(query).mappings()}


def waiting(
    connection: Connection, at: datetime, *, heavy: bool | None, most: int, busy: Set[str] = frozenset()
) -> tuple[Work, ...]:
    """What can be taken up now from one queue or from both, due soonest first.

    Nothing to collect from controllers whose sources are `busy`.
    """
    query = _WAITING if heavy is None else _WAITING_IN_QUEUE
    if busy:
        query = query.where(or_(WORK.c.task != Task.COLLECT, REQUESTS.c.controller.not_in(sorted(busy))))
    queue = {} if heavy is None else {"of_heavy": heavy}
    found = connection.execute(query, {"at": at, "most": most, **queue}).mappings()
    return tuple(Work(**row) for row in found)


def heavy_at_work(connection: Connection, at: datetime) -> int:
    """How many heavy requests somebody is working on."""
    return connection.scalar(_HEAVY_AT_WORK, {"at": at}) or 0


def leased_beyond(connection: Connection, at: datetime) -> Mapping[str, tuple[int, int]]:
    """Attempt and signs of life of each request with a lease that ends after this moment, by reference."""
    found = connection.execute(_LEASED_BEYOND, {"at": at})
    return {reference: (attempt, signs) for reference, attempt, signs in found}


def begin_try(connection: Connection, reference: str, task: Task, at: datetime) -> Work | None:
    """Counts a try and returns what is asked; None if that is not asked now."""
    asked = {"of_reference": reference, "of_task": task, "at": at}
    row = connection.execute(_TRY, asked).mappings().first()
    return None if row is None else Work(**row)


def show_sign(connection: Connection, reference: str, position: Position | None, at: datetime) -> None:
    """Records how far an attempt has come; the caller has just renewed its lease in this transaction."""
    shown = {} if position is None else {f"new_{name}": value for name, value in vars(position).items()}
    statement = _SIGN if position is None else _SIGN_AT
    connection.execute(statement, {"of_reference": reference, "at": at, **shown})


def save_checkpoint(connection: Connection, reference: str, name: str, sha256: str) -> None:
    """Names the ledger of what the present attempt has read; the caller has just renewed its lease."""
    values = {"checkpoint": name, "checkpoint_hash": sha256}
    connection.execute(update(WORK).where(WORK.c.reference == reference).values(values))


def put_off(
    connection: Connection,
    reference: str,
    until: datetime | None,
    failure: str | None,
    *,
    heavy: bool = False,
) -> None:
    """Gives the work back to the queue; without a failure the try does not count."""
    values: dict[str, object] = {"not_before": until, "failure": failure}
    if failure is None:
        values |= {"tries": WORK.c.tries - 1, "step": None, "dataset": None, "rows": 0}
    if heavy:
        values["heavy"] = True
    connection.execute(update(WORK).where(WORK.c.reference == reference).values(values))


def park(connection: Connection, reference: str, at: datetime, failure: str) -> None:
    """Ends all tries until somebody asks again."""
    values = {"parked_at": at, "failure": failure, "not_before": None}
    connection.execute(update(WORK).where(WORK.c.reference == reference).values(values))


def park_all(connection: Connection, at: datetime, failure: str) -> int:
    """Ends all tries of everything that is asked; returns how many requests that were."""
    values = {"parked_at": at, "failure": failure, "not_before": None}
    return connection.execute(update(WORK).where(WORK.c.parked_at.is_(None)).values(values)).rowcount


def take_places(connection: Connection, reference: str, limits: Mapping[str, int], at: datetime) -> None:
    """Takes a place at each source that only so many requests may read at once; SourceBusyError if one is full.

    A place counts as long as the lease of its request, so a killed worker's comes free by itself. The caller holds the
    turn of the trail: nobody else counts meanwhile.
    """
    connection.execute(_LEAVE_PLACES, {"of_reference": reference})
    taken = places_taken(connection, at) if limits else {}
    for source, most in limits.items():
        if taken.get(source, 0) >= most:
            raise SourceBusyError(
                f"source {source} is read by {most} requests, as many as the register allows; try again later"
            )
        connection.execute(insert(PLACES).values(reference=reference, source=source))


def places_taken(connection: Connection, at: datetime) -> Mapping[str, int]:
    """How many requests read each source with a limit now."""
    query = (
        select(PLACES.c.source, func.count())
        .join(REQUESTS, REQUESTS.c.reference == PLACES.c.reference)
        .where(REQUESTS.c.state == State.COLLECTING, REQUESTS.c.lease_until >= at)
        .group_by(PLACES.c.source)
    )
    return dict(connection.execute(query).all())


def to_collect(connection: Connection) -> Mapping[str, str]:
    """The controllers of all requests that workers are asked to collect, by reference."""
    query = select(WORK.c.reference, REQUESTS.c.controller).join(
        REQUESTS, REQUESTS.c.reference == WORK.c.reference
    )
    found = connection.execute(query.where(WORK.c.task == Task.COLLECT))
    return dict(found.all())


def _possible(task: Task) -> ColumnElement[bool]:
    states = sorted(TRANSITIONS[Action(task.value)].sources)
    return and_(
        WORK.c.task == task, REQUESTS.c.state.in_([literal(s, REQUESTS.c.state.type) for s in states])
    )


# Made once, as each look and each attempt takes the same few.
_AT: Final = bindparam("at", type_=Moment)
_MAY_BE_TRIED: Final = and_(
    WORK.c.parked_at.is_(None), or_(WORK.c.not_before.is_(None), WORK.c.not_before <= _AT)
)
_ASKED: Final = WORK.c.reference == bindparam("of_reference")
_OF_REQUEST: Final = select(WORK).where(_ASKED)
_FORGET: Final = delete(WORK).where(_ASKED)
_ASK: Final = insert(WORK)
_LEAVE_PLACES: Final = delete(PLACES).where(PLACES.c.reference == bindparam("of_reference"))
_WAITING: Final = (
    select(WORK)
    .join(REQUESTS, REQUESTS.c.reference == WORK.c.reference)
    .where(
        _MAY_BE_TRIED,
        or_(REQUESTS.c.lease_until.is_(None), REQUESTS.c.lease_until < _AT),
        or_(*(_possible(task) for task in Task)),
    )
    .order_by(WORK.c.due_at, WORK.c.asked_at, WORK.c.reference)
    .limit(bindparam("most", type_=Integer))
)
_WAITING_IN_QUEUE: Final = _WAITING.where(WORK.c.heavy == bindparam("of_heavy"))
_LEASED_BEYOND: Final = (
    select(REQUESTS.c.reference, REQUESTS.c.attempt, WORK.c.signs)
    .join(WORK, WORK.c.reference == REQUESTS.c.reference)
    .where(REQUESTS.c.lease_until > _AT, WORK.c.parked_at.is_(None))
)
_HEAVY_AT_WORK: Final = (
    select(func.count())
    .select_from(WORK.join(REQUESTS, WORK.c.reference == REQUESTS.c.reference))
    .where(WORK.c.heavy, REQUESTS.c.lease_until > _AT, WORK.c.parked_at.is_(None))
)
_ALIVE: Final = {"signs": WORK.c.signs + 1, "alive_at": _AT}
_SIGN: Final = update(WORK).where(_ASKED).values(_ALIVE)
_SIGN_AT: Final = _SIGN.values({name: bindparam(f"new_{name}") for name in ("step", "dataset", "rows")})
_TRY: Final = (
    update(WORK)
    .where(_ASKED, WORK.c.task == bindparam("of_task"), _MAY_BE_TRIED)
    .values(
        {"tries": WORK.c.tries + 1, "not_before": None, "step": None, "dataset": None, "rows": 0, **_ALIVE}
    )
    .returning(WORK)
)
