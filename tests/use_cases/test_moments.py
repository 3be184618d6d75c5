"""The time of each source's data, in its snapshot, in the package and in warnings to staff."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, cast

import pytest

from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export import wiring
from dsar_export.interfaces import Collector, Snapshot
from dsar_export.model.register import Register
from dsar_export.model.source import SourceDescription
from tests.cli.commands import export_arguments, in_this_process
from tests.use_cases.flaky import Flaky, FlakySnapshot
from tests.worlds import NOON, SUBJECT, World

WARNING: Final = "source 'main' is a copy that is"


@dataclass
class Behind:
    """An honest collector of a copy that shows another moment."""

    honest: Collector
    as_of: datetime | None

    def describe(self) -> SourceDescription:
        return self.honest.describe()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        with self.honest.snapshot() as honest:
            yield OfThen(Flaky(self.honest, "nowhere", 0), cast(SqlSnapshot, honest), self.as_of)


@dataclass
class OfThen(FlakySnapshot):
    """A snapshot of a moment."""

    moment: datetime | None

    def as_of(self) -> datetime | None:
        return self.moment


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "register").write([{"text": "one"}])


def sources(world: World, as_of: datetime | None) -> list[dict[str, str]]:
    services = world.build()
    world.services = replace(
        services, collectors={"main": Behind(services.collectors["main"], as_of)}, clock=lambda: NOON
    )
    found = json.loads(world.package().members["datapackage.json"])["dsar"]["sources"]
    assert isinstance(found, list)
    return found


def test_the_package_shows_the_moment_of_a_source_that_lags(world: World) -> None:
    assert sources(world, NOON - timedelta(minutes=7)) == [
        {"source": "main", "as_of": "2026-11-22T11:53:00+00:00"}
    ]


def test_a_source_that_does_not_lag_has_the_moment_when_it_was_opened(world: World) -> None:
    assert sources(world, None) == [{"source": "main", "as_of": "2026-11-22T12:00:00+00:00"}]


@pytest.mark.parametrize(
    ("behind", "warned"),
    [(None, False), (timedelta(minutes=4), False), (timedelta(minutes=6), True), (timedelta(hours=30), True)],
)
@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_staff_are_warned_of_a_source_that_is_more_than_five_minutes_behind(
    behind: timedelta | None,
    warned: bool,  # noqa: FBT001 # one of a table
    dry: tuple[str, ...],
    world: World,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    as_of = None if behind is None else datetime.now(UTC) - behind
    build = wiring.build_collectors

    def of_then(register: Register) -> dict[str, Collector]:
        return {name: Behind(honest, as_of) for name, honest in build(register).items()}

    monkeypatch.setattr(wiring, "build_collectors", of_then)
    done = in_this_process(capsys, *export_arguments(world.folder, world.out), *dry, "--json", stdin=SUBJECT)
    assert done.code == 0
    assert (WARNING in done.err) is warned
    if behind is not None and warned:
        assert f"{behind.total_seconds() // 60:,.0f} minutes behind" in done.err
    sources = done.json["sources"]
    assert isinstance(sources, list)
    assert [entry["source"] for entry in sources] == ["main"]
