"""Cases for the contract kit: many rows that alternate between two people, some of one megabyte."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.request import Identifier
from dsar_export.model.source import LinkRow
from dsar_export.model.subject_key import SubjectKey
from dsar_export.testing import CollectorCase
from tests.collectors.sources import (
    ANYTHING,
    LINK,
    ROW_ID,
    Database,
    Row,
    SqliteDatabase,
    letters_dataset,
    selection,
    table_dataset,
)
from tests.replacing import replace

PRIVATE: Final = ("PRIVATE", "sam@example.org", "C-1")
MEGABYTE: Final = "PRIVATE é " + "x" * (1 << 20)
ROWS: Final = 1103
_TENANTS: Final = (5, 5, 6, 5, 5, 6, 5, 7, 5, 5, None, 6)
"""Of every twelve rows of a person, seven name the company, three another one, and two no known company."""


@contextmanager
def filled(database: Database) -> Iterator[Database]:
    """Fills a database; SQLite with some undecodable text, in WAL mode, and in use."""
    number = "DOUBLE PRECISION"
    database.table("records", id=ROW_ID, customer_id="TEXT", tenant="INTEGER", text=ANYTHING, number=number)
    database.run("CREATE INDEX records_order ON records (customer_id, id)")
    database.table("letters", id=ROW_ID, email="TEXT", body="TEXT", campaign="INTEGER")
    database.table("campaigns", id=ROW_ID, title="TEXT")
    database.table("customers", id="TEXT PRIMARY KEY", email="TEXT")
    texts: Mapping[int, str] = dict.fromkeys((*range(300, 313), 700), MEGABYTE)
    bodies: Mapping[int, str] = dict.fromkeys((*range(300, 306), 700), MEGABYTE)
    database.many(
        "INSERT INTO records (id, customer_id, tenant, text, number) VALUES (?, ?, ?, ?, ?)",
        [
            (n + 1, f"C-{1 + n % 2}", _TENANTS[n % 24 // 2], texts.get(n // 2, f"PRIVATE {n}"), n / 7)
            for n in range(3 * ROWS)
        ],
    )
    spelled = ("sam@example.org", "SAM@example.org", "robin@example.org")
    database.many(
        "INSERT INTO letters (email, body, campaign) VALUES (?, ?, ?)",
        [(spelled[n % 3], bodies.get(n // 3, f"PRIVATE {n}"), n % 5) for n in range(2 * ROWS)],
    )
    database.many("INSERT INTO campaigns VALUES (?, ?)", [(n, f"news {n}") for n in range(4)])
    people: list[Row] = [("C-1", "Sam@Example.org"), ("C-2", "robin@example.org"), ("C-3", None)]
    database.many("INSERT INTO customers VALUES (?, ?)", people)
    if not isinstance(database, SqliteDatabase):
        yield database
        return
    database.run("UPDATE records SET text = CAST(x'50ff00fe' AS TEXT) WHERE id = 9")
    with closing(sqlite3.connect(database.file)) as keeper:
        keeper.execute("PRAGMA journal_mode = WAL")
        keeper.execute("SELECT count(*) FROM customers")
        yield database


def case(
    database: Database,
    dataset: Dataset,
    identifiers: Sequence[Identifier],
    rows: list[Row],
    change: Callable[[], None],
) -> CollectorCase:
    """The contract kit's case for a selection from this database."""
    return CollectorCase(
        collector=database.collector,
        broken=database.broken,
        selection=replace(selection(dataset, *identifiers, tenants=(5,)), other_tenants=(6,)),
        rows=rows,
        link=LINK,
        given=frozenset({"sam@example.org"}),
        linked=[LinkRow("Sam@Example.org", "C-1")],
        codes=CodeTable(table="campaigns", code="id", meaning="title"),
        coded="id",
        meanings={str(n): f"news {n}" for n in range(4)},
        change=change,
        state=database.state,
        private=PRIVATE,
        counted=len(rows),
    )


def table_case(database: Database) -> CollectorCase:
    """A selection from a whole table that several companies share."""
    key = SubjectKey(column="customer_id", identifier="customer_id", tenant_column="tenant")
    return case(
        database,
        replace(table_dataset("id", "text", "number"), subject_keys=(key,)),
        [Identifier("customer_id", "C-1"), Identifier("email", "robin@example.org")],
        database.rows(
            "SELECT customer_id, tenant, id, text, number FROM records "
            "WHERE customer_id = 'C-1' AND (tenant IN (5, 7) OR tenant IS NULL) ORDER BY id"
        ),
        lambda: database.run("INSERT INTO records (customer_id, tenant, text) VALUES ('C-1', 5, 'later')"),
    )


def query_case(database: Database) -> CollectorCase:
    """A selection by a query with a join, with case-insensitive comparison."""
    return case(
        database,
        letters_dataset(),
        [Identifier("email", "sam@example.org"), Identifier("customer_id", "C-2")],
        database.rows(
            "SELECT l.email, NULL, l.id, l.body, c.title FROM letters l LEFT JOIN campaigns c ON c.id = l.campaign "
            "WHERE lower(l.email) = 'sam@example.org' ORDER BY l.email, l.id"
        ),
        lambda: database.run("INSERT INTO letters (email, body) VALUES ('sam@example.org', 'later')"),
    )
