"""Pages and workers run side by side: they begin together, and none stays without the others."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dsar_export.cli.side_by_side import SideBySide
from tests.use_cases.reached import reached_register
from tests.web.processes import Serving, serving

WAITS = [sys.executable, "-c", "import time; time.sleep(60)"]
FAILS = [sys.executable, "-c", "raise SystemExit(3)"]
ENDS = [sys.executable, "-c", "pass"]
SECONDS = 30


@pytest.fixture
def handlers() -> Iterator[None]:
    """What this process does when it is asked to end stays as it was."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def children_of(process: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(process)], capture_output=True, text=True, check=False)
    return [int(line) for line in found.stdout.split()]


def happens(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.1)
    return False


def lives(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return False


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(("commands", "code"), [([WAITS, FAILS], 3), ([ENDS, WAITS], 1)])
def test_when_one_ends_the_others_end_and_a_supervisor_sees_a_failure(
    commands: list[list[str]], code: int
) -> None:
    both = SideBySide()
    assert both.run(commands) == code
    assert all(child.returncode is not None for child in both.children)


@pytest.mark.usefixtures("handlers")
def test_whoever_asks_it_to_end_before_all_have_begun_is_heard() -> None:
    both = SideBySide(asked=[signal.SIGTERM])
    assert both.run([WAITS, WAITS]) == 0


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return reached_register(tmp_path_factory.mktemp("beside") / "register")


def family(made: Serving) -> list[int]:
    """The processes below the one that was started, when all of them run."""
    assert happens(lambda: len(children_of(made.process.pid)) == 2)
    below = children_of(made.process.pid)
    assert happens(lambda: any(children_of(each) for each in below))
    return [*below, *(each for child in below for each in children_of(child))]


def test_serve_has_a_worker_beside_and_both_end_with_it(register: Path, tmp_path: Path) -> None:
    with serving(tmp_path, register, {}, workers=1) as made:
        processes = family(made)
        made.ask_to_end()
        assert made.ended() == 0
        assert [each for each in processes if lives(each)] == []
        assert made.lines("serving ends") != []


def test_if_the_one_that_watches_is_killed_the_others_end_by_themselves(
    register: Path, tmp_path: Path
) -> None:
    with serving(tmp_path, register, {}, workers=1) as made:
        processes = family(made)
        os.kill(made.process.pid, signal.SIGKILL)
        made.process.wait()
        assert happens(lambda: not any(map(lives, processes)))
