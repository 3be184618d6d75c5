"""MariaDB's and MySQL's indexes, their estimates of how many rows tables have, and the index that serves a look-up."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import takewhile
from typing import Final

from sqlalchemy import Connection

from collectors.sql_database.comparing import Way, way_of
from collectors.sql_database.index_statements import IndexWriter
from dsar_export.model.index import Index, IndexAdvice, Lookup
from dsar_export.model.source import ColumnKind

_OWN: Final = "('information_schema', 'mysql', 'performance_schema', 'sys')"
# Every column, because MariaDB and MySQL name the mark of an index that is not used differently.
_INDEXES: Final = f"""
SELECT s.* FROM information_schema.statistics s
WHERE s.table_schema NOT IN {_OWN} AND s.index_type IN ('BTREE', 'HASH')
ORDER BY s.table_schema, s.table_name, s.index_name, s.seq_in_index
"""  # noqa: S608 # a constant
_ROWS: Final = f"""
SELECT table_schema, table_name, table_rows FROM information_schema.tables
WHERE table_schema NOT IN {_OWN} AND table_rows IS NOT NULL
"""  # noqa: S608 # a constant

_NAMES: Final = """
SELECT DISTINCT index_name FROM information_schema.statistics
WHERE table_schema = COALESCE(%(schema)s, DATABASE()) AND table_name = %(name)s
"""
_LONG: Final = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = COALESCE(%(schema)s, DATABASE()) AND table_name = %(name)s
  AND (character_octet_length > 767 OR data_type REGEXP 'text$|blob$|^json$')
"""
_PREFIX: Final = 190  # characters, which always fit into an index
# Other kinds are compared as the bytes of their texts, which no index holds.
_INDEXED: Final = frozenset(
    {
        ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT, ColumnKind.SINGLE, ColumnKind.UUID,
        ColumnKind.BYTES,
    }
)  # fmt: skip

TableId = tuple[str, str]
"""A table: its schema and its name."""


def read_indexes(connection: Connection) -> Mapping[TableId, tuple[Index, ...]]:
    """The indexes of each table on plain columns."""
    parts: dict[tuple[TableId, str], list[Mapping[str, object]]] = defaultdict(list)
    for row in connection.exec_driver_sql(_INDEXES).mappings():
        named = {str(name).lower(): cell for name, cell in row.items()}
        if named.get("ignored") != "YES" and named.get("is_visible") != "NO":
            table = (str(named["table_schema"]), str(named["table_name"]))
            parts[table, str(named["index_name"])].append(named)
    found: dict[TableId, list[Index]] = defaultdict(list)
    for (table, _), columns in parts.items():
        if columns[0]["index_type"] == "BTREE" or len(columns) == 1:  # a hash needs all its columns
            found[table] += _index(columns)
    return {table: tuple(indexes) for table, indexes in found.items()}


def read_row_counts(connection: Connection) -> Mapping[TableId, int]:
    """About how many rows each table has."""
    return {(str(schema), str(name)): int(rows) for schema, name, rows in connection.exec_driver_sql(_ROWS)}


def index_advice(
    connection: Connection, table: tuple[str | None, str], lookup: Lookup, kind: ColumnKind
) -> IndexAdvice:
    """The index that serves a look-up; none does if texts are folded."""
    if way_of(kind, lookup.comparison) is not Way.EXACT or (
        lookup.comparison is not None and kind not in _INDEXED
    ):
        return IndexAdvice((), by_column=False)
    named = {"schema": table[0], "name": table[1]}
    taken = [str(name) for name in connection.exec_driver_sql(_NAMES, named).scalars()]
    long = {str(name) for name in connection.exec_driver_sql(_LONG, named).scalars()}
    writer = IndexWriter(connection, table, taken)
    # An index of prefixes finds rows, but can't order them.
    columns = (lookup.column, *takewhile(lambda name: name not in long, lookup.columns[1:]))
    terms = [writer.quoted(name) + (f"({_PREFIX})" if name in long else "") for name in columns]
    return IndexAdvice((writer.on_terms(terms, columns),))


def _index(columns: list[Mapping[str, object]]) -> list[Index]:
    names: list[str] = []
    for part in columns:
        if part["column_name"] is None:  # an expression
            break
        names.append(str(part["column_name"]))
    whole = len(names) == len(columns) and all(part["sub_part"] is None for part in columns)
    return [Index(tuple(names), unique=whole and not columns[0]["non_unique"])] if names else []
