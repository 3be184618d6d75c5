"""Whether somebody does what is asked."""

from datetime import timedelta

import pytest

from dsar_export.requests.database import writing
from dsar_export.requests.workers import ALIVE, show_worker
from dsar_export.use_cases.workforce import LATE, Workforce, somebody_works, workforce
from tests.use_cases.offices import LEASE_ENDS, Office
from tests.use_cases.workbenches import FailingProgress, Workplace, at_most

SECOND = timedelta(seconds=1)


@pytest.fixture
def place(each_office: Office) -> Workplace:
    return Workplace(each_office)


def force(place: Workplace) -> Workforce:
    return workforce(place.office.desk("nia"), place.services().register)


def shows_life(place: Workplace) -> None:
    with writing(place.office.installation.engine) as connection:
        show_worker(connection, "w", place.office.now)


def references(works: object) -> list[str]:
    return [work.reference for work in works]  # type: ignore[attr-defined] # of the workforce


def test_without_a_worker_nobody_is_ready(place: Workplace) -> None:
    assert not force(place).ready
    assert not somebody_works(place.office.desk("nia"))


def test_a_worker_without_a_sign_of_life_for_half_a_minute_is_silent(place: Workplace) -> None:
    shows_life(place)
    place.time_passes(ALIVE - SECOND)
    found = force(place)
    assert (len(found.alive), len(found.silent), found.ready) == (1, 0, True)
    assert somebody_works(place.office.desk("nia"))
    place.time_passes(2 * SECOND)
    found = force(place)
    assert (len(found.alive), len(found.silent), found.ready) == (0, 1, False)
    assert not somebody_works(place.office.desk("nia"))


def test_work_that_waits_for_too_long_means_that_there_are_too_few(place: Workplace) -> None:
    place.asked()
    place.time_passes(LATE - 5 * SECOND)
    shows_life(place)
    assert force(place).ready
    place.time_passes(10 * SECOND)
    shows_life(place)
    assert not force(place).ready


def test_what_a_killed_worker_left_waits_since_its_last_sign(place: Workplace) -> None:
    reference = place.asked()
    place.time_passes(LATE - 5 * SECOND)
    place.begun(reference)
    shows_life(place)
    assert (force(place).working, references(force(place).waiting)) == ([reference], [])
    place.time_passes(LEASE_ENDS)
    shows_life(place)
    assert (force(place).working, references(force(place).waiting)) == ([], [reference])
    assert force(place).ready


def test_what_waits_only_for_a_place_at_a_source_does_not_ask_for_more_workers(place: Workplace) -> None:
    place.changed = at_most(1)
    reading, waiting = place.asked(), place.asked()
    place.time_passes(LATE + SECOND)
    place.begun(reading, limits={"main": 1})
    shows_life(place)
    found = force(place)
    assert (found.working, references(found.for_a_place), references(found.waiting)) == (
        [reading],
        [waiting],
        [],
    )
    assert found.ready
    assert references(workforce(place.office.desk("nia"), None).waiting) == [waiting]
    place.time_passes(LEASE_ENDS)
    shows_life(place)
    found = force(place)
    assert (references(found.for_a_place), references(found.waiting)) == ([], [reading, waiting])
    assert not found.ready


def test_each_request_is_listed_where_it_stands(place: Workplace) -> None:
    failing, waiting = place.asked(), place.asked()
    place.progress = FailingProgress(OSError())
    place.perform()
    shows_life(place)
    found = force(place)
    assert (references(found.put_off), references(found.waiting)) == ([failing], [waiting])
    assert found.parked == []
