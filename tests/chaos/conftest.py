"""Fixtures of tests with real worker processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.driver import Driver
from tests.chaos.estates import estate
from tests.chaos.forge import Forge, forge


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
