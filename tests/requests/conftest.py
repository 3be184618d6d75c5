"""The life of a request on both real databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dsar_export.requests.installation import Installation
from tests.requests.installations import emptied, founded_installation
from tools.servers.postgres import PostgresServer

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session", params=BOTH)
def founded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """One database of each kind for all tests of a worker; founding one per test would take most of the time."""
    folder = tmp_path_factory.mktemp("installation")
    if request.param == "sqlite":
        installation = founded_installation(f"sqlite:///{folder / 'requests.db'}", folder / "keys.json")
        yield installation
        installation.engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database("requests") as url:
        installation = founded_installation(url, folder / "keys.json")
        yield installation
        installation.engine.dispose()


@pytest.fixture
def installation(founded: Installation) -> Installation:
    """A database without requests and people, on each kind in turn."""
    emptied(founded)
    return founded


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'state' / 'requests.db'}"


@pytest.fixture(params=BOTH)
def new_url(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[str]:
    """The URL of a database without tables, on each kind in turn."""
    if request.param == "sqlite":
        yield sqlite_url
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database("new") as url:
        yield url


@pytest.fixture
def key_path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "keys.json"
