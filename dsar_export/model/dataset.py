"""A dataset: what a file under datasets/ holds.

A field's docstring is what an editor shows, as these classes are what the register's JSON Schema is made from.
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
    """Why a table or column is exported by no dataset."""

    NOT_PERSONAL = "not_personal"
    COPIED_ELSEWHERE = "copied_elsewhere"
    WITHHELD = "withheld"


@toml_table
class LeftOut:
    """A table or column that no dataset exports, and why."""

    reason: LeftOutReason
    note: str
    """In the person's words: for `withheld` it is told in the report."""


@toml_table
class DeletedMark:
    """How a source marks a row that it shows to nobody any more, and still holds."""

    column: str
    values: tuple[str, ...] = ()
    """The values that mean deleted; without any, every value but null does."""


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
class EarlierTerms:
    """What held for records from before a day."""

    until: date
    """The first day on which it held no longer."""
    purposes: Mapping[str, str]
    recipients: tuple[str, ...] | None = None
    """Who received it then; `[]` for nobody."""
    storage_period: str


@toml_table
class Logic:
    """How derived data came about: the procedure and the data that were actually used (Art. 15(1)(h))."""

    procedure: str
    data_used: tuple[str, ...]
    """In the person's words, such as `your orders of the last two years`."""
    significance: str
    """What it means for the person, and what follows from it."""
    decides_alone: bool = False
    """Whether a decision of effect rests on it without any human (Art. 22)."""


@toml_table
class JoinedOwner:
    """The column that a query returns with the owner of a joined row."""

    column: str
    identifier: str | None = None
    """The kind of identifier in it, where not that of the subject key."""


@toml_table
class Dataset:
    """One kind of record about a person."""

    name: str
    """The same as the file's name; lower-case letters, digits and `_`."""
    schema: str
    """A schema of the register's own `schemas` folder, or a built-in one."""
    title: str | None = None
    """In the person's words, where the schema's will not do, as where several datasets share one."""
    source: str
    controllers: tuple[str, ...] = ()
    """Whose it is, where not of all companies that the source holds data of."""
    table: str
    """The table that holds the rows."""
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
    subject_keys: tuple[SubjectKey, ...]
    """A row is the subject's if any of them is, such as sender or recipient."""
    valid_at: tuple[str, ...] = ()
    """Fields with the row's times: it is the subject's if it lies, first to last, within the time of its link."""
    order_by: tuple[str, ...]
    """Columns that, after the subject key, make the order unique; an index must serve both."""
    fields: Mapping[str, FieldMapping]
    deleted: DeletedMark | None = None
    logic: Logic | None = None
    """For data that is derived."""
    obtained_from: tuple[str, ...] = ()
    """For data that is acquired: who gave it, by name (Art. 15(1)(g))."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Columns of the table (or `column/path` of JSON) that no field takes, each with a reason."""
    innocent: Mapping[str, str] = field(default_factory=dict)
    """What is only called like a credential, and why: a column or member by name, or `column/path` (`*`: items)."""
    key_values: Mapping[str, str] = field(default_factory=dict)
    """Column of values to the column with what each is called, such as `meta_value = "meta_key"`; empty: none has."""
    purposes: Mapping[str, str]
    """Purpose to the legal basis that it rests on, such as `A6-1-b`."""
    recipients: tuple[str, ...] | None = None
    """Who receives it; `[]` for nobody. Without it the report says that this is not recorded."""
    storage_period: str
    storage_starts: str | None = None
    """The field that the storage period counts from; without it, no row can be told to be past it."""
    earlier: tuple[EarlierTerms, ...] = ()
    """Other purposes, recipients and storage periods, for records from before a day."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):  # it becomes the name of files in the package
            raise ValueError("name is made of lower-case letters, digits and _")
        if not self.order_by:
            raise ValueError("order_by needs at least one column")
        if not self.subject_keys:
            raise ValueError("subject_keys needs at least one column")
        if (self.query is None) != (self.key is None):
            raise ValueError("query and key go together")
        simple = len(self.subject_keys) == 1 and not self.subject_keys[0].through and not self.history
        if self.query is not None and not simple:
            raise ValueError("query goes with one subject key of its own table, and without history")
        listed = {
            name_parts(t) for t in (self.table, *(h.table for h in self.history if not h.system_versions))
        }
        if any(h.system_versions and name_parts(h.table) not in listed for h in self.history):
            raise ValueError(
                "system_versions are of the dataset's own table, or of one that history names too"
            )
        numbers = {c for m in self.fields.values() if not m.large_object for c in m.columns}
        if self.large_objects & numbers:
            raise ValueError("a column is either read as a large object, or not")
        if self.query is None and (self.joins or self.narrows is not None):
            raise ValueError("joins and narrows go with query")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are read, each once: those of the fields in their order, keys of values, then the mark's."""
        read = [c for f in self.fields.values() for c in f.columns]
        keys = filter(None, self.key_values.values())
        return tuple(dict.fromkeys([*read, *keys, *(() if self.deleted is None else (self.deleted.column,))]))

    @cached_property
    def owner_places(self) -> tuple[int, ...]:
        """Where the cells of each subject key begin in a row; behind them stand the owners of joined rows."""
        return tuple(accumulate((key.width for key in self.subject_keys[:-1]), initial=0))

    @cached_property
    def owner_width(self) -> int:
        """How many cells of a row say whose it is, before those of `columns`."""
        return sum(key.width for key in self.subject_keys) + len(self.joined)

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
    def identifiers(self) -> frozenset[str]:
        """The columns of its own table that say which row it is, and whose."""
        keys = (key.column for key in self.subject_keys if not key.through)
        return frozenset([*keys, *self.order_by, *(() if self.key is None else (self.key,))])

    @property
    def large_objects(self) -> frozenset[str]:
        """The columns with numbers of large objects, which are read in their place."""
        return frozenset(m.column for m in self.fields.values() if m.large_object and m.column is not None)

    @property
    def reads_versions(self) -> bool:
        """Whether it reads versions that a database keeps by itself, and so of rows that were deleted."""
        return any(history.system_versions for history in self.history)

    @property
    def constants(self) -> frozenset[str]:
        """The fields that are the same in every record."""
        return frozenset(name for name, mapping in self.fields.items() if mapping.column is None)

    def terms_at(self, day: date) -> "Dataset | EarlierTerms":
        """The purposes, recipients and storage period for a record of this day."""
        ended = sorted((t for t in self.earlier if day < t.until), key=lambda t: t.until)
        return ended[0] if ended else self

    @property
    def bases(self) -> frozenset[str]:
        """Every basis that a record may rest on, as the register writes it."""
        terms: tuple[Dataset | EarlierTerms, ...] = (self, *self.earlier)
        return frozenset(basis for held in terms for basis in held.purposes.values())
