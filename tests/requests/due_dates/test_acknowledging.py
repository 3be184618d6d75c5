"""By when somebody who complained must know that the complaint arrived."""

from datetime import UTC, date, datetime

import pytest

from dsar_export.model.clock import ClockRules, ComplaintClock, CountedFrom
from dsar_export.model.country_clocks import clock_problems
from dsar_export.requests.due_dates import acknowledge_by
from tests.requests.due_dates.clocks import noon, rules


def by(found: ClockRules, day: str) -> str | None:
    last = acknowledge_by(found, noon(date.fromisoformat(day)))
    return None if last is None else last.isoformat()


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-07-01", "2026-07-31"),  # the 30 days begin on 2 July
        ("2026-07-02", "2026-08-03"),  # Saturday 1 August
        ("2026-07-03", "2026-08-03"),  # Sunday
        ("2026-11-25", "2026-12-29"),  # Christmas Day, Saturday, Sunday, and the substitute of Boxing Day
        ("2026-06-19", "2026-07-20"),  # the first day of the rule; its end is a Sunday
    ],
)
def test_in_britain_the_thirty_days_begin_after_the_receipt_and_roll_on(received: str, last: str) -> None:
    assert by(rules(), received) == last


def test_a_complaint_from_before_the_rule_has_no_day() -> None:
    assert by(rules(), "2026-06-18") is None


@pytest.mark.parametrize(("country", "part"), [("DE", "HH"), ("FR", None)])
def test_where_no_rule_sets_a_day_there_is_none_unless_the_register_adds_one(
    country: str, part: str | None
) -> None:
    assert by(rules(country, part), "2026-07-01") is None
    own = ComplaintClock(acknowledge_within_days=14, counted_from=CountedFrom.RECEIPT, rolls=False)
    assert by(rules(country, part, complaint=own), "2026-07-05") == "2026-07-18"


def test_the_register_goes_before_the_country() -> None:
    assert by(rules(complaint=ComplaintClock(acknowledge_within_days=7)), "2026-07-01") == "2026-07-08"


def test_the_day_of_receipt_is_that_of_the_controllers_time_zone() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # 2 July in London, whose thirty days end on a Saturday
    assert acknowledge_by(rules(), late) == date(2026, 8, 3)


def test_a_time_limit_of_zero_days_is_refused() -> None:
    problems = dict(clock_problems(rules(complaint=ComplaintClock(acknowledge_within_days=0))))
    assert problems.keys() == {"complaint.acknowledge_within_days"}
