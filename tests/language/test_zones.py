"""Terminal and report show the same day of an instant: that of the controller's time zone."""

import pytest

from dsar_export.language.zones import local_day


@pytest.mark.parametrize(
    ("text", "zone", "day"),
    [
        ("2026-06-30T22:30:00Z", "Europe/Berlin", "2026-07-01"),
        ("2026-06-30T22:30:00Z", "America/New_York", "2026-06-30"),
        ("2026-07-01T00:30:00+02:00", "UTC", "2026-06-30"),
        ("2026-07-01", "Asia/Tokyo", "2026-07-01"),
        ("2026-06-30T22:30:00Z", "Nowhere/At_All", "2026-06-30"),
    ],
)
def test_an_instant_has_the_day_of_the_zone_and_a_date_its_own(text: str, zone: str, day: str) -> None:
    assert local_day(text, zone) == day
