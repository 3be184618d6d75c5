"""Clocks of the three countries, and requests on them; a test names only what it checks."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

from dsar_export.model.clock import ClockRules, ClockTable, DueDate, Ground, Milestones, Pause, Step
from dsar_export.model.country_clocks import clock_rules
from dsar_export.requests.due_dates import due_date
from tests.builders import CONTROLLER
from tests.replacing import replace

ZONES: Final = {"GB": "Europe/London", "FR": "Europe/Paris", "DE": "Europe/Berlin"}
LATER: Final = date(2100, 1, 1)


def rules(country: str = "GB", subdivision: str | None = "ENG", **clock: object) -> ClockRules:
    """The rules of a controller there."""
    table = replace(ClockTable(subdivision=subdivision), **clock)
    return clock_rules(replace(CONTROLLER, country=country, time_zone=ZONES[country], clock=table))


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def wait(ground: Ground, since: str, until: str | None = None) -> Pause:
    """A wait between two days."""
    ends = None if until is None else noon(date.fromisoformat(until))
    return Pause(ground, noon(date.fromisoformat(since)), ends)


def due(
    by: ClockRules, received: str | date, *pauses: Pause, extended: bool = False, today: date = LATER
) -> DueDate:
    """When a request is due that arrived at noon of a day."""
    day = received if isinstance(received, date) else date.fromisoformat(received)
    return due_date(by, Milestones(noon(day), pauses, extended), today)


def paused(received: str, days: int, after: int = 2) -> Pause:
    """A wait for clarification of some days, which began some days after the receipt."""
    since = date.fromisoformat(received) + timedelta(days=after)
    return Pause(Ground.CLARIFICATION, noon(since), noon(since + timedelta(days=days)))


def days_of(steps: Sequence[Step], *kinds: str) -> list[str]:
    """The days of the steps of these kinds."""
    return [step.day.isoformat() for step in steps if step.kind in kinds]
