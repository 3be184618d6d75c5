"""A cell is converted only where nothing is lost and one meaning is possible; all else is unfit, by a rule."""

import base64
import json
import math
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.model.field_mapping import Binary
from dsar_export.model.schema import FieldKind
from dsar_export.normalising import Unfit
from tests.normalising.converting import convert, rule_of

QUICK = settings(deadline=None, max_examples=50)


@pytest.mark.parametrize(
    ("kind", "cell", "expected"),
    [
        (FieldKind.TEXT, "NUL\x00, \u202e, \U0001f680, e\u0301", "NUL\x00, \u202e, \U0001f680, e\u0301"),
        (FieldKind.TEXT, "", ""),
        (FieldKind.TEXT, 7, "7"),
        (FieldKind.TEXT, 1.5, "1.5"),
        (FieldKind.TEXT, Decimal("1.50"), "1.50"),
        (FieldKind.TEXT, date(2026, 1, 2), "2026-01-02"),
        (FieldKind.PHONE, "+44 (0)20 7946", "+44 (0)20 7946"),
        (FieldKind.INTEGER, -(2**63), -(2**63)),
        (FieldKind.INTEGER, 2**64 - 1, 2**64 - 1),
        (FieldKind.INTEGER, "-12", -12),
        (FieldKind.INTEGER, 3.0, 3),
        (FieldKind.INTEGER, -3.0, -3),
        (FieldKind.INTEGER, 0.0, 0),
        (FieldKind.INTEGER, Decimal(-3), -3),
        (FieldKind.INTEGER, Decimal("0.00"), 0),
        (FieldKind.INTEGER, Decimal("3.00"), 3),
        (FieldKind.NUMBER, 5, 5),
        (FieldKind.NUMBER, 0.1, 0.1),
        (FieldKind.NUMBER, "0.1", 0.1),
        (FieldKind.NUMBER, Decimal("2.5"), 2.5),
        (FieldKind.DECIMAL, "0012.3400", "0012.3400"),
        (FieldKind.DECIMAL, 12, "12"),
        (FieldKind.DECIMAL, 1e-07, "0.0000001"),
        (FieldKind.DECIMAL, Decimal("1E+3"), "1000"),
        (FieldKind.DECIMAL, Decimal("10.50"), "10.50"),
        (FieldKind.BOOLEAN, 1, True),
        (FieldKind.BOOLEAN, 0, False),
        (FieldKind.BOOLEAN, "true", True),
        (FieldKind.BOOLEAN, "false", False),
        (FieldKind.DATE, "2024-02-29", "2024-02-29"),
        (FieldKind.DATE, date(2024, 2, 29), "2024-02-29"),
        (FieldKind.DATE, "2024-02-29 00:00:00", "2024-02-29"),
        (FieldKind.DATE, "2024-02-29T00:00:00.000", "2024-02-29"),
        (FieldKind.DATE, datetime(2024, 2, 29), "2024-02-29"),  # noqa: DTZ001 - stored without a zone
        (FieldKind.BYTES, b"\x00\xff", "AP8="),
        (FieldKind.STRUCTURE, '{"a": [1, null, "\\u00e9"]}', {"a": [1, None, "\u00e9"]}),
        (FieldKind.STRUCTURE, {"b": 1.5}, {"b": 1.5}),
        (FieldKind.STRUCTURE, "[]", []),
        (FieldKind.STRUCTURE, "null", None),
        (FieldKind.STRUCTURE, ["a", 1, None, [0.5]], ["a", 1, None, [0.5]]),
        (FieldKind.STRUCTURE, '{"a": 2.50, "b": 2.5}', {"a": Decimal("2.50"), "b": 2.5}),
        (FieldKind.STRUCTURE, {"a": Decimal("2.50")}, {"a": Decimal("2.50")}),
    ],
)
def test_a_fitting_cell_keeps_every_stored_digit(kind: FieldKind, cell: object, expected: object) -> None:
    found = convert(kind, cell)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("kind", "cell", "rule"),
    [
        (FieldKind.TEXT, b"bytes", "text"),
        (FieldKind.TEXT, True, "text"),
        (FieldKind.TEXT, math.nan, "finite number"),
        (FieldKind.TEXT, "\udcff", "valid Unicode"),
        (FieldKind.TEXT, "lone \ud800", "valid Unicode"),
        (FieldKind.TEXT, ["list"], "text"),
        (FieldKind.PHONE, b"+44", "text"),
        (FieldKind.INTEGER, True, "integer"),
        (FieldKind.INTEGER, 1.5, "integer"),
        (FieldKind.INTEGER, math.inf, "integer"),
        (FieldKind.INTEGER, "1.0", "integer"),
        (FieldKind.INTEGER, "007", "integer"),
        (FieldKind.INTEGER, "-0", "integer"),
        (FieldKind.INTEGER, " 7", "integer"),
        (FieldKind.INTEGER, "\u0667", "integer"),
        (FieldKind.INTEGER, 2**64, "integer of 64 bits"),
        (FieldKind.INTEGER, -(2**63) - 1, "integer of 64 bits"),
        (FieldKind.INTEGER, 1e300, "integer of 64 bits"),
        (FieldKind.NUMBER, False, "number"),
        (FieldKind.NUMBER, math.nan, "finite number"),
        (FieldKind.NUMBER, "1e3", "number"),
        (FieldKind.NUMBER, "0.10000000000000000001", "number"),
        (FieldKind.NUMBER, "9" * 400, "number"),
        (FieldKind.NUMBER, 2**70, "integer of 64 bits"),
        (FieldKind.DECIMAL, "1,50", "decimal number"),
        (FieldKind.DECIMAL, "1e3", "decimal number"),
        (FieldKind.DECIMAL, "\u0661", "decimal number"),
        (FieldKind.DECIMAL, True, "decimal number"),
        (FieldKind.DECIMAL, -math.inf, "decimal number"),
        (FieldKind.BOOLEAN, 2, "boolean"),
        (FieldKind.BOOLEAN, "yes", "boolean"),
        (FieldKind.BOOLEAN, "1", "boolean"),
        (FieldKind.DATE, "2023-02-29", "date"),
        (FieldKind.DATE, "01/02/2026", "date"),
        (FieldKind.DATE, "2026-01-02 00:00:01", "date"),
        (FieldKind.DATE, "2026-01-02 00:00:00.001", "date"),
        (FieldKind.DATE, "2026-01-02 00:00:00Z", "date"),
        (FieldKind.DATE, "2026-02-30 00:00:00", "date"),
        (FieldKind.DATE, datetime(2026, 1, 2, tzinfo=UTC), "date"),
        (FieldKind.BYTES, "text", "bytes"),
        (FieldKind.STRUCTURE, "no JSON", "JSON"),
        (FieldKind.STRUCTURE, "7", "JSON object or array"),
        (FieldKind.STRUCTURE, '{"a": 1, "a": 2}', "JSON with unique keys"),
        (FieldKind.STRUCTURE, '{"a": NaN}', "JSON with finite numbers"),
        (FieldKind.STRUCTURE, '{"a": 1e400}', "JSON with numbers of 64 bits"),
        (FieldKind.STRUCTURE, '{"a": 0.10000000000000000001}', "JSON with numbers of 64 bits"),
        (FieldKind.STRUCTURE, '{"a": 99999999999999999999}', "integer"),
        (FieldKind.STRUCTURE, '{"a": "\\ud800"}', "JSON that can be written again"),
        (FieldKind.STRUCTURE, "[" * 100_000, "JSON"),
        (FieldKind.STRUCTURE, b"{}", "JSON"),
        (FieldKind.STRUCTURE, [b"bytes"], "JSON"),
        (FieldKind.STRUCTURE, [1.5, math.nan], "JSON with finite numbers"),
        (FieldKind.STRUCTURE, ["\udcff"], "valid Unicode"),
    ],
)
def test_an_unfit_cell_names_the_rule_that_it_breaks(kind: FieldKind, cell: object, rule: str) -> None:
    assert rule_of(kind, cell) == rule


@pytest.mark.parametrize("kind", [k for k in FieldKind if k not in {FieldKind.TEXT, FieldKind.PHONE}])
def test_the_rule_never_quotes_the_cell(kind: FieldKind) -> None:
    for cell in ("SECRET-77", "SECRET-77\udcff", {"SECRET-77": math.nan}):
        assert "77" not in rule_of(kind, cell)


def test_a_number_with_an_endless_exponent_in_json_is_unfit_and_no_crash() -> None:
    rule = "JSON with numbers of 64 bits"
    assert rule_of(FieldKind.STRUCTURE, '{"a": 1e-99999999999999999999}') == rule


def test_json_that_is_nested_too_deep_to_be_written_is_unfit() -> None:
    # 254 levels are what the writer can do, less one for the record and some for a row kept beside.
    assert rule_of(FieldKind.STRUCTURE, '{"a":' * 300 + "1" + "}" * 300).startswith("JSON")
    assert rule_of(FieldKind.STRUCTURE, "[" * 300 + "]" * 300).startswith("JSON")


def test_a_negative_zero_keeps_its_sign_or_is_unfit() -> None:
    assert rule_of(FieldKind.INTEGER, -0.0) == "integer"


def test_a_signalling_nan_is_unfit_everywhere() -> None:
    for kind in (FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.DECIMAL):
        assert rule_of(kind, Decimal("sNaN"))


@pytest.mark.parametrize(
    ("cell", "unit", "expected"),
    [
        (1250, "1/100", "12.50"),
        (-5, "1/100", "-0.05"),
        ("7", "1/1000", "0.007"),
        (3, "1024", "3072"),
        (2**64 - 1, "1/100", "184467440737095516.15"),
        (2**63 - 1, "999999999999", str((2**63 - 1) * 999_999_999_999)),
    ],
)
def test_money_in_a_small_unit_is_decimal_text_with_all_places(
    cell: object, unit: str, expected: str
) -> None:
    assert convert(FieldKind.DECIMAL, cell, unit=unit) == expected


def test_a_whole_number_in_a_unit_stays_whole_or_is_unfit() -> None:
    assert convert(FieldKind.INTEGER, 3, unit="1024") == 3072
    assert convert(FieldKind.INTEGER, 300, unit="1/100") == 3
    assert rule_of(FieldKind.INTEGER, 250, unit="1/100") == "integer"
    assert rule_of(FieldKind.INTEGER, 2**60, unit="1024") == "integer of 64 bits"
    assert rule_of(FieldKind.DECIMAL, "12.5", unit="1/100") == "integer"


@pytest.mark.parametrize(
    ("binary", "cell", "expected"),
    [
        (Binary.HEXADECIMAL, b"\xca\xfe", "cafe"),
        (Binary.UUID, bytes(range(16)), "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        (Binary.UUID, "no bytes", "no bytes"),
        (Binary.UUID, 7.0, "7"),
        (Binary.UUID, 7.5, "7.5"),
        (Binary.UUID, Decimal("7.0"), "7.0"),
    ],
)
def test_bytes_of_an_identifier_are_hexadecimal_or_a_uuid(
    binary: Binary, cell: object, expected: str
) -> None:
    assert convert(FieldKind.TEXT, cell, binary=binary) == expected


@pytest.mark.parametrize("length", [0, 15, 17])
def test_bytes_of_another_length_than_a_uuid_are_unfit(length: int) -> None:
    assert rule_of(FieldKind.TEXT, bytes(length), binary=Binary.UUID) == "UUID of 16 bytes"


def test_a_code_is_replaced_by_its_value_and_an_unknown_code_is_unfit() -> None:
    codes = {"1": "card", "N": "none"}
    assert convert(FieldKind.TEXT, 1, codes=codes) == "card"
    assert convert(FieldKind.TEXT, "N", codes=codes) == "none"
    assert rule_of(FieldKind.TEXT, "n", codes=codes) == "code table"
    assert rule_of(FieldKind.TEXT, b"N", codes=codes) == "code table"


@pytest.mark.parametrize(
    "codes", [{"1": "yes", "0": "no"}, {"t": "yes", "f": "no"}, {"TRUE": "yes", "False": "no"}]
)
def test_a_boolean_is_looked_up_however_the_code_table_writes_it(codes: dict[str, str]) -> None:
    assert [convert(FieldKind.TEXT, cell, codes=codes) for cell in (True, False)] == ["yes", "no"]


def test_a_number_is_not_looked_up_as_a_boolean() -> None:
    assert rule_of(FieldKind.TEXT, 1, codes={"t": "yes", "f": "no"}) == "code table"


@QUICK
@given(st.text())
def test_any_unicode_text_passes_unchanged(cell: str) -> None:
    assert convert(FieldKind.TEXT, cell) == cell


@QUICK
@given(st.binary())
def test_any_bytes_come_back_from_their_base64(cell: bytes) -> None:
    assert base64.b64decode(str(convert(FieldKind.BYTES, cell)), validate=True) == cell


@QUICK
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**30), max_value=10**30))
def test_any_decimal_keeps_its_digits_and_has_no_exponent(cell: Decimal) -> None:
    text = str(convert(FieldKind.DECIMAL, cell))
    assert "E" not in text.upper()
    assert Decimal(text) == cell


@QUICK
@given(st.integers(min_value=-(2**63), max_value=2**64 - 1), st.integers(min_value=1, max_value=12))
def test_any_whole_number_of_small_units_is_exact(cell: int, places: int) -> None:
    text = str(convert(FieldKind.DECIMAL, cell, unit=f"1/1{'0' * places}"))
    assert Decimal(text) * 10**places == cell
    assert len(text.partition(".")[2]) == places


@QUICK
@given(st.floats() | st.integers() | st.text() | st.binary() | st.booleans())
def test_a_number_field_takes_only_values_that_it_represents_exactly(cell: object) -> None:
    try:
        converted = convert(FieldKind.NUMBER, cell)
    except Unfit:
        return
    assert Decimal(str(cell)) == Decimal(str(converted))
    assert json.loads(json.dumps(converted)) == converted


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text() | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@QUICK
@given(st.dictionaries(st.text(), JSON_VALUES, max_size=3))
def test_any_json_object_is_unchanged_or_unfit(cell: dict[str, object]) -> None:
    try:
        converted = convert(FieldKind.STRUCTURE, json.dumps(cell))
    except Unfit:
        assert math.inf in _numbers(cell) or -math.inf in _numbers(cell)
        return
    assert converted == cell


def _numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [n for inner in value.values() for n in _numbers(inner)]
    if isinstance(value, list):
        return [n for inner in value for n in _numbers(inner)]
    return [value] if isinstance(value, float) else []
