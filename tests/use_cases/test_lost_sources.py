"""A source that goes away before its rows: begun again as a whole, thrice at most, and never half."""

from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export import wiring
from dsar_export.errors import SourceLostError, SourceUnreadableError
from dsar_export.use_cases.export_once import count_only
from dsar_export.use_cases.find_subject import ATTEMPTS
from tests.cli.commands import export_arguments, files_below, in_this_process
from tests.use_cases.companies import request
from tests.use_cases.flaky import Error, Flaky
from tests.worlds import SUBJECT, World, open_package


def flaky(world: World, place: str, times: int, error: Error = SourceLostError) -> Flaky:
    """Makes the world's source one that fails."""
    services = world.build()
    collector = Flaky(services.collectors["main"], place, times, error)
    world.services = replace(services, collectors={"main": collector})
    return collector


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "register").write([{"text": "one"}, {"text": "two"}], [{"text": "STRANGE"}])


@pytest.mark.parametrize("place", ["snapshot", "probe", "probe_link", "resolve", "chunks"])
@pytest.mark.parametrize("times", range(1, ATTEMPTS))
def test_a_source_that_comes_back_gives_one_good_package(place: str, times: int, world: World) -> None:
    good = world.package()
    good.path.unlink()
    collector = flaky(world, place, times)
    package = world.package()
    assert collector.opened == times + 1
    assert package.members["manifest-sha256.txt"] == good.members["manifest-sha256.txt"]
    assert files_below(world.out) == [package.path]


@pytest.mark.parametrize("place", ["snapshot", "probe", "probe_link", "resolve", "chunks"])
def test_a_source_that_stays_away_is_an_error_after_three_attempts_and_leaves_nothing(
    place: str, world: World
) -> None:
    collector = flaky(world, place, 99)
    with pytest.raises(SourceLostError):
        world.export()
    assert collector.opened == ATTEMPTS
    assert files_below(world.out) == []


@pytest.mark.parametrize("place", ["chunks", "midway"])
def test_a_source_that_fails_in_another_way_is_not_tried_again(place: str, world: World) -> None:
    collector = flaky(world, place, 1, SourceUnreadableError)
    with pytest.raises(SourceUnreadableError):
        world.export()
    assert collector.opened == 1
    assert files_below(world.out) == []


def test_a_dry_run_begins_again_too_and_counts_once(world: World) -> None:
    collector = flaky(world, "chunks", 1)
    result = count_only(world.build(), request("acme", [SUBJECT]))
    assert collector.opened == 2
    assert [answer.outcome.read for answer in result.datasets] == [2]


@pytest.mark.parametrize(("times", "code"), [(1, 0), (2, 0), (3, 3)])
def test_the_command_ends_with_a_package_or_with_exit_code_3(
    times: int,
    code: int,
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    collector = flaky(world, "chunks", times)
    monkeypatch.setattr(wiring, "build_collectors", lambda _: {"main": collector})
    passphrase = tmp_path / "passphrase.txt"
    command = [*export_arguments(world.folder, world.out), "--write-passphrase", passphrase]
    done = in_this_process(capsys, *command, stdin=SUBJECT)
    assert done.code == code
    assert passphrase.exists() == (code == 0)
    if code:
        assert done.out == ""
        assert "'main'" in done.err
        assert files_below(world.out) == []
    else:
        package, page = files_below(world.out)
        assert page.name == "open.html"
        opened = open_package(package, passphrase.read_text(encoding="ascii").strip())
        assert [record["text"] for record in opened.json()] == ["one", "two"]
