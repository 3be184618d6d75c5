"""The contents of a package."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dsar_export.model.controller import Controller
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Answer, Digest, FieldLeftOut, Gap, Outcome, Record
from dsar_export.model.register import Promise, Register
from dsar_export.model.request import SubjectRequest
from dsar_export.model.schema import DatasetSchema


class MemberRole(StrEnum):
    """The role of a member of the package."""

    RECORDS = "records"
    SCHEMA = "schema"
    NONCONFORMING = "nonconforming"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Member:
    """A finished member: its name, and its size in bytes and hash before compression and encryption."""

    path: str
    size: int
    sha256: str
    role: MemberRole
    mediatype: str
    dataset: str | None = None


@dataclass(frozen=True)
class Document:
    """A member with a document; its body comes in pieces, so that a long one is never in memory as a whole."""

    path: str
    body: Iterable[bytes]
    mediatype: str
    encrypted: bool = True


@dataclass(frozen=True)
class SourceMoment:
    """When a source was opened, and the moment that its data reflects (an earlier one on a lagging standby)."""

    source: str
    opened: datetime
    as_of: datetime

    @property
    def lag(self) -> timedelta:
        return max(self.opened - self.as_of, timedelta())


@dataclass(frozen=True)
class DatasetAnswer:
    """The answer of a dataset: its entry in the register, the schema that ships, and what became of its rows.

    `warnings` are for staff; they are not gaps that the person is informed of.
    """

    dataset: Dataset
    schema: DatasetSchema
    outcome: Outcome
    digest: Digest
    left_out: tuple[FieldLeftOut, ...] = ()
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()
    unread: bool = False
    """Whether its source could not be read, which is one of the gaps."""


@dataclass(frozen=True)
class NotCovered:
    """A dataset that the mandate of an agent does not cover: it was neither searched nor sent."""

    dataset: Dataset
    schema: DatasetSchema


@dataclass(frozen=True)
class PromiseAnswer:
    """A promise of the notice, what became of it, and the datasets of the package that answer it.

    `elsewhere` means that only another company named in the notice holds such data. `not_covered` are the datasets
    that would answer it, but are outside an agent's mandate.
    """

    promise: Promise
    answer: Answer
    records: int
    elsewhere: bool = False
    datasets: tuple[str, ...] = ()
    not_covered: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportChoices:
    """How the report is made: its language (a BCP 47 tag), with every row for reading on paper, in large print."""

    language: str
    every_row: bool = False
    large_print: bool = False


@dataclass(frozen=True)
class PackageContents:
    """Everything that the documents are made from.

    `records` takes a dataset's name and returns its records as they are in the package, anew on each call.
    """

    request: SubjectRequest
    register: Register
    controller: Controller
    datasets: tuple[DatasetAnswer, ...]
    promises: tuple[PromiseAnswer, ...]
    gaps: tuple[Gap, ...]
    created: datetime
    software: str
    identity: Identity
    report: ReportChoices
    records: Callable[[str], Iterable[Record]]
    moments: tuple[SourceMoment, ...] = ()
    not_covered: tuple[NotCovered, ...] = ()
