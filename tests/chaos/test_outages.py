"""What is down for a while: a source, a broker, or the room on a disk."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from dsar_export.requests.states import State
from tests.chaos.checks import delivered
from tests.chaos.driver import Driver
from tests.chaos.estates import estate
from tests.chaos.forge import Forge


def failures(driver: Driver) -> Sequence[object]:
    return [entry for entry in driver.estate.journal("performed") if entry["failure"]]


def test_what_waits_for_a_source_goes_on_from_its_checkpoint(driver: Driver) -> None:
    place = driver.estate
    (reference,) = driver.opened(1)
    (place.folder / "down" / "extras").touch()
    driver.collect(reference)
    place.start(place.traps(backoff=1.0))
    driver.until(lambda: len(failures(driver)) >= 2, 30, "it is put off")
    work = driver.work(reference)
    assert work is not None
    assert (work.parked_at, work.checkpoint is None) == (None, False)
    (place.folder / "down" / "extras").unlink()
    driver.until(driver.in_state(reference, State.IN_REVIEW), 30, "it goes on")
    assert [e["dataset"] for e in place.journal("read")].count("records") == 1


@pytest.mark.long
def test_a_wake_up_that_the_broker_did_not_take_is_made_up_for(forged: Forge, tmp_path: Path) -> None:
    with estate("Valkey/SQLite", tmp_path, forged) as place:
        driver = Driver(place)
        (reference,) = driver.opened(1)
        place.start()
        driver.until(lambda: bool(place.journal("ready")), 30, "a worker is ready")
        assert place.broker is not None
        place.broker.kill()
        driver.collect(reference)
        assert driver.unwoken > 0
        assert driver.work(reference) is not None
        place.broker.start()
        driver.until(driver.in_state(reference, State.IN_REVIEW), 30, "a worker looks by itself")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 256 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", "size=256k", "chaos", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounted, check=False, capture_output=True).returncode != 0:
        pytest.skip("this user can't mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.long
def test_a_full_disk_puts_a_build_off_and_leaves_nothing(
    forged: Forge, tmp_path: Path, small_disk: Path
) -> None:
    filler = small_disk / "filler"
    with estate("embedded/SQLite", tmp_path, forged, package_store=small_disk) as place:
        driver = Driver(place)
        driver.opened(1)
        filler.write_bytes(bytes(254 << 10))
        master = place.start()
        driver.until(lambda: driver.step() and failures(driver), 30, "the disk is full")
        assert [f.name for f in small_disk.rglob("*") if f.is_file()] == ["filler"]
        filler.unlink()
        driver.until(lambda: driver.step()[State.AVAILABLE] == 1, 30, "there is room again")
        place.end(master)
        assert delivered(driver) == 1
