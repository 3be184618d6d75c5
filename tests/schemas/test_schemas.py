"""The built-in schemas: sound as JSON Schema, readable by people, and without a place for credentials."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from dsar_export.model.schema import FieldKind, Origin, parse_schema
from schemas import BUILT_IN, SUFFIX, find_schema, read_schema, schema_names

NAMES = [
    "accounts",
    "addresses",
    "bank_accounts",
    "communications",
    "contacts",
    "data_requests",
    "devices",
    "disclosures",
    "email_events",
    "feedback",
    "marketing_preferences",
    "order_lines",
    "orders",
    "payments",
    "profile",
    "profiling",
    "subscriptions",
    "third_party_data",
    "usage_events",
    "web_sessions",
]
CREDENTIAL = re.compile(
    r"passw|passphrase|pwd|hash|secret|token|salt|credential|otp|(api|private)_?key|session|cvc|cvv"
    r"|((^|_)pin|(security|recovery|access|login)_(code|answer|question))($|_)"
)
# JSON Schema ignores a keyword that it does not know, so a misspelt one would be silently without effect.
KEYWORDS = {
    "type",
    "title",
    "description",
    "format",
    "pattern",
    "items",
    "oneOf",
    "x-origin",
    "x-kind",
    "x-currency-field",
    "x-masked",
}


def document(name: str) -> Mapping[str, Any]:
    return read_schema(BUILT_IN / f"{name}{SUFFIX}")


def properties(name: str) -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = document(name)["properties"]
    return found


def types(spec: Mapping[str, Any]) -> list[str]:
    return spec["type"] if isinstance(spec["type"], list) else [spec["type"]]


def fields_by_origin(name: str) -> Mapping[Origin, set[str]]:
    fields = parse_schema(name, document(name)).fields
    return {origin: {f.name for f in fields if f.origin is origin} for origin in Origin}


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
def test_each_property_has_a_title_a_description_and_an_origin(name: str) -> None:
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


@pytest.mark.parametrize("name", ["user_password", "session_id", "card_pin", "security_code", "api_key"])
def test_the_names_of_credentials_are_known_as_such(name: str) -> None:
    assert CREDENTIAL.search(name)


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_written_in_one_form(name: str) -> None:
    text = (BUILT_IN / f"{name}{SUFFIX}").read_text(encoding="utf-8")
    assert text == json.dumps(document(name), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", NAMES)
def test_no_property_has_a_keyword_that_nobody_reads(name: str) -> None:
    for field, spec in properties(name).items():
        assert set(spec) <= KEYWORDS, field


@pytest.mark.parametrize("name", NAMES)
def test_each_begins_with_the_records_own_number_and_takes_a_record_that_holds_nothing_else(
    name: str,
) -> None:
    schema = parse_schema(name, document(name))
    own = schema.fields[0]
    assert own.name.endswith("_id")
    assert own.required
    assert own.kind is FieldKind.TEXT
    assert own.origin is Origin.OBSERVED
    bare = {f.name: None if f.nullable else "1" for f in schema.fields}
    assert Draft202012Validator(document(name)).is_valid(bare)


def test_the_titles_of_schemas_are_unique_and_so_are_the_titles_of_the_fields_in_each() -> None:
    assert len({document(name)["title"] for name in NAMES}) == len(NAMES)
    for name in NAMES:
        titles = Counter(spec["title"] for spec in properties(name).values())
        assert [title for title, times in titles.items() if times > 1] == [], name


def test_a_field_is_of_the_same_kind_in_every_schema() -> None:
    kinds: dict[str, set[FieldKind]] = {}
    for name in NAMES:
        for field in parse_schema(name, document(name)).fields:
            kinds.setdefault(field.name, set()).add(field.kind)
    assert {field: found for field, found in kinds.items() if len(found) > 1} == {}


@pytest.mark.parametrize(
    ("name", "number", "origin"),
    [
        ("third_party_data", "record_id", Origin.ACQUIRED),
        ("profiling", "profile_id", Origin.DERIVED),
    ],
)
def test_what_the_person_neither_gave_nor_did_is_of_one_origin_but_for_our_own_numbers(
    name: str, number: str, origin: Origin
) -> None:
    found = fields_by_origin(name)
    assert found[Origin.OBSERVED] == {number, "customer_id"}
    assert found[origin] == set(properties(name)) - {number, "customer_id"}


def test_only_known_schemas_have_acquired_or_derived_fields() -> None:
    others = set(NAMES) - {"third_party_data", "profiling"}
    acquired = {(name, field) for name in others for field in fields_by_origin(name)[Origin.ACQUIRED]}
    derived = {(name, field) for name in others for field in fields_by_origin(name)[Origin.DERIVED]}
    assert acquired == {("profile", "credit_score"), ("profile", "credit_score_source")}
    assert derived == {
        ("marketing_preferences", "in_transit_until"),
        ("profile", "loyalty_tier"),
        ("profile", "notes"),
        ("usage_events", "country"),
    }


@pytest.mark.parametrize(
    ("name", "field", "kind"),
    [
        ("bank_accounts", "account_number", FieldKind.TEXT),
        ("communications", "attachments", FieldKind.STRUCTURE),
        ("contacts", "phone", FieldKind.PHONE),
        ("feedback", "attachments", FieldKind.STRUCTURE),
        ("feedback", "rating", FieldKind.INTEGER),
        ("marketing_preferences", "given_at", FieldKind.INSTANT),
        ("marketing_preferences", "in_transit_until", FieldKind.DATE),
        ("profile", "merged_into", FieldKind.TEXT),
        ("profile", "relationship_ended_on", FieldKind.DATE),
        ("profiling", "automated_decision", FieldKind.BOOLEAN),
        ("profiling", "score", FieldKind.NUMBER),
        ("subscriptions", "price", FieldKind.DECIMAL),
        ("third_party_data", "original", FieldKind.STRUCTURE),
    ],
)
def test_a_field_is_of_the_kind_that_keeps_its_values(name: str, field: str, kind: FieldKind) -> None:
    found = {f.name: f for f in parse_schema(name, document(name)).fields}[field]
    assert found.kind is kind
    assert found.nullable


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
        ("bank_accounts", "iban", "GB33 BUKB 2020 1555 5555 55", True),
        ("bank_accounts", "iban", "as the customer wrote it", True),
        ("communications", "direction", "sideways", False),
        ("contacts", "phone", "+447700900123", True),
        ("contacts", "phone", "alex@example.org", False),
        ("feedback", "attachments", ["letter.pdf"], True),
        ("feedback", "attachments", None, True),
        ("feedback", "attachments", "letter.pdf", False),
        ("feedback", "attachments", [1], False),
        ("marketing_preferences", "state", "withdrawn", True),
        ("marketing_preferences", "state", "perhaps", False),
        ("marketing_preferences", "withdrawn_how", "unsubscribe_link", True),
        ("marketing_preferences", "given_how", "unsubscribe_link", False),
        ("profiling", "score", 0.25, True),
        ("profiling", "score", "0.25", False),
        ("subscriptions", "price", "9.99", True),
        ("subscriptions", "price", "9,99", False),
        ("third_party_data", "original", {"score": 512}, True),
        ("third_party_data", "original", "score=512", False),
        ("web_sessions", "consent", "necessary", True),
        ("web_sessions", "consent", ["necessary", "statistics"], False),
    ],
)
def test_values_are_taken_or_refused(name: str, field: str, value: object, fits: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    # A schema of one property alone, so that only this value decides.
    assert Draft202012Validator(properties(name)[field]).is_valid(value) is fits
