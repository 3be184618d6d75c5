"""Visits to the portal: kept as hashes, with an end, void after a restore, and each with its own requests.

A visit sees nothing but the requests that it opened or proved itself to be the person of. What another visit does with
the same request, or with the same person, changes nothing of this one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, delete, func, insert, or_, select, update

from dsar_export.requests.visit_tables import ASKS, VISITED, VISITS

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
_COUNTED_FOR: Final = timedelta(days=1)


@dataclass(frozen=True)
class VisitedRequest:
    """A request as a visit knows it."""

    opened_here: bool
    proven_at: datetime | None
    code_number: int | None
    """The code by which this visit comes back to it, or by which it proved it."""


@dataclass(frozen=True)
class Visit:
    """A visit that lasts."""

    seen_at: datetime
    requests: Mapping[str, VisitedRequest]

    @property
    def opened(self) -> Mapping[str, VisitedRequest]:
        """Those that it opened or proved; one that it only asked for by a reference is none of its own."""
        own = {name: held for name, held in self.requests.items() if held.opened_here or held.proven_at}
        return MappingProxyType(own)

    def is_proven(self, reference: str) -> bool:
        """Whether this very visit proved that it is the person's."""
        held = self.requests.get(reference)
        return held is not None and held.proven_at is not None


def begin_visit(connection: Connection, token: str, epoch: str, at: datetime) -> None:
    """Begins a visit; those that are over are forgotten."""
    over = or_(VISITS.c.begun_at <= at - LONGEST, VISITS.c.seen_at <= at - IDLE)
    ended = select(VISITS.c.token_hash).where(over)
    connection.execute(delete(VISITED).where(VISITED.c.token_hash.in_(ended)))
    connection.execute(delete(VISITS).where(over))
    connection.execute(insert(VISITS).values(token_hash=_hashed(token), begun_at=at, seen_at=at, epoch=epoch))


def visit_of(connection: Connection, token: str, epoch: str, at: datetime) -> Visit | None:
    """The visit of a token, if it lasts; one statement decides it."""
    query = select(VISITS.c.seen_at).where(
        VISITS.c.token_hash == _hashed(token),
        VISITS.c.epoch == epoch,
        VISITS.c.begun_at <= at,
        VISITS.c.begun_at > at - LONGEST,
        VISITS.c.seen_at > at - IDLE,
    )
    seen_at = connection.scalar(query)
    if seen_at is None:
        return None
    rows = select(VISITED).where(VISITED.c.token_hash == _hashed(token)).order_by(VISITED.c.reference.desc())
    held = {
        row["reference"]: VisitedRequest(row["opened_here"], row["proven_at"], row["code_number"])
        for row in connection.execute(rows).mappings()
    }
    return Visit(seen_at, MappingProxyType(held))


def mark_visit_seen(connection: Connection, token: str, at: datetime) -> None:
    """A visit in use does not end for being idle."""
    connection.execute(update(VISITS).where(VISITS.c.token_hash == _hashed(token)).values(seen_at=at))


def end_visit(connection: Connection, token: str) -> None:
    """Ends one visit, with all that it could see."""
    connection.execute(delete(VISITED).where(VISITED.c.token_hash == _hashed(token)))
    connection.execute(delete(VISITS).where(VISITS.c.token_hash == _hashed(token)))


def add_opened(connection: Connection, token: str, reference: str) -> None:
    """A request that this visit has just opened."""
    row = {"token_hash": _hashed(token), "reference": reference, "opened_here": True}
    connection.execute(insert(VISITED).values(row))


def keep_code_number(connection: Connection, token: str, reference: str, number: int) -> None:
    """By which code this visit may come back to a request; other visits have their own."""
    mine = (VISITED.c.token_hash == _hashed(token), VISITED.c.reference == reference)
    if not connection.execute(update(VISITED).where(*mine).values(code_number=number)).rowcount:
        row = {"token_hash": _hashed(token), "reference": reference, "opened_here": False}
        connection.execute(insert(VISITED).values(row | {"code_number": number}))


def mark_proven_in(
    connection: Connection, token: str, reference: str, at: datetime, code_number: int
) -> None:
    """This visit has shown by a code that the request is its own; the code says which mailbox it reads."""
    mine = (VISITED.c.token_hash == _hashed(token), VISITED.c.reference == reference)
    connection.execute(update(VISITED).where(*mine).values(proven_at=at, code_number=code_number))


def counted_ask(
    connection: Connection, asker_mac: str, at: datetime, per_hour: int, per_day: int | None = None
) -> bool:
    """Counts one thing that somebody asks for, and whether it is not one too many."""
    connection.execute(delete(ASKS).where(ASKS.c.at <= at - _COUNTED_FOR))
    within_hour = _asked_since(connection, asker_mac, at - timedelta(hours=1))
    if within_hour >= per_hour:
        return False
    if per_day is not None and _asked_since(connection, asker_mac, at - _COUNTED_FOR) >= per_day:
        return False
    connection.execute(insert(ASKS).values(asker_mac=asker_mac, at=at))
    return True


def _asked_since(connection: Connection, asker_mac: str, since: datetime) -> int:
    query = select(func.count()).select_from(ASKS).where(ASKS.c.asker_mac == asker_mac, ASKS.c.at > since)
    return int(connection.scalar(query) or 0)


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
