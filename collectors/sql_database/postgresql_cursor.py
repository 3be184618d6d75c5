"""Rows of a PostgreSQL server."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, cast

import psycopg
from psycopg import generators
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursors import Rows

_ASKED: Final = "the cursor that the server is answering"
_PATIENCE: Final = 5.0  # seconds for a server to hear that nobody waits any more; psycopg's own on Ctrl-C


class PostgresqlCursor:
    """A cursor of the server: it sends what is fetched only, the next rows while the last are worked on.

    The server needs 1.1 us a row, in which nothing else would happen here.
    """

    def __init__(self, connection: Connection, statement: ExpandedState) -> None:
        self._connection = connection
        self._info = connection.info  # an invalidated connection has none
        self._raw = psycopg_connection(connection)
        self._cursor = self._raw.cursor(name=f"dsar_{id(self):x}")
        self._loaders = Transformer(self._raw)
        self._answers = deque[PGresult]()
        self._due = 0
        try:
            with self._told():
                _take_in(self._info)
                self._cursor.execute(statement.statement.encode(), statement.parameters)
        except DBAPIError:
            self.close()
            raise

    def ask(self, size: int) -> None:
        """Asks for as many rows twice, as a chunk takes two answers, and waits for neither."""
        if not self._answers and not self._due:
            self._send(size, 2)

    def fetchmany(self, size: int) -> Rows:
        if not self._answers and not self._due:
            self._send(size, 1)
        with self._told():
            if not self._answers:
                self._take_one()
            answer = self._answers.popleft()
            if answer.status != ExecStatus.TUPLES_OK:
                raise error_from_result(answer)
            if not answer.ntuples:
                self.take_in()  # the end, as the last answer says too
            self._loaders.set_pgresult(answer)
            return self._loaders.load_rows(0, answer.ntuples, tuple)

    def take_in(self) -> None:
        """Waits for the answers and keeps them, errors too, for `fetchmany`."""
        with self._told():
            while self._due:
                self._take_one()

    def _send(self, size: int, times: int) -> None:
        with self._told():
            _take_in(self._info)
            fetches = f"FETCH FORWARD {size} FROM {self._cursor.name};" * times
            self._raw.pgconn.send_query(fetches.encode())
            self._raw.wait(generators.send(self._raw.pgconn))
            self._info[_ASKED], self._due = self, times

    def _take_one(self) -> None:
        """Takes in an answer; the last one, or an error in its place, is followed by an end of all."""
        answer = self._raw.wait(generators.fetch(self._raw.pgconn))
        self._answers.append(answer)
        self._due = self._due - 1 if answer.status == ExecStatus.TUPLES_OK else 0
        if not self._due:
            self._info.pop(_ASKED, None)
            self._raw.wait(generators.fetch(self._raw.pgconn))

    def close(self) -> None:
        with suppress(psycopg.Error):  # the transaction ends with it in any case
            if self._raw.info.transaction_status is TransactionStatus.ACTIVE:
                self._give_up()
            self._cursor.close()

    def _give_up(self) -> None:
        """Ends a reading that was broken off without waiting for its rows; else the server would go on."""
        with suppress(psycopg.Error):
            self._raw.cancel_safe(timeout=_PATIENCE)
        self._connection.invalidate()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            lost = self._raw.closed
            if lost:
                self._connection.invalidate()  # or closing it would roll back, and fail again
            raise DBAPIError("", None, error, connection_invalidated=lost) from None


def settle(connection: Connection, *_: object) -> None:
    """Before another statement: a connection answers one question at a time."""
    _take_in(connection.info)


def psycopg_connection(connection: Connection) -> "psycopg.Connection[tuple[object, ...]]":
    """The driver's own connection."""
    return cast("psycopg.Connection[tuple[object, ...]]", connection.connection.driver_connection)


def _take_in(info: dict[Any, Any]) -> None:
    asked: PostgresqlCursor | None = info.get(_ASKED)
    if asked is not None:
        asked.take_in()
