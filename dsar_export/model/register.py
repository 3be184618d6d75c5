"""The register, with one class for each kind of table in its TOML files.

The files are validated against these plain dataclasses. The register's JSON Schema is generated from them too, so
editors show the docstrings of fields.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from dsar_export.model.comparison import Strength
from dsar_export.model.contact import Contact
from dsar_export.model.controller import Controller
from dsar_export.model.dataset import Dataset
from dsar_export.model.held_for import HeldFor
from dsar_export.model.left_out import LeftOut
from dsar_export.model.legal import LEGAL_BASES
from dsar_export.model.link import Link
from dsar_export.model.place import At, LinkAt, SourceAt
from dsar_export.model.schema import DatasetSchema, FieldKind
from dsar_export.model.subject_kind import SubjectKind
from dsar_export.model.terms import Purpose, Recipient, StoragePeriod, Transfer
from dsar_export.model.toml_table import toml_table
from dsar_export.model.undecided import Statement
from dsar_export.model.words import Translations, Words

OWN_SOURCE: Final = "dsar-export"
"""The name of the source that is this program itself: no register declares it."""


@toml_table
class Source:
    """One system that holds data."""

    kind: str
    """The collector that reads it, such as `sql_database`."""
    url: str
    """The source's address, or `env:NAME` for the environment variable that holds it."""
    controllers: tuple[str, ...]
    """The controllers whose data it holds."""
    tenants: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)
    """If several companies share tables: each controller with the values of a `tenant_column` in its rows."""
    timeout: int = 60
    """Seconds that the source may take to return its next rows."""
    at_most: int | None = None
    """How many requests may read it at once; without it, as many as there are workers."""
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)
    """Tables and views that no dataset reads, each with a reason."""
    foreign_tables: Mapping[str, str] = field(default_factory=dict)
    """Tables that are read although their rows lie on another server, each with why that server shows all rows."""
    held_for: HeldFor | None = None
    """The client, if it holds a client's data alone: then it is never opened, and people are referred to the client."""
    at: SourceAt | None = None
    """How the source is reached, if its collector has keys of its own for that."""

    def __post_init__(self) -> None:
        if self.at_most is not None and self.at_most < 1:
            raise ValueError("at_most is 1 or more; leave it out for no limit")


@toml_table
class NotSearched:
    """Why a promised category was not searched; a search is reasonable and proportionate (Art. 15(1A) UK GDPR)."""

    ground: Words
    """Why no search is made, in the person's words."""
    effort: Words
    """What was done nevertheless, or the effort that a search would have needed."""
    decided_by: Words
    """Who decided this: a role, such as `data protection officer`."""


@toml_table
class Promise:
    """A category of data that the privacy notice names, and the datasets that answer it."""

    id: str
    text: Words
    datasets: tuple[str, ...] = ()
    not_searched: NotSearched | None = None
    """Why no dataset answers it; instead of `datasets`."""
    controllers: tuple[str, ...] = ()
    """The controllers that promise it, if not all."""
    subject: str | None = None
    """The kind of people whom it concerns; without it, those who have one of the datasets, or all if none is named."""


@toml_table
class Organisation:
    """The contents of register.toml."""

    version: str
    """The register's own edition, such as `2026-11-01`; every package states it."""
    notice: Words | None = None
    """The privacy notice that contains the promises, with its date; missing only if it is undecided."""
    language: str = "en"
    """BCP 47 tag of the language in which the register itself is written."""
    subject: str | None = None
    """The kind of identifier that stands for one person: two different values mean two people."""
    subjects: Mapping[str, SubjectKind] = field(default_factory=dict)
    """Instead of `subject`, if the register has several kinds of people, such as customers and employees."""
    identifiers: Mapping[str, Words] = field(default_factory=dict)
    """What kinds of identifier are called in the report, such as `crm_id = "Customer number"`."""
    supplied: tuple[str, ...] = ()
    """Kinds of identifier that a person may supply without proof by a link, such as a cookie id (Art. 11(2) GDPR)."""
    datasets: tuple[str, ...]
    """The datasets in the order of the package; each has a file with its name under datasets/."""
    controllers: Mapping[str, Controller]
    sources: Mapping[str, Source]
    purposes: Mapping[str, Purpose]
    bases: Mapping[str, str] = field(default_factory=dict)
    """Legal bases to which the notice gives its own names (`prevention of fraud`), each with its article of Art. 6."""
    recipients: Mapping[str, Recipient] = field(default_factory=dict)
    transfers: tuple[Transfer, ...] = ()
    storage_periods: Mapping[str, StoragePeriod]
    promises: tuple[Promise, ...] = ()
    """What the notice promises; missing only if it is undecided."""
    undecided: tuple[Statement, ...] = ()
    """Those of `notice` and `promises` that nobody has decided on yet: they are missing here."""
    links: tuple[Link, ...] = ()
    contacts: tuple[Contact, ...] = ()
    """Where people are reached: the only addresses to which a code is sent that proves who asks."""

    @property
    def lookups(self) -> Mapping[str, Link]:
        """Every table in which identifiers are looked up, by its key in register.toml: links, and contacts as links."""
        contacts = {f"contacts.{index}": contact.link for index, contact in enumerate(self.contacts)}
        return {**{f"links.{index}": link for index, link in enumerate(self.links)}, **contacts}


@dataclass(frozen=True)
class Register:
    """An organisation's whole register, as read from its folder."""

    folder: Path
    organisation: Organisation
    datasets: tuple[Dataset, ...]
    schemas: Mapping[str, DatasetSchema]
    own_schemas: frozenset[str] = frozenset()
    """The names of those schemas that are in the register's folder."""
    translations: Mapping[str, Translations] = field(default_factory=dict)
    """The translations of the register's words, by primary language such as `de`."""
    made: Mapping[str, DatasetSchema] = field(default_factory=dict)
    """The schemas that were made from the mapping of a dataset, by the dataset's name."""
    kind: str | None = None
    """The kind of people whom it is about, as named under `subjects`; None if there are several, or none is named."""
    whole: "Register | None" = field(default=None, repr=False)
    """The register of which this is a part."""

    @property
    def everybody(self) -> "Register":
        """The register with all kinds of people."""
        return self.whole or self

    @property
    def subject(self) -> str:
        """The kind of identifier that stands for one person, where the register is that of one kind of people."""
        if self.organisation.subject is None:
            raise ValueError("the register has several kinds of people; take the part of one")
        return self.organisation.subject

    def schema_of(self, dataset: Dataset) -> DatasetSchema:
        """What a dataset's records conform to; not whole while the source's catalogue has to be asked first."""
        return self.made[dataset.name] if dataset.name in self.made else self.schemas[dataset.schema or ""]

    def has_own_words(self, dataset: Dataset) -> bool:
        """Whether the texts of a dataset's schema are the register's own."""
        return dataset.schema is None or dataset.schema in self.own_schemas

    def for_controller(self, controller: str) -> "Register":
        """The register from one controller's point of view: without recipients, transfers and promises of others."""
        org = self.organisation
        recipients = {name: r for name, r in org.recipients.items() if _concerns(r, controller)}
        transfers = tuple(t for t in org.transfers if t.recipient in recipients and _concerns(t, controller))
        promises = tuple(p for p in org.promises if _concerns(p, controller))
        own = replace(org, recipients=recipients, transfers=transfers, promises=promises)
        datasets = tuple(_with_recipients(d, frozenset(recipients)) for d in self.datasets)
        return replace(self, organisation=own, datasets=datasets)

    def tenants_of(self, source: str, controller: str) -> tuple[str | int, ...]:
        """The values of a source's tenant columns in this controller's rows."""
        return self.organisation.sources[source].tenants.get(controller, ())

    def other_tenants_of(self, source: str, controller: str) -> tuple[str | int, ...]:
        """The values of a source's tenant columns in the rows of all other controllers."""
        tenants = self.organisation.sources[source].tenants
        return tuple(tenant for other, values in tenants.items() if other != controller for tenant in values)

    def parts_in(self, source: str) -> tuple[At | LinkAt, ...]:
        """What datasets, links and contacts say about where a source has their rows."""
        organisation = self.organisation
        places: tuple[Dataset | Link | Contact, ...] = (
            *self.datasets,
            *organisation.links,
            *organisation.contacts,
        )
        return tuple(each.at for each in places if each.source == source)

    def datasets_of(self, controller: str) -> tuple[Dataset, ...]:
        """The datasets that hold data of this controller, in the register's order."""
        return tuple(d for d in self.datasets if controller in self.controllers_of(d))

    def controllers_of(self, dataset: Dataset) -> tuple[str, ...]:
        """The controllers whose data a dataset holds."""
        return dataset.controllers or self.organisation.sources[dataset.source].controllers

    def links_of(self, controller: str) -> tuple[Link, ...]:
        """The links in sources that hold data of this controller."""
        sources = self.organisation.sources
        return tuple(ln for ln in self.organisation.links if controller in sources[ln.source].controllers)

    def held_for_clients(self, controller: str) -> tuple[HeldFor, ...]:
        """What this controller holds for clients, as their processor."""
        sources = self.organisation.sources.values()
        return tuple(s.held_for for s in sources if s.held_for is not None and controller in s.controllers)

    def contacts_of(self, controller: str) -> tuple[Contact, ...]:
        """Where people are reached, in sources that hold data of this controller."""
        sources = self.organisation.sources
        return tuple(c for c in self.organisation.contacts if controller in sources[c.source].controllers)

    @property
    def names_known_sources(self) -> bool:
        """Whether the register has the source of every link and dataset."""
        named = {link.source for link in self.organisation.links} | {d.source for d in self.datasets}
        return named <= set(self.organisation.sources)

    def key_fields(self, dataset: Dataset, schema: DatasetSchema) -> tuple[tuple[str, ...], ...]:
        """The fields of a schema by which a dataset refers to another, or is referred to: one or several each time."""
        refers = [reference.fields for reference in dataset.every_reference]
        every = (reference for other in self.datasets for reference in other.every_reference)
        referred = [reference.to for reference in every if reference.dataset == dataset.name]
        names = {f.name for f in schema.fields if f.kind is not FieldKind.STRUCTURE}
        return tuple(key for key in dict.fromkeys([*refers, *referred]) if names.issuperset(key))

    def article(self, basis: str) -> str | None:
        """The article of a legal basis, by the article's own name or the notice's; None for an unknown one."""
        named = self.organisation.bases.get(basis, basis)
        return named if named in LEGAL_BASES else None

    def articles(self, dataset: Dataset) -> frozenset[str]:
        """Every article that a dataset's purposes rest on, now or earlier."""
        return frozenset(a for b in dataset.bases if (a := self.article(b)) is not None)

    @property
    def identifier_kinds(self) -> frozenset[str]:
        """Every kind of identifier in a link or a subject key, with `subject` and `supplied`."""
        links = self.organisation.links
        named = {link.given for link in links} | {link.leads_to for link in links}
        keys = {key.identifier for d in self.datasets for key in d.subject_keys}
        subjects = {kind.identifier for kind in self.organisation.subjects.values()}
        own = subjects if self.organisation.subject is None else {self.organisation.subject}
        return frozenset(named | keys | own | {*self.organisation.supplied})

    @property
    def reference_kinds(self) -> frozenset[str]:
        """The kinds of what people's rows refer to, which is nobody's identifier: several people may share it."""
        links = self.organisation.links
        return frozenset(link.leads_to for link in links if link.strength is Strength.REFERENCE)

    @property
    def given_kinds(self) -> frozenset[str]:
        """The kinds of identifiers that a person can give."""
        return self.identifier_kinds - self.reference_kinds

    @property
    def kinds_without_proof(self) -> frozenset[str]:
        """The kinds that don't make a row the subject's if another key of the row names somebody else."""
        return self.reference_kinds | {*self.organisation.supplied}


def _concerns(entry: Recipient | Transfer | Promise, controller: str) -> bool:
    return not entry.controllers or controller in entry.controllers


def _with_recipients(dataset: Dataset, recipients: frozenset[str]) -> Dataset:
    """The dataset with only these recipients."""
    earlier = tuple(replace(t, recipients=_only(t.recipients, recipients)) for t in dataset.earlier)
    return replace(dataset, recipients=_only(dataset.recipients, recipients), earlier=earlier)


def _only(names: tuple[str, ...] | None, recipients: frozenset[str]) -> tuple[str, ...] | None:
    return None if names is None else tuple(name for name in names if name in recipients)
