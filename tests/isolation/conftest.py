"""Fixtures of the demo organisation, which is written once per session."""

from collections.abc import Iterator

import pytest

from dsar_export.demo import write_organisation
from tests.isolation.organisation import Organisation, move_to_postgres, without_nul
from tools.servers.postgres import PostgresServer


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    folder = tmp_path_factory.mktemp("organisation")
    write_organisation(folder, events=60)
    return Organisation(folder)


@pytest.fixture(scope="session")
def storable(demo: Organisation, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """The demo with only values that PostgreSQL can store too."""
    copied = demo.copy(tmp_path_factory.mktemp("storable") / "organisation")
    without_nul(copied)
    return copied


@pytest.fixture(scope="session")
def on_postgres(
    storable: Organisation, postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Organisation]:
    """The same with both databases on a PostgreSQL server."""
    moved = storable.copy(tmp_path_factory.mktemp("postgres") / "organisation")
    with postgres.database("group") as group, postgres.database("hire") as hire:
        move_to_postgres(moved, {"group.db": group, "hire.db": hire})
        yield moved
