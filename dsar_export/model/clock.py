"""When an answer is due: the rules of a controller's clock, what happened to a request, and the steps to the day."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from dsar_export.model.toml_table import toml_table


class Ground(StrEnum):
    """What a controller may wait for; a wish about the format of the answer is none."""

    CLARIFICATION = "clarification"
    """What exactly is asked for."""
    IDENTITY = "identity"
    """Proof that the requester is the person."""
    FEE = "fee"
    """A fee under Art. 12(5) or 15(3)."""


class Effect(StrEnum):
    """What a wait does to the time limit."""

    STOPS_CLOCK = "stops_clock"
    """Its days are added to the limit."""
    DELAYS_START = "delays_start"
    """The limit does not start before its end."""
    NOTHING = "nothing"
    """The limit goes on, so that no such wait is recorded."""


class CountedFrom(StrEnum):
    """Which day is the first of a time limit in days."""

    RECEIPT = "receipt"
    DAY_AFTER_RECEIPT = "day_after_receipt"


@toml_table
class ComplaintClock:
    """By when somebody who complained must have been informed that the complaint arrived."""

    acknowledge_within_days: int
    counted_from: CountedFrom = CountedFrom.DAY_AFTER_RECEIPT
    rolls: bool = True
    """Whether a last day that is of a weekend or a public holiday moves on to the next working day."""
    since: date | None = None
    """When the rule came into force: complaints that arrived earlier have no day."""


@toml_table
class ClockTable:
    """Where a controller's time limits end, and what its country's rules and holidays do not know."""

    subdivision: str | None = None
    """The part of the country whose public holidays hold, such as `SCT`; needed in GB, DE and parts of FR."""
    extra_holidays: tuple[date, ...] = ()
    """Public holidays that the built-in calendar does not know, such as one that was proclaimed this year."""
    no_holidays: tuple[date, ...] = ()
    """Days that the built-in calendar has, but that are no public holidays there."""
    effects: Mapping[Ground, Effect] = field(default_factory=dict)
    """What a wait for `clarification`, `identity` or a `fee` does, if not what the country's rules say."""
    complaint: ComplaintClock | None = None
    """By when complaints are acknowledged, if not as the country's rules say."""


@dataclass(frozen=True)
class ClockRules:
    """All rules by which one controller's time limits run."""

    country: str
    time_zone: str
    """Where the day of an event is counted."""
    subdivision: str | None = None
    """The code that the calendar of public holidays knows."""
    months: int = 1
    extended_months: int = 3
    weekend: frozenset[int] = frozenset({6, 7})
    """Days of the week, from Monday as 1."""
    effects: Mapping[Ground, Effect] = field(default_factory=dict)
    extra_holidays: frozenset[date] = frozenset()
    no_holidays: frozenset[date] = frozenset()
    read_a_day_shorter: bool = False
    """Whether some read the law so that the limit ends a day earlier."""
    complaint: ComplaintClock | None = None
    """By when complaints are acknowledged; without one, no day is set."""

    def effect_of(self, ground: Ground) -> Effect:
        """What a wait on this ground does."""
        return self.effects.get(ground, Effect.NOTHING)


@dataclass(frozen=True)
class Pause:
    """A wait for the person, from when they were asked until what was asked for arrived; open without an end."""

    ground: Ground
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Milestones:
    """What happened to a request as far as its due day depends on it."""

    received: datetime
    pauses: tuple[Pause, ...] = ()
    extended: bool = False


class StepKind(StrEnum):
    """What a step from the receipt to the due day does."""

    RECEIVED = "received"
    DELAYED = "delayed"
    """The start waited until `day` for what was asked for on `since`."""
    AWAITED = "awaited"
    """As `delayed`, and it has not arrived yet: it is counted as if it came on `day`, today."""
    MONTHS = "months"
    """`count` months later is `day`."""
    LAST_DAY = "last_day"
    """As `months`, but that month has no such date: `day` is its last."""
    STOPPED = "stopped"
    """The clock stood still from `since` to `day`."""
    STANDING = "standing"
    """As `stopped`, and it has not gone on yet: it is counted until `day`, today."""
    ADDED = "added"
    """`count` days later, for all stops, is `day`."""
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    DUE = "due"
    AT_THE_EARLIEST = "at_the_earliest"
    """As `due`, while something is still awaited."""
    SAFE = "safe"
    """The day by which the answer is in time for those who read the law a day shorter."""
    EXTEND_BY = "extend_by"
    """The last day to make an extension known."""


@dataclass(frozen=True)
class Step:
    """One step of the reckoning, with the dates it names."""

    kind: StepKind
    day: date
    since: date | None = None
    ground: Ground | None = None
    count: int = 0


@dataclass(frozen=True)
class DueDate:
    """The day by which an answer is due, and how it was reckoned."""

    day: date
    latest_to_extend: date
    steps: tuple[Step, ...]
    start: date
    """The day from which the months are counted."""
    overdue: bool
    """Whether today is later."""
    at_the_earliest: bool = False
    """Whether something is still awaited, so that the day moves on with each day."""
    safe: date | None = None
    """An earlier day, for those who read the law a day shorter."""
