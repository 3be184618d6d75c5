"""Decides whether a record is past its storage period."""

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.duration import duration_parts
from dsar_export.model.register import Organisation
from dsar_export.model.terms import StoragePeriod

DAY: Final = slice(len("2026-01-31"))
"""The part of a time that decides."""


def past_storage_period(
    dataset: Dataset, organisation: Organisation, as_of: date
) -> Callable[[object], bool]:
    """A function that decides, from the start of a record's period as RFC 3339 text, whether it ended before `as_of`.

    It returns False for a missing or invalid start.
    """

    @lru_cache(maxsize=4096)
    def past(day: str) -> bool:
        try:
            start = date.fromisoformat(day)
        except ValueError:
            return False
        period = dataset.terms_at(start).storage_period
        return period is not None and storage_ends(organisation.storage_periods[period], start) < as_of

    return lambda cell: isinstance(cell, str) and past(cell[DAY])


def storage_ends(period: StoragePeriod, start: date) -> date:
    """The last day on which a record may be kept; ValueError for a duration that is not in whole days."""
    kept = duration_parts(period.duration)
    if period.from_year_end:
        start = date(start.year, 12, 31)
    try:
        month = start.month - 1 + 12 * kept.get("year", 0) + kept.get("month", 0)
        year, month = start.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]  # one month from 31 January is the last of February
        return date(year, month, min(start.day, last)) + timedelta(
            weeks=kept.get("week", 0), days=kept.get("day", 0)
        )
    except (ValueError, OverflowError, calendar.IllegalMonthError):
        return date.max
