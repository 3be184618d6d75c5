"""Databases of known content for the collector of SQL databases."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from collectors.sql_database import SqlDatabase
from dsar_export.interfaces import Collector
from dsar_export.model.register import Dataset, FieldMapping, Link, Match, Source, SubjectKey
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk, Selection
from dsar_export.testing import CollectorCase

C1 = Identifier("customer_id", "C-1")
SAM = Identifier("email", "sam@example.org")
PRIVATE = ("PRIVATE", "sam@example.org", "C-1")
MEGABYTE = "PRIVATE é " + "x" * (1 << 20)
ROWS = 1103

LETTERS = """
SELECT l.id AS id, l.email AS email, l.body AS body, c.title AS title
FROM letters l LEFT JOIN campaigns c ON c.id = l.campaign
WHERE lower(l.email) IN :email;
"""


def source(file: str = "main.db", timeout: int = 60) -> Source:
    return Source(kind="sql_database", url=f"sqlite:///{file}", controllers=("acme",), timeout=timeout)


def table_dataset(*columns: str, name: str = "records", order: tuple[str, ...] = ()) -> Dataset:
    """A dataset that reads these columns of a table of its name."""
    return Dataset(
        name=name,
        schema=name,
        source="main",
        table=name,
        subject_key=SubjectKey(column="customer_id", identifier="customer_id"),
        order_by=order or ("customer_id", "id"),
        fields={column: FieldMapping(column=column) for column in columns},
        purposes={},
        storage_period="short",
    )


def letters_dataset(query: str = LETTERS, match: Match = Match.CASEFOLD) -> Dataset:
    """A dataset by a query, whose owner is an email address."""
    return replace(
        table_dataset("id", "body", "title", name="letters", order=("email", "id")),
        query=query,
        key="id",
        subject_key=SubjectKey(column="email", identifier="email", match=match),
    )


LINK = Link(
    given="email",
    leads_to="customer_id",
    source="main",
    table="customers",
    given_column="email",
    leads_to_column="id",
    match=Match.CASEFOLD,
)


@dataclass(frozen=True)
class Database:
    """A database file in a folder, and the collector of it."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "main.db"

    def run(self, statement: str, *parameters: object) -> None:
        with closing(sqlite3.connect(self.file)) as database, database:
            database.execute(statement, parameters)

    def many(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        with closing(sqlite3.connect(self.file)) as database, database:
            database.executemany(statement, rows)

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.file)) as database:
            database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            return database.execute(statement).fetchall()

    def collector(self, file: str = "main.db", timeout: int = 60) -> Collector:
        return SqlDatabase("main", source(file, timeout), self.folder)

    def chunks(self, dataset: Dataset, *identifiers: Identifier, timeout: int = 60) -> list[Chunk]:
        with self.collector(timeout=timeout).snapshot() as snapshot:
            return list(snapshot.chunks(Selection(dataset, frozenset(identifiers))))

    def read(self, dataset: Dataset, *identifiers: Identifier) -> list[tuple[object, ...]]:
        return [tuple(row) for chunk in self.chunks(dataset, *identifiers) for row in chunk.rows]

    def state(self) -> object:
        """The files as they are, byte by byte; SQLite's index of the journal counts readers and is left out."""
        files = sorted(f for f in self.folder.iterdir() if not f.name.endswith("-shm"))
        return [(f.name, hashlib.sha256(f.read_bytes()).hexdigest()) for f in files]


@contextmanager
def filled(folder: Path) -> Iterator[Database]:
    """Many rows of two people in turn, several of a megabyte, some undecodable; in WAL mode, and in use."""
    folder.mkdir()
    database = Database(folder)
    database.run("CREATE TABLE records (id INTEGER PRIMARY KEY, customer_id TEXT, text, number)")
    database.run("CREATE INDEX records_order ON records (customer_id, id)")
    database.run("CREATE TABLE letters (id INTEGER PRIMARY KEY, email TEXT, body TEXT, campaign INTEGER)")
    database.run("CREATE TABLE campaigns (id INTEGER PRIMARY KEY, title TEXT)")
    database.run("CREATE TABLE customers (id TEXT PRIMARY KEY, email TEXT)")
    bodies = dict.fromkeys((*range(300, 312), 700), MEGABYTE)
    database.many(
        "INSERT INTO records (customer_id, text, number) VALUES (?, ?, ?)",
        [(f"C-{1 + n % 2}", bodies.get(n // 2, f"PRIVATE {n}"), n / 7) for n in range(2 * ROWS)],
    )
    database.run("UPDATE records SET text = CAST(x'50ff00fe' AS TEXT) WHERE id = 9")
    spelled = ("sam@example.org", "SAM@example.org", "robin@example.org")
    database.many(
        "INSERT INTO letters (email, body, campaign) VALUES (?, ?, ?)",
        [(spelled[n % 3], bodies.get(n // 3, f"PRIVATE {n}"), n % 5) for n in range(2 * ROWS)],
    )
    database.many("INSERT INTO campaigns VALUES (?, ?)", [(n, f"news {n}") for n in range(4)])
    people: list[tuple[object, ...]] = [
        ("C-1", "Sam@Example.org"),
        ("C-2", "robin@example.org"),
        ("C-3", None),
    ]
    database.many("INSERT INTO customers VALUES (?, ?)", people)
    with closing(sqlite3.connect(database.file)) as keeper:
        keeper.execute("PRAGMA journal_mode = WAL")
        keeper.execute("SELECT count(*) FROM customers")
        yield database


def case(
    database: Database,
    dataset: Dataset,
    identifiers: frozenset[Identifier],
    rows: list[tuple[object, ...]],
    change: Callable[[], None],
) -> CollectorCase:
    """What the contract kit needs to know of a selection of this database."""
    return CollectorCase(
        collector=database.collector,
        broken=lambda: database.collector("missing.db"),
        selection=Selection(dataset, identifiers),
        rows=rows,
        link=LINK,
        given=frozenset({Identifier("email", "sam@EXAMPLE.org")}),
        reached=frozenset({Identifier("customer_id", "C-1")}),
        change=change,
        state=database.state,
        private=PRIVATE,
    )


def table_case(database: Database) -> CollectorCase:
    """The selection of a whole table."""
    return case(
        database,
        table_dataset("id", "text", "number"),
        frozenset({Identifier("customer_id", "C-1"), Identifier("email", "robin@example.org")}),
        database.rows(
            "SELECT customer_id, id, text, number FROM records WHERE customer_id = 'C-1' ORDER BY id"
        ),
        lambda: database.run("INSERT INTO records (customer_id, text) VALUES ('C-1', 'later')"),
    )


def query_case(database: Database) -> CollectorCase:
    """The selection by a query that joins, compared without regard to case."""
    return case(
        database,
        letters_dataset(),
        frozenset({Identifier("email", "sam@example.org"), Identifier("customer_id", "C-2")}),
        database.rows(
            "SELECT l.email, l.id, l.body, c.title FROM letters l LEFT JOIN campaigns c ON c.id = l.campaign "
            "WHERE lower(l.email) = 'sam@example.org' ORDER BY l.email, l.id"
        ),
        lambda: database.run("INSERT INTO letters (email, body) VALUES ('sam@example.org', 'later')"),
    )


def fill(database: Database, *texts: object, customer: str = "C-1") -> None:
    database.many("INSERT INTO records (customer_id, text) VALUES (?, ?)", [(customer, t) for t in texts])
