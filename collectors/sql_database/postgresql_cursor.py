"""Rows of a PostgreSQL server."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import cast

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursors import Rows


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


def psycopg_connection(connection: Connection) -> "psycopg.Connection[tuple[object, ...]]":
    """The driver's own connection."""
    return cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)
