"""The same data in MariaDB gives the same payload, byte for byte, to an account that may only select."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.request import Right
from tests.cli.commands import files_below
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.use_cases.on_postgres import registered
from tests.use_cases.test_on_postgres import MANIFEST, ROWS, STRANGERS
from tests.worlds import COLUMNS, World

_TYPES = {
    "text": "longtext",
    "phone": "varchar(40)",
    "whole": "bigint",
    "number": "double",
    "amount": "decimal(30, 2)",
    "flag": "boolean",
    "at": "datetime",
    "day": "date",
    "raw": "longblob",
    "details": "json",
}
assert set(_TYPES) == set(COLUMNS)


def moved(world: World, database: MariadbDatabase) -> World:
    """The same register in another folder, with the world's rows in MariaDB, read by an account that may select."""
    typed = ", ".join(f"`{name}` {kind}" for name, kind in _TYPES.items())
    database.run("CREATE TABLE customers (id varchar(20) PRIMARY KEY, email varchar(190))")
    database.run(f"CREATE TABLE records (id bigint PRIMARY KEY, customer_id varchar(20), {typed})")
    database.run("CREATE INDEX records_order ON records (customer_id, id)")
    with closing(sqlite3.connect(world.database)) as held:
        customers = held.execute("SELECT id, email FROM customers").fetchall()
        records = held.execute(f"SELECT id, customer_id, {', '.join(COLUMNS)} FROM records").fetchall()
    database.many("INSERT INTO customers VALUES (?, ?)", customers)
    marks = ", ".join("?" * (2 + len(COLUMNS)))
    # The other way round: the rows' order must come from the register, not from the table.
    database.many(f"INSERT INTO records VALUES ({marks})", records[::-1])
    return registered(world, database.reader)


@pytest.fixture(params=["utf8mb4_general_ci", "utf8mb4_bin"])
def database(request: pytest.FixtureRequest, mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server, request.param)


@pytest.fixture(params=['["id"]', '["text", "id"]'], ids=["by number", "by text"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    made = World(tmp_path / "register")
    made.dataset_text = made.dataset_text.replace('["id"]', request.param)
    # Every row has a text, because databases sort nulls differently.
    return made.write([row for row in ROWS if row["text"] is not None], STRANGERS)


@pytest.mark.parametrize("right", Right)
def test_the_payload_is_the_same(right: Right, world: World, database: MariadbDatabase) -> None:
    here = world.package(right=right)
    there = moved(world, database).package(right=right)
    assert len(here.json()) > 600
    assert {n: b for n, b in there.members.items() if n.startswith("data/")} == {
        n: b for n, b in here.members.items() if n.startswith("data/")
    }
    assert there.members[MANIFEST] == here.members[MANIFEST]
    assert there.outcome() == here.outcome()
    assert "STRANGE" not in str(there.members["data/json/records.json"])


def test_a_table_that_the_account_may_not_read_is_no_empty_answer(
    tmp_path: Path, database: MariadbDatabase
) -> None:
    reader = moved(World(tmp_path / "register").write([{"text": "mine"}]), database)
    database.run(f"REVOKE SELECT ON `{database.name}`.* FROM `{database.account}`@`%`")
    database.grant(f"SELECT ON `{database.name}`.records")
    with pytest.raises(RegisterError, match=r"link from 'email'.*denied"):
        reader.export()
    assert files_below(reader.out) == []
