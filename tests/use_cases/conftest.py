"""An office with two sources and staff of every role, on SQLite or on each kind of database."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import delete

from dsar_export.requests.database import writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.tables import INSTALLATION
from dsar_export.use_cases.services import Services
from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services, register_in
from tests.use_cases.parcels import FIRST, SECOND, Parcels
from tests.use_cases.reached import reached_register
from tests.worlds import World
from tools.servers.postgres import PostgresServer


@pytest.fixture(autouse=True)
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clocks of these tests stand still or jump, so no thread renews leases by them meanwhile."""
    monkeypatch.setattr("dsar_export.use_cases.lease.WATCHED_EVERY", 3600.0)


@pytest.fixture(scope="session")
def office_services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return quick_services(register_in(tmp_path_factory.mktemp("office") / "register"))


@pytest.fixture
def office(office_services: Services, tmp_path: Path) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path / 'trail' / 'requests.db'}"
    installation = founded_installation(url, tmp_path / "trail" / "keys.json")
    yield Office(installation, office_services, tmp_path / "state", tmp_path / "trail" / "anchor.json")
    installation.engine.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def each_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """One installation on each kind of database, for offices that empty it."""
    folder = tmp_path_factory.mktemp("each")
    with ExitStack() as stack:
        url = f"sqlite:///{folder / 'requests.db'}"
        if request.param == "postgresql":
            server: PostgresServer = request.getfixturevalue("postgres")
            url = stack.enter_context(server.database("office"))
        made = founded_installation(url, folder / "keys.json")
        stack.callback(made.engine.dispose)
        yield made


@pytest.fixture
def each_office(each_database: Installation, office_services: Services, tmp_path: Path) -> Office:
    """The office on each kind of database in turn."""
    return Office(each_database, office_services, tmp_path / "state", tmp_path / "anchor.json")


@pytest.fixture(scope="session")
def reaching(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Services]:
    """A register that says where people are reached, with its services."""
    folder = reached_register(tmp_path_factory.mktemp("reaching") / "register")
    return folder, quick_services(folder)


@pytest.fixture
def parcels(each_database: Installation, reaching: tuple[Path, Services], tmp_path: Path) -> Parcels:
    """An office that hands packages out, on each kind of database; nobody is reached anywhere yet."""
    folder, services = reaching
    World(folder).run("DELETE FROM reach")
    with writing(each_database.engine) as connection:  # sweeps wait where an earlier test restored it
        connection.execute(delete(INSTALLATION).where(INSTALLATION.c.key == "sweeps_wait_until"))
    office = Office(each_database, services, tmp_path / "state", tmp_path / "anchor.json")
    return Parcels(office, services, folder)


@pytest.fixture
def linked(parcels: Parcels) -> tuple[str, str]:
    """A request of somebody with two addresses, and the token of the link that went to the first."""
    parcels.reached(FIRST, SECOND)
    reference = parcels.ready()
    (token,) = parcels.send(reference)
    return reference, token
