"""A trail on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.requests.trail.trails import TrailDatabase, postgres_engine, sqlite_engine, trail_in
from tools.servers.postgres import PostgresServer


@pytest.fixture(scope="session")
def trail_url(postgres: PostgresServer) -> Iterator[str]:
    """One PostgreSQL database for all tests of a worker."""
    with postgres.database("trail") as url:
        yield url


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[TrailDatabase]:
    folder = tmp_path / "sqlite"
    folder.mkdir(mode=0o700)
    with trail_in(sqlite_engine(folder / "requests.db"), folder) as trail:
        yield trail


@pytest.fixture
def on_postgres(tmp_path: Path, trail_url: str) -> Iterator[TrailDatabase]:
    folder = tmp_path / "postgres"
    folder.mkdir(mode=0o700)
    with trail_in(postgres_engine(trail_url), folder) as trail:
        yield trail


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> TrailDatabase:
    made = request.getfixturevalue("on_sqlite" if request.param == "sqlite" else "on_postgres")
    assert isinstance(made, TrailDatabase)
    return made
