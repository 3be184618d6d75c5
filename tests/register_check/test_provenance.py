"""The register explains how derived data was produced and who provided acquired data."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.register_check.changed import ATTRIBUTED, EXPLAINED, begins, changed, problems

DERIVED = {'text = { column = "text" }': 'text = { column = "text", origin = "derived" }'}
ACQUIRED = {'text = { column = "text" }': 'text = { column = "text", origin = "acquired" }'}
NO_LOGIC = "records.toml: logic: no logic for derived fields: 'text'; add [logic] with procedure, "
NO_SOURCE = (
    "records.toml: obtained_from: no source for acquired fields: 'text'; list who provided the data, by name"
)


def problems_with_origin(folder: Path, schema_origin: str, dataset: Mapping[str, str]) -> list[str]:
    """The findings if the schema itself gives the field `text` this origin."""
    made = changed(folder, dataset=dataset)
    path = made.folder / "schemas" / "records.schema.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["properties"]["text"]["x-origin"] = schema_origin
    path.write_text(json.dumps(document), encoding="utf-8")
    return problems(made)


def test_a_field_that_the_register_calls_derived_needs_a_logic(tmp_path: Path) -> None:
    assert begins(problems(changed(tmp_path / "without", dataset=DERIVED)), NO_LOGIC)
    assert problems(changed(tmp_path / "with", dataset={**DERIVED, **EXPLAINED})) == []


def test_a_field_that_the_schema_calls_derived_needs_a_logic_unless_the_register_overrules_it(
    tmp_path: Path,
) -> None:
    assert begins(problems_with_origin(tmp_path / "schema", "derived", {}), NO_LOGIC)
    overruled = {'text = { column = "text" }': 'text = { column = "text", origin = "observed" }'}
    assert problems_with_origin(tmp_path / "overruled", "derived", overruled) == []


def test_an_acquired_field_needs_the_name_of_its_source(tmp_path: Path) -> None:
    assert problems(changed(tmp_path / "without", dataset=ACQUIRED)) == [NO_SOURCE]
    assert problems_with_origin(tmp_path / "schema", "acquired", {}) == [NO_SOURCE]
    assert problems(changed(tmp_path / "with", dataset={**ACQUIRED, **ATTRIBUTED})) == []


def test_a_derived_field_that_is_not_mapped_needs_nothing(tmp_path: Path) -> None:
    unmapped = {
        'text = { column = "text" }\n': "",
        "purposes = {": 'left_out = { text = { reason = "not_personal", note = "n" } }\npurposes = {',
    }
    assert problems_with_origin(tmp_path, "derived", unmapped) == []


def test_a_mark_is_made_for_the_package_and_needs_no_logic(tmp_path: Path) -> None:
    marks = {"order_by": 'storage_starts = "at"\ndeleted = { column = "flag" }\norder_by'}
    assert problems(changed(tmp_path, dataset=marks)) == []


def test_only_the_first_of_many_fields_are_named(tmp_path: Path) -> None:
    names = ("text", "phone", "whole", "day")
    fields = {f'"{name}" }}': f'"{name}", origin = "derived" }}' for name in names}
    (found,) = problems(changed(tmp_path, dataset=fields))
    assert "no logic for derived fields: 'text', 'phone', 'whole', …; add" in found


@pytest.mark.parametrize(
    ("explanation", "finding"),
    [
        (EXPLAINED, "records.toml: logic: no field is derived, so there is nothing to explain; drop it, or "),
        (
            ATTRIBUTED,
            "records.toml: obtained_from: no field is acquired, so nobody provided it; drop it, or ",
        ),
    ],
    ids=["logic", "obtained_from"],
)
def test_an_explanation_without_a_field_to_explain_is_found(
    explanation: Mapping[str, str], finding: str, tmp_path: Path
) -> None:
    assert begins(problems(changed(tmp_path, dataset=explanation)), finding)


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('procedure = "p"', 'procedure = " "', "logic.procedure: is empty, but shown to the person"),
        ('significance = "s"', 'significance = ""', "logic.significance: is empty, but shown to the person"),
        (
            'data_used = ["d"]',
            'data_used = ["d", ""]',
            "logic.data_used.1: is empty, but shown to the person",
        ),
        ('data_used = ["d"]', "data_used = []", "logic.data_used: is empty; list the data that was "),
    ],
)
def test_a_logic_with_an_empty_text_is_found(old: str, new: str, finding: str, tmp_path: Path) -> None:
    logic = {key: text.replace(old, new) for key, text in EXPLAINED.items()}
    found = problems(changed(tmp_path, dataset={**DERIVED, **logic}))
    assert begins(found, f"records.toml: {finding}")


def test_a_source_without_a_name_is_found(tmp_path: Path) -> None:
    nameless = {"order_by": 'obtained_from = ["Example Agency Ltd", ""]\norder_by'}
    found = problems(changed(tmp_path, dataset={**ACQUIRED, **nameless}))
    assert begins(found, "records.toml: obtained_from.1: is empty, but shown to the person")
