"""Nobody is left to guess how derived data came about, or who gave what was acquired."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.register_check.changed import ATTRIBUTED, EXPLAINED, begins, changed, told

DERIVED = {'text = { column = "text" }': 'text = { column = "text", origin = "derived" }'}
ACQUIRED = {'text = { column = "text" }': 'text = { column = "text", origin = "acquired" }'}
NO_LOGIC = "records.toml: logic: derived, without a logic: 'text'; add [logic] with procedure, data_used and "
NO_SOURCE = (
    "records.toml: obtained_from: acquired, from nobody that is named: 'text'; list who gave it, by name"
)


def told_of(folder: Path, schema_origin: str, dataset: Mapping[str, str]) -> list[str]:
    """What is found where the schema itself says of the field `text` whence it is."""
    made = changed(folder, dataset=dataset)
    path = made.folder / "schemas" / "records.schema.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["properties"]["text"]["x-origin"] = schema_origin
    path.write_text(json.dumps(document), encoding="utf-8")
    return told(made)


def test_a_field_that_the_register_calls_derived_needs_a_logic(tmp_path: Path) -> None:
    assert begins(told(changed(tmp_path / "without", dataset=DERIVED)), NO_LOGIC)
    assert told(changed(tmp_path / "with", dataset={**DERIVED, **EXPLAINED})) == []


def test_a_field_that_the_schema_calls_derived_needs_a_logic_unless_the_register_overrules_it(
    tmp_path: Path,
) -> None:
    assert begins(told_of(tmp_path / "schema", "derived", {}), NO_LOGIC)
    overruled = {'text = { column = "text" }': 'text = { column = "text", origin = "observed" }'}
    assert told_of(tmp_path / "overruled", "derived", overruled) == []


def test_a_field_that_is_acquired_needs_the_name_of_who_gave_it(tmp_path: Path) -> None:
    assert told(changed(tmp_path / "without", dataset=ACQUIRED)) == [NO_SOURCE]
    assert told_of(tmp_path / "schema", "acquired", {}) == [NO_SOURCE]
    assert told(changed(tmp_path / "with", dataset={**ACQUIRED, **ATTRIBUTED})) == []


def test_a_derived_field_that_is_not_mapped_needs_nothing(tmp_path: Path) -> None:
    unmapped = {
        'text = { column = "text" }\n': "",
        "purposes = {": 'left_out = { text = { reason = "not_personal", note = "n" } }\npurposes = {',
    }
    assert told_of(tmp_path, "derived", unmapped) == []


def test_a_mark_is_reckoned_for_the_package_and_needs_no_logic(tmp_path: Path) -> None:
    marks = {"order_by": 'storage_starts = "at"\ndeleted = { column = "flag" }\norder_by'}
    assert told(changed(tmp_path, dataset=marks)) == []


def test_of_many_fields_the_first_are_named(tmp_path: Path) -> None:
    names = ("text", "phone", "whole", "day")
    fields = {f'"{name}" }}': f'"{name}", origin = "derived" }}' for name in names}
    (found,) = told(changed(tmp_path, dataset=fields))
    assert "without a logic: 'text', 'phone', 'whole', …; add" in found


@pytest.mark.parametrize(
    ("said", "finding"),
    [
        (EXPLAINED, "records.toml: logic: no field is derived, so it explains nothing; drop it, or "),
        (ATTRIBUTED, "records.toml: obtained_from: no field is acquired, so nobody gave it; drop it, or "),
    ],
    ids=["logic", "obtained_from"],
)
def test_what_explains_no_field_is_found(said: Mapping[str, str], finding: str, tmp_path: Path) -> None:
    assert begins(told(changed(tmp_path, dataset=said)), finding)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('procedure = "p"', 'procedure = " "', "logic.procedure: is empty, and told to the person"),
        ('significance = "s"', 'significance = ""', "logic.significance: is empty, and told to the person"),
        ('data_used = ["d"]', 'data_used = ["d", ""]', "logic.data_used.1: is empty, and told to the person"),
        ('data_used = ["d"]', "data_used = []", "logic.data_used: names nothing; list the data that were "),
    ],
)
def test_a_logic_that_tells_nothing_is_found(old: str, new: str, finding: str, tmp_path: Path) -> None:
    logic = {key: text.replace(old, new) for key, text in EXPLAINED.items()}
    found = told(changed(tmp_path, dataset={**DERIVED, **logic}))
    assert begins(found, f"records.toml: {finding}")


def test_a_source_without_a_name_is_found(tmp_path: Path) -> None:
    nameless = {"order_by": 'obtained_from = ["Example Agency Ltd", ""]\norder_by'}
    found = told(changed(tmp_path, dataset={**ACQUIRED, **nameless}))
    assert begins(found, "records.toml: obtained_from.1: is empty, and told to the person")
