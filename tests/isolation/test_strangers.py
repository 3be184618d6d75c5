"""Guests, filler values, households, polymorphic owners, wrong joins, spellings: each gets their own rows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dsar_export.errors import SubjectAmbiguousError
from tests.collectors.sources import Database, PostgresDatabase
from tests.collectors.sql_database.mariadb.database import empty_mariadb
from tests.shops import Shop

pytestmark = pytest.mark.usefixtures("one_salt")
NOBODY = 'nobody = ["0", "noemail@example.org", "n/a"]'
CASEFOLD = f'match = "casefold"\n{NOBODY}'
EMAIL = f'{{ column = "email", identifier = "email", match = "casefold", {NOBODY} }}'
PHONE = '{ column = "phone", identifier = "phone", match = "e164", region = "GB" }'
CUSTOMER = f'{{ column = "customer_id", identifier = "customer_id", {NOBODY} }}'
OWNER = '{ column = "owner_id", identifier = "customer_id", where = { owner_type = "customer" } }'
QUERY = """
SELECT p.id AS id, p.customer_id AS customer_id, p.body AS body, o.body AS ordered, o.customer_id AS order_owner
FROM payments p LEFT JOIN orders o ON o.id = p.order_id WHERE p.customer_id IN :customer_id
"""


@dataclass(frozen=True)
class Person:
    """A person, their identifiers and the number of their rows; `chosen` if staff must choose them."""

    name: str
    number: int
    email: str
    phone: str
    rows: int
    chosen: bool = False
    spellings: Sequence[str] = field(default_factory=tuple)

    @property
    def mark(self) -> str:
        return f"CANARY-{self.name}"

    @property
    def asks(self) -> str:
        return f"customer_id={self.number}" if self.number else f"email={self.email}"


PEOPLE = (
    Person("mara", 5, "mara@example.org", "07700 900101", 6, spellings=(" MARA@example.org",)),
    Person("tom", 6, "noemail@example.org", "n/a", 3),
    Person("filler", 7, "noemail@example.org", "0", 3),
    Person("guest", 0, "guest@example.org", "n/a", 2),
    Person("visitor", 0, "visitor@example.org", "0", 2),
    Person("strauss", 8, "strauss@example.org", "+44 7700 900102", 5),
    Person("strausz", 9, "strauß@example.org", "+44 7700 900103", 6, spellings=("STRAUẞ@example.org",)),
    Person("fass", 10, "sam@fass.example", "+44 7700 900104", 5),
    Person("fasz", 11, "sam@faß.example", "+44 7700 900105", 6, spellings=("sam@xn--fa-hia.example",)),
    Person("pat", 12, "home@example.org", "+44 7700 900106", 4, chosen=True),
    Person("kim", 13, "home@example.org", "+44 7700 900107", 4, chosen=True),
)
TABLES = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, email VARCHAR(60), phone VARCHAR(30))",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER DEFAULT 0, email VARCHAR(60), body TEXT)",
    "CREATE TABLE mails (id INTEGER PRIMARY KEY, email VARCHAR(60), body VARCHAR(60))",
    "CREATE TABLE calls (id INTEGER PRIMARY KEY, phone VARCHAR(30), body VARCHAR(60))",
    "CREATE TABLE notes (id INTEGER PRIMARY KEY, owner_type VARCHAR(20), owner_id INTEGER, body VARCHAR(60))",
    "CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id INTEGER, order_id INTEGER, body VARCHAR(60))",
    *(
        f"CREATE INDEX {table}_{column} ON {table} ({column}, id)"
        for table, column in (
            ("orders", "customer_id"), ("orders", "email"), ("mails", "email"), ("calls", "phone"),
            ("notes", "owner_id"), ("payments", "customer_id"),
        )
    ),
)  # fmt: skip


def fill(database: Database) -> None:
    """Per person: an order, a mail per spelling, a call, a note, a stranger's note with their number, two payments."""
    for statement in TABLES:
        database.run(statement)
    number = 0
    for place, person in enumerate(PEOPLE):
        other = next(p for p in PEOPLE[place + 1 :] + PEOPLE if p.number and p is not person)
        if person.number:
            database.many(
                "INSERT INTO customers VALUES (?, ?, ?)", [(person.number, person.email, person.phone)]
            )
        for table, cells in _rows(person, other):
            number += 1
            marks = ", ".join("?" * (len(cells) + 1))
            database.many(f"INSERT INTO {table} VALUES ({marks})", [(number, *cells)])
    orders = {owner: key for key, owner in database.rows("SELECT id, customer_id FROM orders")}
    for person in PEOPLE:
        wrong = next(p for p in PEOPLE if p.number not in {0, person.number})
        for order, body in ((person, "payment"), (wrong, "STRAY")):
            number += 1
            if person.number:
                cells = (number, person.number, orders[order.number], f"{body} {person.mark}.")
                database.many("INSERT INTO payments VALUES (?, ?, ?, ?)", [cells])


def _rows(person: Person, other: Person) -> list[tuple[str, tuple[object, ...]]]:
    rows: list[tuple[str, tuple[object, ...]]] = [
        ("orders", (person.number, person.email, f"order {person.mark}.")),
        ("calls", (person.phone, f"call {person.mark}.")),
        *(("mails", (email, f"mail {person.mark}.")) for email in (person.email, *person.spellings)),
    ]
    if person.number:
        rows += [
            ("notes", ("customer", person.number, f"note {person.mark}.")),
            ("notes", ("employee", person.number, f"note {other.mark}.")),
        ]
    return rows


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    made = Shop(tmp_path / "register", left_out=["customers"])
    if request.param == "sqlite":
        database: Database = request.getfixturevalue("empty_sqlite")
        made.url = f"sqlite:///{tmp_path / 'source' / 'main.db'}"
    elif request.param == "postgres":
        postgres: PostgresDatabase = request.getfixturevalue("empty_postgres")
        database, made.url = postgres, postgres.reader
    else:
        mariadb = empty_mariadb(request.getfixturevalue("mariadb_server"))
        database, made.url = mariadb, mariadb.reader
    fill(database)
    made.link("customers", "email:email", "customer_id:id", CASEFOLD)
    made.link("customers", "customer_id:id", "email:email", NOBODY).link(
        "customers", "customer_id:id", "phone:phone"
    )
    made.link("orders", "email:email", "customer_id:customer_id", CASEFOLD)
    for name, keys in (
        ("orders", f"{CUSTOMER}, {EMAIL}"),
        ("mails", EMAIL),
        ("calls", PHONE),
        ("notes", OWNER),
    ):
        made.dataset(name, keys, {"id": "", "body": ""}, left_out=[*LEFT_OUT[name]])
    more = f'order_by = ["id"]\nkey = "id"\nquery = """{QUERY}"""\njoins = {{ orders = "order_owner" }}'
    fields = {"id": "", "body": "", "ordered": ""}
    made.dataset("payments", CUSTOMER, fields, more=more, left_out=["order_id"])
    return made.write()


LEFT_OUT = {
    "orders": ["customer_id", "email"],
    "mails": ["email"],
    "calls": ["phone"],
    "notes": ["owner_id", "owner_type"],
}


def test_each_gets_all_of_their_own_rows_and_no_strangers(shop: Shop) -> None:
    for person in PEOPLE:
        chosen = [str(person.number)] if person.chosen else []
        if person.chosen:
            with pytest.raises(SubjectAmbiguousError):
                shop.export(person.asks)
        package = shop.package(person.asks, chosen=chosen)
        text = b"".join(package.members.values()).decode("utf-8", "replace")
        strangers = [p.name for p in PEOPLE if p is not person and f"{p.mark}." in text]
        assert (person.name, strangers) == (person.name, [])
        assert "STRAY" not in text
        records = [record for name in shop.datasets for record in package.json(name)]
        assert (person.name, len(records)) == (person.name, person.rows)


def test_what_was_not_copied_is_counted(shop: Shop) -> None:
    gaps = {
        person.name: shop.gaps(person.asks, chosen=[str(person.number)] * person.chosen) for person in PEOPLE
    }
    joined = "rows that are stored together with another person's: 1; not copied"
    assert all((joined in gaps[person.name]) == bool(person.number) for person in PEOPLE)
    shared = [
        name
        for name, found in gaps.items()
        if any("kind 'email' that are another person's" in g for g in found)
    ]
    assert shared == ["pat", "kim"]
