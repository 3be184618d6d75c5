"""The time span of a row if its fields leave it open: whole days, and hours that clocks repeat."""

from datetime import UTC, datetime

from dsar_export.export.row_times import row_times, within
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.periods import ALWAYS, Periods, Span, periods
from tests.export.test_attribution import DEVICE, kept


def until(moment: datetime) -> Periods:
    return periods([Span(until=moment)])


def since(moment: datetime) -> Periods:
    return periods([Span(since=moment)])


def judged(held: Periods, cell: object, *, zone: str | None = None) -> bool | None:
    dataset = kept(DEVICE, valid_at=("at",), at=FieldMapping(column="at", zone=zone))
    return within(held, ("D-1", None, 1, cell), row_times(dataset))


def test_a_day_covers_every_moment_at_which_it_is_that_day_somewhere() -> None:
    noon = datetime(2024, 5, 10, 12, tzinfo=UTC)
    assert judged(until(noon), "2024-05-10") is None
    assert judged(since(noon), "2024-05-10") is None
    assert judged(until(noon), "2024-05-08") is True
    assert judged(since(noon), "2024-05-12") is True
    assert judged(until(noon), "2024-05-12") is False


def test_a_time_in_an_hour_that_clocks_repeat_is_either() -> None:
    # 01:30 in London on that day was 00:30 and 01:30 in UTC.
    changed = datetime(2024, 10, 27, 1, tzinfo=UTC)
    assert judged(until(changed), "2024-10-27 01:30", zone="Europe/London") is None
    assert judged(since(changed), "2024-10-27 01:30", zone="Europe/London") is None
    assert judged(until(changed), "2024-10-27 00:30", zone="Europe/London") is True
    assert judged(since(changed), "2024-10-27 02:30", zone="Europe/London") is True


def test_an_identifier_that_was_always_theirs_needs_no_time() -> None:
    assert judged(ALWAYS, "no time at all") is True
    assert judged(until(datetime(2024, 1, 1, tzinfo=UTC)), "no time at all") is None
