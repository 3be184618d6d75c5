"""Where everything about requests lies, before any of it is opened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from dsar_export.interfaces import Clock, ObjectStore


@dataclass(frozen=True)
class Stored:
    """A store and where it is; `folder` is None if it is none of this machine."""

    store: ObjectStore
    place: str
    folder: Path | None


@dataclass(frozen=True)
class Premises:
    """The places of one installation; `uid` is the user account that looks at them."""

    state: Path
    database: str = field(repr=False)
    """A URL, which may hold a password."""
    keys: Path
    anchor: Path
    drafts: Stored
    packages: Stored
    clock: Clock
    uid: int
    mail_way: Callable[[], str | None]
    """Where mail goes, in a few words; None if nowhere, and WrongUseError if its settings are wrong."""
