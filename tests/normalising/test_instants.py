"""A stored time keeps its digits and gets an offset, or breaks a rule; no zone is guessed."""

import math
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.model.schema import FieldKind
from dsar_export.normalising.instants import ambiguous_or_missing
from tests.normalising.converting import convert, rule_of

QUICK = settings(deadline=None, max_examples=50)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-07-01T10:00:00+02:00", "2026-07-01T10:00:00+02:00"),
        ("2026-07-01 10:00:00.123456789 +0200", "2026-07-01T10:00:00.123456789+02:00"),
        ("2026-07-01T10:00Z", "2026-07-01T10:00:00Z"),
        ("2026-07-01T10:00:00-05", "2026-07-01T10:00:00-05:00"),
        ("2026-07-01T10:00:00+23:59", "2026-07-01T10:00:00+23:59"),
        (datetime(2026, 7, 1, 10, tzinfo=UTC), "2026-07-01T10:00:00Z"),
        ("2026-01-05 10:00:00 UTC", "2026-01-05T10:00:00Z"),
        ("2026-01-05 10:00:00.120 +0000 UTC", "2026-01-05T10:00:00.120Z"),
        ("2026-01-05T10:00UTC", "2026-01-05T10:00:00Z"),
        ("20260105T100000Z", "2026-01-05T10:00:00Z"),
        ("20260105T100000.120+0100", "2026-01-05T10:00:00.120+01:00"),
        ("20260105T1000Z", "2026-01-05T10:00:00Z"),
    ],
)
def test_a_time_with_an_offset_keeps_every_digit(cell: object, expected: str) -> None:
    assert convert(FieldKind.INSTANT, cell) == expected


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("2026-07-01T10:00:00", "date and time with a zone"),
        ("2026-02-30T10:00:00Z", "date and time"),
        ("2026-07-01T10:00:60Z", "date and time"),
        ("2026-07-01T10:00:00+24:00", "date and time with a known offset"),
        ("2026-07-01T10:00:00+10:60", "date and time with a known offset"),
        ("2026-07-01T10:00:00+10:75", "date and time with a known offset"),
        ("1 July 2026", "date and time"),
        ("20260105T100000", "date and time with a zone"),
        ("20260230T100000Z", "date and time"),
        ("20260105100000", "date and time"),
        ("2026-01-05 10:00:00 +0100 UTC", "date and time"),
        ("2026-01-05 10:00:00+01:00 UTC", "date and time"),
        ("2026-01-05 10:00:00 EST", "date and time"),
        ("2026-07-01", "date and time"),
        (1_782_900_000, "date and time"),
    ],
)
def test_an_unfit_time_names_the_rule_that_it_breaks(cell: object, rule: str) -> None:
    assert rule_of(FieldKind.INSTANT, cell) == rule


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        (0, "epoch_seconds", "1970-01-01T00:00:00Z"),
        (-1, "epoch_seconds", "1969-12-31T23:59:59Z"),
        (1_735_689_600_007, "epoch_milliseconds", "2025-01-01T00:00:00.007Z"),
        (-1, "epoch_milliseconds", "1969-12-31T23:59:59.999Z"),
        ("1735689600", "epoch_seconds", "2025-01-01T00:00:00Z"),
        (1_735_689_600.0, "epoch_seconds", "2025-01-01T00:00:00Z"),
        ("1482960137.003000", "epoch_seconds", "2016-12-28T21:22:17.003000Z"),
        (1700000000.25, "epoch_seconds", "2023-11-14T22:13:20.25Z"),
        (Decimal("1700000000.250"), "epoch_seconds", "2023-11-14T22:13:20.250Z"),
        (-0.5, "epoch_seconds", "1969-12-31T23:59:59.5Z"),
        ("-0.5", "epoch_seconds", "1969-12-31T23:59:59.5Z"),
        ("1700000000123.5", "epoch_milliseconds", "2023-11-14T22:13:20.1235Z"),
        (1_700_000_000_123_456, "epoch_microseconds", "2023-11-14T22:13:20.123456Z"),
        (1_700_000_000_123_456_789, "epoch_nanoseconds", "2023-11-14T22:13:20.123456789Z"),
        (2440587.5, "julian_days", "1970-01-01T00:00:00Z"),
        (2440588, "julian_days", "1970-01-01T12:00:00Z"),
        ("2460310.50", "julian_days", "2024-01-01T00:00:00Z"),
        (2460310.9166666665, "julian_days", "2024-01-01T09:59:59.9999856Z"),
    ],
)
def test_a_count_since_an_epoch_is_an_instant(cell: object, unit: str, expected: str) -> None:
    assert convert(FieldKind.INSTANT, cell, unit=unit) == expected


def test_a_count_that_no_calendar_reaches_is_unfit() -> None:
    assert rule_of(FieldKind.INSTANT, 2**63, unit="epoch_seconds") == (
        "date and time between the years 1 and 9999"
    )
    assert rule_of(FieldKind.INSTANT, 0, unit="julian_days") == "date and time between the years 1 and 9999"


@pytest.mark.parametrize(
    ("cell", "unit", "rule"),
    [
        ("2025-01-01", "epoch_seconds", "decimal number"),
        ("", "epoch_seconds", "decimal number"),
        ("+1", "epoch_seconds", "decimal number"),
        (True, "epoch_seconds", "integer"),
        (math.nan, "epoch_seconds", "decimal number"),
        ("0.0000000001", "epoch_seconds", "date and time with at most nine digits after the second"),
        ("0.1", "epoch_nanoseconds", "date and time with at most nine digits after the second"),
    ],
)
def test_a_count_that_would_lose_something_is_unfit(cell: object, unit: str, rule: str) -> None:
    assert rule_of(FieldKind.INSTANT, cell, unit=unit) == rule


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-01-15 12:00:00", "2024-01-15T12:00:00Z"),
        ("2024-07-15 12:00:00", "2024-07-15T12:00:00+01:00"),
        ("2024-10-27 01:30:00", "2024-10-27T01:30:00+01:00"),  # happened twice: the earlier
        ("2024-07-15 12:00:00Z", "2024-07-15T12:00:00Z"),  # a zone of its own wins
    ],
)
def test_a_local_time_takes_the_registers_zone(cell: str, expected: str) -> None:
    assert convert(FieldKind.INSTANT, cell, zone="Europe/London") == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/New_York", "2024-01-15T12:00:00-05:00"),
        ("America/St_Johns", "2024-01-15T12:00:00-03:30"),
        ("Asia/Kathmandu", "2024-01-15T12:00:00+05:45"),
        ("Pacific/Kiritimati", "2024-01-15T12:00:00+14:00"),
    ],
)
def test_a_zone_may_be_behind_or_ahead_of_utc_by_parts_of_an_hour(zone: str, expected: str) -> None:
    assert convert(FieldKind.INSTANT, "2024-01-15 12:00:00", zone=zone) == expected


def test_an_offset_of_odd_seconds_is_unfit() -> None:
    assert rule_of(FieldKind.INSTANT, "1800-01-01 12:00:00", zone="Europe/London") == (
        "date and time with an offset of whole minutes"
    )
    odd = datetime(2026, 1, 1, tzinfo=timezone(timedelta(seconds=75)))
    assert rule_of(FieldKind.INSTANT, odd) == "date and time"


@pytest.mark.parametrize(
    ("cell", "odd"),
    [
        ("2024-10-27 01:30:00", True),  # twice
        ("2024-03-31 01:30:00", True),  # never
        ("2024-03-31 03:30:00", False),
        ("2024-10-27 01:30:00Z", False),
        ("no time", False),
        ("2024-13-99 01:30:00", False),
        (datetime(2024, 10, 27, 1, 30), True),  # noqa: DTZ001 - a naive time is what is tried
        (datetime(2024, 10, 27, 1, 30, tzinfo=UTC), False),
        (7, False),
        (None, False),
    ],
)
def test_a_local_time_that_happened_twice_or_never_is_recognised(cell: object, *, odd: bool) -> None:
    assert ambiguous_or_missing(cell, ZoneInfo("Europe/London")) is odd


@QUICK
@given(st.datetimes(timezones=st.just(UTC)))
def test_any_instant_is_the_same_moment_afterwards(cell: datetime) -> None:
    assert datetime.fromisoformat(str(convert(FieldKind.INSTANT, cell))) == cell
