"""Rows of a PostgreSQL server."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final, cast

import psycopg
from psycopg import capabilities, generators
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursors import Rows

_ROWS: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.TUPLES_CHUNK})
_ASKED: Final = "the cursor that the server is answering"
_QUICK: Final = 0.1  # seconds: the server's timeout, of one at least, counts for all rows of a FETCH
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
        self._sent = self._pace = 0.0
        try:
            with self._told():
                _take_in(self._info)
                self._cursor.execute(statement.statement.encode(), statement.parameters)
        except DBAPIError:
            self.close()
            raise

    def ask(self, size: int, times: int) -> None:
        """Asks for the rows of several answers at once, and waits for none of them."""
        if not self._answers and not self._due:
            self._send(size, times)

    def fetchmany(self, size: int) -> Rows:
        if not self._answers and not self._due:
            self._send(size, 1)
        with self._told():
            if not self._answers:
                self._take_one()
            answer = self._answers.popleft()
            if answer.status not in _ROWS:
                raise error_from_result(answer)
            if not answer.ntuples:  # the end: whoever else is answered is in nobody's way then
                _take_in(self._info)
            self._loaders.set_pgresult(answer)
            return self._loaders.load_rows(0, answer.ntuples, tuple)

    def take_in(self) -> None:
        """Waits for the answers and keeps them, errors too, for `fetchmany`."""
        with self._told():
            while self._due:
                self._take_one()

    def _send(self, size: int, times: int) -> None:
        """One FETCH, whose rows come in answers of a size: for each FETCH both sides need 50 us."""
        pgconn = self._raw.pgconn
        if self._pace * size * times > _QUICK or not capabilities.has_stream_chunked():  # of libpq before 17
            times = 1
        with self._told():
            _take_in(self._info)
            pgconn.send_query(f"FETCH FORWARD {size * times} FROM {self._cursor.name}".encode())
            if times > 1:
                pgconn.set_chunked_rows_mode(size)
            self._raw.wait(generators.send(pgconn))
            self._info[_ASKED], self._due = self, times
            self._sent = time.monotonic()

    def _take_one(self) -> None:
        """Takes in an answer, and with the last one, or what stands in its place, the word that this was all."""
        answer = self._raw.wait(generators.fetch(self._raw.pgconn))
        self._answers.append(answer)
        self._due = self._due - 1 if answer.status == ExecStatus.TUPLES_CHUNK else 0
        self._pace = (time.monotonic() - self._sent) / max(answer.ntuples, 1)
        if not self._due:
            self._info.pop(_ASKED, None)
            while (word := self._raw.wait(generators.fetch(self._raw.pgconn))) is not None:
                if word.status != ExecStatus.TUPLES_OK:
                    self._answers.append(word)

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
