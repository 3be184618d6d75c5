"""Stored times -> RFC 3339 with an offset."""

import re
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dsar_export.model.field_mapping import RepeatedHour
from dsar_export.normalising import Unfit

_OFFSET: Final = r"\s?(Z|[+-]\d\d(?::?\d\d)?)?"
_STORED: Final = re.compile(rf"(\d{{4}}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{{1,9}})?)?{_OFFSET}", re.ASCII)
_COMPACT: Final = re.compile(
    rf"(\d{{4}})(\d\d)(\d\d)T(\d\d)(\d\d)(?:(\d\d)(\.\d{{1,9}})?)?{_OFFSET}", re.ASCII
)
_UTC: Final = re.compile(r" ?(?:\+0000 )?UTC", re.ASCII)  # as Ruby and Go show a time
_MICROSECONDS: Final = len(":00.123456")


def instant(cell: object, zone: ZoneInfo | None, repeated_hour: RepeatedHour = RepeatedHour.EARLIER) -> str:
    """A stored time with every digit kept, with its own offset or that of its zone.

    For a local time that happened twice, the earlier moment is taken; for one that never happened, the offset before
    the change (PEP 495, fold 0). `later` means fold 1 for both.
    """
    found = _found(cell)
    if found is None:
        raise Unfit("date and time")
    local = _local(found)
    offset = found[4]
    if offset is None:
        if zone is None:
            raise Unfit("date and time with a zone")
        if repeated_hour is RepeatedHour.UNKNOWN and _is_odd(local, zone):
            raise Unfit("local time that happened once")
        offset = _offset_in(zone, local.replace(fold=repeated_hour is RepeatedHour.LATER))
    return f"{found[1]}T{found[2]}{found[3] or ':00'}{_rfc3339_offset(offset)}"


def ambiguous_or_missing(cell: object, zone: ZoneInfo) -> bool:
    """Whether a stored local time happened twice or never in its zone."""
    found = _found(cell)
    if found is None or found[4] is not None:
        return False
    try:
        local = _local(found)
    except Unfit:
        return False
    return _is_odd(local, zone)


def zone_named(name: object) -> ZoneInfo:
    """The time zone that a cell names; Unfit if it is unknown."""
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError if the name is a folder
        raise Unfit("date and time with a known zone") from None


def _found(cell: object) -> re.Match[str] | None:
    """The parts of a stored time: date, hours and minutes, seconds with their fraction, offset."""
    text = cell.isoformat() if isinstance(cell, datetime) else cell
    if not isinstance(text, str):
        return None
    found = _STORED.fullmatch(text)
    if found is not None:
        return found
    if text.endswith("UTC"):
        return _STORED.fullmatch(_UTC.sub("Z", text))
    compact = _COMPACT.fullmatch(text)
    if compact is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = compact.groups("")
    return _STORED.fullmatch(f"{year}-{month}-{day}T{hour}:{minute}:{second or '00'}{fraction}{offset}")


def _is_odd(local: datetime, zone: ZoneInfo) -> bool:
    # PEP 495: the two folds differ if a local time is ambiguous or does not exist.
    return local.replace(tzinfo=zone).utcoffset() != local.replace(tzinfo=zone, fold=1).utcoffset()


def _local(found: re.Match[str]) -> datetime:
    seconds = (found[3] or ":00")[:_MICROSECONDS]
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{seconds}")
    except ValueError:
        raise Unfit("date and time") from None


def _offset_in(zone: ZoneInfo, local: datetime) -> str:
    offset = local.replace(tzinfo=zone).utcoffset() or timedelta()
    minutes, seconds = divmod(int(offset.total_seconds()), 60)
    if seconds:  # local mean time, such as before 1847 in London; RFC 3339 offsets have no seconds
        raise Unfit("date and time with an offset of whole minutes")
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _rfc3339_offset(offset: str) -> str:
    digits = offset[1:].replace(":", "").ljust(4, "0")
    if offset == "Z" or (offset[0] == "+" and digits == "0000"):  # PostgreSQL writes +00
        return "Z"
    if int(digits[:2]) > 23 or int(digits[2:]) > 59:
        raise Unfit("date and time with a known offset")
    return f"{offset[0]}{digits[:2]}:{digits[2:]}"
