"""The released schema reveals nothing about fields that were left out, not even outside `properties`."""

import json
from collections.abc import Mapping
from dataclasses import replace

import jsonschema_rs
import pytest

from dsar_export.export.released_schema import released_schema
from dsar_export.model.schema import DatasetSchema
from tests.export.rows import schema

DEFINITIONS = {
    "used": {"anyOf": [{"$ref": "#/$defs/inner"}, {"$ref": "#/$defs/used"}]},
    "inner": {"type": ["object", "null"]},
    "unused": {"description": "The secret formula of our score."},
}


def defined(**references: str) -> DatasetSchema:
    """The small world's schema with fields that refer to a definition."""
    specs = schema().document["properties"]
    assert isinstance(specs, dict)
    properties = {
        name: {**spec, "allOf": [{"$ref": f"#/$defs/{references[name]}"}]} if name in references else spec
        for name, spec in specs.items()
    }
    return replace(schema(), document={**schema().document, "$defs": DEFINITIONS, "properties": properties})


def test_nothing_changes_where_nothing_is_left_out() -> None:
    whole = defined(details="unused")
    assert released_schema(whole, without=set()) is whole


def test_only_definitions_that_its_fields_use_directly_or_indirectly_ship() -> None:
    made = released_schema(defined(details="used", text="unused"), without={"text"})
    assert made.document["$defs"] == {name: DEFINITIONS[name] for name in ("used", "inner")}
    jsonschema_rs.Draft202012Validator(dict(made.document))


def test_no_definition_ships_if_no_field_uses_one() -> None:
    made = released_schema(defined(text="unused"), without={"text"})
    assert "$defs" not in made.document
    assert "formula" not in json.dumps(made.document)


def test_an_amount_does_not_name_a_currency_that_was_left_out() -> None:
    made = released_schema(schema(), without={"currency"})
    assert "x-currency-field" not in json.dumps(made.document)
    assert {f.currency_field for f in made.fields} == {None}
    assert "x-currency-field" in json.dumps(released_schema(schema(), without={"text"}).document)


@pytest.mark.parametrize(
    "reference",
    [
        "#anchored",
        "#/$defs/two%20words",
        "#/definitions/old",
        "https://example.org/s.json#/$defs/inner",
        "s.json#/$defs/inner",
        "#/$defs/nested/$defs/inside",
        "#/$defs/indirect",
    ],
)
@pytest.mark.parametrize("keyword", ["$ref", "$dynamicRef"])
def test_all_definitions_ship_if_a_reference_has_another_form(keyword: str, reference: str) -> None:
    definitions = {
        **DEFINITIONS,
        "word": {"$anchor": "anchored"},
        "two words": {},
        "nested": {"$defs": {"inside": {}}},
        "indirect": {"items": {"$ref": "#anchored"}},
    }
    old = {"old": {"type": ["object", "null"]}}
    made = released_schema(referring(keyword, reference, definitions, old), without={"text"})
    assert (made.document["$defs"], made.document["definitions"]) == (definitions, old)
    jsonschema_rs.Draft202012Validator(dict(made.document), offline=True)


def test_a_part_with_an_address_of_its_own_keeps_all_definitions() -> None:
    whole = referring("$ref", "#/$defs/used", DEFINITIONS, {})
    specs = whole.document["properties"]
    assert isinstance(specs, dict)
    properties = {**specs, "raw": {**specs["raw"], "$id": "https://example.org/part.json"}}
    made = released_schema(
        replace(whole, document={**whole.document, "properties": properties}), without={"text"}
    )
    assert made.document["$defs"] == DEFINITIONS


def test_definitions_under_the_old_keyword_do_not_ship_if_nothing_refers_to_them() -> None:
    made = released_schema(referring("$ref", "#/$defs/inner", DEFINITIONS, DEFINITIONS), without={"text"})
    assert made.document["$defs"] == {"inner": DEFINITIONS["inner"]}
    assert "definitions" not in made.document


def test_a_property_named_like_a_keyword_is_not_a_reference() -> None:
    whole = referring("$ref", "#/$defs/inner", DEFINITIONS, {})
    specs = whole.document["properties"]
    assert isinstance(specs, dict)
    details = {**specs["details"], "properties": {"$ref": {"type": "string"}, "$id": {"type": "string"}}}
    document = {**whole.document, "properties": {**specs, "details": details}}
    made = released_schema(replace(whole, document=document), without={"text"}).document
    assert made["$defs"] == {"inner": DEFINITIONS["inner"]}


def referring(
    keyword: str, reference: str, definitions: Mapping[str, object], old: Mapping[str, object]
) -> DatasetSchema:
    """The small world's schema with a structure that refers to a definition by this keyword."""
    specs = schema().document["properties"]
    assert isinstance(specs, dict)
    properties = {**specs, "details": {**specs["details"], "allOf": [{keyword: reference}]}}
    more = {"$id": "https://example.org/s.json", "$defs": definitions, "definitions": old}
    return replace(schema(), document={**schema().document, **more, "properties": properties})
