"""What an authority gets to see of a request: what was done when and by which role, and nothing about the person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from dsar_export.model.clock import DueDate, Pause
from dsar_export.model.decision import DecisionKind
from dsar_export.model.intake import Channel
from dsar_export.model.outcome import Gap, Outcome
from dsar_export.model.request import Right


@dataclass(frozen=True)
class Actor:
    """Who did something: a pseudonym that is theirs within one document, and the roles that they had then."""

    pseudonym: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class Event:
    """An entry of the trail."""

    number: int
    at: datetime
    by: Actor
    action: str
    details: Mapping[str, str | int]


@dataclass(frozen=True)
class Proof:
    """By what kinds of evidence, when and by whom the requester was found to be the person."""

    kinds: tuple[str, ...]
    at: datetime
    by: Actor


@dataclass(frozen=True)
class TimeLimit:
    """When the answer was due and when it came, in days of the controller."""

    due: DueDate
    pauses: tuple[Pause, ...]
    extended: date | None
    answered: date | None

    @property
    def in_time(self) -> bool | None:
        """Whether the answer came by the due day; None while there is none."""
        return None if self.answered is None else self.answered <= self.due.day


@dataclass(frozen=True)
class Decided:
    """A decision without its reason."""

    kind: DecisionKind
    at: datetime
    by: Actor


@dataclass(frozen=True)
class Counted:
    """What a package of one right has of each dataset, and what it lacks; counts only."""

    right: Right
    outcomes: tuple[Outcome, ...]
    gaps: tuple[Gap, ...]
    not_covered: tuple[str, ...]
    """The datasets outside an agent's mandate."""


@dataclass(frozen=True)
class Versions:
    """What the Draft was made with; the register by the hash of its files, each schema by the hash of its file."""

    software: str
    register: str
    schemas: Mapping[str, str]
    draft_format: int


@dataclass(frozen=True)
class SealedPackage:
    """A package as it was sealed; `erased` says whether the file is gone."""

    right: Right
    attempt: int
    published_at: datetime
    sha256: str
    manifest_hmac: str | None
    erased: bool


@dataclass(frozen=True)
class TrailState:
    """Whether the whole trail verified when the document was written."""

    passed: bool
    entries: int
    fault: str | None


@dataclass(frozen=True)
class Opening:
    """How a request came, and where it stands."""

    reference: str
    controller: str
    rights: tuple[Right, ...]
    channel: Channel
    received_at: datetime
    opened_at: datetime
    state: str
    ended_at: datetime | None


@dataclass(frozen=True)
class Evidence:
    """One document; `not_shown` says in sentences what is missing from it, and why."""

    written_at: datetime
    software: str
    request: Opening
    trail: TrailState
    timeline: tuple[Event, ...]
    verification: Proof | None
    time_limit: TimeLimit | None
    decisions: tuple[Decided, ...]
    outcomes: tuple[Counted, ...]
    versions: Versions | None
    packages: tuple[SealedPackage, ...]
    not_shown: tuple[str, ...]
