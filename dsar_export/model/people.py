"""The members of staff, and what each may do for which controller."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may do."""

    AGENT = "agent"
    """Opens, verifies and collects."""
    REVIEWER = "reviewer"
    """Reviews and approves."""
    AUDITOR = "auditor"
    """Reads requests and the trail, and changes nothing."""
    ADMINISTRATOR = "administrator"
    """Manages people, keys and the database."""


@dataclass(frozen=True)
class Person:
    """A member of staff, known to the system by the number of a user account."""

    name: str
    uid: int | None
    disabled_at: datetime | None = None


@dataclass(frozen=True)
class Grant:
    """A role of a person at a controller, for a period where wanted."""

    person: str
    controller: str
    role: Role
    since: datetime
    until: datetime | None = None
    datasets: tuple[str, ...] = ()
    """The only datasets that a reviewer sees; all, if there are none."""
