"""Moments become whole numbers and come back unchanged."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis.strategies import datetimes, just

from dsar_export.requests.times import microseconds, moment


@given(datetimes(timezones=just(UTC)))
def test_every_moment_comes_back(at: datetime) -> None:
    assert moment(microseconds(at)) == at


def test_a_moment_of_another_zone_is_the_same_moment() -> None:
    there = datetime(2026, 11, 2, 10, 30, tzinfo=timezone(timedelta(hours=1)))
    assert moment(microseconds(there)) == there == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a zone"):
        microseconds(datetime(2026, 11, 2))  # noqa: DTZ001
