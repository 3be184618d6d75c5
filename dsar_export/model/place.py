"""Where a source has a kind of record, or a link: what the core knows of a collector's own part of the register.

Every source describes what it holds as tables with columns, whatever they are: tables, files, pages of an interface.
"""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from typing import Protocol, runtime_checkable

from dsar_export.model.column_names import Columns, column_names, require_columns
from dsar_export.model.left_out import LeftOut
from dsar_export.model.table_name import name_parts
from dsar_export.model.toml_table import toml_table


@toml_table
class HistoryTable:
    """A table with earlier versions of the dataset's rows, in columns of the same names."""

    table: str
    system_versions: bool = False
    """Whether to read the versions that the database itself keeps of `table` (MariaDB's WITH SYSTEM VERSIONING)."""
    order_by: tuple[str, ...]
    """Columns that make the order unique after the subject key; `system_versions` are then ordered by time."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Columns of the dataset's table with their name here, if it differs; an empty text if this table lacks it."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Columns of this table that are not mapped to any field, each with a reason."""
    no_where: str | None = None
    """Beside a column such as `item_type`, if the key has no `where`: why all rows belong to this dataset."""

    def column(self, name: str) -> str | None:
        """The name in this table of a column of the dataset's table; None if this table lacks it."""
        return self.columns.get(name, name) or None


@toml_table
class JoinedOwner:
    """The column in which a query returns the owner of a joined row."""

    column: str
    identifier: str | None = None
    """The kind of identifier in it, if not that of the subject key."""


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
    """Columns that make the order unique after the subject key; one index must serve both."""
    history: tuple[HistoryTable, ...] = ()
    """Tables that hold earlier versions of the rows."""
    versions_left_out: LeftOut | None = None
    """Why earlier versions of the rows, which the database itself keeps, are not exported."""
    query: str | None = None
    """A SELECT that replaces the whole table, with `IN :identifier_kind`; it must return `key`."""
    key: Columns | None = None
    """With `query`: the unique column of `table` (or a list) by which the owner of each row is looked up again."""
    joins: Mapping[str, str | JoinedOwner | tuple[str | JoinedOwner, ...]] = field(default_factory=dict)
    """With `query`: every other table with people's rows that it reads, with the returned column of the row's owner.

    If the query reads a table several times, a list with one column for each time.
    """
    narrows: str | None = None
    """With `query`: why it returns fewer rows than its subject key finds."""

    def __post_init__(self) -> None:
        if not self.order_by:
            raise ValueError("order_by needs at least one column")
        if (self.query is None) != (self.key is None):
            raise ValueError("query and key need each other: write both or neither")
        if self.key is not None:
            require_columns("key", self.key)
        listed = {
            name_parts(t) for t in (self.table, *(h.table for h in self.history if not h.system_versions))
        }
        if any(h.system_versions and name_parts(h.table) not in listed for h in self.history):
            raise ValueError(
                "system_versions need the dataset's own table, or a table that another history names"
            )
        if self.query is None and (self.joins or self.narrows is not None):
            raise ValueError("joins and narrows need a query; add it, or drop them")

    @property
    def place(self) -> "TablePlace":
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        """Each column of `key`."""
        return () if self.key is None else column_names(self.key)

    @cached_property
    def joined(self) -> tuple[JoinedOwner, ...]:
        """The owners of joined rows, in the order of `joins`."""
        return tuple(owner for name in self.joins for owner in self.owners_in(name))

    def owners_in(self, table: str) -> tuple[JoinedOwner, ...]:
        """The owners of the joined rows of one table."""
        named = self.joins[table]
        owners = named if isinstance(named, tuple) else (named,)
        return tuple(JoinedOwner(column=o) if isinstance(o, str) else o for o in owners)

    @property
    def reads_versions(self) -> bool:
        """Whether it reads versions that the database itself keeps, which include those of deleted rows."""
        return any(history.system_versions for history in self.history)


@runtime_checkable
class LinkAt(Protocol):
    """A collector's own part of a link; the collector's class validates it."""

    @property
    def table(self) -> str:
        """The name under which the source describes the link's rows."""
        ...


@runtime_checkable
class SourceAt(Protocol):
    """A collector's own part of a source in register.toml; the collector's class validates it."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """Where the secrets of the source are, such as `env:NAME`; never a secret itself."""
        ...


@runtime_checkable
class SourceParts(Protocol):
    """A collector with keys of its own for a source in register.toml, beside its parts of datasets and links."""

    @property
    def source_part(self) -> type[SourceAt]: ...


@toml_table
class LinkTable:
    """A table of a source with a link's rows; the part of a link that collectors of tables have."""

    table: str
    """The table that holds both identifiers."""
