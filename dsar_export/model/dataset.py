"""A dataset: what a file under datasets/ holds.

A field's docstring is what an editor shows, as these classes are what the register's JSON Schema is made from.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from functools import cached_property
from itertools import accumulate

from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.left_out import LeftOut
from dsar_export.model.place import At, TablePlace
from dsar_export.model.subject_key import SubjectKey
from dsar_export.model.toml_table import toml_table

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@toml_table
class DeletedMark:
    """How a source marks a row that it shows to nobody any more, and still holds."""

    column: str
    values: tuple[str, ...] = ()
    """The values that mean deleted; without any, every value but null does."""


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
class Dataset:
    """One kind of record about a person."""

    name: str
    """The same as the file's name; lower-case letters, digits and `_`."""
    schema: str
    """A schema of the register's own `schemas` folder, or a built-in one."""
    title: str | None = None
    """In the person's words, where the schema's will not do, as where several datasets share one."""
    source: str
    at: At
    """Where the source has it: the collector's own keys of the file."""
    controllers: tuple[str, ...] = ()
    """Whose it is, where not of all companies that the source holds data of."""
    subject_keys: tuple[SubjectKey, ...]
    """A row is the subject's if any of them is, such as sender or recipient."""
    valid_at: tuple[str, ...] = ()
    """Fields with the row's times: it is the subject's if it lies, first to last, within the time of its link."""
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
        if not self.subject_keys:
            raise ValueError("subject_keys needs at least one column")
        simple = len(self.subject_keys) == 1 and not self.subject_keys[0].through and not self.place.history
        if self.place.query is not None and not simple:
            raise ValueError("query goes with one subject key of its own table, and without history")
        numbers = {c for m in self.fields.values() if not m.large_object for c in m.columns}
        if self.large_objects & numbers:
            raise ValueError("a column is either read as a large object, or not")

    @property
    def place(self) -> TablePlace:
        """Where the source has it, in words that every source shares."""
        return self.at.place

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
        return sum(key.width for key in self.subject_keys) + len(self.place.joined)

    @property
    def identifiers(self) -> frozenset[str]:
        """The columns of its own table that say which row it is, and whose."""
        keys = (key.column for key in self.subject_keys if not key.through)
        return frozenset(
            [*keys, *self.place.order_by, *(() if self.place.key is None else (self.place.key,))]
        )

    @property
    def large_objects(self) -> frozenset[str]:
        """The columns with numbers of large objects, which are read in their place."""
        return frozenset(m.column for m in self.fields.values() if m.large_object and m.column is not None)

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
