"""What a package holds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Answer, Digest, FieldLeftOut, Gap, Outcome, Record
from dsar_export.model.register import Controller, Promise, Register
from dsar_export.model.request import SubjectRequest
from dsar_export.model.schema import DatasetSchema


class MemberRole(StrEnum):
    """What a member of the package is."""

    RECORDS = "records"
    SCHEMA = "schema"
    NONCONFORMING = "nonconforming"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Member:
    """A finished member: its name, size in bytes and hash before compression and encryption."""

    path: str
    size: int
    sha256: str
    role: MemberRole
    mediatype: str
    dataset: str | None = None


@dataclass(frozen=True)
class Document:
    """A member of its own; its body comes in pieces, so that a long one need never be whole in memory."""

    path: str
    body: Iterable[bytes]
    mediatype: str
    encrypted: bool = True


@dataclass(frozen=True)
class SourceMoment:
    """When a source was opened, and which moment its data are of: an earlier one on a standby that is behind."""

    source: str
    opened: datetime
    as_of: datetime

    @property
    def lag(self) -> timedelta:
        return max(self.opened - self.as_of, timedelta())


@dataclass(frozen=True)
class DatasetAnswer:
    """A dataset as it was answered: what the register says of it, the schema that ships, and the rows.

    `warnings` are for staff, and no gap of the person's.
    """

    dataset: Dataset
    schema: DatasetSchema
    outcome: Outcome
    digest: Digest
    left_out: tuple[FieldLeftOut, ...] = ()
    gaps: tuple[Gap, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PromiseAnswer:
    """A promise of the notice, what it came to, and the datasets of the package that answer it.

    `elsewhere` says that only another company which the notice names keeps it.
    """

    promise: Promise
    answer: Answer
    records: int
    elsewhere: bool = False
    datasets: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReportChoices:
    """How the report is wanted: in which language (a BCP 47 tag), with every row for paper, in large print."""

    language: str
    every_row: bool = False
    large_print: bool = False


@dataclass(frozen=True)
class PackageContents:
    """Everything that the documents are made from.

    `records` gives a dataset's records anew each time it is asked, by the dataset's name, as they stand in the
    package.
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
