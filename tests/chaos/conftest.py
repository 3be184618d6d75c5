"""Fixtures of tests with real worker processes."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.driver import Driver
from tests.chaos.estates import estate
from tests.chaos.forge import Forge, forge


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is long, except in `make chaos`."""
    if os.environ.get("CHAOS") == "long":
        return
    left_out = [item for item in items if item.get_closest_marker("long")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def forged() -> Iterator[Forge]:
    with forge() as running:
        yield running


@pytest.fixture
def driver(forged: Forge, tmp_path: Path) -> Iterator[Driver]:
    """Staff of an installation with the embedded broker and SQLite."""
    with estate("embedded/SQLite", tmp_path, forged) as place:
        yield Driver(place)
        for master in place.masters:
            place.end(master)
