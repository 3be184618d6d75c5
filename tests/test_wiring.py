"""What the environment chooses: how many processes make an export."""

import subprocess
from pathlib import Path

import pytest

from dsar_export.errors import WrongUseError
from dsar_export.sealing.apart.parent import seal_apart
from dsar_export.sealing.members import seal_here
from dsar_export.wiring import build_services, processes, usable_processors
from tests.worlds import SilentProgress, World

ROWS = 1500
"""Of 1 kB each, so that two processes share the work."""


def payload(world: World) -> bytes:
    return world.package().members["manifest-sha256.txt"]


@pytest.fixture
def world(tmp_path: Path) -> World:
    cells = [{"text": f"={n} " + "ü" * 500, "whole": "x" if n % 100 == 0 else n} for n in range(ROWS)]
    return World(tmp_path / "register").write(cells)


def test_one_process_writes_what_two_do(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSAR_PROCESSES", "2")
    two = payload(world)
    monkeypatch.setenv("DSAR_PROCESSES", "1")
    assert payload(world) == two


def test_one_process_starts_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    start = subprocess.Popen

    def watched(*command: object, **how: object) -> object:
        started.append(command)
        return start(*command, **how)  # type: ignore[call-overload] # handed on as it came

    monkeypatch.setattr(subprocess, "Popen", watched)
    monkeypatch.setenv("DSAR_PROCESSES", "2")
    world.export()
    assert len(started) == 1
    monkeypatch.setenv("DSAR_PROCESSES", "1")
    world.export()
    assert len(started) == 1


@pytest.mark.parametrize(("named", "expected"), [("1", 1), ("2", 2), (" 2 ", 2)])
def test_the_environment_decides(named: str, expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSAR_PROCESSES", named)
    assert processes() == expected


@pytest.mark.parametrize(("usable", "expected"), [(1, 1), (2, 2), (64, 2)])
def test_otherwise_two_where_more_than_one_processor_may_be_used(
    usable: int, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DSAR_PROCESSES", raising=False)
    monkeypatch.setattr("dsar_export.wiring.usable_processors", lambda: usable)
    assert processes() == expected
    assert usable_processors() >= 1


@pytest.mark.parametrize("named", ["0", "3", "two", "1.0", "-1"])
def test_any_other_number_is_refused(named: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSAR_PROCESSES", named)
    with pytest.raises(WrongUseError, match="DSAR_PROCESSES is 1, or 2"):
        build_services(world.folder, SilentProgress())


@pytest.mark.parametrize(("named", "expected"), [("1", seal_here), ("2", seal_apart)])
def test_services_seal_as_was_chosen(
    named: str, expected: object, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DSAR_PROCESSES", named)
    assert build_services(world.folder, SilentProgress()).renderers.seal_members is expected
