"""The demo organisation for tests, which export, change and copy it and move it to a PostgreSQL server."""

import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from dsar_export.demo import HIRE_TABLES, MAPPED_TABLES
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Verification
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services
from tests.worlds import (
    NOON,
    PASSPHRASE,
    OpenPackage,
    SilentProgress,
    export_package,
    open_package,
    without_documents,
)

CONTROLLERS = {"GB": "acme", "FR": "acme_fr", "DE": "acme_de"}
_CANARY = re.compile(r"CANARY-[a-z_]+-p[0-9]{3}-[A-Z]{2}")
DATABASES = ("group.db", "hire.db")
_TYPES = {"INTEGER": "BIGINT", "REAL": "DOUBLE PRECISION"}


@dataclass(frozen=True)
class Organisation:
    """The demo's register and databases in a folder; tests change only copies of it."""

    folder: Path

    @cached_property
    def services(self) -> Services:
        return build_services(self.folder, SilentProgress())

    @cached_property
    def services_without_report(self) -> Services:
        return without_documents(self.services)

    def copy(self, folder: Path) -> "Organisation":
        return Organisation(Path(shutil.copytree(self.folder, folder)))

    def change(self, file: str, before: str, after: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), encoding="utf-8")

    def run(self, *statements: str, database: str = "group.db") -> None:
        with closing(sqlite3.connect(self.folder / database)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    @cached_property
    def _marked(self) -> Counter[tuple[str, str]]:
        """The number of rows by table and canary, counted without a register."""
        found: Counter[tuple[str, str]] = Counter()
        for table in MAPPED_TABLES:
            file = "hire.db" if table in HIRE_TABLES else "group.db"
            with closing(sqlite3.connect(self.folder / file)) as database:
                for row in database.execute(f"SELECT * FROM {table}"):
                    found.update((table, mark) for mark in {m for c in row for m in _CANARY.findall(str(c))})
        return found

    def rows_with(self, mark: str, table: str) -> int:
        """The number of a table's rows that contain a canary; all are counted at the first call."""
        return self._marked[table, mark]

    def cookie_of(self, mark: str) -> str:
        """The cookie of a visit with this mark."""
        with closing(sqlite3.connect(self.folder / "group.db")) as database:
            texts = "coalesce(landing_page, '') || coalesce(referrer, '') || coalesce(user_agent, '')"
            found = database.execute(f"SELECT cookie_id FROM web_sessions WHERE instr({texts}, '{mark}')")
            return str(found.fetchone()[0])

    def export(
        self,
        out: Path,
        *identifiers: str,
        company: str = "GB",
        right: str = "access",
        chosen: tuple[str, ...] = (),
        report: bool = False,
    ) -> ExportResult:
        services = self.services if report else self.services_without_report
        parsed = [Identifier(*text.split("=", 1)) for text in identifiers]
        verification = Verification("tests", "synthetic", NOON)
        request = verified_request(right, CONTROLLERS[company], parsed, verification, chosen)
        return export_package(services, request, PackageOrder(out, PASSPHRASE, ReportChoices("en")))

    def package(
        self,
        out: Path,
        *identifiers: str,
        company: str = "GB",
        right: str = "access",
        chosen: tuple[str, ...] = (),
        report: bool = False,
    ) -> OpenPackage:
        result = self.export(out, *identifiers, company=company, right=right, chosen=chosen, report=report)
        assert result.package is not None
        return open_package(result.package)


def without_nul(organisation: Organisation) -> None:
    """Removes characters that PostgreSQL can't store, so that both databases have the same data."""
    for file in DATABASES:
        with closing(sqlite3.connect(organisation.folder / file)) as database, database:
            database.create_function("nul_free", 1, _nul_free)
            for table, columns in _text_columns(database):
                changes = ", ".join(f"{column} = nul_free({column})" for column in columns)
                database.execute(f"UPDATE {table} SET {changes}" if columns else "SELECT 1")


def _nul_free(text: str | None) -> str | None:
    return None if text is None else text.replace("\0", "")


def move_to_postgres(organisation: Organisation, urls: dict[str, str]) -> None:
    """Copies both databases to servers and points the register to them."""
    for file, url in urls.items():
        _load(organisation.folder / file, url)
        organisation.change("register.toml", f"sqlite:///{file}", url)


def everything(package: OpenPackage) -> bytes:
    """The names and contents of all members."""
    return b"\n".join([*(name.encode() for name in package.members), *package.members.values()])


def _text_columns(database: sqlite3.Connection) -> list[tuple[str, list[str]]]:
    tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    info = {table: database.execute(f"PRAGMA table_info({table})").fetchall() for table in tables}
    return [(table, [row[1] for row in rows if row[2] == "TEXT"]) for table, rows in info.items()]


def _load(file: Path, url: str) -> None:
    with closing(sqlite3.connect(file)) as source, psycopg.connect(url.replace("+psycopg", "")) as target:
        made = source.execute("SELECT sql, type, name FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        # Tables first, without foreign keys, because rows come in any order.
        for statement, kind, name in sorted(made, key=lambda m: ("table", "index", "view").index(m[1])):
            target.execute(sql.SQL(_for_postgres(statement)))
            if kind == "table":
                _copy(source, target, name)


def _for_postgres(statement: str) -> str:
    statement = re.sub(r"--.*", "", statement)
    statement = re.sub(r",\s*FOREIGN KEY \([^)]*\) REFERENCES \w+ \([^)]*\)", "", statement)
    statement = re.sub(r" REFERENCES \w+ \([^)]*\)", "", statement)
    return re.sub(r"\b(INTEGER|REAL)\b", lambda found: _TYPES[found[0]], statement)


def _copy(source: sqlite3.Connection, target: "psycopg.Connection[tuple[object, ...]]", table: str) -> None:
    with target.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
        for row in source.execute(f"SELECT * FROM {table}"):
            copy.write_row(row)
