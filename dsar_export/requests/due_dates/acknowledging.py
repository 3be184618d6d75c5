"""By when the arrival of a complaint must be acknowledged."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dsar_export.model.clock import ClockRules, CountedFrom
from dsar_export.requests.due_dates.calendar import day_off

_DAY = timedelta(days=1)


def acknowledge_by(rules: ClockRules, received: datetime) -> date | None:
    """The last day for it, in the controller's time zone; None where no rule sets one, or set one then."""
    clock, arrived = rules.complaint, received.astimezone(ZoneInfo(rules.time_zone)).date()
    if clock is None or (clock.since is not None and arrived < clock.since):
        return None
    first = arrived + _DAY if clock.counted_from is CountedFrom.DAY_AFTER_RECEIPT else arrived
    day = first + (clock.acknowledge_within_days - 1) * _DAY
    while clock.rolls and day_off(rules, day) is not None:
        day += _DAY
    return day
