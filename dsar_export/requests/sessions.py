"""Sessions of staff on the pages: kept as hashes, with an end, and void after a restore."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, and_, delete, exists, insert, or_, select, update

from dsar_export.requests.account_tables import ACCOUNTS, LOGINS, SESSIONS
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


@dataclass(frozen=True)
class NewSession:
    """A session that begins."""

    token: str = field(repr=False)
    person: str
    epoch: str
    login_mac: str | None = None
    """By which account of the identity provider; None by a password."""


def begin_session(connection: Connection, new: NewSession, at: datetime) -> None:
    """Begins a session; those that are over are forgotten."""
    over = or_(SESSIONS.c.begun_at <= at - LONGEST, SESSIONS.c.seen_at <= at - IDLE)
    connection.execute(delete(SESSIONS).where(over))
    connection.execute(
        insert(SESSIONS).values(
            token_hash=hashed(new.token),
            person=new.person,
            login_mac=new.login_mac,
            begun_at=at,
            seen_at=at,
            proven_at=at,
            epoch=new.epoch,
        )
    )


def session_of(connection: Connection, token: str, epoch: str, at: datetime) -> Session | None:
    """The session of a token, if it lasts and its person may still sign in; one statement decides it."""
    by_password = exists().where(ACCOUNTS.c.person == SESSIONS.c.person, ACCOUNTS.c.disabled_at.is_(None))
    by_login = exists().where(
        LOGINS.c.person == SESSIONS.c.person, LOGINS.c.login_mac == SESSIONS.c.login_mac
    )
    query = (
        select(SESSIONS.c.person, SESSIONS.c.seen_at, SESSIONS.c.proven_at)
        .join(PEOPLE, PEOPLE.c.name == SESSIONS.c.person)
        .where(
            SESSIONS.c.token_hash == hashed(token),
            SESSIONS.c.epoch == epoch,
            SESSIONS.c.begun_at <= at,
            SESSIONS.c.begun_at > at - LONGEST,
            SESSIONS.c.seen_at > at - IDLE,
            or_(and_(SESSIONS.c.login_mac.is_(None), by_password), by_login),
            PEOPLE.c.disabled_at.is_(None),
        )
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Session(row.person, row.seen_at, row.proven_at)


def mark_seen(connection: Connection, token: str, at: datetime) -> None:
    """A session in use does not end for being idle."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)).values(seen_at=at))


def mark_proven(connection: Connection, token: str, at: datetime) -> None:
    """Whoever is there has just shown a password or a code."""
    connection.execute(update(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)).values(proven_at=at))


def end_session(connection: Connection, token: str) -> None:
    """Ends one session."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.token_hash == hashed(token)))


def end_sessions(connection: Connection, person: str) -> None:
    """Ends all sessions of somebody."""
    connection.execute(delete(SESSIONS).where(SESSIONS.c.person == person))


def hashed(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()
