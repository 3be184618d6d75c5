"""The foreign keys of a SQLite file, in the spelling of the tables and columns that they name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import Connection

from dsar_export.model.source import ForeignKey
from dsar_export.model.table_name import table_name

# The last key declared is the first of the list.
_FOREIGN: Final = """
SELECT t.name, f.id, f."table", f."from", f."to" FROM sqlite_master t, pragma_foreign_key_list(t.name) f
WHERE t.type = 'table' ORDER BY t.name, f.id DESC, f.seq
"""
_COLUMNS: Final = """
SELECT t.name, c.name, c.pk FROM sqlite_master t, pragma_table_xinfo(t.name) c WHERE t.type = 'table'
ORDER BY t.name, c.cid
"""


@dataclass(frozen=True)
class _Declared:
    """A table's columns, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    primary: tuple[str, ...]


def read_foreign_keys(connection: Connection) -> Mapping[str, tuple[ForeignKey, ...]]:
    """The foreign keys of each table that has any, by its name.

    SQLite finds names whatever their case, so a key may write them differently from their table. A key that leads to
    no table, or to no key of its length, is left out: SQLite accepts its definition, but no row can satisfy it.
    """
    tables = {table.name.lower(): table for table in _tables(connection)}
    found: dict[str, tuple[ForeignKey, ...]] = defaultdict(tuple)
    rows = connection.exec_driver_sql(_FOREIGN).all()
    for (name, _), parts in groupby(rows, key=lambda row: (str(row[0]), row[1])):
        pairs = [(str(table), str(own), None if to is None else str(to)) for _, _, table, own, to in parts]
        other = tables.get(pairs[0][0].lower())
        if other is not None:
            columns = _spelled((own for _, own, _ in pairs), tables[name.lower()])
            written = [to for *_, to in pairs if to is not None]
            referred = _spelled(written, other) if written else other.primary
            if columns and len(columns) == len(referred):
                found[name] += (ForeignKey(columns, table_name(other.name), referred),)
    return found


def _tables(connection: Connection) -> Iterable[_Declared]:
    rows = connection.exec_driver_sql(_COLUMNS).all()
    for name, cells in groupby(rows, key=lambda row: str(row[0])):
        columns = [(str(column), int(pk)) for _, column, pk in cells]
        primary = sorted((pk, column) for column, pk in columns if pk)
        yield _Declared(name, tuple(column for column, _ in columns), tuple(column for _, column in primary))


def _spelled(written: Iterable[str], table: _Declared) -> tuple[str, ...]:
    """The names as the table declares them; () if it lacks one of them."""
    declared = {name.lower(): name for name in table.columns}
    found = tuple(declared.get(name.lower()) for name in written)
    return tuple(name for name in found if name is not None) if None not in found else ()
