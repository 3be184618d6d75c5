"""The indexes of a SQLite file, the numbers of rows that ANALYZE counted, and the index that serves a look-up."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import groupby
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from collectors.sql_database.comparing import Way, way_of
from collectors.sql_database.index_statements import IndexWriter
from dsar_export.model.index import Index, IndexAdvice, Lookup
from dsar_export.model.source import ColumnKind

# The last entries of an index are no columns of its own but the row's number (-1), or the rest of the primary key.
_INDEXES: Final = """
SELECT t.name, i.seq, c.seqno, i."unique", c.cid, c.name
FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_xinfo(i.name) c
WHERE t.type = 'table' AND NOT i.partial
"""
# A primary key without an index of its own is another name for the row's number.
_ROW_NUMBERS: Final = """
SELECT t.name, c.name FROM sqlite_master t, pragma_table_info(t.name) c
WHERE t.type = 'table' AND c.pk AND NOT EXISTS (SELECT 1 FROM pragma_index_list(t.name) WHERE origin = 'pk')
"""
_ANALYSED: Final = "SELECT count(*) FROM sqlite_master WHERE name = 'sqlite_stat1'"
_COUNTED: Final = "SELECT tbl, stat FROM sqlite_stat1"
_TABLES: Final = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage"
_NAMES: Final = "SELECT name FROM sqlite_master"
_ROW_NUMBER: Final = -1


def read_indexes(connection: Connection) -> Mapping[str, tuple[Index, ...]]:
    """The indexes of each table: those on plain columns of all rows, and an INTEGER PRIMARY KEY."""
    numbers = {str(table): str(column) for table, column in connection.exec_driver_sql(_ROW_NUMBERS)}
    found: dict[str, list[Index]] = defaultdict(list)
    for table, column in numbers.items():
        found[table].append(Index((column,), unique=True))
    rows = sorted(connection.exec_driver_sql(_INDEXES).all(), key=lambda row: tuple(row)[:3])
    for (table, _, unique), parts in groupby(rows, key=lambda row: (str(row[0]), row[1], row[3])):
        columns = _columns(((cid, name) for *_, cid, name in parts), numbers.get(table))
        if columns:
            found[table].append(Index(columns, unique=bool(unique) or numbers.get(table) in columns))
    return {table: tuple(indexes) for table, indexes in found.items()}


def read_row_counts(connection: Connection) -> Mapping[str, int]:
    """About how many rows each table has: as many as ANALYZE counted, or no more than its highest row number."""
    counts: dict[str, int] = {}
    if connection.exec_driver_sql(_ANALYSED).scalar_one():
        for table, statistics in connection.exec_driver_sql(_COUNTED):
            first = str(statistics).partition(" ")[0]
            if first.isdecimal():
                counts[str(table)] = max(counts.get(str(table), 0), int(first))
    return {**_highest_numbers(connection, counts.keys()), **counts}


def _highest_numbers(connection: Connection, counted: Collection[str]) -> Mapping[str, int]:
    """The highest row number of each table without a figure, which SQLite finds without reading other rows."""
    names = [str(name) for name in connection.exec_driver_sql(_TABLES).scalars() if name not in counted]
    found = {name: _highest_number(connection, name) for name in names}
    return {name: number for name, number in found.items() if number is not None}


def _highest_number(connection: Connection, table: str) -> int | None:
    quoted = connection.dialect.identifier_preparer.quote_identifier(table)
    try:
        highest = connection.exec_driver_sql(f"SELECT max(_rowid_) FROM {quoted}").scalar_one()  # noqa: S608 # quoted
    except OperationalError:  # WITHOUT ROWID
        return None
    return highest if isinstance(highest, int) else 0 if highest is None else None


def index_advice(connection: Connection, table: str, lookup: Lookup) -> IndexAdvice:
    """The index that serves a look-up. Other than exactly, all rows are compared; the index then keeps the order."""
    taken = [str(name) for name in connection.exec_driver_sql(_NAMES).scalars()]
    statement = IndexWriter(connection, (None, table), taken).on_columns(lookup.columns, unique=lookup.unique)
    exact = way_of(ColumnKind.OTHER, lookup.comparison) is Way.EXACT  # a cell may have any type
    return IndexAdvice((statement,) if exact or lookup.order else (), by_column=exact)


def _columns(parts: Iterable[tuple[int, str | None]], row_number: str | None) -> tuple[str, ...]:
    """The columns up to the first expression; the row's number by its own name."""
    names: list[str] = []
    for cid, name in parts:
        named = row_number if cid == _ROW_NUMBER else name
        if named is None:
            break
        names.append(named)
    return tuple(dict.fromkeys(names))
