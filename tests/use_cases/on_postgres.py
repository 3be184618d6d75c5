"""The small world with its data in PostgreSQL, in columns of the types that a database there would have."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg

from tests.worlds import COLUMNS, World
from tools.servers.postgres import run

_TYPES = {
    "text": "text",
    "phone": "varchar(40)",
    "whole": "bigint",
    "number": "double precision",
    "amount": "numeric(30, 2)",
    "flag": "boolean",
    "at": "timestamp",
    "day": "date",
    "raw": "bytea",
    "details": "json",
}
assert set(_TYPES) == set(COLUMNS)

NOT_PLAIN: Final = r"[^\x01-\x7F]|^[\x09-\x0D\x1C-\x20]|[\x09-\x0D\x1C-\x20]$"
"""As docs/databases.md writes it."""


def moved(world: World, url: str) -> World:
    """The same register in another folder, with the world's rows in the database at `url`."""
    typed = ", ".join(f"{name} {kind}" for name, kind in _TYPES.items())
    run(
        url,
        "CREATE TABLE customers (id text PRIMARY KEY, email text)",
        f"CREATE TABLE records (id bigint PRIMARY KEY, customer_id text, {typed})",
        "CREATE INDEX records_order ON records (customer_id, id)",
        'CREATE INDEX customers_folded ON customers (lower(email COLLATE "C"))',
        f"CREATE INDEX customers_not_plain ON customers (id) WHERE email ~ '{NOT_PLAIN}'",
    )
    with closing(sqlite3.connect(world.database)) as database:
        customers = database.execute("SELECT id, email FROM customers").fetchall()
        columns = ", ".join(COLUMNS)
        records = database.execute(f"SELECT id, customer_id, {columns} FROM records").fetchall()
    flag = 2 + COLUMNS.index("flag")
    typed_records = [(*r[:flag], None if r[flag] is None else bool(r[flag]), *r[flag + 1 :]) for r in records]
    marks = ", ".join(["%s"] * (2 + len(COLUMNS)))
    with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
        cursor.executemany("INSERT INTO customers VALUES (%s, %s)", customers)
        # The other way round: the rows' order must come from the register, not from the table.
        cursor.executemany(f"INSERT INTO records VALUES ({marks})".encode(), typed_records[::-1])
    return registered(world, url)


def registered(world: World, url: str) -> World:
    """The world's register, with its one source at `url`."""
    there = World(_beside(world.folder), world.register_text, world.dataset_text)
    there.register_text = there.register_text.replace("sqlite:///main.db", url)
    return there.write([])


def _beside(folder: Path) -> Path:
    return folder.parent / "on-postgres" / folder.name
