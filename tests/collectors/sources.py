"""Databases with known content, for tests of the SQL collector."""

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import psycopg
from sqlalchemy import make_url

from collectors.sql_database import SqlDatabase
from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.folding import search_value
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.link import Link
from dsar_export.model.place import LinkTable, TablePlace
from dsar_export.model.register import Source
from dsar_export.model.request import Identifier
from dsar_export.model.source import Chunk, Selection
from dsar_export.model.subject_key import SubjectKey
from tests.replacing import replace

Row = tuple[object, ...]

C1: Final = Identifier("customer_id", "C-1")
SAM: Final = Identifier("email", "sam@example.org")
ROW_ID: Final = "a number that the database gives"
ANYTHING: Final = "texts, or in SQLite whatever is put in"

LETTERS: Final = """
SELECT l.id AS id, l.email AS email, l.body AS body, c.title AS title
FROM letters l LEFT JOIN campaigns c ON c.id = l.campaign
WHERE lower(l.email) IN :email;
"""


def source(file: str = "main.db", timeout: int = 60) -> Source:
    return Source(kind="sql_database", url=f"sqlite:///{file}", controllers=("acme",), timeout=timeout)


def table_dataset(*columns: str, name: str = "records", order: tuple[str, ...] = ("id",)) -> Dataset:
    """A dataset that reads these columns of the table with its name."""
    return Dataset(
        name=name,
        schema=name,
        source="main",
        at=TablePlace(table=name, order_by=order),
        subject_keys=(SubjectKey(column="customer_id", identifier="customer_id"),),
        fields={column: FieldMapping(column=column) for column in columns},
        purposes={},
        storage_period="short",
    )


def letters_dataset(query: str | None = LETTERS, match: Match = Match.CASEFOLD) -> Dataset:
    """A dataset with an email address as owner, by a query or from the whole table."""
    key = SubjectKey(column="email", identifier="email", match=match)
    if query is None:
        return replace(table_dataset("id", "body", name="letters"), subject_keys=(key,))
    return replace(
        table_dataset("id", "body", "title", name="letters"), query=query, key="id", subject_keys=(key,)
    )


def selection(dataset: Dataset, *identifiers: Identifier, tenants: tuple[str | int, ...] = ()) -> Selection:
    """Selects the dataset's rows with these identifiers."""
    keys = [
        sorted({search_value(i.value, k.comparison, {}) for i in identifiers if i.kind == k.identifier})
        for k in dataset.subject_keys
    ]
    return Selection(dataset, tuple(map(tuple, keys)), tenants)


LINK: Final = Link(
    given="email",
    leads_to="customer_id",
    source="main",
    at=LinkTable(table="customers"),
    given_column="email",
    leads_to_column="id",
    match=Match.CASEFOLD,
)


class Database(Protocol):
    """A database that a test fills; `?` is the placeholder for a parameter in all kinds."""

    def table(self, name: str, **columns: str) -> None:
        """Creates a table; `ROW_ID` and `ANYTHING` stand for types of each database."""
        ...

    def run(self, statement: str, *parameters: object) -> None: ...
    def many(self, statement: str, rows: Sequence[Row]) -> None: ...
    def rows(self, statement: str) -> list[Row]: ...

    def collector(self, *, timeout: int = 60) -> SqlDatabase:
        """Its collector, with a read-only role where there are roles."""
        ...

    def broken(self) -> SqlDatabase:
        """A collector for a source that does not respond."""
        ...

    def state(self) -> object:
        """A value that differs if anything in the database has changed."""
        ...


@dataclass(frozen=True)
class SqliteDatabase:
    """A file in a folder."""

    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / "main.db"

    def table(self, name: str, **columns: str) -> None:
        types = {ROW_ID: "INTEGER PRIMARY KEY", ANYTHING: ""}
        self.run(f"CREATE TABLE {name} ({', '.join(f'{c} {types.get(t, t)}' for c, t in columns.items())})")

    def run(self, statement: str, *parameters: object) -> None:
        with closing(sqlite3.connect(self.file)) as database, database:
            database.execute(statement, parameters)

    def many(self, statement: str, rows: Sequence[Row]) -> None:
        with closing(sqlite3.connect(self.file)) as database, database:
            database.executemany(statement, rows)

    def rows(self, statement: str) -> list[Row]:
        with closing(sqlite3.connect(self.file)) as database:
            database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            return database.execute(statement).fetchall()

    @contextmanager
    def opened(self, *first: str) -> Iterator[sqlite3.Connection]:
        """One connection for several statements, for example for a PRAGMA that must come first."""
        with closing(sqlite3.connect(self.file)) as database, database:
            for statement in first:
                database.execute(statement)
            yield database

    def collector(self, *, timeout: int = 60) -> SqlDatabase:
        return SqlDatabase("main", source(timeout=timeout), self.folder)

    def broken(self) -> SqlDatabase:
        return SqlDatabase("main", source("missing.db"), self.folder)

    def state(self) -> object:
        """The bytes of the files, without SQLite's index of the journal, which counts readers."""
        files = sorted(f for f in self.folder.iterdir() if not f.name.endswith("-shm"))
        return [(f.name, hashlib.sha256(f.read_bytes()).hexdigest()) for f in files]


@dataclass(frozen=True)
class PostgresDatabase:
    """A database on a server, with its owner's URL and that of a read-only role."""

    url: str
    reader: str

    @property
    def role(self) -> str:
        """The name of the read-only role."""
        return str(make_url(self.reader).username)

    def table(self, name: str, **columns: str) -> None:
        # Generated numbers start far above those that tests use.
        numbered = "INTEGER GENERATED BY DEFAULT AS IDENTITY (START WITH 100001) PRIMARY KEY"
        types = {ROW_ID: numbered, ANYTHING: "TEXT"}
        self.run(f"CREATE TABLE {name} ({', '.join(f'{c} {types.get(t, t)}' for c, t in columns.items())})")

    def run(self, statement: str, *parameters: object) -> None:
        self.rows(statement, *parameters)

    def many(self, statement: str, rows: Sequence[Row]) -> None:
        with self.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(statement.replace("?", "%s").encode(), rows)

    def rows(self, statement: str, *parameters: object) -> list[Row]:
        with self.connection() as connection:
            answer = connection.execute(statement.replace("?", "%s").encode(), parameters or None)
            return answer.fetchall() if answer.description else []

    def connection(self) -> "psycopg.Connection[Row]":
        """The owner's connection, in which each statement is its own transaction."""
        plain = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(plain, autocommit=True)

    def collector(self, *, timeout: int = 60) -> SqlDatabase:
        return self.collector_at(self.reader, timeout=timeout)

    def broken(self) -> SqlDatabase:
        return self.collector_at(make_url(self.reader).set(port=1).render_as_string(hide_password=False))

    def collector_at(self, url: str, *, timeout: int = 60) -> SqlDatabase:
        return SqlDatabase("main", replace(source(timeout=timeout), url=url), Path())

    def state(self) -> object:
        """The names and contents of all tables."""
        tables = self.rows(
            "SELECT c.oid::regclass::text, c.relkind::text FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1"
        )
        held = {
            name: self.rows(f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {name} t")
            for name, kind in tables
            if kind == "r"
        }
        return tables, held


def chunks(
    database: Database, dataset: Dataset, *identifiers: Identifier, tenants: tuple[str | int, ...] = ()
) -> list[Chunk]:
    with database.collector().snapshot() as snapshot:
        return list(snapshot.chunks(selection(dataset, *identifiers, tenants=tenants)))


def read(
    database: Database, dataset: Dataset, *identifiers: Identifier, tenants: tuple[str | int, ...] = ()
) -> list[Row]:
    """The rows of all chunks."""
    found = chunks(database, dataset, *identifiers, tenants=tenants)
    return [tuple(row) for chunk in found for row in chunk.rows]


def cells(
    database: Database, dataset: Dataset, *identifiers: Identifier, tenants: tuple[str | int, ...] = ()
) -> list[Row]:
    """The dataset's columns of each row, without the owner cells."""
    before = 2 * len(dataset.subject_keys)
    return [row[before:] for row in read(database, dataset, *identifiers, tenants=tenants)]


def coded(
    table: CodeTable, *identifiers: Identifier, column: str = "text", path: str | None = None
) -> Selection:
    """Rows of `records` with a field `coded`, whose codes the table explains."""
    field = FieldMapping(column=column, path=path, codes_from=table)
    return selection(replace(table_dataset("id"), fields={"coded": field}), *identifiers)


def meanings(snapshot: SqlSnapshot, table: CodeTable) -> Mapping[str, object]:
    """The meanings in a small code table, independent of the rows."""
    return snapshot.codes(coded(table), "coded")


def fill(database: Database, *texts: object, customer: str = "C-1") -> None:
    database.many("INSERT INTO records (customer_id, text) VALUES (?, ?)", [(customer, t) for t in texts])
