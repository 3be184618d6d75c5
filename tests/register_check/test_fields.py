"""The fields of a dataset: references, zones, amounts, JSON, and reserved names."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.wiring import register_in
from tests.register_check.changed import changed, problems, with_field

TEXT, WHOLE, AMOUNT = (f'{name} = {{ column = "{name}" }}' for name in ("text", "whole", "amount"))
AT = 'at = { column = "at", zone = "Europe/London" }'
CURRENCY = "ALTER TABLE records ADD COLUMN currency_code"
ZONE = "ALTER TABLE records ADD COLUMN zone_name"


@pytest.mark.parametrize("field", ["record_id", "whole"])
def test_a_reference_to_a_mapped_field_is_no_finding(field: str, tmp_path: Path) -> None:
    mapping = f'text = {{ column = "text", references = "records.{field}" }}'
    assert problems(changed(tmp_path, dataset=(TEXT, mapping))) == []


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("record.record_id", "nearest valid name: records.record_id"),
        ("records.recordid", "nearest valid name: records.record_id"),
        ("records", "nearest valid name: records."),
        ("", "valid names: "),
    ],
)
def test_a_reference_that_leads_nowhere_is_found(target: str, hint: str, tmp_path: Path) -> None:
    mapping = f'text = {{ column = "text", references = "{target}" }}'
    (found,) = problems(changed(tmp_path, dataset=(TEXT, mapping)))
    assert found.startswith(
        f"records.toml: fields.text.references: unknown field of a dataset {target!r}; {hint}"
    )


def test_a_zone_a_currency_and_a_path_in_their_places_are_no_finding(tmp_path: Path) -> None:
    dataset = {
        AT: 'at = { column = "at", zone_column = "zone_name" }',
        AMOUNT: 'amount = { column = "amount", currency_column = "currency_code", minor_units = { GBP = 2 } }',
        TEXT: 'text = { column = "details", path = "/text" }',
        'details = { column = "details" }\n': "",
        "order_by": f"left_out = {{ {_left_out('text', 'zone_name', 'currency_code')} }}\norder_by",
    }
    assert problems(changed(tmp_path, dataset=dataset, statement=(CURRENCY, ZONE))) == []


def _left_out(*columns: str) -> str:
    return ", ".join(f'{column} = {{ reason = "not_personal", note = "n" }}' for column in columns)


def test_a_zone_a_currency_and_the_column_of_a_mark_are_undecided_if_no_record_has_them(
    tmp_path: Path,
) -> None:
    dataset = {
        AT: 'at = { column = "at", zone_column = "zone_name" }',
        AMOUNT: 'amount = { column = "amount", currency_column = "currency_code", minor_units = { GBP = 2 } }',
        "order_by": 'deleted = { column = "gone_at" }\norder_by',
    }
    found = problems(
        changed(
            tmp_path, dataset=dataset, statement=(CURRENCY, ZONE, "ALTER TABLE records ADD COLUMN gone_at")
        )
    )
    assert found == [
        f"records.toml: fields: column records.{column} is not mapped to any field: map it, or list it under left_out"
        for column in ("currency_code", "zone_name", "gone_at")
    ]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (TEXT, 'text = { column = "text", zone_column = "zone_name" }',
         "fields.text.zone_column: only a time can have a zone; this field is text"),
        (WHOLE, 'whole = { column = "whole", currency_column = "currency_code", minor_units = { GBP = 2 } }',
         "fields.whole.minor_units: only an amount (decimal) can have minor units; this field is integer"),
        (AT, 'at = { column = "details", path = "/at", zone_column = "zone_name" }',
         "fields.at.path: path excludes zone_column and currency_column; keep one"),
        (AMOUNT, 'amount = { column = "details", path = "/a", currency_column = "currency_code", minor_units = {} }',
         "fields.amount.path: path excludes zone_column and currency_column; keep one"),
    ],
)  # fmt: skip
def test_what_does_not_suit_a_field_is_found(old: str, new: str, finding: str, tmp_path: Path) -> None:
    found = problems(changed(tmp_path, dataset=(old, new), statement=(CURRENCY, ZONE)))
    assert f"records.toml: {finding}" in found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (AT, 'at = { column = "at", zone_column = "zone_nam" }'),
        (AMOUNT, 'amount = { column = "amount", currency_column = "zone_nam", minor_units = { GBP = 2 } }'),
    ],
)
def test_a_second_column_that_is_not_there_is_found(old: str, new: str, tmp_path: Path) -> None:
    found = problems(changed(tmp_path, dataset=(old, new), statement=ZONE))
    assert "records.toml: fields: no column 'zone_nam' in 'records'; nearest valid name: zone_name" in found


@pytest.mark.parametrize(
    ("mapping", "refused"),
    [
        ('column = "text", path = "text"', "path must be a JSON pointer such as /address/city, and needs a column"),
        ('value = "x", path = "/text"', "path must be a JSON pointer such as /address/city, and needs a column"),
        ('column = "text", zone = "UTC", zone_column = "z"', "zone and zone_column exclude each other; keep one"),
        ('column = "text", codes = {}, codes_from = { table = "t", code = "c", meaning = "m" }',
         "codes and codes_from exclude each other; keep one"),
        ('column = "text", unit = "1/100", currency_column = "c", minor_units = {}',
         "unit and minor_units exclude each other; keep one"),
        ('column = "text", currency_column = "c"', "currency_column and minor_units need each other"),
        ('column = "text", minor_units = { GBP = 2 }', "currency_column and minor_units need each other"),
    ],
)  # fmt: skip
def test_a_mapping_that_contradicts_itself_is_refused(mapping: str, refused: str, tmp_path: Path) -> None:
    made = changed(tmp_path, dataset=(TEXT, f"text = {{ {mapping} }}"))
    with pytest.raises(RegisterError, match=rf"records.toml:\d+: fields.text: {refused}"):
        register_in(made.folder)


@pytest.mark.parametrize(
    "name", ["deleted_in_source", "earlier_version", "past_storage_period", "text_as_stored", "_as_stored"]
)
def test_a_field_with_a_name_of_ours_is_found(name: str, tmp_path: Path) -> None:
    (found,) = problems(with_field(tmp_path, name))
    assert found == f"records.toml: schema: schema 'records' has a field {name!r}, a reserved name; rename it"


@pytest.mark.parametrize("name", ["deleted", "stored", "past_storage_periods", "text_as_stored_here"])
def test_a_field_with_a_name_like_ours_is_left_alone(name: str, tmp_path: Path) -> None:
    assert problems(with_field(tmp_path, name)) == []


@pytest.mark.parametrize("path", ["/password", "/login/api_key", "/session_token/0"])
def test_a_credential_in_json_is_found(path: str, tmp_path: Path) -> None:
    dataset = {
        TEXT: f'text = {{ column = "details", path = "{path}" }}',
        "order_by": 'left_out = { text = { reason = "not_personal", note = "n" } }\norder_by',
    }
    (found,) = problems(changed(tmp_path, dataset=dataset))
    assert found.startswith("records.toml: fields.text.path: column '")
    assert "looks like a credential" in found


def test_an_object_is_not_taken_whole_out_of_json(tmp_path: Path) -> None:
    detail = ('details = { column = "details" }', 'details = { column = "details", path = "/part" }')
    (found,) = problems(changed(tmp_path, dataset=detail))
    assert found == (
        "records.toml: fields.details.path: a path can't take a whole object, because it may get members that "
        "nobody has decided on: map its members to fields, or map the whole column without a path"
    )
