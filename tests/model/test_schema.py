"""The facts about a field in a JSON Schema of this project's form."""

import pytest

from dsar_export.model.schema import SchemaField, parse_schema
from schemas import BUILT_IN, SUFFIX, read_schema


def field(**more: object) -> SchemaField:
    spec = {"type": "string", "title": "IBAN", "description": "The number.", "x-origin": "provided", **more}
    document = {
        "title": "Accounts",
        "description": "Anything.",
        "additionalProperties": False,
        "required": [],
        "properties": {"iban": spec},
    }
    return parse_schema("accounts", document).fields[0]


@pytest.mark.parametrize(
    ("more", "masked"), [({}, False), ({"x-masked": False}, False), ({"x-masked": True}, True)]
)
def test_a_field_is_masked_only_if_its_schema_sets_x_masked(more: dict[str, object], masked: bool) -> None:  # noqa: FBT001 - pytest passes it by name
    assert field(**more).masked is masked


def test_masked_is_true_or_false_and_nothing_else() -> None:
    with pytest.raises(ValueError, match=r"^/properties/iban/x-masked: "):
        field(**{"x-masked": "yes"})


def test_the_numbers_of_bank_accounts_are_masked_and_nothing_else_of_them() -> None:
    schema = parse_schema("bank_accounts", read_schema(BUILT_IN / f"bank_accounts{SUFFIX}"))
    assert {f.name for f in schema.fields if f.masked} == {"iban", "sort_code", "account_number"}
