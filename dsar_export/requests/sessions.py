"""Sessions of staff on the pages: kept as hashes, with an end, and void after a restore."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, insert, or_, select, update

from dsar_export.requests.account_tables import ACCOUNTS, SESSIONS
from dsar_export.requests.tables import PEOPLE

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=10)
PROVEN_FOR: Final = timedelta(minutes=5)
"""How long a password or code opens what asks for one again."""


@dataclass(frozen=True)
class Session:
    """A session that lasts."""

    person: str
    seen_at: datetime
    proven_at: datetime

    def is_proven(self, at: datetime) -> bool:
        """Whether whoever is there showed a password or a code moments ago."""
        return self.proven_at <= at < self.proven_at + PROVEN_FOR


def begin_session(connection: Connection, token: str, person: str, epoch: str, at: datetime) -> None:
    """Begins a session; those that are over are forgotten."""
    over = or_(SESSIONS.c.begun_at <= at - LONGEST, SESSIONS.c.seen_at <= at - IDLE)
    connection.execute(delete(SESSIONS).where(over))
    connection.execute(
        insert(SESSIONS).values(
            token_hash=_hashed(token), person=person, begun_at=at, seen_at=at, proven_at=at, epoch=epoch
        )
    )


def session_of(connection: Connection, token: str, epoch: str, at: datetime) -> Session | None:
    """The session of a token, if it lasts and its person may still sign in; one statement decides it."""
    query = (
        select(SESSIONS.c.person, SESSIONS.c.seen_at, SESSIONS.c.proven_at)
        .join(ACCOUNTS, ACCOUNTS.c.person == SESSIONS.c.person)
        .join(PEOPLE, PEOPLE.c.name == SESSIONS.c.person)
        .where(
            SESSIONS.c.token_hash == _hashed(token),
            SESSIONS.c.epoch == epoch,
            SESSIONS.c.begun_at <= at,
            SESSIONS.c.begun_at > at - LONGEST,
            SESSIONS.c.seen_at > at - IDLE,
            ACCOUNTS.c.disabled_at.is_(None),
            PEOPLE.c.disabled_at.is_(None),
        )
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Session(row.person, row.seen_at, row.proven_at)


def mark_seen(connection: Connection, token: str, at: datetime) -> None:
    """A session in use does not end for being idle."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == _hashed(token)).values(seen_at=at))


def mark_proven(connection: Connection, token: str, at: datetime) -> None:
    """Whoever is there has just shown a password or a code."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == _hashed(token)).values(proven_at=at))


def end_session(connection: Connection, token: str) -> None:
    """Ends one session."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == _hashed(token)))


def end_sessions(connection: Connection, person: str) -> None:
    """Ends all sessions of somebody."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.person == person))


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "replace")).hexdigest()
