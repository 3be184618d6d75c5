"""Workers under fire, the long form: all set-ups, all points of each, and a long queue. `make chaos` runs it."""

import os
import signal
from datetime import datetime
from pathlib import Path

import pytest

from dsar_export.requests.states import State
from tests.chaos.burning import LEASE, burned, overtaken
from tests.chaos.driver import Driver
from tests.chaos.estates import KINDS, estate, has_s3
from tests.chaos.forge import Forge, children
from tests.chaos.points import points_of

pytestmark = pytest.mark.long
COUNT = int(os.environ.get("CHAOS_REQUESTS", "20"))
ROUNDS = int(os.environ.get("CHAOS_ROUNDS", "4"))
WAITING = int(os.environ.get("CHAOS_WAITING", "1000"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_request_is_delivered_once(kind: str, tmp_path: Path, forged: Forge) -> None:
    points = list(points_of(s3=has_s3(kind)))
    print("\n" + burned(kind, tmp_path, forged, points, COUNT, ROUNDS).line())  # noqa: T201 - the table


@pytest.mark.parametrize("kind", KINDS)
def test_an_idle_worker_takes_over_within_seconds_of_the_lease(
    kind: str, tmp_path: Path, forged: Forge
) -> None:
    waits = overtaken(kind, tmp_path, forged, ["collect-rows_read", "collect-row_written", "build-unnamed"])
    shown = ", ".join(f"{seconds:.1f}" for seconds in waits)
    print(f"\n{kind}: takeover by an idle worker after {shown} s, lease {LEASE:.0f} s")  # noqa: T201
    assert len(waits) == 3
    assert max(waits) <= LEASE + 5


def test_many_waiting_requests_cost_a_worker_no_memory_and_are_taken_up_by_due_date(
    tmp_path: Path, forged: Forge
) -> None:
    few = worked(tmp_path / "few", forged, 6)
    many = worked(tmp_path / "many", forged, WAITING)
    print(f"\nworker with 1 waiting: {few} kB, with {WAITING}: {many} kB")  # noqa: T201 - the table
    assert many - few < 20 << 10


def worked(folder: Path, forged: Forge, count: int) -> int:
    """The memory of a worker that took up five of so many requests; they are those due soonest."""
    folder.mkdir()
    with estate("embedded/SQLite", folder, forged) as place:
        driver = Driver(place)
        for reference in driver.opened(count):
            driver.collect(reference)
        due = sorted(driver.references, key=lambda reference: work_key(driver, reference))
        master = place.start()
        driver.until(lambda: len(place.journal("performed")) >= 5, 120, "five are collected")
        (worker,) = children(master)
        memory = resident(worker)
        os.kill(master, signal.SIGTERM)
        forged.wait(master, 40)
        taken = [entry["reference"] for entry in place.journal("begun")]
        assert taken == due[: len(taken)]
        assert driver.row(due[0]).state is State.IN_REVIEW
        return memory


def work_key(driver: Driver, reference: str) -> tuple[datetime, datetime, str]:
    work = driver.work(reference)
    assert work is not None
    return (work.due_at, work.asked_at, reference)


def resident(process: int) -> int:
    """The kilobytes that a process holds in memory."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
