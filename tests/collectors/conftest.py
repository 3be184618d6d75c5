"""The databases of the collector's tests: each kind with the same tables in it, and nothing else."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from tests.collectors.sources import ANYTHING, ROW_ID, Database, PostgresDatabase, SqliteDatabase
from tests.postgres import PostgresServer, select_only_role


@pytest.fixture(scope="session")
def postgres_url(postgres: PostgresServer) -> Iterator[PostgresDatabase]:
    """One database for all tests of a worker; making one for each would take most of the time."""
    with postgres.database("collectors") as url:
        yield PostgresDatabase(url, select_only_role(url))


@pytest.fixture
def empty_postgres(postgres_url: PostgresDatabase) -> PostgresDatabase:
    role = postgres_url.role
    for (schema,) in postgres_url.rows(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
    ):
        postgres_url.run(f"DROP SCHEMA {schema} CASCADE")
    postgres_url.run("CREATE SCHEMA public")
    postgres_url.run(f"GRANT USAGE ON SCHEMA public TO {role}")
    postgres_url.run(f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {role}")
    return postgres_url


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> SqliteDatabase:
    made = SqliteDatabase(tmp_path / "source")
    made.folder.mkdir()
    return made


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest) -> Database:
    """An empty database of each kind in turn."""
    return cast(Database, request.getfixturevalue(f"empty_{request.param}"))


def with_tables(made: Database) -> None:
    made.table("records", id=ROW_ID, customer_id="TEXT", text=ANYTHING)
    made.run("CREATE INDEX records_order ON records (customer_id, id)")
    made.table("customers", id="TEXT PRIMARY KEY", email="TEXT")
    made.table("letters", id=ROW_ID, email="TEXT", body="TEXT", campaign="INTEGER")
    made.table("campaigns", id=ROW_ID, title="TEXT")
    made.table("no_keys", a=ANYTHING, b=ANYTHING)
    made.run("CREATE UNIQUE INDEX letters_unique ON letters (email, body)")
    made.run("CREATE VIEW seen AS SELECT id, body FROM letters")


@pytest.fixture
def database(empty: Database) -> Database:
    """The tables in each kind of database in turn."""
    with_tables(empty)
    return empty


@pytest.fixture
def sqlite(empty_sqlite: SqliteDatabase) -> SqliteDatabase:
    with_tables(empty_sqlite)
    return empty_sqlite


@pytest.fixture
def pg(empty_postgres: PostgresDatabase) -> PostgresDatabase:
    with_tables(empty_postgres)
    return empty_postgres
