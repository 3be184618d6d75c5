"""ISO 8601 durations of whole days, as storage periods use them."""

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

_DURATION: Final = re.compile(
    r"P(?:(?P<year>\d{1,12})Y)?(?:(?P<month>\d{1,12})M)?(?:(?P<week>\d{1,12})W)?(?:(?P<day>\d{1,12})D)?",
    re.ASCII,
)


def duration_parts(text: str) -> Mapping[str, int]:
    """The parts of a duration such as `P1Y6M`, by unit: `{"year": 1, "month": 6}`.

    Raises ValueError for any other text, including a duration with hours.
    """
    found = _DURATION.fullmatch(text)
    if found is None or text == "P":
        raise ValueError("duration must be ISO 8601 in years, months, weeks and days, such as P7Y")
    return {unit: int(part) for unit, part in found.groupdict().items() if part is not None}


def days_before(end: date, text: str) -> date:
    """The day on which a duration that ends on a day began; the first of all days if it began before that."""
    parts = duration_parts(text)
    try:
        day = end - timedelta(weeks=parts.get("week", 0), days=parts.get("day", 0))
        months = day.year * 12 + day.month - 1 - 12 * parts.get("year", 0) - parts.get("month", 0)
        year, month = divmod(months, 12)
        last = calendar.monthrange(year, month + 1)[1]  # one month before 31 March is the last of February
        return date(year, month + 1, min(day.day, last))
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return date.min
