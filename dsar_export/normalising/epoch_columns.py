"""Converts whole columns of counts since 1970, which is much faster than one by one (see ADR 20)."""

from datetime import date, timedelta
from types import NoneType
from typing import Final, cast

from dsar_export.model.source import Column

PER_SECOND: Final = {"epoch_seconds": 1, "epoch_milliseconds": 1000}
_EPOCH: Final = date(1970, 1, 1)
_MINUTES: Final = tuple(f"T{minute // 60:02d}:{minute % 60:02d}:" for minute in range(24 * 60))
_SECONDS: Final = tuple(f"{second:02d}" for second in range(60))
_ENDS: Final = {1: ("Z",), 1000: tuple(f".{rest:03d}Z" for rest in range(1000))}


def epoch_instants(cells: Column, per_second: int) -> Column | None:
    """Whole counts as `epochs.instant_since` converts them; None if a cell is not one."""
    kinds = set(map(type, cells))
    if not kinds <= {int, NoneType}:
        return None
    if NoneType not in kinds:
        return _converted(cast("list[int]", cells), per_second)
    made = _converted(cast("list[int]", [cell for cell in cells if cell is not None]), per_second)
    if made is None:
        return None
    remaining = iter(made)
    return [None if cell is None else next(remaining) for cell in cells]


def _converted(counts: list[int], per_second: int) -> list[str] | None:
    minute, ends = 60 * per_second, _ENDS[per_second]
    day = 24 * 60 * minute
    try:
        days = {n: (_EPOCH + timedelta(n)).isoformat() for n in {count // day for count in counts}}
    except OverflowError:  # a date that does not exist
        return None
    return [
        f"{days[n // day]}{_MINUTES[n // minute % 1440]}{_SECONDS[n // per_second % 60]}{ends[n % per_second]}"
        for n in counts
    ]
