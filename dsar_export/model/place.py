"""Where a source has a kind of record, or a link: what the core knows of a collector's own part of the register.

Every source describes what it holds as tables with columns, whatever they are: tables, files, pages of an interface.
"""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Protocol, runtime_checkable

from dsar_export.model.left_out import LeftOut
from dsar_export.model.table_name import name_parts
from dsar_export.model.toml_table import toml_table


@toml_table
class HistoryTable:
    """A table that holds earlier versions of the dataset's rows, in columns of the same names."""

    table: str
    system_versions: bool = False
    """Whether the versions are those that the database itself keeps of `table` (MariaDB's WITH SYSTEM VERSIONING)."""
    order_by: tuple[str, ...]
    """Columns that, after the subject key, make the order unique; `system_versions` are ordered by time after them."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Where a column has another name there; an empty text where it is not there."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Columns of this table that no field takes, each with a reason."""
    no_where: str | None = None
    """Beside a column such as `item_type`, and without a `where` of the key: why all rows are of this dataset."""

    def column(self, name: str) -> str | None:
        """The name here of a column of the dataset's table; None where there is none."""
        return self.columns.get(name, name) or None


@toml_table
class JoinedOwner:
    """The column that a query returns with the owner of a joined row."""

    column: str
    identifier: str | None = None
    """The kind of identifier in it, where not that of the subject key."""


@runtime_checkable
class At(Protocol):
    """A collector's own part of a dataset's file, or of a link; the collector's class validates it."""

    @property
    def place(self) -> "TablePlace":
        """The same for the core, which knows tables and columns only."""
        ...


@toml_table
class TablePlace:
    """A table of a source, and how its rows are read; the part of a dataset's file that collectors of tables have."""

    table: str
    """The table that holds the rows."""
    order_by: tuple[str, ...]
    """Columns that, after the subject key, make the order unique; an index must serve both."""
    history: tuple[HistoryTable, ...] = ()
    """Tables that hold earlier versions of the rows."""
    versions_left_out: LeftOut | None = None
    """Why earlier versions that the database itself keeps of the rows are not exported."""
    query: str | None = None
    """A SELECT in place of the whole table, with `IN :identifier_kind`; it must return `key`."""
    key: str | None = None
    """With `query`: the table's unique column, by which each row's owner is looked up again."""
    joins: Mapping[str, str | JoinedOwner | tuple[str | JoinedOwner, ...]] = field(default_factory=dict)
    """With `query`: each other table of people's rows that it reads = the returned column with that row's owner.

    Of a table that is read several times, as many columns.
    """
    narrows: str | None = None
    """With `query`: why it returns fewer rows than its subject key finds."""

    def __post_init__(self) -> None:
        if not self.order_by:
            raise ValueError("order_by needs at least one column")
        if (self.query is None) != (self.key is None):
            raise ValueError("query and key go together")
        listed = {
            name_parts(t) for t in (self.table, *(h.table for h in self.history if not h.system_versions))
        }
        if any(h.system_versions and name_parts(h.table) not in listed for h in self.history):
            raise ValueError(
                "system_versions are of the dataset's own table, or of one that history names too"
            )
        if self.query is None and (self.joins or self.narrows is not None):
            raise ValueError("joins and narrows go with query")

    @property
    def place(self) -> "TablePlace":
        return self

    @cached_property
    def joined(self) -> tuple[JoinedOwner, ...]:
        """The owners of joined rows, in the order of `joins`."""
        return tuple(owner for name in self.joins for owner in self.owners_in(name))

    def owners_in(self, table: str) -> tuple[JoinedOwner, ...]:
        """The owners of the rows that are joined of one table."""
        named = self.joins[table]
        owners = named if isinstance(named, tuple) else (named,)
        return tuple(JoinedOwner(column=o) if isinstance(o, str) else o for o in owners)

    @property
    def reads_versions(self) -> bool:
        """Whether it reads versions that a database keeps by itself, and so of rows that were deleted."""
        return any(history.system_versions for history in self.history)


@runtime_checkable
class LinkAt(Protocol):
    """A collector's own part of a link; the collector's class validates it."""

    @property
    def table(self) -> str:
        """The name under which the source describes the link's rows."""
        ...


@toml_table
class LinkTable:
    """A table of a source with a link's rows; the part of a link that collectors of tables have."""

    table: str
    """The table that holds both identifiers."""
