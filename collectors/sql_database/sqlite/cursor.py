"""Streams rows from a SQLite file."""

import sqlite3
from typing import Final, cast

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursor import HALF_A_CHUNK, Rows


class SqliteCursor:
    """Streams a statement's rows. At the first text that is not UTF-8, it starts again with a decoder for any text.

    Python's own decoding of UTF-8 is faster than such a decoder (see ADR 20). The second pass reads the same snapshot
    in the same order, and skips the rows that were already returned.
    """

    step: Final = HALF_A_CHUNK

    def __init__(self, connection: Connection, statement: ExpandedState) -> None:
        self._raw = sqlite_connection(connection)
        self._statement = statement
        self._returned = 0
        self._cursor = self._executed()

    def fetchmany(self, size: int) -> Rows:
        try:
            rows = self._cursor.fetchmany(size)
        except sqlite3.Error as error:
            if hasattr(error, "sqlite_errorname") or self._raw.text_factory is not str:
                raise _as_dbapi_error(error) from None
            rows = list(self._restarted(size))
        self._returned += len(rows)
        return rows

    def close(self) -> None:
        self._cursor.close()

    def _restarted(self, size: int) -> Rows:
        self._raw.text_factory = any_text
        self._cursor = self._executed()
        try:
            for _ in range(self._returned):
                self._cursor.fetchone()
            return self._cursor.fetchmany(size)
        except sqlite3.Error as error:
            raise _as_dbapi_error(error) from None

    def _executed(self) -> sqlite3.Cursor:
        try:
            return self._raw.execute(
                self._statement.statement, tuple(self._statement.positional_parameters or ())
            )
        except sqlite3.Error as error:
            raise _as_dbapi_error(error) from None


def sqlite_connection(connection: Connection) -> sqlite3.Connection:
    """The driver's own connection."""
    return cast("sqlite3.Connection", connection.connection.driver_connection)


def any_text(raw: bytes) -> str:
    """Decodes text that may not be UTF-8: other bytes become surrogate escapes."""
    return raw.decode("utf-8", "surrogateescape")


def _as_dbapi_error(error: sqlite3.Error) -> DBAPIError:
    return DBAPIError("", None, error)
