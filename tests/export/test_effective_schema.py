"""The schema that ships says nothing of what was left out, not even beside its fields."""

import json
from dataclasses import replace

import jsonschema_rs

from dsar_export.export.effective_schema import effective_schema
from dsar_export.model.schema import DatasetSchema
from tests.export.rows import schema

DEFINITIONS = {
    "used": {"anyOf": [{"$ref": "#/$defs/inner"}, {"$ref": "#/$defs/used"}]},
    "inner": {"type": ["object", "null"]},
    "unused": {"description": "The secret formula of our score."},
}


def defined(**references: str) -> DatasetSchema:
    """The small world's schema, some fields of which refer to a definition."""
    specs = schema().document["properties"]
    assert isinstance(specs, dict)
    properties = {
        name: {**spec, "allOf": [{"$ref": f"#/$defs/{references[name]}"}]} if name in references else spec
        for name, spec in specs.items()
    }
    return replace(schema(), document={**schema().document, "$defs": DEFINITIONS, "properties": properties})


def test_nothing_changes_where_nothing_is_left_out() -> None:
    whole = defined(details="unused")
    assert effective_schema(whole, set()) is whole


def test_only_the_definitions_that_its_fields_refer_to_ship_with_those_that_they_refer_to() -> None:
    made = effective_schema(defined(details="used", text="unused"), {"text"})
    assert made.document["$defs"] == {name: DEFINITIONS[name] for name in ("used", "inner")}
    jsonschema_rs.Draft202012Validator(dict(made.document))


def test_without_a_field_that_refers_to_one_no_definition_ships() -> None:
    made = effective_schema(defined(text="unused"), {"text"})
    assert "$defs" not in made.document
    assert "formula" not in json.dumps(made.document)


def test_an_amount_does_not_name_a_currency_that_was_left_out() -> None:
    made = effective_schema(schema(), {"currency"})
    assert "x-currency-field" not in json.dumps(made.document)
    assert {f.currency_field for f in made.fields} == {None}
    assert "x-currency-field" in json.dumps(effective_schema(schema(), {"text"}).document)
