"""Rows off a driver's own cursor, as SQLAlchemy's results take up to 1 us a row more; with SQLAlchemy's errors."""

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import CursorResult

Rows = Sequence[tuple[object, ...]]


class Cursor(Protocol):
    """The rows of one statement, streamed."""

    def fetchmany(self, size: int) -> Rows:
        """The next rows, at most so many; none at the end."""
        ...

    def ask(self, size: int, times: int) -> None:
        """Says how many rows `fetchmany` will be asked for, and how often, so that a server can begin."""
        ...

    def close(self) -> None: ...


class ResultCursor:
    """The rows of a result of SQLAlchemy's."""

    def __init__(self, result: CursorResult[Any]) -> None:
        self._result = result

    def fetchmany(self, size: int) -> Rows:
        return list(map(tuple, self._result.fetchmany(size)))

    def ask(self, size: int, times: int) -> None: ...

    def close(self) -> None:
        self._result.close()
