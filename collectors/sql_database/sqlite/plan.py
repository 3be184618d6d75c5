"""Finds the tables that a statement on a SQLite file reads, and how often."""

import sqlite3
from collections import Counter

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.sqlite.cursor import sqlite_connection

_OWN = "sqlite_"


def tables_read(connection: Connection, statement: ExpandedState) -> tuple[str, ...]:
    """The tables that the authorizer is asked for, each as often as the statement opens it or one of its indexes."""
    raw = sqlite_connection(connection)
    read: set[str] = set()

    def authorize(
        action: int, table: str | None, _column: str | None, _file: str | None, _by: str | None
    ) -> int:
        if action == sqlite3.SQLITE_READ and table is not None and not table.startswith(_OWN):
            read.add(table)
        return sqlite3.SQLITE_OK

    parameters = tuple(statement.positional_parameters or ())
    raw.set_authorizer(authorize)
    try:
        program = raw.execute(f"EXPLAIN {statement.statement}", parameters).fetchall()
    except sqlite3.Error as error:
        raise DBAPIError("", None, error) from None
    finally:
        raw.set_authorizer(None)
    opened = Counter(row[3] for row in program if row[1] == "OpenRead")
    catalogue = raw.execute("SELECT type, name, tbl_name, rootpage FROM sqlite_master").fetchall()
    tables = {name for kind, name, _, _ in catalogue if kind == "table"}
    times: Counter[str] = Counter()
    for _, _, table, page in catalogue:
        times[table] = max(times[table], opened[page] if page else 0)
    return tuple(name for table in sorted(read & tables) for name in [table] * max(times[table], 1))
