"""The database and its key file belong together: both are made once, and opened only as a pair."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, insert, select, update

from dsar_export.errors import KeyFileError
from dsar_export.model.people import Grant, Person, Role
from dsar_export.requests import trail
from dsar_export.requests.database import open_database, reading, writing
from dsar_export.requests.key_file import KeyFile, first_keys, read_key_file
from dsar_export.requests.migrations import require_current, revision, upgrade
from dsar_export.requests.people import EVERY_CONTROLLER, add_person, grant
from dsar_export.requests.tables import INSTALLATION
from dsar_export.requests.vault import Vault

_FINGERPRINT: Final = "fingerprint"
_EPOCH: Final = "epoch"


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


def epoch(connection: Connection) -> str:
    """What changes when a backup is restored: codes and links of an earlier epoch are void."""
    return str(connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == _EPOCH)))


def begin_epoch(connection: Connection) -> None:
    """Begins a new epoch, after a backup was restored."""
    connection.execute(update(INSTALLATION).where(INSTALLATION.c.key == _EPOCH).values(value=_new_epoch()))


def _opened(engine: Engine, key_path: Path) -> Installation:
    keys = read_key_file(key_path)
    require_current(engine)
    with reading(engine) as connection:
        _require_own_keys(connection, keys, key_path)
    return Installation(engine, keys, Vault(keys))


def _founded(engine: Engine, files: Files, founder: Person, at: datetime) -> Installation:
    # The key file first: a database whose keys were lost on the way could not be read.
    keys = first_keys(files.keys)
    vault = Vault(keys)
    with writing(engine) as connection:
        upgrade(connection)
        if connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == _FINGERPRINT)) is None:
            rows = [{"key": _FINGERPRINT, "value": vault.fingerprint}, {"key": _EPOCH, "value": _new_epoch()}]
            connection.execute(insert(INSTALLATION), rows)
            add_person(connection, founder.name, founder.uid)
            grant(connection, Grant(founder.name, EVERY_CONTROLLER, Role.ADMINISTRATOR, at))
            # Only here: a missing anchor of a database in use is a finding.
            trail.place(connection, keys.trail, files.anchor)
        _require_own_keys(connection, keys, files.keys)  # another process may have come first
    return Installation(engine, keys, vault)


def _require_own_keys(connection: Connection, keys: KeyFile, key_path: Path) -> None:
    if (
        connection.scalar(select(INSTALLATION.c.value).where(INSTALLATION.c.key == _FINGERPRINT))
        != Vault(keys).fingerprint
    ):
        raise KeyFileError(
            f"{key_path} is not the key file of this database; restore the one that was backed up with it"
        )


def _new_epoch() -> str:
    return secrets.token_hex(8)
