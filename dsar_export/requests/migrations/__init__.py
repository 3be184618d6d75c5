"""Brings a database to the tables of this program, and refuses one of a newer program."""

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from dsar_export.errors import DatabaseVersionError
from dsar_export.requests.database import reading

VERSION_TABLE: Final = "schema_revision"
_LOCK: Final = 0x64736172  # "dsar": one upgrade at a time on PostgreSQL


def revision(engine: Engine) -> str | None:
    """The revision of a database; None if it has no tables of ours."""
    with reading(engine) as connection:
        return _revision_of(connection)


def newest_revision() -> str:
    """The revision of this program's own tables."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def upgrade(connection: Connection) -> None:
    """Upgrades within the transaction of `connection`: either all of it or nothing happens."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    _refuse_newer(_revision_of(connection))
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def require_current(engine: Engine) -> None:
    """DatabaseVersionError if the database is older or newer than this program."""
    held = revision(engine)
    _refuse_newer(held)
    if held != newest_revision():
        raise DatabaseVersionError(
            "the database was made by an earlier version; back it up, then run `dsar-export database upgrade`"
        )


def _revision_of(connection: Connection) -> str | None:
    return MigrationContext.configure(
        connection, opts={"version_table": VERSION_TABLE}
    ).get_current_revision()


def _refuse_newer(held: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if held is not None and held not in known:
        raise DatabaseVersionError(
            "the database was upgraded by a newer program; install that version, or restore an earlier backup"
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", f"{__package__}:.")
    return config
