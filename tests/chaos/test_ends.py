"""How workers end: in order, killed, or without the master that watched over them."""

import os
import signal
import time

import pytest

from dsar_export.requests.states import State
from tests.chaos.driver import Driver
from tests.chaos.forge import children, lives


def at_work(driver: Driver, **traps: object) -> tuple[str, int, int]:
    """A request that a worker collects slowly, with the master and the worker."""
    (reference,) = driver.opened(1)
    driver.collect(reference)
    master = driver.estate.start(driver.estate.traps(**traps))
    driver.until(lambda: bool(driver.estate.journal("read")), 30, "a dataset is read")
    (worker,) = children(master)
    return reference, master, worker


def collected_by_another(driver: Driver, reference: str) -> None:
    driver.estate.start()
    driver.until(driver.in_state(reference, State.IN_REVIEW), 30, "another worker goes on")


def tries(driver: Driver, reference: str) -> int:
    work = driver.work(reference)
    assert work is not None
    return work.tries


def test_what_runs_is_finished_after_sigterm(driver: Driver) -> None:
    reference, master, worker = at_work(driver, slow=0.5)
    os.kill(master, signal.SIGTERM)
    assert driver.estate.forge.wait(master, 30) == 0
    assert not lives(worker)
    assert driver.row(reference).state is State.IN_REVIEW


def test_what_runs_for_long_is_given_back_after_sigterm_and_the_try_does_not_count(driver: Driver) -> None:
    reference, master, _ = at_work(driver, slow=60.0, grace=0.5)
    os.kill(master, signal.SIGTERM)
    assert driver.estate.forge.wait(master, 30) == 0
    assert driver.row(reference).lease_until is None
    assert tries(driver, reference) == 0
    asked = time.monotonic()
    collected_by_another(driver, reference)
    assert time.monotonic() - asked < 10


@pytest.mark.long
def test_a_second_sigterm_kills_and_the_request_waits_for_the_lease_alone(driver: Driver) -> None:
    reference, master, worker = at_work(driver, slow=60.0)
    os.kill(master, signal.SIGTERM)
    driver.until(lambda: "worker stops" in log(driver), 10, "the worker is asked to stop")
    os.kill(master, signal.SIGTERM)
    assert driver.estate.forge.wait(master, 10) != 0
    assert not lives(worker)
    assert tries(driver, reference) == 1
    collected_by_another(driver, reference)


@pytest.mark.parametrize("sign", [signal.SIGKILL, pytest.param(signal.SIGSEGV, marks=pytest.mark.long)])
def test_a_master_exits_with_an_error_when_its_worker_was_killed(
    driver: Driver, sign: signal.Signals
) -> None:
    reference, master, worker = at_work(driver, slow=60.0)
    os.kill(worker, sign)
    assert driver.estate.forge.wait(master, 30) != 0
    collected_by_another(driver, reference)


@pytest.mark.long
def test_no_worker_outlives_a_killed_master(driver: Driver) -> None:
    reference, master, worker = at_work(driver, slow=60.0, grace=0.5)
    os.kill(master, signal.SIGKILL)
    driver.until(lambda: not lives(worker), 35, "the worker ends")
    assert tries(driver, reference) == 0


def test_an_idle_worker_ends_at_once_with_its_master(driver: Driver) -> None:
    master = driver.estate.start()
    driver.until(lambda: bool(driver.estate.journal("ready")), 30, "a worker is ready")
    (worker,) = children(master)
    os.kill(master, signal.SIGKILL)
    driver.until(lambda: not lives(worker), 10, "the worker ends")


def log(driver: Driver) -> str:
    file = driver.estate.folder / "workers.log"
    return file.read_text(encoding="utf-8") if file.exists() else ""


def test_a_worker_that_waits_for_its_database_ends_at_once(driver: Driver) -> None:
    state = driver.estate.settings.state
    database = state / "requests.db"
    database.rename(state / "away")
    database.mkdir()
    master = driver.estate.start()
    driver.until(lambda: "worker waits" in log(driver), 30, "the worker waits")
    os.kill(master, signal.SIGTERM)
    assert driver.estate.forge.wait(master, 10) == 0
