"""Rows of a SQLite file."""

import sqlite3
from typing import Final, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursor import HALF_A_CHUNK, Rows


class SqliteCursor:
    """A statement on a file; where a text of it is not UTF-8, it is begun again and read in another way.

    Python reads UTF-8 texts by itself in 0.6 us a row less than a function of ours reads any text. The second
    reading is of the same moment, in the same order.
    """

    step: Final = HALF_A_CHUNK

    def __init__(self, connection: Connection, statement: ExpandedState) -> None:
        self._raw = sqlite_connection(connection)
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


def sqlite_connection(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def any_text(raw: bytes) -> str:
    """Text that may be no UTF-8."""
    return raw.decode("utf-8", "surrogateescape")


def _told(error: sqlite3.Error) -> DBAPIError:
    return DBAPIError("", None, error)
