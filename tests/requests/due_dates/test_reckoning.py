"""Where the time limit starts, what stops it, and how an extension is counted."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from dsar_export.model.clock import ClockRules, Effect, Ground, Milestones, Pause, StepKind
from dsar_export.requests.due_dates import due_date
from tests.requests.due_dates.clocks import LATER, days_of, due, rules, wait

ENGLAND, BERLIN, PARIS = rules(), rules("DE", "BE"), rules("FR", None)
CLARIFICATION, IDENTITY, FEE = Ground.CLARIFICATION, Ground.IDENTITY, Ground.FEE


def day(text: str) -> date:
    return date.fromisoformat(text)


# The start


def test_the_day_of_receipt_is_that_of_the_controllers_time_zone() -> None:
    late = Milestones(datetime(2026, 6, 9, 23, 30, tzinfo=UTC))
    assert due_date(BERLIN, late, LATER).steps[0].day == day("2026-06-10")
    assert due_date(BERLIN, late, LATER).day == day("2026-07-10")
    assert due_date(ENGLAND, late, LATER).day == day("2026-07-10")
    winter = Milestones(datetime(2026, 2, 9, 23, 30, tzinfo=UTC))
    assert due_date(BERLIN, winter, LATER).day == day("2026-03-10")
    assert due_date(ENGLAND, winter, LATER).day == day("2026-03-09")


@pytest.mark.parametrize("hour", [0, 1, 2, 3, 12, 23])
@pytest.mark.parametrize("changing", ["2026-03-29", "2026-10-25"])
def test_a_day_on_which_clocks_change_is_one_day(changing: str, hour: int) -> None:
    before, on_it = (
        datetime.combine(of, time(hour), ZoneInfo("Europe/Berlin"))
        for of in (day(changing) - timedelta(days=1), day(changing))
    )
    stopping = rules("DE", "BE", effects={CLARIFICATION: Effect.STOPS_CLOCK})
    found = due_date(stopping, Milestones(before, (Pause(CLARIFICATION, before, on_it),)), LATER)
    assert [s.count for s in found.steps if s.kind is StepKind.ADDED] == [1]
    assert due_date(BERLIN, Milestones(on_it), LATER).start == day(changing)


def test_in_britain_the_limit_starts_with_the_proof_of_identity_that_was_asked_for() -> None:
    asked = wait(IDENTITY, "2026-06-02", "2026-06-08")
    found = due(ENGLAND, "2026-06-01", asked)
    assert (found.start, found.day) == (day("2026-06-08"), day("2026-07-08"))
    assert due(ENGLAND, "2026-06-01").day == day("2026-07-01")


@pytest.mark.parametrize("by", [BERLIN, PARIS])
def test_in_germany_and_france_the_wait_for_proof_of_identity_is_added(by: ClockRules) -> None:
    found = due(by, "2026-06-01", wait(IDENTITY, "2026-06-02", "2026-06-08"))
    assert (found.start, found.day) == (day("2026-06-01"), day("2026-07-07"))


def test_the_limit_starts_with_the_latest_of_receipt_proof_and_fee() -> None:
    proof, fee = wait(IDENTITY, "2026-06-02", "2026-06-08"), wait(FEE, "2026-06-02", "2026-06-10")
    assert due(ENGLAND, "2026-06-01", proof, fee).start == day("2026-06-10")
    assert due(ENGLAND, "2026-06-01", fee, proof).start == day("2026-06-10")
    early = wait(IDENTITY, "2026-05-02", "2026-05-08")
    assert due(ENGLAND, "2026-06-01", early).start == day("2026-06-01")


# Stops


def test_only_a_wait_that_the_rules_name_changes_anything() -> None:
    asked = wait(CLARIFICATION, "2026-06-03", "2026-06-20")
    assert due(BERLIN, "2026-06-01", asked).day == due(BERLIN, "2026-06-01").day
    assert due(ENGLAND, "2026-06-01", asked).day == day("2026-07-20")  # 17 days after Saturday, 1 July
    allowed = rules("DE", "BE", effects={CLARIFICATION: Effect.STOPS_CLOCK})
    assert due(allowed, "2026-06-01", asked).day == day("2026-07-20")


def test_a_day_within_two_waits_counts_once() -> None:
    by = rules("FR", None, effects={CLARIFICATION: Effect.STOPS_CLOCK})
    found = due(
        by,
        "2026-06-01",
        wait(CLARIFICATION, "2026-06-03", "2026-06-10"),
        wait(IDENTITY, "2026-06-05", "2026-06-08"),
    )
    assert [s.count for s in found.steps if s.kind is StepKind.ADDED] == [7]
    assert days_of(found.steps, "stopped") == ["2026-06-10", "2026-06-08"]


def test_a_stop_before_the_start_adds_nothing() -> None:
    proof = wait(IDENTITY, "2026-06-01", "2026-06-10")
    clarified = wait(CLARIFICATION, "2026-06-05", "2026-06-12")
    found = due(ENGLAND, "2026-06-01", proof, clarified)
    assert [s.count for s in found.steps if s.kind is StepKind.ADDED] == [2]
    assert due(ENGLAND, "2026-06-01", proof, wait(CLARIFICATION, "2026-06-05", "2026-06-09")).day == day(
        "2026-07-10"
    )


def test_an_answer_on_the_same_day_adds_nothing() -> None:
    found = due(ENGLAND, "2026-06-01", wait(CLARIFICATION, "2026-06-03", "2026-06-03"))
    assert found == due(ENGLAND, "2026-06-01")


def test_the_weekend_is_passed_over_once_after_the_stops() -> None:
    # Saturday, 28 February and three days is Tuesday; from Monday, 2 March it would be Thursday.
    asked = wait(CLARIFICATION, "2026-02-03", "2026-02-06")
    assert due(ENGLAND, "2026-01-31", asked).day == day("2026-03-03")


# Open waits


@pytest.mark.parametrize(
    ("ground", "kind"), [(IDENTITY, StepKind.AWAITED), (CLARIFICATION, StepKind.STANDING)]
)
def test_an_open_wait_is_counted_up_to_today_and_the_day_is_the_earliest(
    ground: Ground, kind: StepKind
) -> None:
    found = due(ENGLAND, "2026-06-01", wait(ground, "2026-06-01"), today=day("2026-06-08"))
    assert found.at_the_earliest
    assert found.day == day("2026-07-08")
    assert StepKind.AT_THE_EARLIEST in [s.kind for s in found.steps]
    assert kind in [s.kind for s in found.steps]
    assert StepKind.DUE not in [s.kind for s in found.steps]
    assert not found.overdue
    assert due(ENGLAND, "2026-06-01", wait(ground, "2026-06-01"), today=day("2026-09-08")).day == day(
        "2026-10-08"
    )


def test_a_wait_that_does_nothing_leaves_the_day_certain() -> None:
    found = due(BERLIN, "2026-06-01", wait(CLARIFICATION, "2026-06-01"), today=day("2026-06-08"))
    assert not found.at_the_earliest


def test_a_clock_that_was_set_back_shortens_nothing() -> None:
    before = day("2026-01-01")
    assert due(ENGLAND, "2026-06-01", today=before).day == day("2026-07-01")
    opened = wait(CLARIFICATION, "2026-06-04")
    assert due(ENGLAND, "2026-06-01", opened, today=before).day == day("2026-07-01")
    backwards = wait(CLARIFICATION, "2026-06-04", "2026-05-01")
    assert due(ENGLAND, "2026-06-01", backwards).day == day("2026-07-01")
    (standing,) = [
        s for s in due(ENGLAND, "2026-06-01", opened, today=before).steps if s.kind is StepKind.STANDING
    ]
    assert standing.since == standing.day == day("2026-06-04")
    proven_before_asked = wait(IDENTITY, "2026-06-04", "2026-05-01")
    assert due(ENGLAND, "2026-06-01", proven_before_asked).start == day("2026-06-04")


# The extension, and the day before


def test_an_extension_is_counted_from_the_start_and_known_within_the_first_month() -> None:
    found = due(ENGLAND, "2025-11-30", extended=True)
    assert found.day == day("2026-03-02")  # three months from 30 November, not two from 30 December
    assert found.latest_to_extend == day("2025-12-30")
    assert days_of(due(ENGLAND, "2025-11-30").steps, "extend_by") == ["2025-12-30"]
    assert days_of(found.steps, "extend_by") == []


def test_a_stop_gives_more_time_to_extend_too() -> None:
    asked = wait(CLARIFICATION, "2026-06-03", "2026-06-10")
    assert due(ENGLAND, "2026-06-01", asked).latest_to_extend == day("2026-07-08")
    assert due(ENGLAND, "2026-06-01", asked, extended=True).day == day("2026-09-08")


def test_in_britain_a_day_earlier_is_named_for_those_who_read_the_law_so() -> None:
    found = due(ENGLAND, "2026-06-02")
    assert (found.safe, found.day) == (day("2026-07-01"), day("2026-07-02"))
    assert due(ENGLAND, "2026-06-06").safe is None  # the 5th and the 6th of July: both are Monday, 6 July
    assert due(ENGLAND, "2026-06-04").safe == day("2026-07-03")  # the Friday before
    assert due(BERLIN, "2026-06-02").safe is None


def test_the_last_day_of_a_shorter_month_is_the_same_in_both_readings() -> None:
    assert due(ENGLAND, "2026-03-31").safe is None
    assert due(ENGLAND, "2026-03-30").safe == day("2026-04-29")


# Days that the calendar does not know


def test_the_register_adds_and_takes_away_holidays() -> None:
    proclaimed, moved = day("2026-07-02"), day("2026-07-03")
    by = rules(extra_holidays=(proclaimed, moved))
    assert due(by, "2026-06-02").day == day("2026-07-06")
    without = rules(no_holidays=(day("2026-12-25"), day("2026-12-28")))
    assert due(without, "2026-11-25").day == day("2026-12-25")
    assert due(without, "2026-11-28").day == day("2026-12-28")


def test_a_weekend_stays_one_even_if_its_holiday_is_taken_away() -> None:
    by = rules(no_holidays=(day("2026-12-26"),))
    assert due(by, "2026-11-26").day == day("2026-12-29")


def test_the_day_is_overdue_from_the_next_on() -> None:
    assert not due(ENGLAND, "2026-06-02", today=day("2026-07-02")).overdue
    assert due(ENGLAND, "2026-06-02", today=day("2026-07-03")).overdue
