"""PostgreSQL's indexes, its estimates of how many rows tables have, and the indexes that serve a look-up."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import takewhile
from typing import Final

from sqlalchemy import ColumnElement, Connection, column

from collectors.sql_database.comparing import LAST_DIGITS, Way, way_of
from collectors.sql_database.index_statements import IndexWriter
from collectors.sql_database.postgresql.expressions import (
    COMPARED_BY_TYPE,
    beyond_ascii,
    digits_at_end,
    lowered,
    not_plain,
)
from dsar_export.model.index import Index, IndexAdvice, Lookup
from dsar_export.model.source import ColumnKind

# An index finds texts only under the collation of their column. An expression has no column.
_INDEXES: Final = """
SELECT i.indrelid::int8, i.indisunique, ARRAY(
  SELECT CASE WHEN k.coll IN (0, a.attcollation) THEN a.attname::text END
  FROM unnest(i.indkey, i.indcollation) WITH ORDINALITY k(att, coll, pos)
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.att
  WHERE k.pos <= i.indnkeyatts ORDER BY k.pos)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_am m ON m.oid = c.relam
WHERE i.indisvalid AND i.indisready AND i.indpred IS NULL AND m.amname IN ('btree', 'hash')
ORDER BY i.indrelid, i.indexrelid
"""
# A table that was never analysed has -1, or 0 before version 14.
_ROWS: Final = """
SELECT c.oid::int8, c.reltuples::int8 FROM pg_catalog.pg_class c
WHERE c.relkind = 'r' AND (c.reltuples > 0 OR c.reltuples = 0 AND current_setting('server_version_num')::int >= 140000)
"""
_LEAVES: Final = """
SELECT c.oid::int8, p.relid::oid::int8
FROM pg_catalog.pg_class c, LATERAL pg_partition_tree(c.oid) p
WHERE c.relkind = 'p' AND NOT c.relispartition AND p.isleaf
"""


def read_indexes(connection: Connection) -> Mapping[int, tuple[Index, ...]]:
    """The indexes of each table on plain columns of all rows, and those that all partitions of a table have."""
    found: dict[int, list[Index]] = defaultdict(list)
    for table, unique, names in connection.exec_driver_sql(_INDEXES):
        columns = tuple(takewhile(lambda name: name is not None, names))
        if columns:
            found[table].append(Index(columns, unique=unique and len(columns) == len(names)))
    for table, leaves in _leaves(connection).items():
        shared = set.intersection(*({index.columns for index in found[leaf]} for leaf in leaves))
        found[table] += [Index(columns) for columns in sorted(shared)]
    return {table: tuple(indexes) for table, indexes in found.items()}


def read_row_counts(connection: Connection) -> Mapping[int, int]:
    """About how many rows each table has, if the server has counted all of it."""
    counts = {table: int(rows) for table, rows in connection.exec_driver_sql(_ROWS)}
    for table, leaves in _leaves(connection).items():
        if counts.keys() >= set(leaves):
            counts[table] = sum(counts[leaf] for leaf in leaves)
    return counts


def index_advice(writer: IndexWriter, lookup: Lookup, kind: ColumnKind) -> IndexAdvice:
    """The indexes that serve a look-up: on columns, or on the expressions by which texts are compared."""
    way, plain = way_of(kind, lookup.comparison), writer.on_columns(lookup.columns, unique=lookup.unique)
    if way is Way.EXACT and (lookup.comparison is None or kind in COMPARED_BY_TYPE):
        return IndexAdvice((plain,))
    stored: ColumnElement[object] = column(lookup.column)
    if way is Way.FOLDED:
        statements = [
            writer.on_terms([_written(writer, lowered(stored))], ()),
            _partial(writer, lookup, not_plain(stored)),
        ]
    elif way is Way.LAST_DIGITS and kind in COMPARED_BY_TYPE:
        statements = [
            plain,
            writer.on_terms([_written(writer, digits_at_end(stored, LAST_DIGITS))], ()),
            _partial(writer, lookup, beyond_ascii(stored)),
        ]
    else:
        statements = []
    return IndexAdvice(tuple(statements), by_column=False)


def _partial(writer: IndexWriter, lookup: Lookup, condition: ColumnElement[bool]) -> str:
    """An index of the few rows that meet a condition."""
    return f"{writer.on_columns(lookup.order[:1] or [lookup.column])} WHERE {_written(writer, condition)}"


def _written(writer: IndexWriter, expression: ColumnElement[str] | ColumnElement[bool]) -> str:
    """An expression as SQL, exactly as the statements have it: otherwise the server would not recognise it."""
    literal = {"literal_binds": True}
    compiled = expression.compile(dialect=writer.connection.dialect, compile_kwargs=literal)
    return str(compiled).replace("%%", "%")  # doubled for the driver, which does not see it


def _leaves(connection: Connection) -> Mapping[int, list[int]]:
    """The partitions with rows of each partitioned table."""
    leaves: dict[int, list[int]] = defaultdict(list)
    for table, leaf in connection.exec_driver_sql(_LEAVES):
        if table != leaf:  # a table without partitions is its own leaf
            leaves[table].append(leaf)
    return leaves
