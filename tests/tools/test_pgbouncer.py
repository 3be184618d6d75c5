"""The tests' PgBouncer is real, in front of their PostgreSQL, removed afterwards, and skipped if missing."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from tools.servers.pgbouncer import MISSING, pgbouncer
from tools.servers.postgres import PostgresServer, rows, select_only_role
from tools.servers.starting import find_program

installed = pytest.mark.skipif(find_program("pgbouncer") is None, reason=MISSING)
ROLE = "SELECT current_user::text"


@pytest.fixture
def reader(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database("pooled") as url:
        yield select_only_role(url)


@installed
def test_the_database_is_read_through_it_and_nothing_is_left(own_temp: Path, reader: str) -> None:
    with ExitStack() as block:
        url = block.enter_context(pgbouncer(reader))
        assert url != reader
        assert rows(url, ROLE) == rows(reader, ROLE)
        with pytest.raises(KeyError), block:
            raise KeyError
    assert list(own_temp.iterdir()) == []
    with pytest.raises(psycopg.OperationalError):
        rows(url, ROLE)


@installed
def test_it_drops_the_parameters_that_it_is_configured_to_ignore(reader: str) -> None:
    with pgbouncer(reader, ignore_startup_parameters="options") as url:
        assert rows(f"{url}?options=-c%20TimeZone%3DAsia/Tokyo", "SHOW TimeZone") == [("UTC",)]
    with pgbouncer(reader) as url, pytest.raises(psycopg.OperationalError, match="unsupported startup"):
        rows(f"{url}?options=-c%20TimeZone%3DAsia/Tokyo", "SHOW TimeZone")


@installed
def test_it_pools_in_the_given_mode(reader: str) -> None:
    with (
        pgbouncer(reader, pool_mode="statement") as url,
        psycopg.connect(url.replace("+psycopg", "")) as connection,
        pytest.raises(psycopg.Error, match="transaction blocks not allowed"),
    ):
        connection.execute("SELECT 1")


@installed
def test_a_pooler_that_does_not_start_gives_the_reason_and_leaves_nothing(
    own_temp: Path, reader: str
) -> None:
    with pytest.raises(RuntimeError, match="pool_mode"), pgbouncer(reader, pool_mode="no such"):
        pytest.fail("it started")
    assert list(own_temp.iterdir()) == []


def test_without_the_package_the_skipped_test_shows_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tools.servers.pgbouncer.find_program", lambda _: None)
    with (
        pytest.raises(pytest.skip.Exception, match="apt-get install pgbouncer"),
        pgbouncer("postgresql://somebody@db.example.org/crm"),
    ):
        pytest.fail("it started")
