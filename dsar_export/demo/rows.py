"""The rows that the generators yield, and the formats of their times."""

import random
from datetime import UTC, datetime, timedelta

Cell = str | int | float | None
Row = tuple[Cell, ...]


def iso(at: datetime) -> str:
    """A moment as ISO 8601 in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_time(at: datetime, rng: random.Random) -> str:
    """A random time in the twelve hours after `at`, as text without a zone."""
    later = at + timedelta(seconds=rng.randrange(12 * 3600))
    return later.strftime("%Y-%m-%d %H:%M:%S")


def later(at: datetime, rng: random.Random, days: int) -> datetime:
    """A random moment between 7:00 and 19:00 UTC on one of the `days` days from the day of `at`."""
    start = at.replace(hour=7, minute=0, second=0, microsecond=0)
    return start + timedelta(days=rng.randrange(days), seconds=rng.randrange(12 * 3600))
