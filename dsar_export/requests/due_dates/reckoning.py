"""Rules and milestones -> the due day. The order is fixed: months, then pauses, then the next working day, once."""

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dsar_export.model.clock import ClockRules, DueDate, Effect, Ground, Milestones, Pause, Step, StepKind
from dsar_export.requests.due_dates.calendar import day_off

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class _Wait:
    """A pause in days of the controller's time zone; one that is open ends today, as far as anybody knows."""

    ground: Ground
    since: date
    until: date
    open: bool


def due_date(rules: ClockRules, milestones: Milestones, today: date) -> DueDate:
    """The day by which the answer is due. While something is awaited, it is the earliest that it can be.

    `today` is the day in the controller's time zone. Only days from the start on count, and no wait is shorter than
    none, so a clock that was set back shortens nothing.
    """
    zone = ZoneInfo(rules.time_zone)
    received = milestones.received.astimezone(zone).date()
    waits = [_wait(pause, zone, today) for pause in milestones.pauses]
    delays = [w for w in waits if rules.effect_of(w.ground) is Effect.DELAYS_START]
    stops = [w for w in waits if rules.effect_of(w.ground) is Effect.STOPS_CLOCK]
    start = max([received, *(wait.until for wait in delays)])
    months = rules.extended_months if milestones.extended else rules.months
    end, stopped = _months_later(start, months), _days_stopped(stops, start)
    unrolled = end + stopped * _DAY
    days_off = tuple(_days_off(rules, unrolled))
    day = unrolled + len(days_off) * _DAY
    is_open = any(wait.open for wait in (*delays, *stops))
    safe = _safe(rules, unrolled, day) if end.day == start.day else None
    latest_to_extend = _rolled(rules, _months_later(start, rules.months) + stopped * _DAY)
    steps = (
        Step(StepKind.RECEIVED, received),
        *map(_delay_step, delays),
        _months_step(start, end, months),
        *_stop_steps(stops, start, unrolled, stopped),
        *days_off,
        Step(StepKind.AT_THE_EARLIEST if is_open else StepKind.DUE, day),
        *(() if safe is None else (Step(StepKind.SAFE, safe),)),
        *(() if milestones.extended else (Step(StepKind.EXTEND_BY, latest_to_extend),)),
    )
    return DueDate(day, latest_to_extend, steps, start, today > day, is_open, safe)


def _wait(pause: Pause, zone: ZoneInfo, today: date) -> _Wait:
    since = _local(pause.since, zone)
    until = today if pause.until is None else _local(pause.until, zone)
    return _Wait(pause.ground, since, max(since, until), pause.until is None)


def _local(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _months_later(day: date, months: int) -> date:
    """The same date, or the last day of a month that has no such date."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _days_stopped(stops: Sequence[_Wait], start: date) -> int:
    """How many days from the start on the clock stood still; a day within two pauses counts once."""
    days, reached = 0, start
    for stop in sorted(stops, key=lambda wait: (wait.since, wait.until)):
        days += max(0, (stop.until - max(stop.since, reached)).days)
        reached = max(reached, stop.until)
    return days


def _days_off(rules: ClockRules, day: date) -> Iterator[Step]:
    """The days from this one on that are no working days."""
    while (why := day_off(rules, day)) is not None:
        yield Step(why, day)
        day += _DAY


def _rolled(rules: ClockRules, day: date) -> date:
    return day + len(tuple(_days_off(rules, day))) * _DAY


def _safe(rules: ClockRules, unrolled: date, day: date) -> date | None:
    """The earlier day of those who count the day of the start as the first of the limit; None if it is the same.

    A limit that ends with the last day of a shorter month is the same for them.
    """
    if not rules.read_a_day_shorter:
        return None
    safe = _rolled(rules, unrolled - _DAY)
    return safe if safe < day else None


def _delay_step(wait: _Wait) -> Step:
    return Step(StepKind.AWAITED if wait.open else StepKind.DELAYED, wait.until, wait.since, wait.ground)


def _months_step(start: date, end: date, months: int) -> Step:
    kind = StepKind.MONTHS if end.day == start.day else StepKind.LAST_DAY
    return Step(kind, end, start, count=months)


def _stop_steps(stops: Sequence[_Wait], start: date, unrolled: date, stopped: int) -> Iterator[Step]:
    """The pauses that add days, or may still do so, and what they add together."""
    for stop in stops:
        since = max(stop.since, start)
        if stop.open or stop.until > since:
            kind = StepKind.STANDING if stop.open else StepKind.STOPPED
            yield Step(kind, max(since, stop.until), since, stop.ground)
    if stopped:
        yield Step(StepKind.ADDED, unrolled, count=stopped)
