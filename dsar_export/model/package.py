"""What a package holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Identity
from dsar_export.model.outcome import Answer, Digest, FieldLeftOut, Gap, Outcome
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
    """A small member, rendered whole."""

    path: str
    body: bytes
    mediatype: str
    encrypted: bool = True


@dataclass(frozen=True)
class DatasetAnswer:
    """A dataset as it was answered: what the register says of it, the schema that ships, and the rows."""

    dataset: Dataset
    schema: DatasetSchema
    outcome: Outcome
    digest: Digest
    left_out: tuple[FieldLeftOut, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True)
class PromiseAnswer:
    """A promise of the notice, and what it came to."""

    promise: Promise
    answer: Answer
    records: int


@dataclass(frozen=True)
class PackageContents:
    """Everything that the documents are made from."""

    request: SubjectRequest
    register: Register
    controller: Controller
    datasets: tuple[DatasetAnswer, ...]
    promises: tuple[PromiseAnswer, ...]
    gaps: tuple[Gap, ...]
    created: datetime
    software: str
    identity: Identity
