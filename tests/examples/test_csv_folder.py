"""The contract holds for a source that is no database: a folder of CSV files, in a third party's package."""

import csv
import hashlib
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
