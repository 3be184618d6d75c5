"""A clock that can't be reckoned with is refused, with the choices."""

from datetime import date

import pytest

from dsar_export.model.clock import ClockTable
from dsar_export.model.country_clocks import clock_rules, country_clock
from dsar_export.requests.due_dates import place_problems
from dsar_export.requests.due_dates.calendar import known_parts
from tests.builders import CONTROLLER
from tests.replacing import replace

SCHOOL = {"Zone A", "Zone B", "Zone C"}
"""Parts of France that the library knows for school holidays only."""


def problems(country: str, zone: str = "Europe/Paris", **clock: object) -> list[tuple[str, str]]:
    table = replace(ClockTable(), **clock)
    controller = replace(CONTROLLER, country=country, time_zone=zone, clock=table)
    return list(place_problems(clock_rules(controller)))


@pytest.mark.parametrize("country", ["GB", "FR", "DE"])
def test_the_built_in_parts_are_those_of_the_calendar(country: str) -> None:
    parts = known_parts(country)
    assert parts is not None
    assert parts - SCHOOL == country_clock(country).subdivisions.keys()


@pytest.mark.parametrize(("country", "choice"), [("GB", "SCT (Scotland)"), ("DE", "HH (Hamburg)")])
def test_where_holidays_differ_the_part_must_be_named(country: str, choice: str) -> None:
    ((key, problem),) = problems(country)
    assert key == "subdivision"
    assert choice in problem


def test_in_france_the_part_must_be_named_overseas_only() -> None:
    assert problems("FR") == []
    ((_, problem),) = problems("FR", "Indian/Reunion")
    assert "974 (La Réunion)" in problem
    assert problems("FR", "Indian/Reunion", subdivision="974") == []
    assert problems("FR", subdivision="Alsace") == problems("FR", subdivision="6AE") == []


@pytest.mark.parametrize(
    ("country", "part"), [("GB", "HH"), ("DE", "Hessia"), ("FR", "Zone A"), ("AT", "99")]
)
def test_a_part_that_is_not_there_is_refused_with_the_choices(country: str, part: str) -> None:
    ((key, problem),) = problems(country, subdivision=part)
    assert key == "subdivision"
    assert f"{country} has no such part; one of" in problem


def test_any_other_country_is_reckoned_by_its_own_holidays() -> None:
    assert problems("ES", "Europe/Madrid") == []
    assert problems("AT", "Europe/Vienna", subdivision="9") == []


def test_a_country_without_a_calendar_must_list_its_holidays() -> None:
    ((key, problem),) = problems("XX")
    assert key == "extra_holidays"
    assert "list them" in problem


def test_a_day_is_added_or_taken_away_not_both() -> None:
    day = date(2026, 5, 1)
    assert problems("FR", extra_holidays=(day,), no_holidays=(day,)) == [
        ("no_holidays", "2026-05-01 is also in extra_holidays; keep one")
    ]
