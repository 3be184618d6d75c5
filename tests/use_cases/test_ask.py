"""Asking workers: the row is committed first, and what can't be done is refused at once."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from dsar_export.errors import NotPermittedError, StaleError, StateError
from dsar_export.model.work import Task
from dsar_export.requests.database import writing
from dsar_export.requests.states import State
from dsar_export.requests.tables import REQUESTS
from dsar_export.use_cases.ask import ask_to_collect, collect_order, report_options
from dsar_export.use_cases.collect_request import CollectOrder
from dsar_export.use_cases.due import due_of
from dsar_export.use_cases.report_choices import ReportOptions
from tests.use_cases.offices import Office
from tests.use_cases.workbenches import Workplace


@pytest.fixture
def place(each_office: Office) -> Workplace:
    return Workplace(each_office)


def test_the_row_is_there_before_anybody_is_woken_and_stays_if_nobody_could_be(place: Workplace) -> None:
    reference = place.office.verified()
    woken: list[tuple[str, bool]] = []

    class Asleep:
        def wake(self, reference: str, *, heavy: bool) -> bool:
            assert place.work_or_none(reference) is not None
            woken.append((reference, heavy))
            return False

    register = place.office.services.register
    asked = ask_to_collect(place.office.desk("ada"), register, reference, CollectOrder(), Asleep())
    assert (asked.woken, asked.work.task) == (False, Task.COLLECT)
    assert woken == [(reference, False)]
    assert place.work(reference) == asked.work
    assert place.perform() is not None


def test_it_is_due_at_the_end_of_the_day_on_which_the_answer_is(place: Workplace) -> None:
    reference = place.asked()
    register = place.office.services.register
    zone = ZoneInfo(register.organisation.controllers["acme"].time_zone)
    end = place.work(reference).due_at.astimezone(zone)
    day = due_of(place.office.desk("ada"), register, reference).day
    assert (end.date(), end.hour, end.minute) == (day + timedelta(days=1), 0, 0)


def test_what_was_chosen_is_what_the_worker_does(place: Workplace) -> None:
    reference = place.office.verified()
    order = CollectOrder(nothing_held_confirmed=True, anew=True)
    assert collect_order(place.ask(reference, order).work) == order
    built = place.office.approved()
    place.ask_build(built)
    assert report_options(place.work(built)) == ReportOptions()


def test_a_build_of_many_rows_waits_in_the_queue_of_heavy_ones(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = place.office.approved()
    assert place.ask_build(reference).work.heavy is False
    monkeypatch.setattr("dsar_export.use_cases.ask.HEAVY_ROWS", 3)
    assert place.ask_build(reference).work.heavy is True


def test_nothing_is_asked_that_is_not_possible_now(place: Workplace) -> None:
    reference = place.office.opened("ada", "email=Sam@example.org")
    with pytest.raises(StateError, match="possible now: verify"):
        place.ask(reference)
    place.office.verify(reference)
    with pytest.raises(StateError, match="possible now: collect"):
        place.ask_build(reference)
    with pytest.raises(NotPermittedError):
        place.ask(reference, by="ray")
    place.ask(reference)
    place.begun(reference)
    with pytest.raises(StateError, match="a process works on it"):
        place.ask(reference)


def test_nobody_asks_for_a_build_whose_approval_is_of_something_else(place: Workplace) -> None:
    reference = place.office.approved()
    with writing(place.office.installation.engine) as connection:
        row = REQUESTS.c.reference == reference
        connection.execute(update(REQUESTS).where(row).values(approved_decisions_hash="of others"))
    with pytest.raises(StaleError, match="review it again"):
        place.ask_build(reference)
    assert place.work_or_none(reference) is None


def test_a_person_may_do_at_once_what_was_asked_of_a_worker(place: Workplace) -> None:
    reference = place.asked()
    place.office.collect("ada", reference)
    assert place.office.listed(reference).state is State.IN_REVIEW
    assert place.work_or_none(reference) is None
    assert place.perform() is None
