"""A shop whose register describes the fields of its tickets itself, on each kind of database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.collectors.sources import PostgresDatabase
from tests.collectors.sql_database.mariadb.database import empty_mariadb
from tests.shops import Shop

SAM: Final = "email=sam@example.org"
KINDS: Final = ["sqlite", "postgres", "mariadb"]
_TABLES: Final = (
    "CREATE TABLE customers (id INTEGER NOT NULL PRIMARY KEY, email VARCHAR(190))",
    "CREATE INDEX customers_email ON customers (email)",
    "INSERT INTO customers VALUES (1, 'sam@example.org'), (2, 'tom@example.org')",
    "CREATE TABLE desks (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(40), floor INTEGER)",
    "INSERT INTO desks VALUES (1, 'Front desk', 0)",
    (
        "CREATE TABLE tickets (id INTEGER NOT NULL PRIMARY KEY, customer_id INTEGER NOT NULL, desk_id INTEGER, "
        "subject VARCHAR(200) NOT NULL, note VARCHAR(200), fee DECIMAL(10, 2) NOT NULL, currency VARCHAR(3) NOT NULL, "
        "opened DATE NOT NULL, seen_at {time}, solved BOOLEAN, details JSON, state VARCHAR(1) NOT NULL)"
    ),
    "CREATE INDEX tickets_order ON tickets (customer_id, id)",
    (
        "INSERT INTO tickets VALUES (10, 1, 1, 'A tent', NULL, 12.50, 'GBP', '2026-03-04', '2026-03-05 06:07:08', "
        "{true}, '{{\"a\": [1]}}', 'o')"
    ),
    "INSERT INTO tickets VALUES (11, 2, 1, 'CANARY', 'CANARY', 1.00, 'GBP', '2026-03-04', NULL, NULL, NULL, 'o')",
)
_DIALECTS: Final[Mapping[str, tuple[str, str]]] = {
    "sqlite": ("DATETIME", "1"),
    "postgres": ("TIMESTAMP", "true"),
    "mariadb": ("DATETIME", "true"),
}
FIELDS: Final[Mapping[str, str]] = {
    "id": "",
    "subject": '{ column = "subject", title = "What it is about", description = "Your words." }',
    "note": "",
    "fee": '{ column = "fee", currency = "currency" }',
    "currency": "",
    "opened": "",
    "seen_at": '{ column = "seen_at", zone = "UTC", origin = "observed" }',
    "solved": '{ column = "solved", type = "boolean" }',  # MariaDB has no booleans, only small numbers
    "details": "",
    "state": '{ column = "state", meanings = { o = "Open", c = "Closed" } }',
}
KEY: Final = '{ column = "customer_id", identifier = "customer_id" }'
STAR: Final = (
    'query = "SELECT t.*, d.name AS desk_name FROM tickets t LEFT JOIN desks d ON d.id = t.desk_id '
    'WHERE t.customer_id IN :customer_id"\nkey = "id"\norder_by = ["id"]'
)


@dataclass(frozen=True)
class Described:
    """The shop, and what runs a statement in its database."""

    shop: Shop
    run: Callable[[str], None]


def described_by_itself(shop: Shop, name: str, more: str = 'origin = "provided"') -> None:
    """Takes the schema of a dataset that was added away."""
    schema = f'schema = "{name}"\n'
    assert schema in shop.datasets[name]
    shop.datasets[name] = shop.datasets[name].replace(schema, f"{more}\n")


def described_shop(
    request: pytest.FixtureRequest,
    folder: Path,
    fields: Mapping[str, str] = FIELDS,
    more: str = 'order_by = ["id"]',
    left_out: tuple[str, ...] = ("desk_id",),
) -> Described:
    """The shop on the database that the parameter of the test names."""
    made = Shop(folder / "register", left_out=["customers", "desks"])
    made.link("customers", "email:email", "customer_id:id")
    made.dataset("tickets", KEY, fields, more=more, left_out=left_out)
    described_by_itself(made, "tickets", 'origin = "provided"\ntitle = "Your tickets"\nperiod = "opened"')
    time, true = _DIALECTS[request.param]
    statements = [statement.format(time=time, true=true) for statement in _TABLES]
    if request.param == "sqlite":
        made.write(*statements)

        def run(statement: str) -> None:
            made.write(statement)

        return Described(made, run)
    if request.param == "mariadb":
        mariadb = empty_mariadb(request.getfixturevalue("mariadb_server"))
        made.url, run_there = mariadb.reader, mariadb.run
    else:
        postgres: PostgresDatabase = request.getfixturevalue("empty_postgres")
        made.url, run_there = postgres.reader, postgres.run
    for statement in statements:
        run_there(statement)
    return Described(made.write(), run_there)
