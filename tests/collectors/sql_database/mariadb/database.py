"""A database on a MariaDB or MySQL server, for the collector's tests."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pymysql
from sqlalchemy import make_url

from collectors.sql_database import SqlDatabase
from tests.collectors.sources import ANYTHING, ROW_ID, Row, source

_TYPES: Final = {
    # Generated numbers start far above those that tests use.
    ROW_ID: "BIGINT AUTO_INCREMENT PRIMARY KEY",
    ANYTHING: "LONGTEXT",
    "BYTEA": "LONGBLOB",
}

# Strict, stores 0 as 0, and treats a backslash in a statement as an ordinary character.
_MODE: Final = "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_BACKSLASH_ESCAPES"


@dataclass(frozen=True)
class MariadbDatabase:
    """A database on a server, with its administrator's URL and that of a read-only account."""

    server: str
    url: str
    reader: str

    @property
    def account(self) -> str:
        return str(make_url(self.reader).username)

    @property
    def name(self) -> str:
        return str(make_url(self.url).database)

    def table(self, name: str, **columns: str) -> None:
        large = {c: ANYTHING for c, t in columns.items() if c in {"text", "body"} and t == "TEXT"}
        # Only a text of limited length can be indexed.
        bounded = {c: t.replace("TEXT", "VARCHAR(190)") for c, t in columns.items()}
        types = {c: _TYPES.get(t, t) for c, t in {**bounded, **large}.items()}
        self.run(
            f"CREATE TABLE `{name}` ({', '.join(f'`{c}` {t}' for c, t in types.items())}) "
            "AUTO_INCREMENT = 100001"
        )

    def run(self, statement: str, *parameters: object) -> None:
        self.rows(statement, *parameters)

    def many(self, statement: str, rows: Sequence[Row]) -> None:
        with self.connection() as cursor:
            for row in rows:  # one by one, because the size of a packet is limited
                cursor.execute(statement.replace("?", "%s"), row)

    def rows(self, statement: str, *parameters: object) -> list[Row]:
        with self.connection() as cursor:
            cursor.execute(statement.replace("?", "%s") if parameters else statement, parameters or None)
            return list(cursor.fetchall())

    @contextmanager
    def connection(self) -> Iterator[Any]:
        """The administrator's cursor."""
        url = make_url(self.url)
        raw: Any = pymysql.connect(
            host=url.host, port=url.port or 3306, user=url.username, password=url.password or "",
            database=url.database, charset="utf8mb4", sql_mode=_MODE,
        )  # fmt: skip
        with closing(raw), raw.cursor() as cursor:
            yield cursor
            raw.commit()

    def collector(self, *, timeout: int = 60) -> SqlDatabase:
        return self.collector_at(self.reader, timeout=timeout)

    def broken(self) -> SqlDatabase:
        return self.collector_at(make_url(self.reader).set(port=1).render_as_string(hide_password=False))

    def collector_at(self, url: str, *, timeout: int = 60) -> SqlDatabase:
        return SqlDatabase("main", replace(source(timeout=timeout), url=url), Path())

    def state(self) -> object:
        """All tables with their checksums."""
        tables = self.rows("SHOW FULL TABLES")
        held = [self.rows(f"CHECKSUM TABLE `{name}`") for name, kind in tables if kind == "BASE TABLE"]
        return tables, held

    def grant(self, what: str) -> None:
        self.run(f"GRANT {what} TO `{self.account}`@`%`")

    def emptied(self, collation: str) -> "MariadbDatabase":
        """The database, created again with its read-only account."""
        server = replace(self, url=self.server)
        server.run(f"DROP DATABASE IF EXISTS `{self.name}`")
        server.run(f"CREATE DATABASE `{self.name}` CHARACTER SET utf8mb4 COLLATE {collation}")
        server.run(f"DROP USER IF EXISTS `{self.account}`@`%`")
        server.run(f"CREATE USER `{self.account}`@`%` IDENTIFIED BY 'reading'")
        self.grant(f"SELECT ON `{self.name}`.*")
        return self


def empty_mariadb(server: str, collation: str = "utf8mb4_general_ci") -> MariadbDatabase:
    """An empty database, case-insensitive unless another collation is given."""
    name = f"dsar_tests_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    url = make_url(server).set(database=name)
    reader = url.set(username=f"{name}_reader", password="reading")
    made = MariadbDatabase(server, *(u.render_as_string(hide_password=False) for u in (url, reader)))
    return made.emptied(collation)
