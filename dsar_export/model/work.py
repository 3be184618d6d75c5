"""What is asked of workers, and how far one has come with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

LEASE: Final = timedelta(seconds=90)
"""For how long an attempt has its request after a sign of life, unless the settings name another time."""


class Task(StrEnum):
    """What is asked."""

    COLLECT = "collect"
    BUILD = "build"


class WorkStep(StrEnum):
    """Where an attempt is."""

    OPEN = "open"
    """The sources are opened and checked."""
    IDENTIFY = "identify"
    READ = "read"
    """The rows of a dataset are read, from its source or from the Draft."""
    WRITE = "write"
    """The documents of the package are made."""
    PUBLISH = "publish"


@dataclass(frozen=True)
class Position:
    """How far an attempt has come: the step, and in a dataset the rows that are done."""

    step: WorkStep
    dataset: str | None = None
    rows: int = 0


@dataclass(frozen=True)
class Work:
    """What is asked of workers for one request, and what became of it so far."""

    reference: str
    task: Task
    asked_by: str
    asked_at: datetime
    due_at: datetime
    """When the answer is due: what is due soonest is done first."""
    options: str = "{}"
    """The choices of whoever asks, as JSON; nothing about a person."""
    heavy: bool = False
    """Whether it has so many rows that it waits in a queue of its own."""
    tries: int = 0
    not_before: datetime | None = None
    parked_at: datetime | None = None
    """Since when nobody tries it any more; whoever asks again begins anew."""
    failure: str | None = None
    """What the last try failed with: an error of our own, which names no person, or only the kind of another."""
    checkpoint: str | None = None
    checkpoint_hash: str | None = None
    """The ledger of what an attempt had read, by name and hash: the next one goes on from there."""
    step: WorkStep | None = None
    dataset: str | None = None
    rows: int = 0
    signs: int = 0
    """Counts the signs of life; where clocks differ, an attempt is dead when this stands still."""
    alive_at: datetime | None = None
