"""The database and its key file belong together: both are made once, and opened only as a pair."""

import os
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, delete, insert, select, update

from dsar_export.errors import DatabaseUnusableError, KeyFileError, KeysReplacedError, NoStateError
from dsar_export.model.people import Grant, Person, Role
from dsar_export.requests import trail
from dsar_export.requests.database import file_of, open_database, reading, writing
from dsar_export.requests.key_file import KeyFile, first_keys, read_key_file
from dsar_export.requests.migrations import require_current, revision, upgrade
from dsar_export.requests.people import EVERY_CONTROLLER, add_person, grant
from dsar_export.requests.tables import INSTALLATION
from dsar_export.requests.times import microseconds
from dsar_export.requests.vault import Vault

_FINGERPRINT: Final = "fingerprint"
_EPOCH: Final = "epoch"
_DROPPED: Final = "dropped_key:"
_DROPPED_KEYS: Final = select(INSTALLATION.c.value).where(
    INSTALLATION.c.key.startswith(_DROPPED, autoescape=True)
)
_SWEEPS_WAIT: Final = "sweeps_wait_until"
SWEEPS_WAIT: Final = timedelta(days=7)
_NO_STATE: Final = "`request open` makes one, or set DSAR_STATE; if one was lost, restore it"


@dataclass(frozen=True)
class Installation:
    """An open database with the vault of its key file."""

    engine: Engine
    keys: KeyFile
    vault: Vault


@dataclass(frozen=True)
class Files:
    """What lies beside the database: its keys, and the anchor of its trail."""

    keys: Path
    anchor: Path


def open_installation(url: str, files: Files, founder: Person, at: datetime) -> Installation:
    """Opens a database with its key file; makes both if there is no database yet, and the founder its administrator.

    KeyFileError if the key file is missing or another database's. None is ever made for a database that exists.
    """
    engine = open_database(url)
    try:
        if revision(engine) is None:
            return _founded(engine, files, founder, at)
        return _opened(engine, files.keys)
    except BaseException:
        engine.dispose()
        raise


def open_founded(url: str, keys: Path) -> Installation:
    """Opens a database with its key file, and makes neither; NoStateError if there is no database yet."""
    engine = open_existing(url)
    try:
        return _opened(engine, keys)
    except BaseException:
        engine.dispose()
        raise


def open_earlier(url: str, keys: Path) -> Installation:
    """Opens a database of this or an earlier version with its key file, to upgrade it."""
    engine = open_existing(url)
    try:
        held = read_key_file(keys)
        with reading(engine) as connection:
            require_own_keys(connection, held, keys)
    except BaseException:
        engine.dispose()
        raise
    return Installation(engine, held, Vault(held, partial(read_key_file, keys)))


def open_existing(url: str) -> Engine:
    """Opens a database that has tables of ours, of any version, and never makes one; NoStateError."""
    _refuse_missing(file_of(url))  # to open it would make it
    engine = open_database(url)
    try:
        if revision(engine) is None:
            raise NoStateError(f"no state in the database, which has no tables of requests; {_NO_STATE}")
    except BaseException:
        engine.dispose()
        raise
    return engine


def _refuse_missing(file: Path | None) -> None:
    try:
        missing = file is not None and not file.exists()
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise DatabaseUnusableError(f"{file} can't be read: {reason}") from None
    if missing:
        raise NoStateError(f"no state at {file}; {_NO_STATE}")


def epoch(connection: Connection) -> str:
    """What changes when a backup is restored: codes and links of an earlier epoch are void."""
    return str(connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == _EPOCH)))


def begin_epoch(connection: Connection, at: datetime) -> None:
    """Begins a new epoch after a restore; sweeps wait, because another backup may turn out to be the right one."""
    connection.execute(update(INSTALLATION).where(INSTALLATION.c.key == _EPOCH).values(value=_new_epoch()))
    connection.execute(delete(INSTALLATION).where(INSTALLATION.c.key == _SWEEPS_WAIT))
    until = str(microseconds(at + SWEEPS_WAIT))
    connection.execute(insert(INSTALLATION).values(key=_SWEEPS_WAIT, value=until))


def sweeps_wait(connection: Connection, at: datetime) -> bool:
    """Whether a backup was restored so recently that nothing is swept."""
    until = connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == _SWEEPS_WAIT))
    return until is not None and microseconds(at) < int(until)


def note_dropped_keys(connection: Connection, key_ids: Collection[str]) -> None:
    """Notes that nothing is sealed with these keys any more, so that no process seals with them again."""
    known = dropped_keys(connection)
    rows = [{"key": f"{_DROPPED}{key_id}", "value": key_id} for key_id in key_ids if key_id not in known]
    if rows:
        connection.execute(insert(INSTALLATION), rows)


def dropped_keys(connection: Connection) -> frozenset[str]:
    """The ids of all keys that were dropped."""
    return frozenset(connection.scalars(_DROPPED_KEYS))


def refuse_dropped_keys(connection: Connection, keys: KeyFile) -> None:
    """KeysReplacedError for a process that read the key file before the keys that it seals with were dropped."""
    if {keys.column.current, keys.draft.current} & dropped_keys(connection):
        raise KeysReplacedError(
            "the keys were replaced meanwhile; nothing was changed, run the command again"
        )


def _opened(engine: Engine, key_path: Path) -> Installation:
    keys = read_key_file(key_path)
    require_current(engine)
    with reading(engine) as connection:
        require_own_keys(connection, keys, key_path)
    return Installation(engine, keys, Vault(keys, partial(read_key_file, key_path)))


def _founded(engine: Engine, files: Files, founder: Person, at: datetime) -> Installation:
    # The key file first: a database whose keys were lost on the way could not be read.
    keys = first_keys(files.keys)
    vault = Vault(keys, partial(read_key_file, files.keys))
    with writing(engine) as connection:
        upgrade(connection)
        if connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == _FINGERPRINT)) is None:
            rows = [{"key": _FINGERPRINT, "value": vault.fingerprint}, {"key": _EPOCH, "value": _new_epoch()}]
            connection.execute(insert(INSTALLATION), rows)
            add_person(connection, founder.name, founder.uid)
            grant(connection, Grant(founder.name, EVERY_CONTROLLER, Role.ADMINISTRATOR, at))
            # Only here: a missing anchor of a database in use is a finding.
            trail.place(connection, keys.trail, files.anchor)
        require_own_keys(connection, keys, files.keys)  # another process may have come first
    return Installation(engine, keys, vault)


def require_own_keys(connection: Connection, keys: KeyFile, key_path: Path) -> None:
    """KeyFileError if the database was made with another key file."""
    if (
        connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == _FINGERPRINT))
        != Vault(keys).fingerprint
    ):
        raise KeyFileError(
            f"{key_path} is not the key file of this database; restore the one that was backed up with it"
        )


def _new_epoch() -> str:
    return secrets.token_hex(8)
