"""A dataset, as a file under datasets/ defines it.

Editors show the docstrings of fields, because the register's JSON Schema is generated from these classes.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from datetime import date
from functools import cached_property
from itertools import accumulate

from dsar_export.model.comparison import Constant
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.left_out import LeftOut
from dsar_export.model.place import At, TablePlace
from dsar_export.model.reference import Reference
from dsar_export.model.schema import Origin
from dsar_export.model.subject_key import SubjectKey
from dsar_export.model.toml_table import toml_table
from dsar_export.model.undecided import Term
from dsar_export.model.words import Words

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_DEVICE = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9]")


@toml_table
class DeletedMark:
    """How a source marks a row that it still holds but no longer shows to anybody."""

    column: str
    """The column that holds the mark."""
    values: tuple[Constant, ...] = ()
    """The values that mean deleted. With neither these nor `unless`, every value except null does."""
    unless: tuple[Constant, ...] = ()
    """The values that mean not deleted, such as `true` of a column `active`; all others do, null too."""

    def __post_init__(self) -> None:
        if self.values and self.unless:
            raise ValueError("values and unless exclude each other; keep one")


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

    procedure: Words
    """How the data was derived, in the person's words."""
    data_used: tuple[Words, ...]
    """In the person's words, such as `your orders of the last two years`."""
    significance: Words
    """What the derived data means for the person, and its consequences."""
    decides_alone: bool = False
    """Whether a decision with significant effects is based on it without human involvement (Art. 22)."""


@toml_table
class Dataset:
    """One kind of record about a person."""

    name: str
    """The same as the file's name; lower-case letters, digits and `_`."""
    schema: str | None = None
    """A schema in the register's own `schemas` folder, or a built-in one; without it, `fields` describe themselves."""
    title: Words | None = None
    """In the person's words, if the schema's title does not fit, such as when several datasets share a schema."""
    description: Words | None = None
    """Without `schema`: what the data is, in the person's words."""
    origin: Origin | None = None
    """The origin of the fields that no schema describes, each of which may name its own."""
    period: str | None = None
    """Without `schema`: the field with the date or time by which records are counted per month."""
    source: str
    """The source that holds it, as named in register.toml."""
    at: At
    """Where the source has it: the collector's own keys of the file."""
    controllers: tuple[str, ...] = ()
    """The controllers whose data this is, if not all controllers of the source."""
    subject: str | None = None
    """The kind of people whose data this is, as named under `subjects`; needed if there are several."""
    subject_keys: tuple[SubjectKey, ...]
    """A row belongs to the subject if any of these keys does, such as sender or recipient."""
    valid_at: tuple[str, ...] = ()
    """Fields with the row's times: it is the subject's if they all lie in one period in which its link is valid."""
    fields: Mapping[str, FieldMapping]
    """The fields of a record, each with the column or value that it comes from."""
    references: tuple[Reference, ...] = ()
    """Several fields that together refer to another dataset; a single one has `references` of its own."""
    deleted: DeletedMark | None = None
    """How the source marks a row as deleted, if it keeps such rows."""
    logic: Logic | None = None
    """For derived data: how it was produced."""
    obtained_from: tuple[Words, ...] = ()
    """For acquired data: who provided it, by name (Art. 15(1)(g))."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Columns of the table (or `column/path` in JSON) that are not mapped to any field, each with a reason."""
    innocent: Mapping[str, str] = field(default_factory=dict)
    """Names that only look like credentials, each with a reason: a column or member, or `column/path` (`*`: item)."""
    key_values: Mapping[str, str] = field(default_factory=dict)
    """Each column of values with the column that names them, such as `meta_value = "meta_key"`; empty if none does."""
    purposes: Mapping[str, str] = field(default_factory=dict)
    """Each purpose with its legal basis, such as `A6-1-b`; missing only if it is undecided."""
    recipients: tuple[str, ...] | None = None
    """Who receives the data; `[]` for nobody. If missing, the report states that this is not recorded."""
    storage_period: str | None = None
    """The storage period, as named in register.toml; missing only if it is undecided."""
    undecided: tuple[Term, ...] = ()
    """Those of these keys that nobody has decided on yet: they are missing here, and the report states it."""
    storage_starts: str | None = None
    """The field from which the storage period counts. Without it, no row can be marked as past its period."""
    earlier: tuple[EarlierTerms, ...] = ()
    """Other purposes, recipients and storage periods, for records from before a certain day."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):  # it becomes the name of files in the package
            raise ValueError("name must be lower-case letters, digits and _, and begin with a letter")
        if _DEVICE.fullmatch(self.name):
            raise ValueError(
                "name is a device of Windows, which can't unpack it; Windows has no files of this name"
            )
        if self.schema is not None and not (self.description is None and self.period is None):
            raise ValueError("schema excludes description and period, which it has itself; drop them")
        if not self.subject_keys:
            raise ValueError("subject_keys needs at least one key")
        simple = len(self.subject_keys) == 1 and not self.subject_keys[0].through and not self.place.history
        if self.place.query is not None and not simple:
            raise ValueError("a query needs exactly one subject key, without through, and excludes history")
        if self.storage_starts is not None and Term.STORAGE_PERIOD in self.undecided:
            raise ValueError(
                "storage_starts needs a storage_period; drop it as long as the period is undecided"
            )
        numbers = {c for m in self.fields.values() if not m.large_object for c in m.columns}
        if self.large_objects & numbers:
            raise ValueError("large_object must be the same in all fields of one column")

    @property
    def place(self) -> TablePlace:
        """Where the source has it, in words that every source shares."""
        return self.at.place

    @cached_property
    def described(self) -> frozenset[str]:
        """The fields that the register describes itself, as no schema does."""
        return frozenset(
            n for n, mapping in self.fields.items() if self.schema is None or mapping.is_described
        )

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
        return sum(key.width for key in self.subject_keys) + len(self.place.joined)

    @property
    def identifiers(self) -> frozenset[str]:
        """The columns of its own table that identify a row or its owner."""
        keys = (key.column for key in self.subject_keys if not key.through)
        return frozenset([*keys, *self.place.order_by, *self.place.keys])

    @property
    def every_reference(self) -> tuple[Reference, ...]:
        """The references of single fields, then those of several."""
        single = ((name, f.references.partition(".")) for name, f in self.fields.items() if f.references)
        found = (Reference(fields=(name,), dataset=other, to=(to,)) for name, (other, _, to) in single)
        return (*found, *self.references)

    @property
    def large_objects(self) -> frozenset[str]:
        """The columns with numbers of large objects; the objects are read in place of the numbers."""
        return frozenset(m.column for m in self.fields.values() if m.large_object and m.column is not None)

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
