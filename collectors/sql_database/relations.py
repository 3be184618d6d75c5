"""The properties of a table that statements depend on besides its columns, and how statements then name it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnClause, TableClause, table
from sqlalchemy.ext.compiler import compiles


@dataclass(frozen=True)
class RowVersions:
    """The columns of a table that keeps row versions: start and end of a version, and the unique key of its row.

    `open_ends` are the values of `until` that mean "still current".
    """

    since: str
    until: str
    open_ends: Sequence[object]
    key: Sequence[str]


@dataclass(frozen=True)
class Relation:
    """A table or view. With `has_children`, a SELECT from it also returns the rows of tables that inherit from it."""

    is_view: bool = False
    has_children: bool = False
    versions: RowVersions | None = None


class _Only(TableClause):
    """A table without those that inherit from it."""

    inherit_cache = False


class _EveryVersion(TableClause):
    """A table with every version of its rows."""

    inherit_cache = False


# Tables are compiled here wherever a statement names them, under any alias, so no statement can forget it.
@compiles(_Only, "postgresql")
def _only(element: _Only, compiler: Any, **options: Any) -> str:
    name = str(compiler.visit_table(element, **options))
    return f"ONLY {name}" if options.get("asfrom") else name


@compiles(_EveryVersion, "mysql")
def _every_version(element: _EveryVersion, compiler: Any, **options: Any) -> str:
    name = str(compiler.visit_table(element, **options))
    return f"{name} FOR SYSTEM_TIME ALL" if options.get("asfrom") else name


def table_clause(
    name: tuple[str | None, str],
    columns: Sequence[ColumnClause[object]],
    relation: Relation,
    *,
    versions: bool = False,
) -> TableClause:
    """A table's own rows as they are today, or every version of them."""
    schema, bare = name
    if versions:
        return _EveryVersion(bare, *columns, schema=schema)
    if relation.has_children:
        return _Only(bare, *columns, schema=schema)
    return table(bare, *columns, schema=schema)
