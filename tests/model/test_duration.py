"""Durations of whole days, and the day on which one began."""

from datetime import date

import pytest

from dsar_export.model.duration import days_before


@pytest.mark.parametrize(
    ("end", "duration", "began"),
    [
        ("2026-12-03", "P30D", "2026-11-03"),
        ("2026-03-31", "P1M", "2026-02-28"),
        ("2024-02-29", "P1Y", "2023-02-28"),
        ("2026-01-15", "P1Y1M2W1D", "2024-11-30"),
        ("2026-01-15", "P14M", "2024-11-15"),
        ("2026-01-15", "P0D", "2026-01-15"),
        ("0001-01-02", "P2D", "0001-01-01"),
        ("2026-01-15", "P9999Y", "0001-01-01"),
        ("2026-01-15", "P999999999999D", "0001-01-01"),
    ],
)
def test_a_duration_that_ends_on_a_day_began(end: str, duration: str, began: str) -> None:
    assert days_before(date.fromisoformat(end), duration) == date.fromisoformat(began)


@pytest.mark.parametrize("text", ["", "P", "30 days", "PT12H"])
def test_another_text_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="duration must be ISO 8601"):
        days_before(date(2026, 1, 1), text)
