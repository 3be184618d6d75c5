"""Eighty-seven due dates, each with its reckoning: the day must agree, and every step that leads to it."""

import csv
import re
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from dsar_export.model.clock import Effect, Ground, StepKind
from tests.requests.due_dates.clocks import days_of, due, paused, rules

CASES: Final = tuple(
    csv.DictReader(
        (Path(__file__).parent / "due-dates.csv").read_text(encoding="utf-8").splitlines(),
    )
)
DAY: Final = r"(\d\d \w{3} \d{4})"


def test_there_are_as_many_cases_as_were_reckoned() -> None:
    assert len(CASES) == 87


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(list(case.values())[:5]))
def test_a_due_date_is_reckoned_in_the_steps_of_the_case(case: dict[str, str]) -> None:
    by = rules(
        case["country"],
        case["subdivision"] or None,
        effects={Ground.CLARIFICATION: Effect.STOPS_CLOCK},
    )
    pauses = (paused(case["received"], int(case["paused_days"])),)
    found = due(by, case["received"], *pauses, extended=case["months"] == "3")
    assert found.day.isoformat() == case["due"]
    months, *rest = case["why"].split("; ")
    (end,) = re.findall(rf"= \w{{3}} {DAY}", months)
    assert days_of(found.steps, "months", "last_day") == [iso(end)]
    assert ("clamped" in months) is any(s.kind is StepKind.LAST_DAY for s in found.steps)
    years = iter(days_of(found.steps, "weekend", "holiday"))
    for step in (each for each in rest if not each.startswith("+")):
        day = next(years)
        why, shown = step.rsplit(" ", 1)[1], datetime.fromisoformat(day)
        assert step == f"{shown:%a %d %b} {why}"
        assert days_of(found.steps, why).count(day) == 1
    assert list(years) == []


def iso(day: str) -> str:
    return datetime.strptime(day, "%d %b %Y").date().isoformat()  # noqa: DTZ007 - a day has no zone
