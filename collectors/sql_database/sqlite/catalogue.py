"""Reads a SQLite file's schema: tables, views, columns, unique keys."""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    Float,
    Inspector,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Time,
    inspect,
)
from sqlalchemy.exc import SAWarning

from collectors.sql_database.listed_values import with_listed_values
from collectors.sql_database.sqlite.foreign_keys import read_foreign_keys
from collectors.sql_database.sqlite.indexes import read_indexes, read_row_counts
from dsar_export.model.source import ColumnFacts, ColumnKind, SourceDescription, Table
from dsar_export.model.table_name import table_name

# As bytes: a comment in a definition may not be UTF-8.
_DEFINITIONS: Final = """
SELECT type, CAST(name AS BLOB), CAST(tbl_name AS BLOB), CAST(sql AS BLOB) FROM sqlite_master ORDER BY type, name
"""
_STATISTICS: Final = "SELECT tbl, idx, stat FROM sqlite_stat1 ORDER BY tbl, idx, stat"
_DECLARED: Final[Sequence[tuple[type[object], ColumnKind]]] = (
    (Integer, ColumnKind.INTEGER),
    (Float, ColumnKind.FLOAT),
    (Numeric, ColumnKind.DECIMAL),
    (String, ColumnKind.TEXT),
    (LargeBinary, ColumnKind.BYTES),
    (Boolean, ColumnKind.BOOLEAN),
    (DateTime, ColumnKind.LOCAL_TIME),
    (Date, ColumnKind.DATE),
    (Time, ColumnKind.TIME),
    (JSON, ColumnKind.JSON),
)


def catalogue_version(connection: Connection) -> bytes:
    """A hash of all definitions, and of what ANALYZE counted, on which plans depend.

    Not `PRAGMA schema_version`: a copy of another file in this one's place may have the same number.
    """
    rows = list(connection.exec_driver_sql(_DEFINITIONS))
    if any(row[1] == b"sqlite_stat1" for row in rows):
        rows += connection.exec_driver_sql(_STATISTICS)
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).digest()


def read_catalogue(connection: Connection) -> SourceDescription:
    """Describes all tables and views; a cell may have another type than its column."""
    inspector = inspect(connection)
    indexes, rows = read_indexes(connection), read_row_counts(connection)
    keys = read_foreign_keys(connection)
    tables = [
        replace(
            _table(inspector, name),
            foreign_keys=keys.get(name, ()),
            indexes=indexes.get(name, ()),
            rows=rows.get(name),
        )
        for name in inspector.get_table_names()
    ]
    views = [_view(inspector, name) for name in inspector.get_view_names()]
    return SourceDescription((*tables, *views), typed=False)


def _facts(inspector: Inspector, name: str) -> dict[str, ColumnFacts]:
    facts = {
        # A primary key may be null only in tables that are older than SQLite 3 (or declared so on purpose).
        c["name"]: ColumnFacts(_kind(c["type"]), c["default"], c["nullable"] and not c.get("primary_key"))
        for c in inspector.get_columns(name)
    }
    for constraint in inspector.get_check_constraints(name):
        facts |= with_listed_values(facts, constraint["sqltext"])
    return facts


def _kind(declared: object) -> ColumnKind:
    """A column's declared kind; a cell may have any other type."""
    found = (kind for types, kind in _DECLARED if isinstance(declared, types))
    return next(found, ColumnKind.OTHER)


def _view(inspector: Inspector, name: str) -> Table:
    facts = _facts(inspector, name)
    return Table(table_name(name), tuple(facts), (), is_view=True, facts=facts)


def _table(inspector: Inspector, name: str) -> Table:
    with warnings.catch_warnings():  # about skipped indexes on expressions, which do not matter here
        warnings.simplefilter("ignore", SAWarning)
        primary = inspector.get_pk_constraint(name)["constrained_columns"]
        keys: list[list[str | None]] = [list(primary)]
        keys += [list(key["column_names"]) for key in inspector.get_unique_constraints(name)]
        # An index WHERE … guarantees nothing about the other rows.
        whole = [
            i for i in inspector.get_indexes(name) if i.get("dialect_options", {}).get("sqlite_where") is None
        ]
        keys += [index["column_names"] for index in whole if index["unique"]]
    unique = {frozenset(map(str, key)) for key in keys if key and None not in key}
    facts = _facts(inspector, name)
    keys_found = tuple(sorted(unique, key=sorted))
    return Table(table_name(name), tuple(facts), keys_found, facts=facts, primary_key=tuple(primary))
