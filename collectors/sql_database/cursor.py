"""The interface of cursors that stream the rows of a statement, and the one over a SQLAlchemy result."""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from sqlalchemy import CursorResult

from dsar_export.model.source import CHUNK_ROWS

HALF_A_CHUNK: Final = CHUNK_ROWS // 2
Rows = Sequence[tuple[object, ...]]


class Cursor(Protocol):
    """Streams the rows of one statement."""

    @property
    def step(self) -> int:
        """How many rows to fetch at a time while they are small."""
        ...

    def fetchmany(self, size: int) -> Rows:
        """The next rows, at most `size`; an empty sequence at the end."""
        ...

    def close(self) -> None: ...


class ResultCursor:
    """Streams the rows of a SQLAlchemy result."""

    step: Final = HALF_A_CHUNK

    def __init__(self, result: CursorResult[Any]) -> None:
        self._result = result

    def fetchmany(self, size: int) -> Rows:
        return list(map(tuple, self._result.fetchmany(size)))

    def close(self) -> None:
        self._result.close()
