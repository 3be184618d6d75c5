"""The register: what its TOML files hold, one class for one kind of table.

These plain dataclasses are also what the files are validated against and what the register's JSON Schema
is made from, so a field's docstring is what an editor shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

from dsar_export.model.dataset import Dataset
from dsar_export.model.left_out import LeftOut
from dsar_export.model.legal import LEGAL_BASES
from dsar_export.model.link import Link
from dsar_export.model.schema import DatasetSchema, FieldKind
from dsar_export.model.toml_table import toml_table


class RecipientRole(StrEnum):
    """What a recipient is under Art. 4(7), 4(8) and 26 GDPR."""

    PROCESSOR = "processor"
    CONTROLLER = "controller"
    JOINT = "joint"


@toml_table
class Authority:
    """The supervisory authority of a controller."""

    name: str
    url: str


@toml_table
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


@toml_table
class Source:
    """One system that holds data."""

    kind: str
    """The collector that reads it, such as `sql_database`."""
    url: str
    """Where it is, or `env:NAME` for the environment variable that says so."""
    controllers: tuple[str, ...]
    tenants: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)
    """Where several companies share tables: what a `tenant_column` holds, by company."""
    timeout: int = 60
    """Seconds that the source may take for its next rows."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Tables and views that no dataset reads, each with a reason."""
    foreign_tables: Mapping[str, str] = field(default_factory=dict)
    """Tables whose rows lie on another server and that are read all the same, each with why it shows all rows."""


@toml_table
class Purpose:
    """Why data is processed (Art. 15(1)(a))."""

    title: str
    description: str


@toml_table
class Recipient:
    """To whom data was disclosed (Art. 4(9), 15(1)(c))."""

    name: str
    role: RecipientRole
    country: str
    description: str
    controllers: tuple[str, ...] = ()
    """Who discloses to it, where not every controller."""


@toml_table
class Transfer:
    """Data that went to a third country, and the dated safeguard (Art. 15(2))."""

    recipient: str
    country: str
    safeguard: str
    """An article such as `A46-2-c`."""
    since: date
    description: str
    controllers: tuple[str, ...] = ()
    """Whose data goes there, where not every controller's."""


@toml_table
class StoragePeriod:
    """How long data is kept, and from when (Art. 15(1)(d))."""

    title: str
    duration: str
    """ISO 8601, such as `P7Y`."""
    starts: str
    """What the period is counted from, in the person's words."""
    from_year_end: bool = False
    """Whether it is counted from the end of the year of that day."""


@toml_table
class NotSearched:
    """Why a promised category was not looked for; a search is reasonable and proportionate (Art. 15(1A) UK GDPR)."""

    ground: str
    effort: str
    """What was done all the same, or what a search would have taken."""
    decided_by: str
    """Who decided it: a role, such as `data protection officer`."""


@toml_table
class Promise:
    """A category of data that the privacy notice names, and which datasets answer it."""

    id: str
    text: str
    datasets: tuple[str, ...] = ()
    not_searched: NotSearched | None = None
    """Where no dataset answers it."""
    controllers: tuple[str, ...] = ()
    """Who promises it, where not every controller."""


@toml_table
class Organisation:
    """What register.toml holds."""

    version: str
    """The register's own edition, such as `2026-11-01`; it is stated in every package."""
    notice: str
    """The privacy notice that the promises are taken from, with its date."""
    subject: str
    """The kind of identifier that stands for one person: two of them found means two people."""
    supplied: tuple[str, ...] = ()
    """Kinds that a person may supply and no link need prove, such as a cookie id (Art. 11(2) GDPR)."""
    datasets: tuple[str, ...]
    """The datasets in the order of the package; each has a file of its name under datasets/."""
    controllers: Mapping[str, Controller]
    sources: Mapping[str, Source]
    purposes: Mapping[str, Purpose]
    bases: Mapping[str, str] = field(default_factory=dict)
    """What the notice calls a basis and Art. 6 does not (`prevention of fraud`), to the article that it is."""
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

    def for_controller(self, controller: str) -> "Register":
        """The register as one controller tells it: without what only others do."""
        org = self.organisation
        recipients = {name: r for name, r in org.recipients.items() if _concerns(r, controller)}
        transfers = tuple(t for t in org.transfers if t.recipient in recipients and _concerns(t, controller))
        promises = tuple(p for p in org.promises if _concerns(p, controller))
        told = replace(org, recipients=recipients, transfers=transfers, promises=promises)
        datasets = tuple(_to_whom(d, frozenset(recipients)) for d in self.datasets)
        return replace(self, organisation=told, datasets=datasets)

    def tenants_of(self, source: str, controller: str) -> tuple[str | int, ...]:
        """What a tenant column of a source holds in this controller's rows."""
        return self.organisation.sources[source].tenants.get(controller, ())

    def other_tenants_of(self, source: str, controller: str) -> tuple[str | int, ...]:
        """What a tenant column of a source holds in the rows of all other controllers."""
        tenants = self.organisation.sources[source].tenants
        return tuple(tenant for other, held in tenants.items() if other != controller for tenant in held)

    def datasets_of(self, controller: str) -> tuple[Dataset, ...]:
        """The datasets that hold data of this controller, in the register's order."""
        return tuple(d for d in self.datasets if controller in self.controllers_of(d))

    def controllers_of(self, dataset: Dataset) -> tuple[str, ...]:
        """Whose dataset it is."""
        return dataset.controllers or self.organisation.sources[dataset.source].controllers

    def links_of(self, controller: str) -> tuple[Link, ...]:
        """The links over sources that hold data of this controller."""
        sources = self.organisation.sources
        return tuple(ln for ln in self.organisation.links if controller in sources[ln.source].controllers)

    @property
    def names_known_sources(self) -> bool:
        """Whether every link and dataset is over a source that the register has."""
        named = {link.source for link in self.organisation.links} | {d.source for d in self.datasets}
        return named <= set(self.organisation.sources)

    def key_fields(self, dataset: Dataset, schema: DatasetSchema) -> tuple[str, ...]:
        """The fields of a schema by which a dataset refers to another, or is referred to."""
        referred = {f.references for d in self.datasets for f in d.fields.values()}
        refers = {name for name, f in dataset.fields.items() if f.references is not None}
        return tuple(
            f.name
            for f in schema.fields
            if f.kind is not FieldKind.STRUCTURE
            and (f.name in refers or f"{dataset.name}.{f.name}" in referred)
        )

    def article(self, basis: str) -> str | None:
        """The article that a basis is, by its own name or by the one that the notice gives it."""
        named = self.organisation.bases.get(basis, basis)
        return named if named in LEGAL_BASES else None

    def articles(self, dataset: Dataset) -> frozenset[str]:
        """Every article that a dataset's purposes rest on, now or earlier."""
        return frozenset(a for b in dataset.bases if (a := self.article(b)) is not None)

    @property
    def identifier_kinds(self) -> frozenset[str]:
        """Every kind of identifier that a link or a dataset knows."""
        links = self.organisation.links
        named = {link.given for link in links} | {link.leads_to for link in links}
        keys = {key.identifier for d in self.datasets for key in d.subject_keys}
        return frozenset(named | keys | {self.organisation.subject, *self.organisation.supplied})


def _concerns(held: Recipient | Transfer | Promise, controller: str) -> bool:
    return not held.controllers or controller in held.controllers


def _to_whom(dataset: Dataset, recipients: frozenset[str]) -> Dataset:
    """The dataset without recipients that are none of the controller's."""
    earlier = tuple(replace(t, recipients=_named(t.recipients, recipients)) for t in dataset.earlier)
    return replace(dataset, recipients=_named(dataset.recipients, recipients), earlier=earlier)


def _named(names: tuple[str, ...] | None, recipients: frozenset[str]) -> tuple[str, ...] | None:
    return None if names is None else tuple(name for name in names if name in recipients)
