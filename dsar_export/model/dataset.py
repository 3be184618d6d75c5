"""A dataset, as a file under datasets/ defines it.

Editors show the docstrings of fields, because the register's JSON Schema is generated from these classes.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import accumulate

from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.subject_key import SubjectKey
from dsar_export.model.table_name import name_parts
from dsar_export.model.toml_table import toml_table

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class LeftOutReason(StrEnum):
    """Why no dataset exports a table or column."""

    NOT_PERSONAL = "not_personal"
    COPIED_ELSEWHERE = "copied_elsewhere"
    WITHHELD = "withheld"


@toml_table
class LeftOut:
    """A table or column that no dataset exports, and why."""

    reason: LeftOutReason
    note: str
    """In the person's words: the report shows it for `withheld`."""


@toml_table
class DeletedMark:
    """How a source marks a row that it still holds but no longer shows to anybody."""

    column: str
    """The column that holds the mark."""
    values: tuple[str, ...] = ()
    """The values that mean deleted. If none is given, every value except null does."""


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
class EarlierTerms:
    """The terms for records from before a certain day."""

    until: date
    """The first day on which these terms no longer applied."""
    purposes: Mapping[str, str]
    """Each purpose with its legal basis, such as `A6-1-b`."""
    recipients: tuple[str, ...] | None = None
    """Who received the data then; `[]` for nobody."""
    storage_period: str
    """The storage period then, as named in register.toml."""


@toml_table
class Logic:
    """How derived data was produced: the procedure and the data that were actually used (Art. 15(1)(h))."""

    procedure: str
    """How the data was derived, in the person's words."""
    data_used: tuple[str, ...]
    """In the person's words, such as `your orders of the last two years`."""
    significance: str
    """What the derived data means for the person, and its consequences."""
    decides_alone: bool = False
    """Whether a decision with significant effects is based on it without human involvement (Art. 22)."""


@toml_table
class JoinedOwner:
    """The column in which a query returns the owner of a joined row."""

    column: str
    identifier: str | None = None
    """The kind of identifier in it, if not that of the subject key."""


@toml_table
class Dataset:
    """One kind of record about a person."""

    name: str
    """The same as the file's name; lower-case letters, digits and `_`."""
    schema: str
    """A schema in the register's own `schemas` folder, or a built-in one."""
    title: str | None = None
    """In the person's words, if the schema's title does not fit, such as when several datasets share a schema."""
    source: str
    """The source that holds the table, as named in register.toml."""
    controllers: tuple[str, ...] = ()
    """The controllers whose data this is, if not all controllers of the source."""
    table: str
    """The table that holds the rows."""
    history: tuple[HistoryTable, ...] = ()
    """Tables that hold earlier versions of the rows."""
    versions_left_out: LeftOut | None = None
    """Why earlier versions of the rows, which the database itself keeps, are not exported."""
    query: str | None = None
    """A SELECT that replaces the whole table, with `IN :identifier_kind`; it must return `key`."""
    key: str | None = None
    """With `query`: the unique column of `table` by which the owner of each row is looked up again."""
    joins: Mapping[str, str | JoinedOwner | tuple[str | JoinedOwner, ...]] = field(default_factory=dict)
    """With `query`: every other table with people's rows that it reads, with the returned column of the row's owner.

    If the query reads a table several times, a list with one column for each time.
    """
    narrows: str | None = None
    """With `query`: why it returns fewer rows than its subject key finds."""
    subject_keys: tuple[SubjectKey, ...]
    """A row belongs to the subject if any of these keys does, such as sender or recipient."""
    valid_at: tuple[str, ...] = ()
    """Fields with the row's times: it is the subject's if they all lie in one period in which its link is valid."""
    order_by: tuple[str, ...]
    """Columns that make the order unique after the subject key; one index must serve both."""
    fields: Mapping[str, FieldMapping]
    """The fields of a record, each with the column or value that it comes from."""
    deleted: DeletedMark | None = None
    """How the source marks a row as deleted, if it keeps such rows."""
    logic: Logic | None = None
    """For derived data: how it was produced."""
    obtained_from: tuple[str, ...] = ()
    """For acquired data: who provided it, by name (Art. 15(1)(g))."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Columns of the table (or `column/path` in JSON) that are not mapped to any field, each with a reason."""
    innocent: Mapping[str, str] = field(default_factory=dict)
    """Names that only look like credentials, each with a reason: a column or member, or `column/path` (`*`: item)."""
    key_values: Mapping[str, str] = field(default_factory=dict)
    """Each column of values with the column that names them, such as `meta_value = "meta_key"`; empty if none does."""
    purposes: Mapping[str, str]
    """Each purpose with its legal basis, such as `A6-1-b`."""
    recipients: tuple[str, ...] | None = None
    """Who receives the data; `[]` for nobody. If missing, the report states that this is not recorded."""
    storage_period: str
    """The storage period, as named in register.toml."""
    storage_starts: str | None = None
    """The field from which the storage period counts. Without it, no row can be marked as past its period."""
    earlier: tuple[EarlierTerms, ...] = ()
    """Other purposes, recipients and storage periods, for records from before a certain day."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):  # it becomes the name of files in the package
            raise ValueError("name must be lower-case letters, digits and _, and begin with a letter")
        if not self.order_by:
            raise ValueError("order_by needs at least one column")
        if not self.subject_keys:
            raise ValueError("subject_keys needs at least one key")
        if (self.query is None) != (self.key is None):
            raise ValueError("query and key need each other: write both or neither")
        simple = len(self.subject_keys) == 1 and not self.subject_keys[0].through and not self.history
        if self.query is not None and not simple:
            raise ValueError("a query needs exactly one subject key, without through, and excludes history")
        listed = {
            name_parts(t) for t in (self.table, *(h.table for h in self.history if not h.system_versions))
        }
        if any(h.system_versions and name_parts(h.table) not in listed for h in self.history):
            raise ValueError(
                "system_versions need the dataset's own table, or a table that another history names"
            )
        numbers = {c for m in self.fields.values() if not m.large_object for c in m.columns}
        if self.large_objects & numbers:
            raise ValueError("large_object must be the same in all fields of one column")
        if self.query is None and (self.joins or self.narrows is not None):
            raise ValueError("joins and narrows need a query; add it, or drop them")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns to read, each once: those of the fields in order, the names of values, then the deletion mark."""
        read = [c for f in self.fields.values() for c in f.columns]
        keys = filter(None, self.key_values.values())
        return tuple(dict.fromkeys([*read, *keys, *(() if self.deleted is None else (self.deleted.column,))]))

    @cached_property
    def owner_places(self) -> tuple[int, ...]:
        """Where the cells of each subject key begin in a row; the owners of joined rows follow them."""
        return tuple(accumulate((key.width for key in self.subject_keys[:-1]), initial=0))

    @cached_property
    def owner_width(self) -> int:
        """How many cells of a row identify its owner, before those of `columns`."""
        return sum(key.width for key in self.subject_keys) + len(self.joined)

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
    def identifiers(self) -> frozenset[str]:
        """The columns of its own table that identify a row or its owner."""
        keys = (key.column for key in self.subject_keys if not key.through)
        return frozenset([*keys, *self.order_by, *(() if self.key is None else (self.key,))])

    @property
    def large_objects(self) -> frozenset[str]:
        """The columns with numbers of large objects; the objects are read in place of the numbers."""
        return frozenset(m.column for m in self.fields.values() if m.large_object and m.column is not None)

    @property
    def reads_versions(self) -> bool:
        """Whether it reads versions that the database itself keeps, which include those of deleted rows."""
        return any(history.system_versions for history in self.history)

    @property
    def constants(self) -> frozenset[str]:
        """The fields with the same value in every record."""
        return frozenset(name for name, mapping in self.fields.items() if mapping.column is None)

    def terms_at(self, day: date) -> "Dataset | EarlierTerms":
        """The purposes, recipients and storage period for a record of this day."""
        ended = sorted((t for t in self.earlier if day < t.until), key=lambda t: t.until)
        return ended[0] if ended else self

    @property
    def bases(self) -> frozenset[str]:
        """Every legal basis that a record may rest on, as the register writes it."""
        terms: tuple[Dataset | EarlierTerms, ...] = (self, *self.earlier)
        return frozenset(basis for own in terms for basis in own.purposes.values())
