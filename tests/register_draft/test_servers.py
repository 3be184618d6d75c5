"""The same drafts from what PostgreSQL and MariaDB declare: partitions, codes, comments, schemas, earlier versions."""

from pathlib import Path
from typing import cast

import pytest

from dsar_export.register_draft.draft import Wishes, draft_register
from dsar_export.register_draft.shape import DraftedRegister
from tests.collectors.sources import Database, PostgresDatabase
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.register_draft.catalogues import dataset, fields, head, left_out, reasons, written
from tests.register_draft.test_draft import SCHEMAS, holds

CUSTOMERS = "CREATE TABLE customers (id INTEGER PRIMARY KEY, email VARCHAR(99), last_name VARCHAR(99))"


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server)


def drafted(database: PostgresDatabase | MariadbDatabase) -> DraftedRegister:
    description = cast(Database, database).collector().describe()
    draft = draft_register(description, "shop", Wishes())
    holds(description, draft)
    return draft


def test_a_partitioned_table_is_one_dataset_and_its_key_may_have_two_columns(
    empty_postgres: PostgresDatabase,
) -> None:
    pg = empty_postgres
    pg.run(CUSTOMERS)
    pg.run(
        "CREATE TABLE orders (id INT, day DATE, customer_id INT REFERENCES customers (id), PRIMARY KEY (id, day)) "
        "PARTITION BY RANGE (day)"
    )
    pg.run("CREATE TABLE orders_2026 PARTITION OF orders FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')")
    pg.run(
        "CREATE TABLE items (n INT PRIMARY KEY, order_id INT, order_day DATE, "
        "FOREIGN KEY (order_id, order_day) REFERENCES orders (id, day))"
    )
    draft = drafted(pg)
    assert head(dataset(draft, "items"))["subject_keys"] == [
        {
            "through": [{"column": ["order_id", "order_day"], "table": "orders", "key": ["id", "day"]}],
            "column": "customer_id",
            "identifier": "customer_id",
        }
    ]
    assert head(dataset(draft, "orders"))["order_by"] == ["id", "day"]


def test_what_postgresql_says_of_columns_is_used(empty_postgres: PostgresDatabase) -> None:
    pg = empty_postgres
    pg.run(CUSTOMERS)
    pg.run("CREATE TYPE state AS ENUM ('new', 'sent')")
    pg.run(
        "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT REFERENCES customers (id), state state, "
        "placed TIMESTAMPTZ, local TIMESTAMP, details JSONB, paid MONEY, scan OID, search TSVECTOR, fulltext TSVECTOR)"
    )
    pg.run("COMMENT ON TABLE orders IS 'What was bought'")
    pg.run("COMMENT ON COLUMN orders.placed IS 'When it was\nbought'")
    pg.run("CREATE VIEW recent AS SELECT * FROM orders")
    pg.run("CREATE MATERIALIZED VIEW counted AS SELECT count(*) AS n FROM orders")
    draft = drafted(pg)
    found = dataset(draft, "orders")
    assert (head(found)["description"], head(found)["period"]) == ("What was bought", "placed")
    assert fields(found)["placed"]["description"] == "When it was\nbought"
    assert fields(found)["paid"]["type"] == "decimal"
    assert fields(found)["local"] == {"column": "local", "type": "string"}
    assert left_out(found)["fulltext"]["reason"] == "copied_elsewhere"
    assert next(line.remark for line in found.fields if line.key == "state") == "stored: new, sent"
    assert reasons(draft) == {"recent": "copied_elsewhere", "counted": "copied_elsewhere"}


def test_tables_of_one_name_in_two_schemas_stay_apart(empty_postgres: PostgresDatabase) -> None:
    pg = empty_postgres
    pg.run(CUSTOMERS.replace("email", "home INT, work INT, email"))
    for schema, column in (("home", "home"), ("work", "work")):
        pg.run(f"CREATE SCHEMA {schema}")
        pg.run(f"CREATE TABLE {schema}.address (id INT PRIMARY KEY, street TEXT)")
        pg.run(f"ALTER TABLE customers ADD FOREIGN KEY ({column}) REFERENCES {schema}.address (id)")
        pg.run(f"GRANT USAGE ON SCHEMA {schema} TO {pg.role}")
        pg.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {pg.role}")
    draft = drafted(pg)
    kinds = [
        head(dataset(draft, f"{schema}.address"))["subject_keys"][0]["identifier"]  # type: ignore[index] # a list
        for schema in ("home", "work")
    ]
    assert len({*kinds}) == 2
    assert [d.name for d in draft.datasets] == ["customers", "home_address", "work_address"]


def test_northwind_is_drafted(empty_postgres: PostgresDatabase) -> None:
    file: Path = SCHEMAS / "northwind-postgresql.sql"
    if not file.is_file():
        pytest.skip(f"{file} is not there")
    with empty_postgres.connection() as connection:
        connection.execute(file.read_bytes())
    draft = drafted(empty_postgres)
    assert [d.table for d in draft.datasets][:3] == ["customers", "customer_customer_demo", "orders"]
    assert "order_details" in {d.table for d in draft.datasets}
    assert reasons(draft)["employees"] == "undecided"
    assert not {"employees", "suppliers", "shippers"} & {d.table for d in draft.datasets}


def test_what_mariadb_says_of_columns_is_used(mariadb: MariadbDatabase) -> None:
    mariadb.run(
        CUSTOMERS.replace("email", "is_deleted TINYINT(1), size ENUM('s', 'm') COMMENT 'Of shirts', email")
    )
    mariadb.run(
        "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT REFERENCES customers (id), total DECIMAL(9,2), "
        "currency CHAR(3)) WITH SYSTEM VERSIONING"
    )
    draft = drafted(mariadb)
    customers, orders = dataset(draft, "customers"), dataset(draft, "orders")
    assert head(customers)["deleted"] == {"column": "is_deleted", "values": [True]}
    assert fields(customers)["size"]["description"] == "Of shirts"
    assert next(line.remark for line in customers.fields if line.key == "size") == "stored: s, m"
    assert fields(orders)["total"] == {"column": "total", "type": "decimal", "currency": "currency"}
    assert head(orders)["history"] == [{"table": "orders", "system_versions": True, "order_by": ["id"]}]


def test_tables_of_myisam_without_foreign_keys_are_guessed(mariadb: MariadbDatabase) -> None:
    mariadb.run(f"{CUSTOMERS} ENGINE = MyISAM")
    mariadb.run("CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT) ENGINE = MyISAM")
    mariadb.run("CREATE TABLE items (id INT PRIMARY KEY, order_id INT) ENGINE = MyISAM")
    files = written(drafted(mariadb))
    assert [*files.datasets] == ["customers", "orders", "items"]
    for name in ("orders", "items"):
        assert "# a guess: no foreign key says so" in files.texts[f"datasets/{name}.toml"]
