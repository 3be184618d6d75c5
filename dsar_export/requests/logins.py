"""Accounts at the identity provider: whose each is, and browsers that were led there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from dsar_export.errors import WrongUseError
from dsar_export.requests.account_tables import LOGIN_STARTS, LOGINS
from dsar_export.requests.sessions import end_sessions, hashed
from dsar_export.requests.tables import PEOPLE

STARTS_LAST: Final = timedelta(minutes=10)
MOST_STARTS: Final = 10_000
"""Browsers on their way at once; beyond, somebody only fills the table."""


@dataclass(frozen=True)
class Start:
    """A browser that was led to the provider."""

    way_on: str
    """The page to which it wants to come."""
    begun_at: datetime
    session_hash: str | None = field(default=None, repr=False)
    """The session that is to be proven again; None to begin one."""


def bind_login(connection: Connection, person: str, login_mac: str, at: datetime) -> None:
    """Makes an account at the provider somebody's only one; WrongUseError if it is another person's."""
    row = connection.execute(select(PEOPLE.c.disabled_at).where(PEOPLE.c.name == person)).one_or_none()
    if row is None:
        raise WrongUseError(f"nobody is called {person!r} here; `dsar-export people list` shows all names")
    if row.disabled_at is not None:
        raise WrongUseError(f"{person} is disabled, and can't sign in")
    holder = person_of(connection, login_mac)
    if holder is not None and holder != person:
        raise WrongUseError(f"this account is {holder}'s; end that with `people login {holder} --end`")
    unbind_login(connection, person)
    connection.execute(insert(LOGINS).values(person=person, login_mac=login_mac, bound_at=at))


def unbind_login(connection: Connection, person: str) -> bool:
    """Nobody signs in by the account of the provider, and sessions end; False if there was none."""
    end_sessions(connection, person)
    return connection.execute(delete(LOGINS).where(LOGINS.c.person == person)).rowcount == 1


def person_of(connection: Connection, login_mac: str) -> str | None:
    """Who has an account at the provider."""
    found: str | None = connection.scalar(select(LOGINS.c.person).where(LOGINS.c.login_mac == login_mac))
    return found


def person_who_may_enter(connection: Connection, login_mac: str) -> str | None:
    """Who has an account at the provider, unless they are disabled."""
    query = (
        select(LOGINS.c.person)
        .join(PEOPLE, PEOPLE.c.name == LOGINS.c.person)
        .where(LOGINS.c.login_mac == login_mac, PEOPLE.c.disabled_at.is_(None))
    )
    found: str | None = connection.scalar(query)
    return found


def put_start(connection: Connection, state: str, browser: str, start: Start) -> bool:
    """Notes that a browser is led to the provider; False if too many are on their way."""
    connection.execute(delete(LOGIN_STARTS).where(LOGIN_STARTS.c.begun_at <= start.begun_at - STARTS_LAST))
    if int(connection.scalar(select(func.count()).select_from(LOGIN_STARTS)) or 0) >= MOST_STARTS:
        return False
    connection.execute(
        insert(LOGIN_STARTS).values(
            state_hash=hashed(state),
            browser_hash=hashed(browser),
            session_hash=start.session_hash,
            way_on=start.way_on,
            begun_at=start.begun_at,
        )
    )
    return True


def take_start(connection: Connection, state: str, browser: str, at: datetime) -> Start | None:
    """The start of a browser that comes back, once; None for another browser, another state, or too late."""
    mine = (
        LOGIN_STARTS.c.state_hash == hashed(state),
        LOGIN_STARTS.c.browser_hash == hashed(browser),
        LOGIN_STARTS.c.begun_at > at - STARTS_LAST,
    )
    row = connection.execute(select(LOGIN_STARTS).where(*mine)).mappings().one_or_none()
    if row is None or connection.execute(delete(LOGIN_STARTS).where(*mine)).rowcount != 1:
        return None
    return Start(row["way_on"], row["begun_at"], row["session_hash"])
