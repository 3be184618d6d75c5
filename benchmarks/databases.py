"""Fills a SQLite file and a PostgreSQL database with the invented events, in columns of suitable types."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

import psycopg
from sqlalchemy import make_url

from benchmarks.events import ACCOUNTS, COLUMNS, Row, subject_rows
from benchmarks.shape_rows import LINKS, SHAPES, Shape
from tools.servers.postgres import PostgresServer, run, select_only_role

_BATCH: Final = 10_000  # rows in memory at a time
_INSERT: Final = f"INSERT INTO usage_events VALUES ({', '.join('?' * len(COLUMNS))})"  # noqa: S608 - contains no cell
_SQLITE: Final = (
    "CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT NOT NULL)",
    """CREATE TABLE usage_events (
    id INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    event_id TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    received_at TEXT,
    event TEXT NOT NULL,
    ip_address TEXT,
    user_agent TEXT,
    duration_ms INTEGER,
    logged_in INTEGER NOT NULL,
    amount TEXT,
    details TEXT)""",
)
_POSTGRESQL: Final = (
    "CREATE TABLE accounts (id bigint PRIMARY KEY, email text NOT NULL)",
    """CREATE TABLE usage_events (
    id bigint NOT NULL,
    account_id bigint NOT NULL,
    event_id uuid NOT NULL,
    occurred_at timestamptz NOT NULL,
    received_at timestamptz,
    event text NOT NULL,
    ip_address inet,
    user_agent text,
    duration_ms integer,
    logged_in boolean NOT NULL,
    amount numeric(12, 2),
    details text)""",
)
# Keys and indexes last, because a table without them fills faster.
_POSTGRESQL_AFTERWARDS: Final = (
    "ALTER TABLE usage_events ADD PRIMARY KEY (id)",
    "ALTER TABLE usage_events ADD FOREIGN KEY (account_id) REFERENCES accounts (id)",
    "CREATE INDEX usage_events_by_account ON usage_events (account_id, id)",
    "VACUUM (ANALYZE) usage_events",  # otherwise the server would do it during a run
)


@contextmanager
def filled_databases(folder: Path, server: PostgresServer, rows: int) -> Iterator[dict[str, str]]:
    """The URLs of two databases by their kind, with `rows` rows of the subject; both are removed afterwards."""
    file = folder / f"events-{rows}.db"
    with server.database("benchmark") as url:
        try:
            _fill(file, url, rows)
            yield {"SQLite": f"sqlite:///{file}", "PostgreSQL": select_only_role(url)}
        finally:
            file.unlink(missing_ok=True)


@contextmanager
def filled_shapes(folder: Path, server: PostgresServer, rows: int) -> Iterator[dict[str, str]]:
    """The URLs of two databases by their kind, with a table of `rows` rows for each other shape."""
    file, tables = folder / "shapes.db", {**SHAPES, **LINKS}
    with server.database("shapes") as url:
        try:
            run(url, *_created(tables, postgresql=True))
            with closing(sqlite3.connect(file)) as sqlite, psycopg.connect(plain(url)) as postgresql:
                for statement in _created(tables, postgresql=False):
                    sqlite.execute(statement)
                for name, shape in tables.items():
                    marks = ", ".join("?" * len(shape.columns))
                    with postgresql.cursor().copy(f"COPY {name} FROM STDIN") as copy:
                        for batch in _batches(shape.rows(rows)):
                            sqlite.executemany(f"INSERT INTO {name} VALUES ({marks})", batch)  # noqa: S608 - names of this package
                            for row in batch:
                                copy.write_row(row)
                for statement in _indexed(tables):
                    sqlite.execute(statement)
                sqlite.commit()
            run(url, *_indexed(tables), *(f"VACUUM (ANALYZE) {name}" for name in tables))
            yield {"SQLite": f"sqlite:///{file}", "PostgreSQL": select_only_role(url)}
        finally:
            file.unlink(missing_ok=True)


def _created(tables: Mapping[str, Shape], *, postgresql: bool) -> Iterator[str]:
    for name, shape in tables.items():
        columns = ", ".join(f"{column} {types[postgresql]}" for column, types in shape.columns.items())
        yield f"CREATE TABLE {name} ({columns})"


def _indexed(tables: Mapping[str, Shape]) -> Iterator[str]:
    for name, shape in tables.items():
        for number, columns in enumerate(shape.indexes):
            yield f"CREATE INDEX {name}_{number} ON {name} ({columns})"


def _fill(file: Path, url: str, rows: int) -> None:
    run(url, *_POSTGRESQL)
    with closing(_sqlite(file)) as sqlite, psycopg.connect(plain(url)) as postgresql:
        for account in ACCOUNTS:
            sqlite.execute("INSERT INTO accounts VALUES (?, ?)", account)
            postgresql.execute("INSERT INTO accounts VALUES (%s, %s)", account)
        with postgresql.cursor().copy("COPY usage_events FROM STDIN") as copy:
            for batch in _batches(subject_rows(rows)):
                sqlite.executemany(_INSERT, batch)
                for row in batch:
                    copy.write_row(row)
        sqlite.execute("CREATE INDEX usage_events_by_account ON usage_events (account_id, id)")
        sqlite.commit()
    run(url, *_POSTGRESQL_AFTERWARDS)


def _sqlite(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file)
    database.execute("PRAGMA journal_mode = OFF")  # a failed file is thrown away
    database.execute("PRAGMA synchronous = OFF")
    for statement in _SQLITE:
        database.execute(statement)
    return database


def _batches(rows: Iterable[Row]) -> Iterator[Sequence[Row]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


def plain(url: str) -> str:
    """A SQLAlchemy URL as psycopg accepts it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
