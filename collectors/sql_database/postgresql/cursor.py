"""Streams rows from a PostgreSQL server."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, cast

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursor import Rows

_QUICK: Final = 0.1  # seconds: the server's timeout, at least one second, applies to a FETCH as a whole
_SLOW_STEP: Final = 125
_PATIENCE: Final = 5.0  # seconds for a server to accept a cancellation; psycopg waits as long on Ctrl-C


class PostgresqlCursor:
    """A named server-side cursor: the server sends only what is fetched."""

    step: Final = 500  # because each FETCH costs time on both sides; see ADR 24

    def __init__(self, connection: Connection, statement: ExpandedState) -> None:
        self._connection = connection
        self._raw = psycopg_connection(connection)
        self._cursor = self._raw.cursor(name=f"dsar_{id(self):x}")
        self._pace = 0.0
        try:
            with self._raising_dbapi_errors():
                self._cursor.execute(statement.statement.encode(), statement.parameters)
        except DBAPIError:
            self.close()
            raise

    def fetchmany(self, size: int) -> Rows:
        """The next rows, at most `size`; fewer at a time if the server is slow."""
        if self._pace * size > _QUICK:
            size = min(size, _SLOW_STEP)
        started = time.monotonic()
        with self._raising_dbapi_errors():
            rows = self._cursor.fetchmany(size)
        self._pace = (time.monotonic() - started) / max(len(rows), 1)
        return rows

    def close(self) -> None:
        with suppress(psycopg.Error):  # the end of the transaction closes it in any case
            if self._raw.info.transaction_status is TransactionStatus.ACTIVE:
                self._cancel()
            self._cursor.close()

    def _cancel(self) -> None:
        """Ends a FETCH that a signal interrupted, without waiting for its rows; otherwise the server would continue."""
        cancel(self._connection)
        self._connection.invalidate()

    @contextmanager
    def _raising_dbapi_errors(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            lost = self._raw.closed
            if lost:
                self._connection.invalidate()  # otherwise closing it would roll back, and fail again
            raise DBAPIError("", None, error, connection_invalidated=lost) from None


def cancel(connection: Connection) -> None:
    """Cancels the statement that runs on a connection, from any thread."""
    with suppress(psycopg.Error, SQLAlchemyError):  # it may be closed meanwhile
        psycopg_connection(connection).cancel_safe(timeout=_PATIENCE)


def psycopg_connection(connection: Connection) -> "psycopg.Connection[tuple[object, ...]]":
    """The driver's own connection."""
    return cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)
