"""Trails for tests, in databases opened as the tool opens them."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, insert, make_url, text

from dsar_export.requests.metadata import METADATA
from dsar_export.requests.trail import Happening, Mark, Verdict, advance, append, place, verify
from dsar_export.requests.trail.chain import BEGINNING, canonical, link
from dsar_export.requests.trail.table import CHECKPOINT, TRAIL

KEY: Final = bytes(range(32))
OTHER_KEY: Final = bytes(32)
REFERENCE: Final = "DSAR-20261102-ABCD2345"
NOON: Final = 1_793_620_800_000_000
_TABLES: Final = (TRAIL, CHECKPOINT)


def sqlite_engine(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}", pool_size=50)

    @event.listens_for(engine, "connect")
    def connected(driver: sqlite3.Connection, _: object) -> None:
        driver.isolation_level = None
        for pragma in ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL"):
            driver.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def postgres_engine(url: str) -> Engine:
    return create_engine(url, connect_args={"prepare_threshold": None}, pool_size=50)


class TrailDatabase:
    """A database with a trail, and its anchor."""

    def __init__(self, engine: Engine, anchor: Path) -> None:
        self.engine = engine
        self.anchor = anchor

    @property
    def is_postgres(self) -> bool:
        return self.engine.dialect.name == "postgresql"

    def append(self, *happenings: Happening, anchored: bool = True) -> Mark:
        """Appends each in a transaction of its own."""
        mark = BEGINNING
        for each in happenings:
            with self.engine.begin() as connection:
                mark = append(connection, KEY, each)
            if anchored:
                self.advance()
        return mark

    def advance(self) -> None:
        with self.engine.begin() as connection:
            advance(connection, KEY, self.anchor)

    def fill(self, count: int) -> None:
        """Appends entries, each a second after the one before; always the same ones."""
        self.append(*(happening(at=NOON + n * 1_000_000, details={"version": n}) for n in range(count)))

    def run(self, *statements: str) -> None:
        """What somebody with the database, but without the key, may do."""
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.engine.begin() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def verify(self, key: bytes = KEY) -> Verdict:
        with self.engine.begin() as connection:
            return verify(connection, key, self.anchor)


def happening(
    *, at: int = NOON, reference: str | None = REFERENCE, details: dict[str, str | int] | None = None
) -> Happening:
    return Happening(
        at=at, actor="ann", action="approve", reference=reference, controller="acme", details=details or {}
    )


def fill_at_once(database: TrailDatabase, count: int) -> None:
    """As `fill`, for many entries: the rows that `append` would have written, in one statement."""
    mark, rows = BEGINNING, []
    for number in range(1, count + 1):
        values: dict[str, object] = {
            "at": NOON + number, "actor": "ann", "action": "approve", "reference": REFERENCE, "controller": "acme",
            "reason_code": None, "details": {},
        }  # fmt: skip
        mark = Mark(number, link(KEY, mark.mac, canonical({"number": number, **values})))
        rows.append({**values, "number": number, "details": "{}", "mac": mark.mac})
    with database.engine.begin() as connection:
        connection.execute(insert(TRAIL), rows)
    database.advance()


def fill_from_here(url: str, anchor: str) -> None:
    """What one of several processes does."""
    file = make_url(url).database
    is_sqlite = url.startswith("sqlite")
    TrailDatabase(sqlite_engine(Path(str(file))) if is_sqlite else postgres_engine(url), Path(anchor)).fill(
        20
    )


@contextmanager
def trail_in(engine: Engine, folder: Path) -> Iterator[TrailDatabase]:
    """A new trail, or one that was restored, with its anchor at the head."""
    trail = TrailDatabase(engine, folder / "trail-anchor.json")
    try:
        METADATA.create_all(engine, _TABLES)
        with engine.begin() as connection:
            place(connection, KEY, trail.anchor)
        yield trail
    finally:
        METADATA.drop_all(engine, _TABLES)
        engine.dispose()
