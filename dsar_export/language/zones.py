"""Instants as a clock of a time zone shows them, in terminal and report alike."""

import datetime as dt
from zoneinfo import ZoneInfo


def in_zone(text: str, zone: str) -> dt.datetime | None:
    """An RFC 3339 instant in a time zone; None for a date, any other text, or an unknown zone."""
    try:
        when = dt.datetime.fromisoformat(text)
        return None if when.tzinfo is None else when.astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError, LookupError, OSError):  # an unknown zone raises any but OverflowError
        return None


def local_day(text: str, zone: str) -> str:
    """The day of an instant in a time zone, or the date itself, as `2026-07-01`."""
    local = in_zone(text, zone)
    return text[:10] if local is None else local.date().isoformat()
