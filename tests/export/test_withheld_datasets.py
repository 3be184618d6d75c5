"""A whole export: data that a right does not cover is withheld row by row, and the sums agree."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from dsar_export.model.request import Right
from tests.worlds import LOGIC, World, without_documents

CELLS: Sequence[Mapping[str, object]] = [
    {"text": "SECRET one", "whole": 1},
    {"text": "SECRET two", "whole": "x"},
    {"text": "SECRET three"},
]
NESTED = """
[fields]
record_id = { column = "id" }
text = { column = "details", path = "/name" }
"""


def world(tmp_path: Path, cells: Sequence[Mapping[str, object]], *changes: tuple[str, str]) -> World:
    made = World(tmp_path / "register")
    for before, after in changes:
        assert before in made.dataset_text
        made.dataset_text = made.dataset_text.replace(before, after)
    if '"derived"' in made.dataset_text:
        made.dataset_text = LOGIC + made.dataset_text
    made.write(cells, [{"text": "a stranger's"}])
    made.services = without_documents(made.build())
    return made


def test_every_row_of_a_dataset_that_is_not_portable_is_read_and_withheld_and_in_no_member(
    tmp_path: Path,
) -> None:
    package = world(tmp_path, CELLS, ("A6-1-b", "A6-1-c")).package(right=Right.PORTABILITY)
    outcome = package.outcome()
    assert (outcome["read"], outcome["withheld"], outcome["written"], outcome["nonconforming"]) == (
        3,
        3,
        0,
        0,
    )
    assert not [name for name in package.members if "records" in name]
    assert not [name for name, body in package.members.items() if b"SECRET" in body]


def test_a_dataset_with_only_marks_left_has_no_member(tmp_path: Path) -> None:
    derived = ('A6-1-b" }', 'A6-1-b" }\ndeleted = { column = "flag" }')
    made = World(tmp_path / "register")
    lines = made.dataset_text.partition("[fields]\n")[2].splitlines()
    fields = [(line, line.replace(" }", ', origin = "derived" }')) for line in lines]
    package = world(tmp_path, CELLS, derived, *fields).package(right=Right.PORTABILITY)
    outcome = package.outcome()
    assert (outcome["read"], outcome["withheld"], outcome["written"]) == (3, 3, 0)
    assert not [name for name in package.members if "records" in name]
    (promise,) = json.loads(package.members["datapackage.json"])["dsar"]["promises"]
    assert promise["answer"] == "withheld"


def test_a_field_that_is_not_portable_is_in_no_member_not_even_for_rows_kept_beside(tmp_path: Path) -> None:
    derived = ('text = { column = "text" }', 'text = { column = "text", origin = "derived" }')
    package = world(tmp_path, CELLS, derived).package(right=Right.PORTABILITY)
    outcome = package.outcome()
    assert (outcome["read"], outcome["withheld"], outcome["written"], outcome["nonconforming"]) == (
        3,
        0,
        2,
        1,
    )
    assert not [name for name, body in package.members.items() if b"SECRET" in body]
    assert all("text" not in record for record in package.json())
    assert all("text" not in line for line in package.csv())
    schema = json.loads(package.members["data/schemas/records.schema.json"])
    assert "text" not in {*schema["properties"], *schema["required"]}


def test_access_to_the_same_data_includes_all_of_it(tmp_path: Path) -> None:
    derived = ('text = { column = "text" }', 'text = { column = "text", origin = "derived" }')
    package = world(tmp_path, CELLS, derived, ("A6-1-b", "A6-1-c")).package()
    assert [record["text"] for record in package.json()] == ["SECRET one", "SECRET three"]
    assert len(package.kept_beside()) == 1


def test_a_row_that_can_not_be_taken_apart_waits_for_staff_and_is_a_gap(tmp_path: Path) -> None:
    made = World(tmp_path / "register")
    before = made.dataset_text.index("[fields]")
    cells = [
        {"details": '{"name": "Sam"}'},
        {"details": '{"name": "Sam", "SECRET": 1}'},
        {"details": "SECRET"},
    ]
    of = world(tmp_path, cells, (made.dataset_text[before:], NESTED.lstrip()))
    assert of.services is not None
    result = of.export()
    (answer,) = result.datasets
    assert (answer.outcome.read, answer.outcome.written, answer.outcome.kept_back) == (3, 1, 2)
    assert (answer.outcome.withheld, answer.outcome.balanced) == (2, True)
    assert [text for gap in result.gaps if "JSON" in (text := str(gap.reason))] == [
        "rows with JSON that is not taken apart or may hold a secret: 2; not copied before staff saw them"
    ]
    package = of.package()
    assert [record["text"] for record in package.json()] == ["Sam"]
    assert not [name for name, body in package.members.items() if b"SECRET" in body]
