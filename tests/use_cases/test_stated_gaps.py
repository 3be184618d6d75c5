"""All parts of a package state the same gaps."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from dsar_export.model.message import Message
from dsar_export.model.outcome import Gap
from dsar_export.use_cases.package import ExportResult
from dsar_export.use_cases.stated_gaps import Gaps, split_gaps
from tests.builders import dataset_answer
from tests.worlds import OpenPackage, World, open_package

ROW: Mapping[str, object] = {"text": "mine"}
SECRET: Mapping[str, object] = {"text": "mine", "details": '{"password": "x"}'}

NOT_ALL = "We could not get all of it"
SOURCE_NOT_ALL = "We could not get everything from: “main”."
NONE_AT_ALL = "No records. We searched, and there is nothing that we must disclose."
SEE_WHY = "No records; the next part explains why."


@dataclass(frozen=True)
class Statements:
    """What each part of a package states about the only dataset, which answers the only promise."""

    promise: str
    gaps: int
    held: bool
    parts: frozenset[str]
    register_behind: int = 0


def new_column(world: World) -> None:
    world.run("ALTER TABLE records ADD COLUMN allergies")


def new_table(world: World) -> None:
    world.run("CREATE TABLE complaints (customer_id, text)")


def nothing_new(world: World) -> None:
    pass


def both(world: World) -> None:
    new_column(world)
    new_table(world)


@pytest.mark.parametrize(
    ("rows", "change", "expected"),
    [
        ([ROW], nothing_new, Statements("present", 0, True, frozenset())),
        ([ROW], new_column, Statements("present", 1, True, frozenset({NOT_ALL, SOURCE_NOT_ALL}))),
        ([ROW], new_table, Statements("present", 1, True, frozenset({NOT_ALL, SOURCE_NOT_ALL}))),
        ([ROW], both, Statements("present", 2, True, frozenset({NOT_ALL, SOURCE_NOT_ALL}))),
        ([], nothing_new, Statements("none_held", 0, False, frozenset({NONE_AT_ALL}))),
        ([], new_column, Statements("none_held", 0, False, frozenset({NONE_AT_ALL}), register_behind=1)),
        ([], new_table, Statements("not_obtained", 1, True, frozenset({NOT_ALL, SOURCE_NOT_ALL, SEE_WHY}))),
        ([], both, Statements("not_obtained", 1, True, frozenset({NOT_ALL, SOURCE_NOT_ALL, SEE_WHY}), 1)),
        ([SECRET], nothing_new, Statements("withheld", 1, True, frozenset({NOT_ALL, SOURCE_NOT_ALL, SEE_WHY}))),
        ([SECRET], new_column, Statements("withheld", 2, True, frozenset({NOT_ALL, SOURCE_NOT_ALL, SEE_WHY}))),
        ([SECRET, ROW], nothing_new, Statements("present", 1, True, frozenset({NOT_ALL, SOURCE_NOT_ALL}))),
    ],
)  # fmt: skip
def test_promise_section_page_one_manifest_and_notice_agree_on_a_gap(
    tmp_path: Path, rows: list[Mapping[str, object]], change: Callable[[World], None], expected: Statements
) -> None:
    world = World(tmp_path / "register").write(rows, stranger=[ROW])
    change(world)
    result = world.export(confirmed=True)
    assert statements(result) == expected


def statements(result: ExportResult) -> Statements:
    """The statements in the package, and the number of gaps shown only to staff."""
    assert result.package is not None
    package = open_package(result.package)
    manifest = json.loads(package.members["datapackage.json"])["dsar"]
    (promise,) = manifest["promises"]
    notice = json.loads(package.members["data/gdpr-information.jsonld"])
    report = report_text(package)
    shown = frozenset(text for text in (NOT_ALL, SOURCE_NOT_ALL, NONE_AT_ALL, SEE_WHY) if text in report)
    assert len(manifest["gaps"]) == len(result.gaps)
    assert ("We could not get everything that we searched for" in report) is bool(result.gaps)
    held = [process["dct:identifier"] for process in notice["dpv:hasProcess"]] == ["records"]
    return Statements(promise["answer"], len(result.gaps), held, shown, len(result.register_behind))


def report_text(package: OpenPackage) -> str:
    pages = PdfReader(io.BytesIO(package.members["report.pdf"])).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_column_stays_a_gap_where_the_table_was_not_searched_in_full() -> None:
    column = Gap("shop_database", "orders", Message("a new column"), within_rows=True)
    shared = Gap("shop_database", "orders", Message("rows that can't be shown to be this person's"))
    searched = dataset_answer("orders")
    assert split_gaps([column], [searched]) == Gaps((), (column,))
    assert split_gaps([column], [replace(searched, gaps=(shared,))]) == Gaps((column, shared), ())
    assert split_gaps([column], [dataset_answer("orders", [{"id": "1"}])]) == Gaps((column,), ())
    assert split_gaps([shared], [searched]) == Gaps((shared,), ())


def test_a_column_is_a_gap_of_every_dataset_whose_rows_have_it(tmp_path: Path) -> None:
    world = World(tmp_path / "register")
    world.register_text = world.register_text.replace(
        'datasets = ["records"]\n\n[c', 'datasets = ["records", "more"]\n\n[c'
    )
    world.write([ROW], stranger=[ROW])
    more = world.dataset_text.replace('name = "records"', 'name = "more"')
    (world.folder / "datasets" / "more.toml").write_text(more, encoding="utf-8")
    new_column(world)
    reason = Message(
        "column {column} is not in the register yet, so it was not copied", (("column", "'allergies'"),)
    )
    expected = [Gap("main", name, reason, within_rows=True) for name in ("records", "more")]
    assert list(world.export().gaps) == expected
