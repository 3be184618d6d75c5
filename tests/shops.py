"""A shop with a few tables in any database: only what one test case needs."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, SubjectRequest, Verification
from dsar_export.use_cases.identify_person import Identification, identify_person
from dsar_export.use_cases.package import ExportResult, PackageOrder
from dsar_export.use_cases.services import Services
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_services
from tests.register_check.changed import problems as findings_of
from tests.worlds import (
    NOON,
    PASSPHRASE,
    OpenPackage,
    SilentProgress,
    World,
    export_package,
    open_package,
    without_documents,
)

_HEAD: Final = """
version = "1"
notice = "Notice of 1 May 2026"
subject = "{subject}"
datasets = {datasets}

[controllers.acme]
name = "Acme Ltd"
address = "1 High Street"
country = "GB"
language = "en"
time_zone = "Europe/London"
contact = "privacy@example.org"
authority = {{ name = "ICO", url = "https://example.org/ico" }}
clock = {{ subdivision = "ENG" }}

[sources.main]
kind = "sql_database"
url = "{url}"
controllers = ["acme"]
{source}

[sources.main.left_out]
{left_out}

[purposes.service]
title = "Service"
description = "To serve you."

[storage_periods.short]
title = "One year"
duration = "P1Y"
starts = "the day it was written"

[[promises]]
id = "all"
text = "What we hold"
datasets = {datasets}
"""
_DATASET: Final = """
name = "{name}"
schema = "{name}"
source = "main"
table = "{table}"
{body}
purposes = {{ service = "A6-1-b" }}
recipients = []
storage_period = "short"
"""
_LEFT_OUT: Final = '{ reason = "not_personal", note = "n" }'


@dataclass
class Shop:
    """A register in a folder, for the database at `url`."""

    folder: Path
    url: str = "sqlite:///main.db"
    subject: str = "customer_id"
    source: str = ""
    links: list[str] = field(default_factory=list)
    datasets: dict[str, str] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    _schemas: dict[str, Mapping[str, bool]] = field(default_factory=dict)
    _looked_up: list[tuple[str, str]] = field(default_factory=list)

    @property
    def database(self) -> Path:
        return self.folder / "main.db"

    def link(self, table: str, given: str, leads_to: str, more: str = "", *, back: bool = False) -> "Shop":
        """Adds a link from `kind:column` to `kind:column`, and with `back` the reverse link too."""
        (kind, column), (other, reached) = given.split(":"), leads_to.split(":")
        self._looked_up.append((table, column))
        self.links.append(
            f'[[links]]\ngiven = "{kind}"\nleads_to = "{other}"\nsource = "main"\ntable = "{table}"\n'
            f'given_column = "{column}"\nleads_to_column = "{reached}"\n{more}\n'
        )
        return self.link(table, leads_to, given, more) if back else self

    def dataset(
        self,
        name: str,
        keys: str,
        fields: Mapping[str, str],
        *,
        table: str = "",
        more: str = 'order_by = ["id"]',
        left_out: Sequence[str] = (),
        moments: Sequence[str] = (),
    ) -> "Shop":
        """Adds a dataset of texts and, for fields in `moments`, times.

        `keys` and the values of `fields` are TOML; an empty value maps the field to the column of the same name.
        """
        lines = [f"{n} = {m or f'{{ column = {json.dumps(n)} }}'}" for n, m in fields.items()]
        body = "\n".join([f"subject_keys = [{keys}]", more])
        text = _DATASET.format(name=name, table=table or name, body=body)
        text += "\n[fields]\n" + "\n".join(lines)
        text += "\n\n[left_out]\n" + "\n".join(f'"{n}" = {_LEFT_OUT}' for n in left_out) + "\n"
        self.datasets[name] = text
        self._schemas[name] = {field: field in moments for field in fields}
        return self

    def write(self, *statements: str) -> "Shop":
        """Writes the register and runs the statements on its SQLite file, whose links get an index each."""
        for below in ("datasets", "schemas"):
            (self.folder / below).mkdir(parents=True, exist_ok=True)
        head = _HEAD.format(
            subject=self.subject,
            datasets=json.dumps(list(self.datasets)),
            url=self.url,
            source=self.source,
            left_out="\n".join(f'"{name}" = {_LEFT_OUT}' for name in self.left_out),
        )
        self._file("register.toml", head + "\n" + "\n".join(self.links))
        for name, text in self.datasets.items():
            self._file(f"datasets/{name}.toml", text)
            self._file(f"schemas/{name}.schema.json", json.dumps(_schema(name, self._schemas[name])))
        for statement in statements:
            World(self.folder).run(statement)
        if self.database.exists():
            self._index_links()
        return self

    def _index_links(self) -> None:
        with closing(sqlite3.connect(self.database)) as database, database:
            columns = "SELECT 1 FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'"
            for table, column in self._looked_up:
                if database.execute(f"{columns} AND (t.name, c.name) = (?, ?)", (table, column)).fetchone():
                    database.execute(
                        f'CREATE INDEX IF NOT EXISTS "{table}_{column}" ON "{table}" ("{column}")'
                    )

    def change(self, file: str, before: str, after: str) -> "Shop":
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text, before
        self._file(file, text.replace(before, after))
        return self

    @property
    def services(self) -> Services:
        return without_documents(build_services(self.folder, SilentProgress()))

    def findings(self) -> list[str]:
        """The findings of `check`, one line each, with warnings."""
        return findings_of(World(self.folder))

    def request(self, *identifiers: str, chosen: Sequence[str] = ()) -> SubjectRequest:
        parsed = [Identifier(*text.split("=", 1)) for text in identifiers]
        return verified_request("access", "acme", parsed, Verification("tests", "synthetic", NOON), chosen)

    def export(self, *identifiers: str, chosen: Sequence[str] = ()) -> ExportResult:
        order = PackageOrder(
            self.folder.parent / "packages", PASSPHRASE, ReportChoices("en"), nothing_held_confirmed=True
        )
        return export_package(self.services, self.request(*identifiers, chosen=chosen), order)

    def package(self, *identifiers: str, chosen: Sequence[str] = ()) -> OpenPackage:
        result = self.export(*identifiers, chosen=chosen)
        assert result.package is not None
        return open_package(result.package)

    def values(self, name: str, value: str, *identifiers: str, chosen: Sequence[str] = ()) -> list[object]:
        """The values of one field in a dataset's records, in order."""
        return [record[value] for record in self.package(*identifiers, chosen=chosen).json(name)]

    def gaps(self, *identifiers: str, chosen: Sequence[str] = ()) -> list[str]:
        return [str(gap.reason) for gap in self.export(*identifiers, chosen=chosen).gaps]

    def identify(self, *identifiers: str) -> Identification:
        return identify_person(self.services, self.request(*identifiers))

    def _file(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")


def _schema(name: str, fields: Mapping[str, bool]) -> dict[str, object]:
    spec = {"type": ["string", "null"], "title": "A field", "description": "d", "x-origin": "provided"}
    moment = {**spec, "format": "date-time"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "description": "d",
        "type": "object",
        "additionalProperties": False,
        "required": [],
        "properties": {field: moment if is_moment else spec for field, is_moment in fields.items()},
    }
