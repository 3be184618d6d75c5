"""Brings a database to the tables of this program, and refuses one of a newer program."""

from typing import Final

from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, select

from dsar_export.errors import DatabaseVersionError
from dsar_export.requests.database import reading

VERSION_TABLE: Final = "schema_revision"
REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
"""Those of the scripts, oldest first: every command compares them, and to read the scripts would take it longer."""
_VERSIONS: Final = Table(VERSION_TABLE, MetaData(), Column("version_num", Text))
_HELD: Final = select(_VERSIONS.c.version_num)
_LOCK: Final = 0x64736172  # "dsar": one upgrade at a time on PostgreSQL


def revision(engine: Engine) -> str | None:
    """The revision of a database; None if it has no tables of ours."""
    with reading(engine) as connection:
        return _revision_of(connection)


def newest_revision() -> str:
    """The revision of this program's own tables."""
    return REVISIONS[-1]


def upgrade(connection: Connection) -> None:
    """Upgrades within the transaction of `connection`: either all of it or nothing happens."""
    from dsar_export.requests.migrations.upgrading import upgrade_to_newest  # noqa: PLC0415 # listed in tests/architecture

    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    _refuse_newer(_revision_of(connection))
    upgrade_to_newest(connection)


def require_current(engine: Engine) -> None:
    """DatabaseVersionError if the database is older or newer than this program."""
    with reading(engine) as connection:
        require_current_in(connection)


def require_current_in(connection: Connection) -> None:
    """The same in a transaction."""
    held = _revision_of(connection)
    _refuse_newer(held)
    if held != newest_revision():
        raise DatabaseVersionError(
            "the database was made by an earlier version; back it up, then run `dsar-export database upgrade`"
        )


def _revision_of(connection: Connection) -> str | None:
    if not connection.dialect.has_table(connection, VERSION_TABLE):
        return None
    return connection.scalar(_HELD)


def _refuse_newer(held: str | None) -> None:
    if held is not None and held not in REVISIONS:
        raise DatabaseVersionError(
            "the database was upgraded by a newer program; install that version, or restore an earlier backup"
        )
