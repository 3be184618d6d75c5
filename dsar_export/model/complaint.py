"""A complaint about how a request is or was handled."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dsar_export.model.intake import Channel


class ComplaintOutcome(StrEnum):
    """Whether the person was right to complain."""

    UPHELD = "upheld"
    PARTLY_UPHELD = "partly_upheld"
    NOT_UPHELD = "not_upheld"


@dataclass(frozen=True)
class NewComplaint:
    """What arrived, and when; without a moment, now."""

    text: str = field(repr=False)
    channel: Channel = Channel.EMAIL
    received_at: datetime | None = None


@dataclass(frozen=True)
class ListedComplaint:
    """A complaint as it stands in lists: it names no person, and has nothing of what they wrote."""

    reference: str
    """The request that it is about."""
    number: int
    """Counts from 1 in each request."""
    received_at: datetime
    channel: Channel
    by: str
    """Who recorded it."""
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    answered_at: datetime | None = None
    answered_by: str | None = None
    outcome: ComplaintOutcome | None = None
    """None without an answer, and of one that does not decide it."""

    @property
    def is_open(self) -> bool:
        """Whether the person still waits for the outcome."""
        return self.answered_at is None

    @property
    def waits_for_acknowledgement(self) -> bool:
        """An answer makes an acknowledgement needless."""
        return self.is_open and self.acknowledged_at is None


@dataclass(frozen=True)
class Complaint:
    """A complaint with its texts."""

    listed: ListedComplaint
    text: str = field(repr=False)
    answer: str | None = field(default=None, repr=False)
