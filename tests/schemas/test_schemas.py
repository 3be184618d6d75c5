"""The built-in schemas: sound as JSON Schema, readable by people, and without a place for credentials."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dsar_export.model.schema import FieldKind, Origin, parse_schema
from schemas import BUILT_IN, SUFFIX, find_schema, read_schema, schema_names

NAMES = ["accounts", "email_events", "order_lines", "orders", "payments", "profile", "usage_events"]
CREDENTIAL = re.compile(
    r"passw|passphrase|hash|secret|token|salt|credential|otp|api_?key|session|cvc|cvv|\bpin\b"
)


def document(name: str) -> Mapping[str, Any]:
    return read_schema(BUILT_IN / f"{name}{SUFFIX}")


def properties(name: str) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = document(name)["properties"]
    return found


def types(spec: Mapping[str, Any]) -> list[str]:
    return spec["type"] if isinstance(spec["type"], list) else [spec["type"]]


def test_the_built_in_schemas_are_found_by_name(tmp_path: Path) -> None:
    assert schema_names(tmp_path) == NAMES
    assert find_schema("orders", tmp_path) == BUILT_IN / "orders.schema.json"
    assert find_schema("horoscopes", tmp_path) is None


@pytest.mark.parametrize("name", NAMES)
def test_each_is_a_valid_json_schema_2020_12_under_its_own_address(name: str) -> None:
    Draft202012Validator.check_schema(document(name))
    assert document(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert document(name)["$id"] == f"https://example.org/dsar-export/schemas/{name}{SUFFIX}"


@pytest.mark.parametrize("name", NAMES)
def test_each_can_be_parsed_and_takes_no_field_that_it_does_not_name(name: str) -> None:
    schema = parse_schema(name, document(name))
    assert schema.field_names == tuple(properties(name))
    assert document(name)["type"] == "object"
    assert document(name)["additionalProperties"] is False


@pytest.mark.parametrize("name", NAMES)
def test_each_property_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    for field, spec in properties(name).items():
        assert spec["title"][0].isupper(), field
        assert spec["description"].endswith("."), field
        assert spec["description"] != spec["title"], field
        assert spec["x-origin"] in set(Origin), field


@pytest.mark.parametrize("name", NAMES)
def test_each_code_has_a_meaning_and_null_is_allowed_where_the_type_allows_it(name: str) -> None:
    for field, spec in properties(name).items():
        if "oneOf" not in spec:
            continue
        coded = [choice for choice in spec["oneOf"] if "const" in choice]
        assert all(choice["title"] and choice["description"].endswith(".") for choice in coded), field
        assert len({choice["const"] for choice in coded}) == len(coded) > 1, field
        rest = [choice for choice in spec["oneOf"] if "const" not in choice]
        assert rest == ([{"type": "null"}] if "null" in types(spec) else []), field


@pytest.mark.parametrize("name", NAMES)
def test_something_is_required_and_what_is_required_is_never_null(name: str) -> None:
    schema = parse_schema(name, document(name))
    assert [f.name for f in schema.fields if f.required and f.nullable] == []
    assert any(f.required for f in schema.fields)


@pytest.mark.parametrize("name", NAMES)
def test_money_names_its_currency_and_the_period_is_a_time(name: str) -> None:
    schema = parse_schema(name, document(name))
    for field in schema.fields:
        assert (field.kind is FieldKind.DECIMAL) == (field.currency_field == "currency"), field.name
        assert field.currency_field is None or field.currency_field in schema.field_names, field.name
    kinds = {f.name: f.kind for f in schema.fields}
    assert schema.period_field is None or kinds[schema.period_field] in {FieldKind.INSTANT, FieldKind.DATE}


@pytest.mark.parametrize("name", NAMES)
def test_no_property_has_room_for_a_credential(name: str) -> None:
    assert [field for field in properties(name) if CREDENTIAL.search(field)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_property_asks_for_a_format_that_validators_disagree_on(name: str) -> None:
    assert {spec.get("format") for spec in properties(name).values()} <= {None, "date", "date-time"}


@pytest.mark.parametrize(
    ("name", "field", "value", "fits"),
    [
        ("orders", "total", "12.50", True),
        ("orders", "total", "-0.01", True),
        ("orders", "total", "1e3", False),
        ("orders", "currency", "GBP", True),
        ("orders", "currency", "pounds", False),
        ("orders", "status", "shipped", True),
        ("orders", "status", None, True),
        ("orders", "status", "lost", False),
        ("orders", "delivery_phone", "+44 7700 900123", True),
        ("orders", "delivery_phone", "=1+1", False),
        ("payments", "card_last_four", "0042", True),
        ("payments", "card_last_four", "4242424242424242", False),
        ("usage_events", "details", {"words": ["tent"]}, True),
        ("usage_events", "details", [], False),
    ],
)
def test_values_are_taken_or_refused(name: str, field: str, value: object, fits: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    # A schema of one property alone, so that only this value decides.
    assert Draft202012Validator(properties(name)[field]).is_valid(value) is fits
