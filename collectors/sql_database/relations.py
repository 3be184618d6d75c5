"""What a statement must know of a table beside its columns, and how it then names it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, TableClause, table
from sqlalchemy.ext.compiler import compiles


@dataclass(frozen=True)
class RowVersions:
    """The columns of a table that keeps versions of its rows: from when until when each held, and its rows' unique key.

    `unended` are the values of `until` that stand for no end.
    """

    since: str
    until: str
    unended: Sequence[object]
    key: Sequence[str]


@dataclass(frozen=True)
class Relation:
    """A table or view; `has_children` says that a SELECT of it returns the rows of other tables too."""

    is_view: bool = False
    has_children: bool = False
    versions: RowVersions | None = None


class _Only(TableClause):
    """A table without those that inherit from it."""

    inherit_cache = False


class _EveryVersion(TableClause):
    """A table with every version of its rows."""

    inherit_cache = False


# Where a table stands in a statement, under whatever name, it is compiled here; no statement can forget it.
@compiles(_Only, "postgresql")
def _only(element: _Only, compiler: Any, **options: Any) -> str:
    named = str(compiler.visit_table(element, **options))
    return f"ONLY {named}" if options.get("asfrom") else named


@compiles(_EveryVersion, "mysql")
def _every_version(element: _EveryVersion, compiler: Any, **options: Any) -> str:
    named = str(compiler.visit_table(element, **options))
    return f"{named} FOR SYSTEM_TIME ALL" if options.get("asfrom") else named


def table_clause(
    name: tuple[str | None, str],
    columns: Sequence[ColumnClause[object]],
    relation: Relation,
    *,
    versions: bool = False,
) -> TableClause:
    """A table's own rows as they stand today, or with every version of them."""
    schema, bare = name
    if versions:
        return _EveryVersion(bare, *columns, schema=schema)
    if relation.has_children:
        return _Only(bare, *columns, schema=schema)
    return table(bare, *columns, schema=schema)
