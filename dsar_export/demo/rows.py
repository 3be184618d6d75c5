"""What the generators yield, and how they write times."""

import random
from datetime import UTC, datetime, timedelta

Cell = str | int | float | None
Row = tuple[Cell, ...]


def iso(at: datetime) -> str:
    """A moment in UTC, as ISO 8601 writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local_time(at: datetime, rng: random.Random) -> str:
    """A time within the twelve hours after, as text that names no zone."""
    later = at + timedelta(seconds=rng.randrange(12 * 3600))
    return later.strftime("%Y-%m-%d %H:%M:%S")


def later(at: datetime, rng: random.Random, days: int) -> datetime:
    """A moment by day within so many days after midnight of that day."""
    start = at.replace(hour=7, minute=0, second=0, microsecond=0)
    return start + timedelta(days=rng.randrange(days), seconds=rng.randrange(12 * 3600))
