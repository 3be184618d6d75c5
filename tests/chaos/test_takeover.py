"""Who was thought dead and goes on later writes nothing any more, and deletes only what is its own."""

import os
import signal
import time

import pytest

from dsar_export.requests.database import reading
from dsar_export.requests.packages import packages_of
from dsar_export.requests.states import State
from tests.chaos.checks import delivered
from tests.chaos.driver import Driver
from tests.chaos.fire import takeovers


def stopped(driver: Driver, point: str) -> tuple[str, int]:
    """A request whose worker stopped at a point, with that worker."""
    estate = driver.estate
    (reference,) = driver.opened(1)
    estate.arm(point)
    estate.start(estate.traps(action="stop"))
    driver.until(lambda: driver.step() and bool(estate.journal("stop")), 30, "a worker stops")
    return reference, int(str(estate.journal("stop")[0]["pid"]))


@pytest.mark.long
@pytest.mark.parametrize(
    "point",
    ["collect-ledger_stored", "collect-checkpoint_named", "build-package_in_place", "build-unnamed"],
)
def test_a_late_write_is_refused(driver: Driver, point: str) -> None:
    estate = driver.estate
    reference, worker = stopped(driver, point)
    estate.start()
    before = len(estate.journal("begun"))
    overtaken = State.AVAILABLE if point.startswith("build") else State.IN_REVIEW
    driver.until(driver.in_state(reference, overtaken), 30, "another worker does it")
    attempt = driver.row(reference).attempt
    os.kill(worker, signal.SIGCONT)
    driver.until(lambda: bool(estate.journal("resumed")), 10, "the first goes on")
    time.sleep(2)  # in which it would write
    assert (driver.row(reference).attempt, driver.row(reference).state) == (attempt, overtaken)
    driver.until(lambda: driver.step()[State.AVAILABLE] == 1, 30, "it is available")
    assert len(estate.journal("begun")) - before <= 2
    for master in estate.masters:
        os.kill(master, signal.SIGTERM)
        assert estate.forge.wait(master, 40) == 0
    assert delivered(driver) == 1


def test_a_late_write_is_refused_while_the_other_still_works(driver: Driver) -> None:
    estate = driver.estate
    reference, first = stopped(driver, "build-unnamed")
    estate.arm("build-unnamed")
    estate.start(estate.traps(action="stop"))
    driver.until(lambda: len(estate.journal("stop")) == 2, 30, "the second stops at the same place")
    second = int(str(estate.journal("stop")[1]["pid"]))
    os.kill(first, signal.SIGCONT)
    driver.until(lambda: bool(estate.journal("resumed")), 10, "the first goes on")
    time.sleep(1)  # in which it would write
    os.kill(second, signal.SIGCONT)
    driver.until(driver.in_state(reference, State.AVAILABLE), 30, "it is available")
    with reading(estate.desk.engine) as connection:
        (package,) = packages_of(connection, [reference])[reference]
    first_attempt = next(e["attempt"] for e in estate.journal("begun") if e["task"] == "build")
    assert package.attempt > int(str(first_attempt))


@pytest.mark.long
def test_a_build_that_holds_the_interpreter_beyond_its_lease_answers_once(driver: Driver) -> None:
    estate = driver.estate
    driver.opened(1)
    estate.arm("build-unnamed")
    estate.start(estate.traps(action="spin", spin=3 * 4.0))
    driver.until(lambda: driver.step() and bool(estate.journal("spin")), 30, "a worker holds it")
    estate.start()
    driver.until(lambda: bool(estate.journal("resumed")), 120, "it lets go")
    driver.until(lambda: driver.step()[State.AVAILABLE] == 1, 30, "it is available")
    for master in estate.masters:
        os.kill(master, signal.SIGTERM)
        assert estate.forge.wait(master, 40) == 0
    assert len([e for e in estate.journal("begun") if e["task"] == "build"]) == 2
    assert delivered(driver) == 1


@pytest.mark.long
def test_a_lease_of_a_clock_that_was_set_back_does_not_last_longer(driver: Driver) -> None:
    """The clock was a minute ahead when the lease was written."""
    estate = driver.estate
    (reference,) = driver.opened(1)
    estate.arm("collect-rows_read")
    driver.collect(reference)
    estate.start(estate.traps(skew=60.0))
    driver.until(lambda: bool(estate.journal("kill")), 30, "the worker is killed")
    estate.start()
    driver.until(driver.in_state(reference, State.IN_REVIEW), 30, "another worker goes on")
    assert max(takeovers(estate)) < 4.0 + 9.0
