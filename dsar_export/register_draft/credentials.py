"""Columns that open an account or prove who somebody is: by their own name, or as keys of tables of sessions."""

from typing import Final

from dsar_export.model.credential import looks_like_credential
from dsar_export.model.source import ColumnKind, Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.graph import facts_of
from dsar_export.register_draft.shape import Line
from dsar_export.register_draft.words import ends_in, is_one, names

_NOTE: Final = (
    "It opens an account or proves who you are. A copy would only help somebody who wants to pass for you."
)
_GIVEN_BY_PROGRAMS: Final = frozenset({ColumnKind.TEXT, ColumnKind.UUID, ColumnKind.BYTES, ColumnKind.OTHER})


def keeps_sessions(table: str) -> bool:
    """Whether a table has the name of one of sessions or tokens."""
    return ends_in("tables.sessions", name_parts(table)[-1])


def is_credential(table: str, column: str) -> bool:
    """Whether names alone show that a column is a credential."""
    return (
        looks_like_credential(column)
        or names("columns.secrets", column)
        or (keeps_sessions(table) and is_one("columns.in_sessions", column))
    )


def is_withheld(table: Table, column: str) -> bool:
    """Whether a column is a credential; in a table of sessions, so is a key that is no plain number."""
    if is_credential(table.name, column):
        return True
    key = table.primary_key == (column,) and not any(table.declared_references([column]))
    return key and keeps_sessions(table.name) and facts_of(table, column).kind in _GIVEN_BY_PROGRAMS


def withheld_line(column: str) -> Line:
    """The entry of `left_out` for a credential."""
    return Line(column, {"reason": "withheld", "note": _NOTE})
