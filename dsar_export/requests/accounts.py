"""Accounts of staff: sealed, counted tries, and codes of which each counts once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, func, insert, or_, select, update

from dsar_export.errors import WrongUseError
from dsar_export.requests.account_tables import ACCOUNTS, TRIES
from dsar_export.requests.sessions import end_sessions
from dsar_export.requests.tables import PEOPLE
from dsar_export.requests.vault import Cell, Vault

MOST_TRIES: Final = 5
"""Wrong tries of an account in a row, after which it is locked."""
LOCKED_FOR: Final = timedelta(minutes=15)
TRIES_PER_SENDER: Final = 30
"""Tries of one address within `LOCKED_FOR`, for whatever accounts."""


@dataclass(frozen=True)
class Account:
    """What somebody signs in with."""

    person: str
    password_hash: str = field(repr=False)
    totp_secret: str = field(repr=False)


@dataclass(frozen=True)
class Try:
    """A try that was counted, whatever comes of it."""

    account: Account | None
    """None if there is none, it counts no more, or nothing more may be tried now."""
    locks: bool = False
    """Whether the account is locked from now on, unless this try is right."""


def put_account(connection: Connection, vault: Vault, account: Account, at: datetime) -> None:
    """Makes an account, or replaces one; WrongUseError if nobody has the name, or they are disabled."""
    known = select(PEOPLE.c.disabled_at).where(PEOPLE.c.name == account.person)
    row = connection.execute(known).one_or_none()
    if row is None:
        raise WrongUseError(
            f"nobody is called {account.person!r} here; `dsar-export people list` shows all names"
        )
    if row.disabled_at is not None:
        raise WrongUseError(f"{account.person} is disabled, and can't have an account")
    end_sessions(connection, account.person)
    connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.person == account.person))
    connection.execute(
        insert(ACCOUNTS).values(
            person=account.person,
            password_sealed=vault.seal(account.password_hash, _cell("password_sealed", account.person)),
            totp_sealed=vault.seal(account.totp_secret, _cell("totp_sealed", account.person)),
            tries=0,
            made_at=at,
        )
    )


def has_account(connection: Connection, person: str) -> bool:
    """Whether somebody has an account, disabled or not."""
    return connection.scalar(select(ACCOUNTS.c.person).where(ACCOUNTS.c.person == person)) is not None


def is_any_account(connection: Connection) -> bool:
    """Whether there is an account by which somebody could sign in."""
    found = select(ACCOUNTS.c.person).where(ACCOUNTS.c.disabled_at.is_(None)).limit(1)
    return connection.scalar(found) is not None


def disable_account(connection: Connection, person: str, at: datetime) -> None:
    """Nobody signs in by it until it is reset, and its sessions end."""
    end_sessions(connection, person)
    connection.execute(
        update(ACCOUNTS)
        .where(ACCOUNTS.c.person == person, ACCOUNTS.c.disabled_at.is_(None))
        .values(disabled_at=at)
    )


def begin_try(connection: Connection, vault: Vault, person: str, sender_mac: str, at: datetime) -> Try:
    """Counts a try of an account and of an address before anything is compared, so that many at once are as many."""
    connection.execute(delete(TRIES).where(TRIES.c.at <= at - LOCKED_FOR))
    tried = select(func.count()).select_from(TRIES).where(TRIES.c.sender_mac == sender_mac)
    if int(connection.scalar(tried) or 0) >= TRIES_PER_SENDER:
        return Try(None)
    connection.execute(insert(TRIES).values(sender_mac=sender_mac, at=at))
    mine = ACCOUNTS.c.person == person
    over = (mine, ACCOUNTS.c.locked_until <= at)
    connection.execute(update(ACCOUNTS).where(*over).values(locked_until=None, tries=0))
    counts = (mine, ACCOUNTS.c.disabled_at.is_(None), ACCOUNTS.c.locked_until.is_(None))
    if connection.execute(update(ACCOUNTS).where(*counts).values(tries=ACCOUNTS.c.tries + 1)).rowcount != 1:
        return Try(None)
    row = connection.execute(select(ACCOUNTS).where(mine)).mappings().one()
    locks = row["tries"] >= MOST_TRIES
    if locks:
        connection.execute(update(ACCOUNTS).where(mine).values(locked_until=at + LOCKED_FOR))
    return Try(_opened(row, vault), locks)


def end_try(connection: Connection, person: str, step: int | None) -> bool:
    """Ends a try that was right: earlier ones count no more. False if the code's step was used before.

    A try by the password alone has no step.
    """
    mine = [ACCOUNTS.c.person == person, ACCOUNTS.c.disabled_at.is_(None)]
    values: dict[str, int | None] = {"tries": 0, "locked_until": None}
    if step is not None:
        mine.append(or_(ACCOUNTS.c.totp_step.is_(None), ACCOUNTS.c.totp_step < step))
        values["totp_step"] = step
    return connection.execute(update(ACCOUNTS).where(*mine).values(**values)).rowcount == 1


def accounts_anew(connection: Connection, vault: Vault) -> int:
    """Seals all accounts with the current keys; returns how many values had earlier ones."""
    count = 0
    for row in connection.execute(select(ACCOUNTS)).mappings().all():
        held = {name: row[name] for name in ("password_sealed", "totp_sealed")}
        new = {name: vault.seal_anew(value, _cell(name, row["person"])) for name, value in held.items()}
        changed = {name: value for name, value in new.items() if value != held[name]}
        if changed:
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.person == row["person"]).values(**changed))
        count += len(changed)
    return count


def _opened(row: RowMapping, vault: Vault) -> Account:
    person = row["person"]
    password = vault.open(row["password_sealed"], _cell("password_sealed", person))
    return Account(person, password, vault.open(row["totp_sealed"], _cell("totp_sealed", person)))


def _cell(column: str, person: str) -> Cell:
    return Cell(ACCOUNTS.name, column, person)
