"""A small organisation in a folder: two people and one table with a field of every kind and any cells.

`World` writes the register and the database and exports from them. `OpenPackage` reads a package with
7-Zip, independently of the code that wrote it.
"""

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification
from dsar_export.model.work import WorkStep
from dsar_export.use_cases.export_once import exported_package
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services
from tests.readers import read_by_seven_zip

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PASSPHRASE = "eight-words-of-no-list-at-all-ever"
SUBJECT = "email=sam@example.org"
STRANGER = "email=robin@example.org"

_FIELDS: Mapping[str, Mapping[str, object]] = {
    "record_id": {"type": "string"},
    "text": {"type": ["string", "null"]},
    "phone": {"type": ["string", "null"], "x-kind": "phone", "pattern": "^[+0-9][0-9 ()./-]*$"},
    "whole": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "amount": {"type": ["string", "null"], "x-kind": "decimal", "x-currency-field": "currency"},
    "currency": {"type": ["string", "null"]},
    "flag": {"type": ["boolean", "null"]},
    "at": {"type": ["string", "null"], "format": "date-time"},
    "day": {"type": ["string", "null"], "format": "date"},
    "raw": {"type": ["string", "null"], "contentEncoding": "base64"},
    "details": {"type": ["object", "null"]},
}
COLUMNS = ("text", "phone", "whole", "number", "amount", "flag", "at", "day", "raw", "details")

_REGISTER = """
version = "2026-11-01"
notice = "notice of 2026-01-01"
subject = "customer_id"
datasets = ["records"]

[controllers.acme]
name = "Acme Ltd"
address = "1 High Street"
country = "GB"
language = "en"
time_zone = "Europe/London"
contact = "privacy@example.org"
authority = { name = "ICO", url = "https://example.org/ico" }
clock = { subdivision = "ENG" }

[sources.main]
kind = "sql_database"
url = "sqlite:///main.db"
controllers = ["acme"]
left_out = { customers = { reason = "not_personal", note = "keys only" } }

[purposes.service]
title = "Service"
description = "To serve you."

[storage_periods.short]
title = "One year"
duration = "P1Y"
starts = "the day it was written"

[[promises]]
id = "records"
text = "Your records"
datasets = ["records"]

[[links]]
given = "email"
leads_to = "customer_id"
source = "main"
table = "customers"
given_column = "email"
leads_to_column = "id"
match = "casefold"

[[links]]
given = "customer_id"
leads_to = "email"
source = "main"
table = "customers"
given_column = "id"
leads_to_column = "email"
"""

_DATASET = """
name = "records"
schema = "records"
source = "main"
table = "records"
order_by = ["id"]
purposes = { service = "A6-1-b" }
recipients = []
storage_period = "short"

[[subject_keys]]
column = "customer_id"
identifier = "customer_id"

[fields]
record_id = { column = "id" }
text = { column = "text" }
phone = { column = "phone" }
whole = { column = "whole" }
number = { column = "number" }
amount = { column = "amount" }
currency = { value = "GBP" }
flag = { column = "flag" }
at = { column = "at", zone = "Europe/London" }
day = { column = "day" }
raw = { column = "raw" }
details = { column = "details" }
"""

LOGIC = 'logic = { procedure = "p", data_used = ["d"], significance = "s" }\n'
OBTAINED_FROM = 'obtained_from = ["Example Agency Ltd"]\n'


def export_package(services: Services, request: SubjectRequest, order: PackageOrder) -> ExportResult:
    """Exports and keeps the published package."""
    with exported_package(services, request, order) as result:
        return result


class SilentProgress:
    """Progress that is shown nowhere."""

    def began(self, step: WorkStep) -> None: ...
    def started(self, dataset: str) -> None: ...
    def advanced(self, rows: int) -> None: ...
    def finished(self, dataset: str, rows: int) -> None: ...


@dataclass(frozen=True)
class OpenPackage:
    """The members of a package, read by an independent program."""

    path: Path
    members: Mapping[str, bytes]

    def json(self, dataset: str = "records") -> list[dict[str, object]]:
        found = json.loads(self.members[f"data/json/{dataset}.json"])
        assert isinstance(found, list)
        return found

    def csv(self, dataset: str = "records") -> list[dict[str, str]]:
        text = self.members[f"data/csv/{dataset}.csv"].decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def kept_beside(self, dataset: str = "records") -> list[dict[str, object]]:
        found = json.loads(self.members.get(f"data/nonconforming/{dataset}.json", b"[]"))
        assert isinstance(found, list)
        return found

    def outcome(self, dataset: str = "records") -> dict[str, object]:
        outcomes = json.loads(self.members["datapackage.json"])["dsar"]["outcomes"]
        return next(dict(o) for o in outcomes if o["dataset"] == dataset)


def open_package(path: Path, passphrase: str = PASSPHRASE) -> OpenPackage:
    """Reads every member with 7-Zip."""
    csv.field_size_limit(1 << 30)
    return OpenPackage(path, read_by_seven_zip(path, passphrase))


@dataclass(frozen=True)
class MoreField:
    """A field that some worlds have beside those of `COLUMNS`: its schema, its mapping as TOML, and its columns."""

    spec: Mapping[str, object]
    mapping: str
    columns: tuple[str, ...]


@dataclass
class World:
    """A register and its database; rows are dictionaries with keys from `COLUMNS`, and the columns of `more` fields."""

    folder: Path
    register_text: str = _REGISTER
    dataset_text: str = _DATASET
    services: Services | None = field(default=None)
    more: Mapping[str, MoreField] = field(default_factory=dict)

    @property
    def database(self) -> Path:
        return self.folder / "main.db"

    @property
    def out(self) -> Path:
        return self.folder.parent / "packages"

    @property
    def columns(self) -> Sequence[str]:
        """The columns with cells of the rows."""
        return list(dict.fromkeys([*COLUMNS, *(c for f in self.more.values() for c in f.columns)]))

    def write(
        self, subject: Iterable[Mapping[str, object]], stranger: Iterable[Mapping[str, object]] = ()
    ) -> "World":
        """Writes the register and a new database with rows of the subject (C-1) and of the stranger (C-2)."""
        (self.folder / "datasets").mkdir(parents=True, exist_ok=True)
        (self.folder / "schemas").mkdir(exist_ok=True)
        (self.folder / "register.toml").write_text(self.register_text, encoding="utf-8")
        dataset = self.dataset_text + "".join(f"{name} = {f.mapping}\n" for name, f in self.more.items())
        (self.folder / "datasets" / "records.toml").write_text(dataset, encoding="utf-8")
        schema = self.folder / "schemas" / "records.schema.json"
        schema.write_text(json.dumps(schema_document(self.more)), encoding="utf-8")
        self.database.unlink(missing_ok=True)
        with sqlite3.connect(self.database) as database:
            # Without a column type SQLite stores every cell unchanged.
            database.execute(
                f"CREATE TABLE records (id INTEGER PRIMARY KEY, customer_id TEXT, {', '.join(self.columns)})"
            )
            database.execute("CREATE INDEX records_order ON records (customer_id, id)")
            database.execute("CREATE TABLE customers (id TEXT PRIMARY KEY, email TEXT)")
            database.executemany(
                "INSERT INTO customers VALUES (?, ?)",
                [("C-1", "Sam@example.org"), ("C-2", "robin@example.org")],
            )
        database.close()
        self.insert("C-1", subject)
        self.insert("C-2", stranger)
        return self

    def insert(self, customer: str, rows: Iterable[Mapping[str, object]]) -> None:
        marks = ", ".join("?" * (len(self.columns) + 1))
        with sqlite3.connect(self.database) as database:
            database.executemany(
                f"INSERT INTO records (customer_id, {', '.join(self.columns)}) VALUES ({marks})",
                ((customer, *(row.get(c) for c in self.columns)) for row in rows),
            )
        database.close()

    def run(self, statement: str, *parameters: object) -> None:
        """Runs a statement on the database, for cells that Python's driver would not write."""
        with sqlite3.connect(self.database) as database:
            database.execute(statement, parameters)
        database.close()

    def build(self) -> Services:
        return self.services or build_services(self.folder, SilentProgress())

    def export(
        self,
        *identifiers: str,
        confirmed: bool = False,
        right: Right = Right.ACCESS,
        chosen: Sequence[str] = (),
    ) -> ExportResult:
        """Exports in this process; identifiers as `kind=value`, by default the subject's."""
        parsed = [Identifier(*text.split("=", 1)) for text in identifiers or (SUBJECT,)]
        request = verified_request(right, "acme", parsed, Verification("tests", "synthetic", NOON), chosen)
        order = PackageOrder(self.out, PASSPHRASE, ReportChoices("en"), nothing_held_confirmed=confirmed)
        return export_package(self.build(), request, order)

    def package(
        self, *identifiers: str, right: Right = Right.ACCESS, chosen: Sequence[str] = ()
    ) -> OpenPackage:
        """Exports and opens the package."""
        path = self.export(*identifiers, right=right, chosen=chosen).package
        assert path is not None
        return open_package(path)


def schema_document(more: Mapping[str, MoreField] = MappingProxyType({})) -> dict[str, object]:
    """A JSON Schema with a field of every kind."""
    texts: dict[str, object] = {"title": "A field", "description": "Its content.", "x-origin": "provided"}
    specs = {**_FIELDS, **{name: f.spec for name, f in more.items()}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Records",
        "description": "Anything.",
        "type": "object",
        "additionalProperties": False,
        "required": ["record_id"],
        "x-period-field": "at",
        "properties": {name: {**texts, **spec} for name, spec in specs.items()},
    }


def hostile_cells() -> Sequence[str]:
    """Texts that have broken other tools."""
    return (
        "NUL\x00inside", "\u202eright to left", "e\u0301 combining", "\U0001f469\u200d\U0001f680 astral", "＝1+1",
        "=HYPERLINK(\"https://example.org\")", "+1", "-1", "@SUM(A1)", "\tTab", "\rReturn", "'=quoted", "''=twice",
        "'s-Gravenhage", 'comma, "quote"\r\nline', "<b>&amp;</b><img src=\"/etc/hostname\">", "{0} %s ${x}", "",
        " ", "\ufeffbom", "\u2028line", "﷽", "null", "NaN", "x" * 1_000_000,
    )  # fmt: skip


def without_documents(services: Services) -> Services:
    """The same services with only the data package and the bag as documents, for tests that build many packages."""
    documents = [r for r in services.renderers.documents if type(r).__name__ in {"DataPackage", "Bag"}]
    return replace(services, renderers=replace(services.renderers, documents=documents))
