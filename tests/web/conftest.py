"""One served office for the tests of a module, in folders and on SQLite; long tests are for `make browsers`."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.use_cases.parcels import Parcels
from tests.use_cases.reached import reached_register
from tests.web.served import Served, served


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what takes long, except in `make browsers`."""
    if os.environ.get("BROWSERS") == "long":
        return
    here = [item for item in items if item.path.is_relative_to(Path(__file__).parent)]
    left_out = [item for item in here if item.get_closest_marker("long")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def reached(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register that says where people are reached."""
    return reached_register(tmp_path_factory.mktemp("reaching") / "register")


def parcels_in(folder: Path, register: Path, url: str | None = None) -> Parcels:
    """An office that hands packages out, with a database of its own."""
    made = founded_installation(url or f"sqlite:///{folder / 'requests.db'}", folder / "keys.json")
    office = Office(made, quick_services(register), folder / "state", folder / "anchor.json")
    return Parcels(office, office.services, register)


@pytest.fixture(scope="module")
def shop(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Served in this process."""
    parcels = parcels_in(tmp_path_factory.mktemp("shop"), reached)
    with served(parcels) as made:
        yield made
    parcels.office.installation.engine.dispose()
