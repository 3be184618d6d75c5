"""Instants as a clock of a time zone shows them, in terminal and report alike."""

import datetime as dt
from typing import Final
from zoneinfo import ZoneInfo

# On these days of a month, no time zone shows another month than UTC.
_SAME_MONTH: Final = ("02", "27")


def in_zone(text: str, zone: str) -> dt.datetime | None:
    """An RFC 3339 instant in a time zone; None for a date, any other text, or an unknown zone."""
    try:
        when = dt.datetime.fromisoformat(text)
        return None if when.tzinfo is None else when.astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError, LookupError, OSError):  # an unknown zone raises any but OverflowError
        return None


def moment_text(at: dt.datetime, zone: dt.tzinfo, *, seconds: bool = False) -> str:
    """A moment as staff read it everywhere: by a zone's clock, with the zone's abbreviation or offset."""
    local = at.astimezone(zone)
    return f"{local:%Y-%m-%d %H:%M:%S %Z}" if seconds else f"{local:%Y-%m-%d %H:%M %Z}"


def local_day(text: str, zone: str) -> str:
    """The day of an instant in a time zone, or the date itself, as `2026-07-01`."""
    local = in_zone(text, zone)
    return text[:10] if local is None else local.date().isoformat()


def local_month(text: str, zone: str) -> str:
    """The month of an instant in a time zone, or that of the date itself, as `2026-07`."""
    first, last = _SAME_MONTH
    if text[-1:] == "Z" and first <= text[8:10] <= last:
        return text[:7]
    return local_day(text, zone)[:7]
