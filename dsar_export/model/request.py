"""One request: who asks, for what, and on what evidence."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Right(StrEnum):
    """The right that is exercised."""

    ACCESS = "access"
    PORTABILITY = "portability"


@dataclass(frozen=True, order=True)
class Identifier:
    """How a source knows a person. Its value is personal data and does not belong in any message."""

    kind: str
    value: str

    def __repr__(self) -> str:
        return f"Identifier(kind={self.kind!r})"


@dataclass(frozen=True)
class Verification:
    """Who established that the requester is the subject, when, and on what evidence."""

    by: str
    evidence: str
    at: datetime


@dataclass(frozen=True)
class SubjectRequest:
    """A verified request, ready to be answered.

    `chosen` holds the subject keys that a member of staff chose because several people were found.
    """

    reference: str
    right: Right
    controller: str
    identifiers: tuple[Identifier, ...]
    verification: Verification
    chosen: tuple[str, ...] = ()
