"""The register: what its TOML files hold, one class for one kind of table.

These plain dataclasses are also what the files are validated against and what the register's JSON Schema
is made from, so a field's docstring is what an editor shows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar, dataclass_transform

from dsar_export.model.schema import DatasetSchema, Origin

T = TypeVar("T")

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_UNIT = re.compile(r"1/10+|[1-9][0-9]*|epoch_seconds|epoch_milliseconds")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def entry(cls: type[T]) -> type[T]:
    """Makes a frozen dataclass that refuses unknown keys when it is read from a file."""
    # A plain attribute, so that the model needs no pydantic to say how strictly it is read.
    cls.__pydantic_config__ = {"extra": "forbid", "use_attribute_docstrings": True}  # type: ignore[attr-defined] # read by name
    return dataclass(frozen=True, kw_only=True)(cls)


class Match(StrEnum):
    """How a stored identifier is compared with the subject's."""

    EXACT = "exact"
    CASEFOLD = "casefold"

    def fold(self, value: str) -> str:
        """What two equal identifiers have in common; used alike in SQL and in the ownership assertion."""
        return value.casefold() if self is Match.CASEFOLD else value


class LeftOutReason(StrEnum):
    """Why a table or column is exported by no dataset."""

    NOT_PERSONAL = "not_personal"
    WITHHELD = "withheld"


class RecipientRole(StrEnum):
    """What a recipient is under Art. 4(7), 4(8) and 26 GDPR."""

    PROCESSOR = "processor"
    CONTROLLER = "controller"
    JOINT = "joint"


@entry
class Authority:
    """The supervisory authority of a controller."""

    name: str
    url: str


@entry
class Controller:
    """The legal entity that answers."""

    name: str
    address: str
    country: str
    """ISO 3166 code of two letters."""
    language: str
    """BCP 47 tag of the language in which it answers."""
    time_zone: str
    """IANA name, for the times in the report."""
    contact: str
    """Where the person may ask, object or correct."""
    authority: Authority


@entry
class LeftOut:
    """A table or column that no dataset exports, and why."""

    reason: LeftOutReason
    note: str
    """In the person's words: for `withheld` it is told in the report."""


@entry
class Source:
    """One system that holds data."""

    kind: str
    """The collector that reads it, such as `sql_database`."""
    url: str
    """Where it is, or `env:NAME` for the environment variable that says so."""
    controllers: tuple[str, ...]
    timeout: int = 60
    """Seconds that the source may take for its next rows."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Tables and views that no dataset reads, each with a reason."""


@entry
class Purpose:
    """Why data is processed (Art. 15(1)(a))."""

    title: str
    description: str


@entry
class Recipient:
    """To whom data was disclosed (Art. 4(9), 15(1)(c))."""

    name: str
    role: RecipientRole
    country: str
    description: str


@entry
class Transfer:
    """Data that went to a third country, and the dated safeguard (Art. 15(2))."""

    recipient: str
    country: str
    safeguard: str
    """An article such as `A46-2-c`."""
    since: date
    description: str


@entry
class StoragePeriod:
    """How long data is kept, and from when (Art. 15(1)(d))."""

    title: str
    duration: str
    """ISO 8601, such as `P7Y`."""
    starts: str
    """What the period is counted from."""


@entry
class Promise:
    """A category of data that the privacy notice names, and which datasets answer it."""

    id: str
    text: str
    datasets: tuple[str, ...] = ()
    not_searched: str | None = None
    """The ground, where no dataset answers it."""


@entry
class Link:
    """How one identifier leads to another: rows of a table that hold both."""

    given: str
    """The kind of identifier that is known."""
    leads_to: str
    """The kind of identifier that is found."""
    source: str
    table: str
    given_column: str
    leads_to_column: str
    match: Match = Match.EXACT


@entry
class SubjectKey:
    """The column of a row's own table that says whose row it is."""

    column: str
    identifier: str
    """The kind of identifier that the column holds."""
    match: Match = Match.EXACT


@entry
class FieldMapping:
    """Where a record's field comes from."""

    column: str | None = None
    value: str | None = None
    """The same for every row, such as a currency; in place of a column."""
    zone: str | None = None
    """IANA time zone of stored times that name none."""
    unit: str | None = None
    """What one stored unit is worth: `1/100`, `1024`, `epoch_seconds`, `epoch_milliseconds`."""
    codes: Mapping[str, str] | None = None
    """Stored code to the schema's value."""
    origin: Origin | None = None
    """Where it differs from the schema's."""

    def __post_init__(self) -> None:
        if (self.column is None) == (self.value is None):
            raise ValueError("needs either column or value")
        if self.unit is not None and not _UNIT.fullmatch(self.unit):
            raise ValueError("unit is 1/100 or another power of ten, a whole number, or epoch_seconds")


@entry
class Dataset:
    """One kind of record about a person."""

    name: str
    """The same as the file's name; lower-case letters, digits and `_`."""
    schema: str
    """A schema of the register's own `schemas` folder, or a built-in one."""
    source: str
    table: str
    """The table or view that holds the rows."""
    query: str | None = None
    """A SELECT in place of the whole table, with `IN :identifier_kind`; it must return `key`."""
    key: str | None = None
    """With `query`: the table's unique column, by which each row's owner is looked up again."""
    subject_key: SubjectKey
    order_by: tuple[str, ...]
    """Columns that order the rows and together are unique; an index must serve them."""
    fields: Mapping[str, FieldMapping]
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Columns of the table that no field takes, each with a reason."""
    purposes: Mapping[str, str]
    """Purpose to the legal basis that it rests on, such as `A6-1-b`."""
    recipients: tuple[str, ...] = ()
    storage_period: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):  # it becomes the name of files in the package
            raise ValueError("name is made of lower-case letters, digits and _")
        if not self.order_by:
            raise ValueError("order_by needs at least one column")
        if (self.query is None) != (self.key is None):
            raise ValueError("query and key go together")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the fields read, each once, in the fields' order."""
        return tuple(dict.fromkeys(f.column for f in self.fields.values() if f.column is not None))


@entry
class Organisation:
    """What register.toml holds."""

    version: str
    """The register's own edition, such as `2026-11-01`; it is stated in every package."""
    notice: str
    """The privacy notice that the promises are taken from, with its date."""
    subject: str
    """The kind of identifier that stands for one person: two of them found means two people."""
    datasets: tuple[str, ...]
    """The datasets in the order of the package; each has a file of its name under datasets/."""
    controllers: Mapping[str, Controller]
    sources: Mapping[str, Source]
    purposes: Mapping[str, Purpose]
    recipients: Mapping[str, Recipient] = field(default_factory=dict)
    transfers: tuple[Transfer, ...] = ()
    storage_periods: Mapping[str, StoragePeriod]
    promises: tuple[Promise, ...]
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Register:
    """An organisation's whole register, read and checked in itself."""

    folder: Path
    organisation: Organisation
    datasets: tuple[Dataset, ...]
    schemas: Mapping[str, DatasetSchema]

    def datasets_of(self, controller: str) -> tuple[Dataset, ...]:
        """The datasets whose source holds data of this controller, in the register's order."""
        sources = self.organisation.sources
        return tuple(d for d in self.datasets if controller in sources[d.source].controllers)

    @property
    def identifier_kinds(self) -> frozenset[str]:
        """Every kind of identifier that a link or a dataset knows."""
        links = self.organisation.links
        named = {link.given for link in links} | {link.leads_to for link in links}
        return frozenset(
            named | {d.subject_key.identifier for d in self.datasets} | {self.organisation.subject}
        )
