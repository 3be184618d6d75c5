"""The catalogue shows primary keys, foreign keys of any length, and comments."""

from typing import cast

import pytest

from dsar_export.model.source import ForeignKey, Table
from tests.collectors.sources import Database, PostgresDatabase, SqliteDatabase
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb

PARENT = "CREATE TABLE orders (day DATE NOT NULL, id INTEGER NOT NULL, note INTEGER, PRIMARY KEY (id, day))"
CHILD = (
    "CREATE TABLE items (n INTEGER, order_day DATE, order_id INTEGER, "
    "FOREIGN KEY (order_id, order_day) REFERENCES orders (id, day))"
)
KEY = ForeignKey(("order_id", "order_day"), "orders", ("id", "day"))


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def any_empty(request: pytest.FixtureRequest) -> Database:
    """An empty database of each of the three kinds in turn."""
    if request.param == "mariadb":
        return cast(Database, empty_mariadb(request.getfixturevalue("mariadb_server")))
    return cast(Database, request.getfixturevalue(f"empty_{request.param}"))


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server)


def described(database: Database, name: str) -> Table:
    found = database.collector().describe().table(name)
    assert found is not None
    return found


def test_a_foreign_key_of_several_columns_is_described_with_each_pair_in_order(any_empty: Database) -> None:
    any_empty.run(PARENT)
    any_empty.run(CHILD)
    assert described(any_empty, "items").foreign_keys == (KEY,)
    assert described(any_empty, "orders").foreign_keys == ()


def test_two_foreign_keys_of_a_table_stay_apart(any_empty: Database) -> None:
    any_empty.run("CREATE TABLE people (id INTEGER PRIMARY KEY)")
    any_empty.run(
        "CREATE TABLE staff (id INTEGER PRIMARY KEY, boss INTEGER, person INTEGER, "
        "FOREIGN KEY (boss) REFERENCES staff (id), FOREIGN KEY (person) REFERENCES people (id))"
    )
    assert set(described(any_empty, "staff").foreign_keys) == {
        ForeignKey(("boss",), "staff", ("id",)),
        ForeignKey(("person",), "people", ("id",)),
    }


def test_a_primary_key_is_described_in_its_own_order(any_empty: Database) -> None:
    any_empty.run(PARENT)
    any_empty.run(CHILD)
    any_empty.run("CREATE TABLE notes (text INTEGER, id INTEGER PRIMARY KEY)")
    keys = [described(any_empty, name).primary_key for name in ("orders", "items", "notes")]
    assert keys == [("id", "day"), (), ("id",)]


def test_sqlite_describes_a_key_in_the_spelling_of_the_table_that_it_leads_to(
    empty_sqlite: SqliteDatabase,
) -> None:
    empty_sqlite.run(PARENT)
    empty_sqlite.run(
        "CREATE TABLE items (Order_Id INTEGER, order_day DATE, FOREIGN KEY (order_id, order_day) "
        "REFERENCES Orders (ID, Day))"
    )
    (key,) = described(empty_sqlite, "items").foreign_keys
    assert key == ForeignKey(("Order_Id", "order_day"), "orders", ("id", "day"))


def test_sqlite_describes_a_key_that_names_only_the_table_it_leads_to(empty_sqlite: SqliteDatabase) -> None:
    empty_sqlite.run(PARENT)
    empty_sqlite.run(
        "CREATE TABLE items (order_id INTEGER, order_day DATE, FOREIGN KEY (order_id, order_day) REFERENCES orders)"
    )
    assert described(empty_sqlite, "items").foreign_keys == (KEY,)


def test_sqlite_leaves_out_keys_that_lead_nowhere(empty_sqlite: SqliteDatabase) -> None:
    empty_sqlite.run(PARENT)
    empty_sqlite.run(
        "CREATE TABLE items (a INTEGER REFERENCES lost (id), b INTEGER REFERENCES orders (lost))"
    )
    assert described(empty_sqlite, "items").foreign_keys == ()


def test_postgresql_describes_a_partitioned_tables_keys_once(empty_postgres: PostgresDatabase) -> None:
    pg = empty_postgres
    pg.run(PARENT + " PARTITION BY RANGE (day)")
    pg.run(CHILD + " PARTITION BY RANGE (order_day)")
    for table in ("orders", "items"):
        for year in (2025, 2026):
            bounds = f"FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
            pg.run(f"CREATE TABLE {table}_{year} PARTITION OF {table} FOR VALUES {bounds}")
    assert described(pg, "items").foreign_keys == (KEY,)
    assert described(pg, "orders").primary_key == ("id", "day")


def test_postgresql_describes_keys_that_only_partitions_declare_as_their_tables(
    empty_postgres: PostgresDatabase,
) -> None:
    pg = empty_postgres
    pg.run(PARENT)
    pg.run("CREATE TABLE items (order_id INTEGER, order_day DATE) PARTITION BY RANGE (order_day)")
    for year in (2025, 2026):
        bounds = f"FROM ('{year}-01-01') TO ('{year + 1}-01-01')"
        # Another order of columns, as in a partition that was attached.
        pg.run(f"CREATE TABLE items_{year} (order_day DATE, order_id INTEGER)")
        pg.run(f"ALTER TABLE items ATTACH PARTITION items_{year} FOR VALUES {bounds}")
        pg.run(f"ALTER TABLE items_{year} ADD FOREIGN KEY (order_id, order_day) REFERENCES orders (id, day)")
    assert described(pg, "items").foreign_keys == (KEY,)


def test_postgresqls_comments_are_described(empty_postgres: PostgresDatabase) -> None:
    pg = empty_postgres
    pg.run(PARENT)
    pg.run("COMMENT ON TABLE orders IS 'What was bought'")
    pg.run("COMMENT ON COLUMN orders.day IS 'In London'")
    table = described(pg, "orders")
    assert table.comment == "What was bought"
    assert [table.facts[name].comment for name in ("day", "id")] == ["In London", None]


def test_mariadbs_comments_are_described_and_no_others(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE orders (id INT, day DATE COMMENT 'In London') COMMENT 'What was bought'")
    mariadb.run("CREATE TABLE plain (id INT)")
    mariadb.run("CREATE VIEW seen AS SELECT id FROM plain")
    table = described(cast(Database, mariadb), "orders")
    assert table.comment == "What was bought"
    assert [table.facts[name].comment for name in ("day", "id")] == ["In London", None]
    assert [described(cast(Database, mariadb), name).comment for name in ("plain", "seen")] == [None, None]
