"""A local time with its own row's zone, an amount with its own row's currency, a code with a live table."""

from decimal import Decimal

import pytest

from dsar_export.model.field_mapping import CodeTable, FieldMapping, RepeatedHour
from dsar_export.model.schema import FieldKind
from dsar_export.normalising import Unfit
from dsar_export.normalising.pairs import paired
from tests.export.rows import normalised_as, row, with_fields
from tests.normalising.converting import convert, rule_of

PLACES = {"GBP": 2, "JPY": 0, "KWD": 3}
TWICE, NEVER = "2024-10-27 01:30:00", "2024-03-31 01:30:00"  # in London


def amount(cell: object, currency: object) -> object:
    pair = paired(FieldMapping(column="a", currency_column="c", minor_units=PLACES))
    assert pair is not None
    assert pair[0] == "c"
    return pair[1](cell, currency)


@pytest.mark.parametrize(
    ("cell", "currency", "expected"),
    [
        (1250, "GBP", "12.50"),
        (-5, "GBP", "-0.05"),
        (1250, "JPY", "1250"),
        (1250, "KWD", "1.250"),
        ("7", "KWD", "0.007"),
        (0, "JPY", "0"),
    ],
)
def test_minor_units_are_those_of_the_rows_currency(cell: object, currency: str, expected: str) -> None:
    assert amount(cell, currency) == expected


@pytest.mark.parametrize("currency", ["EUR", "gbp", "", None, "GBP "])
def test_an_unknown_currency_is_unfit_and_not_guessed(currency: object) -> None:
    with pytest.raises(Unfit, match=r"^amount in a currency of known minor units$"):
        amount(1250, currency)


def test_an_amount_that_is_not_a_whole_number_is_unfit() -> None:
    with pytest.raises(Unfit, match="integer"):
        amount("12.50", "GBP")


def test_rows_of_several_currencies_stand_side_by_side_and_one_unknown_keeps_its_row_beside() -> None:
    field = FieldMapping(column="whole", currency_column="text", minor_units=PLACES)
    chunk = normalised_as(
        with_fields({"amount": field, "currency": FieldMapping(column="text")}),
        row(whole=1250, text="GBP"),
        row(whole=1250, text="JPY"),
        row(whole=1250, text="XXX"),
        row(whole=None, text="XXX"),
    )
    assert [(r["amount"], r["currency"]) for r in chunk.records] == [
        ("12.50", "GBP"),
        ("1250", "JPY"),
        (None, "XXX"),
    ]
    (kept,) = chunk.nonconforming
    assert (kept.row, kept.reasons[0].field, kept.values["amount"]) == (3, "/amount", 1250)


def test_amounts_that_are_stored_as_text_are_in_their_rows_minor_units_too() -> None:
    field = FieldMapping(column="whole", currency_column="text", minor_units=PLACES)
    chunk = normalised_as(
        with_fields({"amount": field}), row(whole="1250", text="GBP"), row(whole="7", text="JPY")
    )
    assert [record["amount"] for record in chunk.records] == ["12.50", "7"]


def test_each_rows_time_is_in_its_own_zone() -> None:
    chunk = normalised_as(
        with_fields({"at": FieldMapping(column="at", zone_column="text")}),
        row(at="2024-07-01 12:00:00", text="Europe/London"),
        row(at="2024-07-01 12:00:00", text="Asia/Tokyo"),
        row(at="2024-07-01 12:00:00Z", text="Asia/Tokyo"),
        row(at="2024-07-01 12:00:00", text="UTC"),
        row(at=None, text="nowhere"),
    )
    assert [record["at"] for record in chunk.records] == [
        "2024-07-01T12:00:00+01:00",
        "2024-07-01T12:00:00+09:00",
        "2024-07-01T12:00:00Z",
        "2024-07-01T12:00:00Z",
        None,
    ]


@pytest.mark.parametrize(
    "zone", ["Europe/Nowhere", "", "/etc/passwd", "../UTC", "Europe", 7, None, b"UTC", "UTC\0"]
)
def test_an_unknown_zone_keeps_the_row_beside(zone: object) -> None:
    chunk = normalised_as(
        with_fields({"at": FieldMapping(column="at", zone_column="text")}),
        row(at="2024-07-01 12:00:00", text=zone),
        row(at="2024-07-01 12:00:00", text="UTC"),
    )
    assert len(chunk.records) == 1
    (kept,) = chunk.nonconforming
    assert [(r.field, r.rule) for r in kept.reasons] == [("/at", "date and time with a known zone")]
    assert kept.values["at"] == "2024-07-01 12:00:00"


def test_an_odd_time_in_the_rows_own_zone_keeps_its_text_beside() -> None:
    chunk = normalised_as(
        with_fields({"at": FieldMapping(column="at", zone_column="text")}),
        row(at=TWICE, text="Europe/London"),
        row(at=TWICE, text="UTC"),
        row(at=NEVER, text="Europe/London"),
        row(at=NEVER, text="Asia/Tokyo"),
    )
    assert [record["at_as_stored"] for record in chunk.records] == [TWICE, None, NEVER, None]
    assert chunk.times_kept_beside == 2


# The repeated hour


def instant(cell: str, rule: RepeatedHour) -> object:
    return convert(FieldKind.INSTANT, cell, zone="Europe/London", repeated_hour=rule)


def test_an_hour_that_happened_twice_is_the_earlier_or_the_later_one_as_the_register_chooses() -> None:
    assert instant(TWICE, RepeatedHour.EARLIER) == "2024-10-27T01:30:00+01:00"
    assert instant(TWICE, RepeatedHour.LATER) == "2024-10-27T01:30:00Z"


def test_an_hour_that_never_happened_has_the_offset_before_the_change_or_after_it() -> None:
    assert instant(NEVER, RepeatedHour.EARLIER) == "2024-03-31T01:30:00Z"
    assert instant(NEVER, RepeatedHour.LATER) == "2024-03-31T01:30:00+01:00"


@pytest.mark.parametrize("cell", [TWICE, NEVER])
def test_with_an_unknown_repeated_hour_the_row_is_kept_beside(cell: str) -> None:
    rule = rule_of(FieldKind.INSTANT, cell, zone="Europe/London", repeated_hour=RepeatedHour.UNKNOWN)
    assert rule == "local time that happened once"


@pytest.mark.parametrize("rule", list(RepeatedHour))
def test_every_other_hour_is_the_same_by_each_rule(rule: RepeatedHour) -> None:
    assert instant("2024-10-27 00:59:59", rule) == "2024-10-27T00:59:59+01:00"
    assert instant("2024-10-27 02:00:00", rule) == "2024-10-27T02:00:00Z"
    assert instant(TWICE + "+05:30", rule) == "2024-10-27T01:30:00+05:30"


def test_the_rule_holds_with_a_zone_column_too() -> None:
    pair = paired(FieldMapping(column="a", zone_column="z", repeated_hour=RepeatedHour.LATER))
    assert pair is not None
    assert pair[1](TWICE, "Europe/London") == "2024-10-27T01:30:00Z"


# Live code tables


def test_a_code_has_its_current_meaning_in_the_live_table() -> None:
    codes = FieldMapping(column="text", codes_from=CodeTable(table="kinds", code="code", meaning="meaning"))
    chunk = normalised_as(
        with_fields({"text": codes}),
        *(row(text=code) for code in ("1", 1, "2", "3", None)),
        live={"text": {"1": "card", "2": None}},
    )
    assert [record["text"] for record in chunk.records] == ["card", "card", None]
    rules = [(kept.row, [r.rule for r in kept.reasons]) for kept in chunk.nonconforming]
    assert rules == [(3, ["text"]), (4, ["code table"])]


def test_a_meaning_is_converted_like_a_cell() -> None:
    codes = FieldMapping(column="text", codes_from=CodeTable(table="kinds", code="code", meaning="meaning"))
    chunk = normalised_as(
        with_fields({"whole": codes}), row(text="a"), row(text="b"), live={"whole": {"a": "7", "b": "x"}}
    )
    assert [record["whole"] for record in chunk.records] == [7]
    assert [r.rule for r in chunk.nonconforming[0].reasons] == ["integer"]


def test_a_number_is_the_code_that_it_equals_unless_a_code_is_written_like_it() -> None:
    codes = FieldMapping(column="text", codes_from=CodeTable(table="kinds", code="code", meaning="meaning"))
    live = {"text": {"7": "seven", "8.50": "half", "9": "nine", "9.0": "version 9", "010": "ten"}}
    cells = (7.0, "7.00", Decimal("7"), "8.5", "9", "9.0", "9.00", "10", "7.01")
    chunk = normalised_as(with_fields({"text": codes}), *(row(text=cell) for cell in cells), live=live)
    texts = [record["text"] for record in chunk.records]
    assert texts == ["seven", "seven", "seven", "half", "nine", "version 9"]
    assert [kept.row for kept in chunk.nonconforming] == [7, 8, 9]


def test_a_code_that_is_kept_stands_beside_what_it_means() -> None:
    kept = CodeTable(table="kinds", code="code", meaning="meaning", keep_code=True)
    fields = {
        "text": FieldMapping(column="text", codes_from=kept),
        "at": FieldMapping(column="at", zone="Europe/London"),
    }
    cells = (1, "b", None, b"\xca\xfe", True)
    chunk = normalised_as(
        with_fields(fields), *(row(text=cell) for cell in cells),
        live={"text": {"1": "card", "b": "cash", "cafe": "coffee", "true": "yes"}},
    )  # fmt: skip
    assert [(r["text"], r["text_code"]) for r in chunk.records] == [
        ("card", "1"), ("cash", "b"), (None, None), ("coffee", "cafe"), ("yes", "true"),
    ]  # fmt: skip
    assert list(chunk.records[0]) == ["text", "at", "text_code", "at_as_stored"]


def test_a_code_that_means_a_number_is_kept_as_text() -> None:
    kept = CodeTable(table="kinds", code="code", meaning="meaning", keep_code=True)
    fields = {"whole": FieldMapping(column="text", codes_from=kept)}
    chunk = normalised_as(with_fields(fields), row(text=1), live={"whole": {"1": "7"}})
    assert chunk.records == [{"whole": 7, "whole_code": "1"}]


def test_the_code_of_a_row_that_is_kept_beside_is_there_too() -> None:
    kept = CodeTable(table="kinds", code="code", meaning="meaning", keep_code=True)
    mapping = FieldMapping(column="text", codes_from=kept)
    chunk = normalised_as(with_fields({"text": mapping}), row(text="lost"), live={"text": {}})
    (row_,) = chunk.nonconforming
    assert [(r.field, r.rule) for r in row_.reasons] == [("/text", "code table")]
    assert row_.values == {"text": "lost", "text_code": "lost"}


def test_a_code_that_is_kept_is_taken_out_of_json_like_its_field() -> None:
    kept = CodeTable(table="kinds", code="code", meaning="meaning", keep_code=True)
    mapping = FieldMapping(column="details", path="/kind", codes_from=kept)
    rows = [row(details='{"kind": 7}'), row(details='{"kind": null}'), row(details=None)]
    chunk = normalised_as(with_fields({"text": mapping}), *rows, live={"text": {"7": "card"}})
    assert [(r["text"], r["text_code"]) for r in chunk.records] == [("card", "7"), (None, None), (None, None)]
