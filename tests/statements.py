"""Records the statements that are sent to databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursor import Cursor
from collectors.sql_database.postgresql.dialect import Postgresql
from collectors.sql_database.sqlite.dialect import Sqlite


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement sent to any database during the block, by SQLAlchemy or by a driver's own cursor."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with pytest.MonkeyPatch.context() as patch:
            for dialect in (Sqlite, Postgresql):
                patch.setattr(dialect, "cursor", _noting(dialect.cursor, sent))
            yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def _noting(opened: Any, sent: list[str]) -> Any:
    def cursor(dialect: object, connection: Connection, statement: ExpandedState) -> Cursor:
        sent.append(statement.statement)
        made: Cursor = opened(dialect, connection, statement)
        return made

    return cursor
