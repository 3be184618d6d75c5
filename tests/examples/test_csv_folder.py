"""The contract holds for a source that is no database: a folder of CSV files, in a third party's package."""

import csv
import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.link import Link
from dsar_export.model.register import Source
from dsar_export.model.source import CHUNK_ROWS, LinkRow, Selection
from dsar_export.model.subject_key import SubjectKey
from dsar_export.testing import CollectorCase, assert_contract
from examples.csv_folder.csv_folder import LINE, CsvFile, CsvFolder
from tests.cli.commands import dsar, export_arguments, packages
from tests.worlds import SUBJECT, World, open_package

EXAMPLE = Path(__file__).parents[2] / "examples" / "csv_folder"
PEOPLE = [("C-1", "Sam@Example.org"), ("C-2", "robin@example.org"), ("C-3", "")]
LETTERS = [
    (f"C-{1 + n % 2}", f"PRIVATE {n}, on\ntwo lines" if n % 7 else "x" * (1 << 20 if n % 700 == 0 else 10))
    for n in range(3 * CHUNK_ROWS)
]
LINK = Link(
    given="email",
    leads_to="customer_id",
    source="files",
    at=CsvFile(file="people.csv"),
    given_column="email",
    leads_to_column="id",
    match=Match.CASEFOLD,
)


def write(file: Path, header: Sequence[str], rows: Sequence[Sequence[str]], mode: str = "w") -> None:
    with file.open(mode, encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        if mode == "w":
            writer.writerow(header)
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    write(made / "people.csv", ("id", "email"), PEOPLE)
    write(made / "letters.csv", ("customer", "body"), LETTERS)
    return made


def dataset(**changes: object) -> Dataset:
    return Dataset(
        **{  # type: ignore[arg-type] # its own fields
            "name": "letters",
            "schema": "letters",
            "source": "files",
            "at": CsvFile(file="letters.csv"),
            "subject_keys": (SubjectKey(column="customer", identifier="customer_id"),),
            "fields": {"number": FieldMapping(column=LINE), "body": FieldMapping(column="body")},
            "purposes": {"service": "A6-1-b"},
            "storage_period": "service",
            **changes,
        }
    )


def collector(folder: Path) -> CsvFolder:
    return CsvFolder(
        "files", Source(kind="csv_folder", url=folder.name, controllers=("acme",)), folder.parent
    )


def test_it_keeps_the_contract(folder: Path) -> None:
    def state() -> object:
        return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}

    assert_contract(
        CollectorCase(
            collector=lambda: collector(folder),
            broken=lambda: collector(folder.parent / "gone"),
            selection=Selection(dataset(), (("C-1",),)),
            rows=[("C-1", None, n + 1, body) for n, (owner, body) in enumerate(LETTERS) if owner == "C-1"],
            link=LINK,
            given=frozenset({"sam@example.org"}),
            linked=[LinkRow("Sam@Example.org", "C-1")],
            change=lambda: write(folder / "letters.csv", (), [("C-1", "later")], "a"),
            state=state,
            private=("PRIVATE", "sam@example.org", "C-1"),
        )
    )


@pytest.mark.parametrize("name", ["letters", "../letters.csv", "a/b.csv", "a\\b.csv"])
def test_it_validates_its_own_part_of_the_file(name: str) -> None:
    with pytest.raises(ValueError, match="name of a CSV file in the folder"):
        CsvFile(file=name)


def test_a_file_that_is_not_there_is_the_registers_fault(folder: Path) -> None:
    with collector(folder).snapshot() as snapshot, pytest.raises(RegisterError, match=r"no file 'gone\.csv'"):
        list(snapshot.chunks(Selection(dataset(at=CsvFile(file="gone.csv")), (("C-1",),))))


DATASET = """
name = "letters"
schema = "letters"
source = "files"
file = "letters.csv"
purposes = { service = "A6-1-b" }
recipients = []
storage_period = "short"
subject_keys = [{ column = "customer", identifier = "customer_id" }]
fields = { number = { column = "line" }, body = { column = "body" } }
"""
SOURCE = """
[sources.files]
kind = "csv_folder"
url = "files"
controllers = ["acme"]
left_out = { "people.csv" = { reason = "not_personal", note = "keys only" } }

[sources.main]"""


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The small world, with letters in a folder of CSV files beside its database."""
    made = World(tmp_path / "register")
    made.register_text = made.register_text.replace(
        'datasets = ["records"]', 'datasets = ["records", "letters"]'
    ).replace("\n[sources.main]", SOURCE, 1)
    made.write([{"text": "one"}])
    (made.folder / "datasets" / "letters.toml").write_text(DATASET, encoding="utf-8")
    spec = {"title": "A field", "description": "A field.", "x-origin": "provided"}
    properties = {"number": {**spec, "type": "integer"}, "body": {**spec, "type": ["string", "null"]}}
    schema: dict[str, object] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Letters",
    }
    schema |= {"description": "Letters.", "type": "object", "additionalProperties": False}
    document = json.dumps(schema | {"properties": properties})
    (made.folder / "schemas" / "letters.schema.json").write_text(document, encoding="utf-8")
    (made.folder / "files").mkdir()
    write(made.folder / "files" / "people.csv", ("id", "email"), PEOPLE)
    letters = [("C-1", "mine, on\ntwo lines"), ("C-2", "a stranger's"), ("C-1", "")]
    write(made.folder / "files" / "letters.csv", ("customer", "body"), letters)
    return made


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    """The environment of a Python in which the example is installed and allowed."""
    site = tmp_path / "site"
    metadata = site / "dsar_export_csv_folder-1.0.0.dist-info"
    metadata.mkdir(parents=True)
    shutil.copy(EXAMPLE / "csv_folder.py", site)
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: dsar-export-csv-folder\nVersion: 1.0.0\n"
    )
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    points = project["entry-points"]["dsar_export.collectors"]
    lines = ["[dsar_export.collectors]", *(f"{name} = {value}" for name, value in points.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    return {"PYTHONPATH": path, "DSAR_PLUGINS": project["name"]}


def test_an_installed_collector_is_checked_and_exported_beside_a_database(
    world: World, installed: dict[str, str], tmp_path: Path
) -> None:
    checked = dsar("check", world.folder, env=installed)
    assert (checked.code, checked.err) == (0, ""), checked.out
    passphrase = tmp_path / "passphrase.txt"
    command = [*export_arguments(world.folder, world.out), "--write-passphrase", passphrase]
    done = dsar(*command, stdin=SUBJECT, env=installed)
    assert done.code == 0, done.err
    (path,) = packages(world.out)
    package = open_package(path, passphrase.read_text(encoding="ascii").strip())
    assert package.json("letters") == [
        {"number": 1, "body": "mine, on\ntwo lines"},
        {"number": 3, "body": None},
    ]
    assert [record["text"] for record in package.json()] == ["one"]


def test_a_mistake_in_its_part_names_the_file_and_the_key(world: World, installed: dict[str, str]) -> None:
    path = world.folder / "datasets" / "letters.toml"
    path.write_text(DATASET.replace("file =", "fil ="), encoding="utf-8")
    refused = dsar("check", world.folder, env=installed)
    assert refused.code == 2
    wrong = 1 + next(n for n, text in enumerate(DATASET.splitlines()) if text.startswith("file ="))
    assert f"datasets/letters.toml:{wrong}: fil: unknown key; nearest valid name: file" in refused.err


def test_a_collector_that_is_not_allowed_is_not_loaded(world: World, installed: dict[str, str]) -> None:
    refused = dsar("check", world.folder, env={**installed, "DSAR_PLUGINS": ""})
    assert refused.code == 2
    assert "no collector for kind 'csv_folder'" in refused.err
    assert "DSAR_PLUGINS" in refused.err
