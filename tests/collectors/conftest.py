"""The databases for the collector's tests: each kind has the same tables and nothing else."""

from typing import cast

import pytest

from tests.collectors.sources import ANYTHING, ROW_ID, Database, PostgresDatabase, SqliteDatabase


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
