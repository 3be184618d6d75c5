"""Every schema that would ship is sound: with the mapped fields, and with those that a right leaves."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dsar_export.errors import RegisterError
from tests.register_check.changed import EXPLAINED, Change, changed, problems
from tests.worlds import World, schema_document

PART = {"type": ["object", "null"], "properties": {"city": {"type": "string"}}}
UNMAPPED = ('details = { column = "details" }\n', "")
LEFT_OUT = {
    'details = { column = "details" }': 'details = { column = "details", origin = "derived" }',
    **EXPLAINED,
}


def refers(spec: Mapping[str, object], **more: object) -> dict[str, Any]:
    """The small world's schema, with a reference in its field `text`."""
    document: dict[str, Any] = schema_document()
    document["properties"]["text"] |= spec
    document["properties"]["details"] |= PART
    return {**document, **more}


def with_schema(folder: Path, document: Mapping[str, object], dataset: Change = ("", "")) -> World:
    made = changed(folder, dataset=dataset)
    (made.folder / "schemas" / "records.schema.json").write_text(json.dumps(document), encoding="utf-8")
    return made


TO_CITY = {"allOf": [{"$ref": "#/properties/details/properties/city"}]}
NOT_MAPPED = (
    "records.toml: fields.text: schema 'records' refers ($ref) to a part that is missing once only mapped fields "
    "are left; define shared parts under $defs"
)
NOT_PORTABLE = (
    "records.toml: fields.text: schema 'records' refers ($ref) to a part that is missing once only portable fields "
    "are left; define shared parts under $defs"
)


def test_a_schema_with_definitions_needs_no_address_of_its_own(tmp_path: Path) -> None:
    document = refers({"allOf": [{"$ref": "#/$defs/short"}]}, **{"$defs": {"short": {"maxLength": 99}}})
    made = with_schema(tmp_path, document)
    assert problems(made) == []
    assert [record["text"] for record in made.package().json()] == ["PRIVATE"]


def test_a_reference_to_a_field_that_is_there_is_no_finding(tmp_path: Path) -> None:
    assert problems(with_schema(tmp_path, refers(TO_CITY))) == []


@pytest.mark.parametrize(
    ("dataset", "finding"), [(UNMAPPED, NOT_MAPPED), (LEFT_OUT, NOT_PORTABLE)], ids=["mapped", "portable"]
)
def test_a_reference_to_a_field_that_does_not_ship_is_found_and_refused(
    dataset: Change, finding: str, tmp_path: Path
) -> None:
    made = with_schema(tmp_path, refers(TO_CITY), dataset)
    assert [line for line in problems(made) if "column records.details" not in line] == [finding]
    with pytest.raises(RegisterError, match=r"datasets/records.toml: fields.text: schema 'records' refers"):
        made.export()


def test_a_reference_to_a_definition_that_refers_to_such_a_field_is_found_too(tmp_path: Path) -> None:
    document = refers({"allOf": [{"$ref": "#/$defs/city"}]}, **{"$defs": {"city": TO_CITY["allOf"][0]}})
    assert problems(with_schema(tmp_path, document, LEFT_OUT)) == [NOT_PORTABLE]


def test_a_dangling_rule_over_all_fields_is_found_at_the_dataset(tmp_path: Path) -> None:
    """Portability ships no such rule."""
    document = refers({}, dependentSchemas={"text": TO_CITY["allOf"][0]})
    assert problems(with_schema(tmp_path / "whole", document)) == []
    assert problems(with_schema(tmp_path / "portable", document, LEFT_OUT)) == []
    found = problems(with_schema(tmp_path / "mapped", document, UNMAPPED))
    assert NOT_MAPPED.replace("fields.text", "schema") in found


@pytest.mark.parametrize("reference", ["#/$defs/no", "#no", "https://example.org/elsewhere.json"])
def test_a_schema_that_leads_nowhere_by_itself_is_found_once(reference: str, tmp_path: Path) -> None:
    found = problems(with_schema(tmp_path, refers({"allOf": [{"$ref": reference}]})))
    assert found == ["records.toml: schema: schema 'records' is not a valid JSON Schema 2020-12; correct it"]


@pytest.mark.parametrize(
    "reference",
    ["#anchored", "#/$defs/two%20words", "#/definitions/old", "https://example.org/s.json#/$defs/word"],
)
def test_portability_ships_a_schema_that_can_be_followed(reference: str, tmp_path: Path) -> None:
    document = refers(
        {"allOf": [{"$ref": reference}]},
        **{
            "$id": "https://example.org/s.json",
            "$defs": {"word": {"$anchor": "anchored", "maxLength": 3}, "two words": {"maxLength": 3}},
            "definitions": {"old": {"maxLength": 3}},
        },
    )
    assert problems(with_schema(tmp_path, document, LEFT_OUT)) == []
