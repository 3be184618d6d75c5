"""Rows off a driver's own cursor, as SQLAlchemy's results take up to 1 us a row more; with SQLAlchemy's errors."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Protocol, cast

import psycopg
from sqlalchemy import Connection, CursorResult
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState

Rows = Sequence[tuple[object, ...]]


class Cursor(Protocol):
    """The rows of one statement, streamed."""

    def fetchmany(self, size: int) -> Rows:
        """The next rows, at most so many; none at the end."""
        ...

    def close(self) -> None: ...


class ResultCursor:
    """The rows of a result of SQLAlchemy's."""

    def __init__(self, result: CursorResult[Any]) -> None:
        self._result = result

    def fetchmany(self, size: int) -> Rows:
        return list(map(tuple, self._result.fetchmany(size)))

    def close(self) -> None:
        self._result.close()


class PostgresqlCursor:
    """A cursor of the server: only what is fetched is sent."""

    def __init__(self, connection: Connection, statement: ExpandedState) -> None:
        self._connection = connection
        self._raw = psycopg_connection(connection)
        self._cursor = self._raw.cursor(name=f"dsar_{id(self):x}")
        try:
            with self._told():
                self._cursor.execute(statement.statement.encode(), statement.parameters)
        except DBAPIError:
            self.close()
            raise

    def fetchmany(self, size: int) -> Rows:
        with self._told():
            return self._cursor.fetchmany(size)

    def close(self) -> None:
        with suppress(psycopg.Error):  # the transaction ends with it in any case
            self._cursor.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            lost = self._raw.closed
            if lost:
                self._connection.invalidate()  # or closing it would roll back, and fail again
            raise DBAPIError("", None, error, connection_invalidated=lost) from None


class SqliteCursor:
    """A statement on a file; where a text of it is not UTF-8, it is begun again and read in another way.

    Python reads UTF-8 texts by itself in 0.6 us a row less than a function of ours reads any text. The second
    reading is of the same moment, in the same order.
    """

    def __init__(self, connection: Connection, statement: ExpandedState) -> None:
        self._raw = sqlite_connection(connection)
        self._raw.text_factory = str
        self._statement = statement
        self._done = 0
        self._cursor = self._executed()

    def fetchmany(self, size: int) -> Rows:
        try:
            rows = self._cursor.fetchmany(size)
        except sqlite3.Error as error:
            if hasattr(error, "sqlite_errorname") or self._raw.text_factory is not str:
                raise _told(error) from None
            rows = list(self._again(size))
        self._done += len(rows)
        return rows

    def close(self) -> None:
        self._cursor.close()

    def _again(self, size: int) -> Rows:
        self._raw.text_factory = any_text
        self._cursor = self._executed()
        try:
            for _ in range(self._done):
                self._cursor.fetchone()
            return self._cursor.fetchmany(size)
        except sqlite3.Error as error:
            raise _told(error) from None

    def _executed(self) -> sqlite3.Cursor:
        try:
            return self._raw.execute(
                self._statement.statement, tuple(self._statement.positional_parameters or ())
            )
        except sqlite3.Error as error:
            raise _told(error) from None


def psycopg_connection(connection: Connection) -> "psycopg.Connection[tuple[object, ...]]":
    """The driver's own connection."""
    return cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)


def sqlite_connection(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def any_text(raw: bytes) -> str:
    """Text that may be no UTF-8."""
    return raw.decode("utf-8", "surrogateescape")


def _told(error: sqlite3.Error) -> DBAPIError:
    return DBAPIError("", None, error)
