"""An attempt shows how far it is, and notices that it has lost its request or is asked to stop."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from dsar_export.errors import SourceUnreadableError, StaleError, WorkStoppedError
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.source import SourceDescription
from dsar_export.model.work import LEASE, WorkStep
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.attempt import Attempt
from dsar_export.use_cases.collect_request import collect_request
from dsar_export.use_cases.lease import Lease, Turn
from tests.use_cases.offices import LEASE_ENDS, CallingProgress, Office
from tests.use_cases.workbenches import Steady, Workplace
from tests.worlds import SilentProgress

SOON = 10.0
"""Seconds in which a thread notices what it looks for all the time."""


@pytest.fixture
def place(each_office: Office) -> Workplace:
    return Workplace(each_office)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread looks all the time."""
    monkeypatch.setattr("dsar_export.use_cases.lease.WATCHED_EVERY", 0.01)
    monkeypatch.setattr("dsar_export.use_cases.lease._LOOKS", 0.02)


def lease_of(place: Workplace, attempt: Attempt) -> Lease:
    turn = Turn(by_worker=True, steady=place.steady)
    services = place.office.with_progress(SilentProgress())
    return Lease(place.office.desk("ada"), attempt.reference, attempt.number, services, turn)


def test_progress_is_stored_at_most_twice_a_second_with_dataset_and_rows(place: Workplace) -> None:
    reference = place.asked()
    lease = lease_of(place, place.begun(reference))
    lease.began(WorkStep.OPEN)
    place.steady.now += 0.5
    lease.started("records")
    for _ in range(10):
        lease.advanced(100)
    work = place.work(reference)
    assert (work.step, work.dataset, work.rows, work.signs) == (WorkStep.READ, "records", 0, 2)
    place.steady.now += 0.5
    lease.advanced(100)
    work = place.work(reference)
    assert (work.rows, work.signs) == (1100, 3)
    place.steady.now += 0.5
    lease.finished("records", 1150)
    assert place.work(reference).rows == 1150


def test_each_sign_of_life_prolongs_the_lease(place: Workplace) -> None:
    reference = place.asked()
    lease = lease_of(place, place.begun(reference))
    place.time_passes(LEASE - timedelta(seconds=1))
    place.steady.now += 1
    lease.advanced(1)
    until = place.office.listed(reference).lease_until
    assert until is not None
    assert timedelta(0) <= place.office.now + LEASE - until < timedelta(seconds=1)


def test_an_attempt_shows_signs_also_while_the_clock_is_set_back(place: Workplace) -> None:
    reference = place.asked()
    lease = lease_of(place, place.begun(reference))
    place.time_passes(timedelta(hours=-1))
    place.steady.now += 1
    lease.advanced(1)
    until = place.office.listed(reference).lease_until
    assert until is not None
    assert until < place.office.now + LEASE + timedelta(seconds=1)
    assert place.work(reference).signs == 2


def test_an_attempt_that_was_taken_over_stores_no_progress_and_stops(place: Workplace) -> None:
    reference = place.asked()
    lease = lease_of(place, place.begun(reference))
    place.time_passes(LEASE_ENDS)
    place.begun(reference)
    before = place.office.rows()
    place.steady.now += 1
    with pytest.raises(StaleError):
        lease.advanced(1)
    assert place.office.rows() == before


@pytest.mark.usefixtures("watched")
def test_the_lease_of_a_step_that_shows_no_progress_is_renewed_all_the_same(place: Workplace) -> None:
    reference = place.asked()
    lease = lease_of(place, place.begun(reference))
    before = place.work(reference).signs
    place.steady.step = 1.0
    with lease.kept():
        give_up = threading.Event()
        for _ in range(1000):
            if place.work(reference).signs > before + 1:
                break
            give_up.wait(0.01)
    assert place.work(reference).signs > before + 1
    assert place.work(reference).step is WorkStep.OPEN


@dataclass
class Hanging:
    """A source whose statement runs until it is cancelled; `meanwhile` happens while it runs."""

    honest: Collector
    meanwhile: CallingProgress
    cancelled: threading.Event = field(default_factory=threading.Event)

    def describe(self) -> SourceDescription:
        return self.honest.describe()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        self.meanwhile.once()
        assert self.cancelled.wait(SOON), "nobody cancelled it"
        raise SourceUnreadableError("the statement was cancelled")
        yield

    def cancel(self) -> None:
        self.cancelled.set()


def hanging(place: Workplace, meanwhile: CallingProgress) -> Hanging:
    made = Hanging(place.office.services.collectors["second"], meanwhile)
    place.office.collectors["second"] = made
    return made


@pytest.mark.usefixtures("watched")
@pytest.mark.parametrize("turn", [Turn(), Turn(by_worker=True)])
def test_a_statement_that_runs_is_cancelled_at_the_source_when_its_request_is(
    place: Workplace, turn: Turn
) -> None:
    reference = place.asked()
    source = hanging(place, CallingProgress(lambda: decide.cancel(place.office.desk("ada"), reference)))
    with pytest.raises(StaleError, match="cancelled"):
        collect_request(place.office.desk("ada"), place.services(), reference, turn=turn)
    assert source.cancelled.is_set()
    assert place.office.listed(reference).state is State.CANCELLED
    assert place.office.drafts.names(reference) == []


@pytest.mark.usefixtures("watched")
def test_a_statement_that_is_cancelled_because_the_worker_stops_is_neither_a_gap_nor_a_try(
    place: Workplace,
) -> None:
    reference = place.asked()
    runs = threading.Event()
    source = hanging(place, CallingProgress(runs.set))
    turn = Turn(by_worker=True, stopping=runs.is_set, steady=Steady(step=1.0))
    with pytest.raises(WorkStoppedError):
        collect_request(place.office.desk("ada"), place.services(), reference, turn=turn)
    assert source.cancelled.is_set()
    work = place.work(reference)
    assert (work.tries, work.failure, work.parked_at) == (0, None, None)
    assert place.office.listed(reference).state is State.COLLECTING
