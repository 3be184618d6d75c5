"""Reads the properties of a MariaDB table: whether it is a view, and which columns describe its row versions."""

from collections import defaultdict
from typing import Final

from sqlalchemy import Connection

from collectors.sql_database.relations import Relation, RowVersions

_TYPE: Final = """
SELECT table_type FROM information_schema.tables
WHERE table_schema = COALESCE(%(schema)s, DATABASE()) AND table_name = %(name)s
"""
_PERIOD: Final = """
SELECT generation_expression, column_name, data_type FROM information_schema.columns
WHERE table_schema = COALESCE(%(schema)s, DATABASE()) AND table_name = %(name)s
  AND generation_expression IN ('ROW START', 'ROW END')
"""
_KEYS: Final = """
SELECT index_name, column_name, nullable FROM information_schema.statistics
WHERE table_schema = COALESCE(%(schema)s, DATABASE()) AND table_name = %(name)s AND non_unique = 0
ORDER BY index_name <> 'PRIMARY', index_name, seq_in_index
"""
# The last moment of a TIMESTAMP, as the session writes it in UTC: before MariaDB 11.5, and from then on.
_OPEN_ENDS: Final = ("2038-01-19 03:14:07.999999", "2106-02-07 06:28:15.999999")
_LAST_TRANSACTION: Final = 2**64 - 1  # a period may be given in transaction numbers


def read_relation(connection: Connection, schema: str | None, name: str) -> Relation:
    """The properties of a table or view; the defaults if it does not exist or the account may not see it."""
    parameters = {"schema": schema, "name": name}
    kind = str(connection.exec_driver_sql(_TYPE, parameters).scalar_one_or_none() or "")
    if kind != "SYSTEM VERSIONED":
        return Relation(is_view=kind.endswith("VIEW"))
    period = {str(row[0]): row for row in connection.exec_driver_sql(_PERIOD, parameters)}
    _, since, _ = period.get("ROW START", ("", "row_start", ""))
    _, until, data_type = period.get("ROW END", ("", "row_end", "timestamp"))
    open_ends = (_LAST_TRANSACTION,) if str(data_type).lower() == "bigint" else _OPEN_ENDS
    key = _unique_key(connection, parameters, {since, until})
    return Relation(versions=RowVersions(since, until, open_ends, key))


def _unique_key(
    connection: Connection, parameters: dict[str, str | None], period: set[str]
) -> tuple[str, ...]:
    """The columns of a unique key without nulls, which all versions of a row share; empty if there is none."""
    keys: dict[str, list[tuple[str | None, bool]]] = defaultdict(list)
    for index, column, nullable in connection.exec_driver_sql(_KEYS, parameters):
        keys[str(index)].append((column, nullable == "YES"))
    whole = [key for key in keys.values() if not any(name is None or nullable for name, nullable in key)]
    return tuple(str(name) for name, _ in whole[0] if name not in period) if whole else ()
