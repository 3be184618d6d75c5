"""Counts since an epoch -> RFC 3339 in UTC, with every digit of the second that the source has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from dsar_export.normalising import Unfit
from dsar_export.normalising.numbers import decimal, integer, is_whole

_UNIX: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_DIGITS: Final = 9  # of a second, as in all other times


@dataclass(frozen=True)
class _Epoch:
    """A unit of time and where its count begins.

    `seconds` are the seconds of one unit and `digits` the decimal places by which they are divided. `before` are the
    seconds from the beginning of the count to 1970.
    """

    digits: int = 0
    seconds: int = 1
    before: int = 0


_EPOCHS: Final[Mapping[str, _Epoch]] = {
    "epoch_seconds": _Epoch(),
    "epoch_milliseconds": _Epoch(digits=3),
    "epoch_microseconds": _Epoch(digits=6),
    "epoch_nanoseconds": _Epoch(digits=9),
    # Days from noon of 24 November 4714 BC (proleptic Gregorian), as SQLite's julianday() counts them.
    "julian_days": _Epoch(seconds=86_400, before=4_881_175 * 86_400 // 2),
}


def instant_since(unit: str) -> Callable[[object], str]:
    """The conversion of counts in a unit of `FieldMapping.unit` that counts from an epoch."""
    epoch = _EPOCHS[unit]

    def convert(cell: object) -> str:
        count, digits = _count(cell)
        moment, digits = count * epoch.seconds - epoch.before * 10**digits, digits + epoch.digits
        while epoch.seconds > 1 and digits and moment % 10 == 0:  # days leave zeros that nobody stored
            moment, digits = moment // 10, digits - 1
        if digits > _MOST_DIGITS:
            raise Unfit("date and time with at most nine digits after the second")
        return _written(moment, digits)

    return convert


def _count(cell: object) -> tuple[int, int]:
    """A number as an integer and how many of its digits stand after the decimal point: 1.50 is 150 and 2."""
    if not isinstance(cell, float | Decimal | str) or (isinstance(cell, float) and is_whole(cell)):
        return integer(cell), 0
    whole, _, fraction = decimal(cell).partition(".")
    return int(whole + fraction), len(fraction)


def _written(moment: int, digits: int) -> str:
    seconds, rest = divmod(moment, 10**digits)
    try:
        time = _UNIX + timedelta(seconds=seconds)
    except OverflowError:
        raise Unfit("date and time between the years 1 and 9999") from None
    fraction = f".{rest:0{digits}d}" if digits else ""
    return f"{time.isoformat()[:19]}{fraction}Z"
