"""The database of requests: SQLite in a file, or PostgreSQL by URL, opened so that no update is lost in silence."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, InterfaceError, OperationalError

from dsar_export.errors import DatabaseUnusableError, WrongUseError
from dsar_export.requests.group_folder import is_shared

WAIT: Final = 30
"""Seconds to wait for another writer; a lease must be longer."""
_READERS: Final = "dsar_export_readers"
_SQLITE_SETTINGS: Final = (
    # WAL first: a file system without shared memory silently keeps another mode.
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("foreign_keys", "ON", 1),
)


class _Cursor(Protocol):
    def execute(self, statement: str, /) -> object: ...
    def fetchone(self) -> tuple[object, ...] | None: ...
    def close(self) -> None: ...


class _DriverConnection(Protocol):
    isolation_level: str | None

    def cursor(self) -> _Cursor: ...
    def close(self) -> None: ...


def open_database(url: str) -> Engine:
    """An engine for `sqlite:///FILE` or `postgresql://…`; a missing SQLite file is created, for its owner only."""
    parsed = _parsed(url)
    match parsed.get_backend_name():
        case "sqlite":
            return _sqlite(parsed)
        case "postgresql":
            return _postgresql(parsed)
        case other:
            raise WrongUseError(f"DSAR_DATABASE_URL: {other!r} is not supported; use sqlite or postgresql")


def file_of(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL, and for a URI of SQLite's own."""
    parsed = _parsed(url)
    name = parsed.database or ":memory:"
    if parsed.get_backend_name() != "sqlite" or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that may write; on SQLite it holds the one lock for writers from its beginning."""
    with _answering(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees the database as of one moment and can't write."""
    readers: Engine = engine.get_execution_options().get(_READERS, engine)
    with _answering(), readers.begin() as connection:
        yield connection


@contextmanager
def _answering() -> Iterator[None]:
    """Turns the driver's refusals into an error without its text, which may hold an address."""
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise _unusable(error.orig) from None


def _unusable(error: BaseException | None) -> DatabaseUnusableError:
    return DatabaseUnusableError(
        f"the database of requests does not answer ({type(error).__name__}); nothing was changed. "
        "Try again; if it stays so, see whether it runs, and whether this user may read and write it"
    )


def _parsed(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError:
        raise WrongUseError("DSAR_DATABASE_URL is no URL; write sqlite:///FILE or postgresql://…") from None


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise WrongUseError("DSAR_DATABASE_URL: a database in memory is lost with the command; name a file")
    if not url.database.startswith("file:"):
        _create_file(Path(url.database))
    readers = create_engine(url, hide_parameters=True, connect_args={"timeout": WAIT})
    event.listen(readers, "connect", _set_up_sqlite)
    event.listen(readers, "connect", _refuse_writes)
    event.listen(readers, "begin", partial(_run_sqlite, statement="BEGIN"))
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": WAIT}, execution_options={_READERS: readers}
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", partial(_run_sqlite, statement="BEGIN IMMEDIATE"))
    event.listen(engine, "engine_disposed", lambda _: readers.dispose())
    return engine


def _create_file(path: Path) -> None:
    """Creates the file before SQLite does, because its journals take over the mode."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = 0o660 if is_shared(path.parent) else 0o600
        with suppress(FileExistsError):
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            os.fchmod(descriptor, mode)  # whatever the umask is
            os.close(descriptor)
    except OSError as error:
        raise DatabaseUnusableError(
            f"{path}: can't be created ({os.strerror(error.errno or 0).lower()}); choose another folder"
        ) from None


def _set_up_sqlite(connection: _DriverConnection, _: object) -> None:
    # The driver would begin a transaction at the first write only, after what that write was decided by was read.
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, wanted, held in _SQLITE_SETTINGS:
        cursor.execute(f"PRAGMA {name} = {wanted}")
        cursor.execute(f"PRAGMA {name}")
        if cursor.fetchone() != (held,):
            connection.close()
            raise DatabaseUnusableError(
                f"SQLite can't keep {name} = {wanted} here, so two commands could damage the database; "
                "put the file on a local disk, or use PostgreSQL"
            )
    cursor.close()


def _refuse_writes(connection: _DriverConnection, _: object) -> None:
    """For good: to change it for each transaction would make SQLite forget all statements that it has prepared."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA query_only = ON")
    cursor.close()


def _run_sqlite(connection: Connection, statement: str) -> None:
    """By the driver itself: SQLAlchemy would do for it all that a query with a result needs."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(statement)
    except sqlite3.OperationalError as error:
        raise _unusable(error) from None
    finally:
        cursor.close()


def _postgresql(url: URL) -> Engine:
    # Statements that the driver prepares do not survive PgBouncer's transaction mode.
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,
        connect_args={"prepare_threshold": None, "application_name": "dsar-export"},
    )
    event.listen(engine, "begin", _begin_postgresql)
    reads = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    engine.update_execution_options(**{_READERS: engine.execution_options(**reads)})
    return engine


def _begin_postgresql(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}s'")
