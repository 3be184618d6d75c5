"""Appends to the trail: one entry after another, however many processes write."""

from typing import Final

from sqlalchemy import Connection, func, insert, select

from dsar_export.errors import TrailBrokenError
from dsar_export.requests.trail.chain import Mark, canonical, link
from dsar_export.requests.trail.happening import Happening
from dsar_export.requests.trail.reading import head
from dsar_export.requests.trail.table import TRAIL

_LOCK: Final = int.from_bytes(b"dsartrl", "big")
"""PostgreSQL's advisory locks have numbers, and this one is the trail's for ever."""
_TURN: Final = select(func.pg_advisory_xact_lock(_LOCK))
_APPEND: Final = insert(TRAIL)


def append(connection: Connection, key: bytes, happening: Happening) -> Mark:
    """Appends an entry in the transaction of the caller, and returns the new head.

    On PostgreSQL, others that append wait until this transaction ends. One that touches rows after it appended calls
    `take_turn` first of all: it might otherwise wait for somebody who waits for it.
    """
    take_turn(connection)
    before = head(connection)
    values: dict[str, object] = {
        "at": happening.at,
        "actor": happening.actor,
        "action": happening.action,
        "reference": happening.reference,
        "controller": happening.controller,
        "reason_code": happening.reason_code,
        "details": dict(happening.details),
    }
    number = before.number + 1
    entry = canonical({"number": number, **values})
    try:
        mac = link(key, before.mac, entry)
    except ValueError:  # the MAC before is none
        raise TrailBrokenError(
            f"entry {before.number} of the trail is damaged; run `dsar-export trail verify`, nothing was changed"
        ) from None
    stored = {**values, "details": canonical(values["details"]).decode()}
    connection.execute(_APPEND, {"number": number, "mac": mac, **stored})
    return Mark(number, mac)


def take_turn(connection: Connection) -> None:
    """Waits until nobody else appends; it lasts until the transaction ends.

    In SQLite the transaction has its turn already, because it began as a writing one.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_TURN)
