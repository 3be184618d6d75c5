"""Messages to webhooks: written with the change that they are about, taken by one sender at a time, gone when done."""

import json
import secrets
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    or_,
    select,
    true,
    update,
)

from dsar_export.model.webhook import Settled
from dsar_export.requests.states import State
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.webhook_tables import MESSAGES, WEBHOOKS

LEASE: Final = timedelta(minutes=5)
"""Longer than one attempt may take, with the time of a resolver that hangs."""
BACKOFF: Final = tuple(
    timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""How long to wait after each attempt but the last: together a little more than three days."""
MOST_ATTEMPTS: Final = len(BACKOFF) + 1
EVENT: Final = "request.state_changed"
_ID_BYTES: Final = 16
_ALIVE: Final = WEBHOOKS.c.ended_at.is_(None)
_WATCHING: Final = (
    select(
        REQUESTS.c.reference,
        REQUESTS.c.state,
        REQUESTS.c.rights,
        REQUESTS.c.controller,
        WEBHOOKS.c.name,
        WEBHOOKS.c.controllers,
        WEBHOOKS.c.states,
    )
    .select_from(REQUESTS.join(WEBHOOKS, true()))
    .where(REQUESTS.c.reference == bindparam("of_reference"), _ALIVE)
)


@dataclass(frozen=True)
class ClaimedMessage:
    """A message that this process alone may send now; `attempt` tells its attempts apart."""

    message_id: str
    webhook: str
    reference: str
    attempt: int
    body: str


def watching(connection: Connection, reference: str) -> Sequence[RowMapping]:
    """The request as it stands, once for each webhook of its controller; read before the change."""
    rows = connection.execute(_WATCHING, {"of_reference": reference}).mappings()
    return [row for row in rows if row["controller"] in row["controllers"]]


def announce(connection: Connection, seen: Sequence[RowMapping], state: State, at: datetime) -> None:
    """Writes a message for each webhook that wants this state, in the transaction of the change.

    Another attempt in the same state is no change.
    """
    wanted = [row for row in seen if row["state"] is not state and state in (row["states"] or {state})]
    for row in wanted:
        connection.execute(
            insert(MESSAGES).values(
                id=f"msg_{secrets.token_hex(_ID_BYTES)}",
                webhook=row["name"],
                reference=row["reference"],
                body=_body(row, state, at),
                created_at=at,
                not_before=at,
                attempts=0,
            )
        )


def somebody_waits(connection: Connection, at: datetime) -> bool:
    """Whether a message can be sent now, or a process died at its last attempt."""
    over = and_(MESSAGES.c.parked_at.is_(None), MESSAGES.c.lease_until < at)
    return bool(connection.scalar(select(exists().where(or_(_free(at), over)))))


def claim(connection: Connection, at: datetime, without: Set[str]) -> ClaimedMessage | None:
    """Takes the message that has been due longest, under a lease; None if there is none.

    None of the webhooks `without` is looked at. One that a dead process had is taken up again when its lease is over.
    """
    alive = select(WEBHOOKS.c.name).where(_ALIVE)
    free = and_(_free(at), MESSAGES.c.webhook.in_(alive), MESSAGES.c.webhook.not_in(sorted(without)))
    first = select(MESSAGES.c.id).where(free).order_by(MESSAGES.c.not_before, MESSAGES.c.id).limit(1)
    statement = (
        update(MESSAGES)
        .where(MESSAGES.c.id == first.with_for_update(skip_locked=True).scalar_subquery(), free)
        .values(attempts=MESSAGES.c.attempts + 1, lease_until=at + LEASE)
        .returning(MESSAGES)
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    return ClaimedMessage(row["id"], row["webhook"], row["reference"], row["attempts"], row["body"])


def settle(
    connection: Connection, claimed: ClaimedMessage, failure: str | None, at: datetime, jitter: float
) -> Settled | None:
    """Records how an attempt ended; `jitter` stretches the wait for the next one.

    From a process that lost its lease only a success still counts; None if the message is somebody else's now.
    """
    mine = MESSAGES.c.id == claimed.message_id
    if failure is None:
        done = connection.execute(delete(MESSAGES).where(mine)).rowcount == 1
        return Settled.DELIVERED if done else None
    values: dict[str, object] = {"lease_until": None, "failure": failure}
    if claimed.attempt >= MOST_ATTEMPTS:
        values["parked_at"] = at
    else:
        values["not_before"] = at + BACKOFF[claimed.attempt - 1] * jitter
    held = (mine, MESSAGES.c.attempts == claimed.attempt, MESSAGES.c.lease_until.is_not(None))
    if connection.execute(update(MESSAGES).where(*held).values(values)).rowcount != 1:
        return None
    return Settled.PARKED if "parked_at" in values else Settled.TRIED_AGAIN


def park_interrupted(connection: Connection, at: datetime) -> tuple[tuple[str, str], ...]:
    """Parks what a process left that died at the last attempt; returns webhooks and references."""
    left = (
        MESSAGES.c.lease_until < at,
        MESSAGES.c.attempts >= MOST_ATTEMPTS,
        MESSAGES.c.parked_at.is_(None),
    )
    statement = (
        update(MESSAGES)
        .where(*left)
        .values(parked_at=at, lease_until=None, failure="interrupted")
        .returning(MESSAGES.c.webhook, MESSAGES.c.reference)
    )
    return tuple((row.webhook, row.reference) for row in connection.execute(statement))


def parked_since(connection: Connection) -> dict[str, datetime]:
    """The requests about which a message is parked, each with the moment of the first."""
    query = select(MESSAGES.c.reference, MESSAGES.c.parked_at).where(MESSAGES.c.parked_at.is_not(None))
    rows = connection.execute(query.order_by(MESSAGES.c.parked_at.desc()))
    return {row.reference: row.parked_at for row in rows}


def unpark(connection: Connection, at: datetime) -> int:
    """Has all parked messages tried again from the start, with the ids that they have; returns how many."""
    anew = {"parked_at": None, "attempts": 0, "not_before": at}
    return connection.execute(update(MESSAGES).where(MESSAGES.c.parked_at.is_not(None)).values(anew)).rowcount


def _free(at: datetime) -> ColumnElement[bool]:
    return and_(
        MESSAGES.c.parked_at.is_(None),
        MESSAGES.c.not_before <= at,
        MESSAGES.c.attempts < MOST_ATTEMPTS,
        or_(MESSAGES.c.lease_until.is_(None), MESSAGES.c.lease_until < at),
    )


def _body(row: RowMapping, state: State, at: datetime) -> str:
    data = {
        "reference": row["reference"],
        "state": state.value,
        "rights": [right.value for right in row["rights"]],
        "controller": row["controller"],
    }
    return json.dumps({"type": EVENT, "timestamp": at.isoformat(), "data": data}, separators=(",", ":"))
