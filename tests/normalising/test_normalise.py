"""Rows become records field by field; a row with an unfit cell is kept beside with its cells as stored."""

import base64
import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.model.field_mapping import Binary, FieldMapping
from dsar_export.model.outcome import Reason
from dsar_export.model.schema import Origin
from dsar_export.model.source import Chunk
from dsar_export.normalising.as_stored import as_stored
from dsar_export.normalising.mapped_schema import mapped_schema
from tests.export.rows import dataset, normalised, normalised_as, register, row, schema, stage, with_fields


def test_a_record_has_every_mapped_field_in_the_schemas_order_and_null_where_there_is_nothing() -> None:
    (record,) = normalised(row()).records
    assert tuple(record) == schema().field_names
    assert record["record_id"] == "1"
    assert record["currency"] == "GBP"
    assert all(record[name] is None for name in set(record) - {"record_id", "currency"})


def test_a_row_with_an_unfit_cell_is_kept_beside_and_its_fit_cells_are_converted() -> None:
    chunk = normalised(row(number=1), row(number=2, whole="many", flag="maybe", day="2026-01-02"))
    assert [r["record_id"] for r in chunk.records] == ["1"]
    (kept,) = chunk.nonconforming
    assert kept.row == 2
    assert kept.reasons == (Reason("/whole", "integer"), Reason("/flag", "boolean"))
    assert (kept.values["whole"], kept.values["flag"]) == ("many", "maybe")
    assert (kept.values["day"], kept.values["record_id"]) == ("2026-01-02", "2")


def test_positions_count_on_over_chunks_so_that_a_kept_row_can_be_found_in_the_source() -> None:
    one = stage()
    first = one.normalise(Chunk([row(number=n) for n in (1, 2)]))
    second = one.normalise(Chunk([row(number=3), row(number=4, whole="x"), row(number=5)]), first=3)
    assert list(first.positions) == [1, 2]
    assert list(second.positions) == [3, 5]
    assert [kept.row for kept in second.nonconforming] == [4]


def test_one_unfit_cell_does_not_touch_its_column_in_other_rows() -> None:
    chunk = normalised(row(whole="1"), row(whole="x"), row(whole=None), row(whole=4.0))
    assert [record["whole"] for record in chunk.records] == [1, None, 4]


def test_a_time_that_happened_twice_or_never_keeps_its_stored_text_beside() -> None:
    times = ("2024-10-27 01:30:00", "2024-03-31 01:30:00", "2024-07-01 01:30:00", None)
    chunk = normalised(*(row(at=time) for time in times))
    assert [record["at_as_stored"] for record in chunk.records] == [times[0], times[1], None, None]
    assert chunk.times_kept_beside == 2


def test_the_text_fields_that_may_hold_a_credential_are_named_even_if_a_row_is_kept_beside() -> None:
    holding, other = row(text='{"pin": 1}', phone="020 7946"), row(text="x", details='{"pin": 1}')
    assert list(normalised(holding, other).with_members) == ["text"]
    assert list(normalised(holding, row(whole="x")).with_members) == ["text"]
    assert list(normalised(other).with_members) == []


def test_bytes_in_a_column_of_identifiers_are_hexadecimal_unless_the_register_says_uuid() -> None:
    number = bytes(range(16))
    for binary, expected in {None: number.hex(), Binary.UUID: "00010203-0405-0607-0809-0a0b0c0d0e0f"}.items():
        fields = {"record_id": FieldMapping(column="id", binary=binary), "text": FieldMapping(column="text")}
        chunk = normalised_as(with_fields(fields), row(number=number), row(text=number))
        assert [record["record_id"] for record in chunk.records] == [expected]
        assert [[reason.field for reason in kept.reasons] for kept in chunk.nonconforming] == [["/text"]]


def test_a_field_whose_times_name_their_zone_gets_no_text_beside() -> None:
    for zone in (None, "UTC"):
        at = FieldMapping(column="at", zone=zone)
        mapped = mapped_schema(
            replace(dataset(), fields={**dataset().fields, "at": at}), register().schemas["records"]
        )
        assert "at_as_stored" not in mapped.field_names


def test_the_mapped_schema_has_only_mapped_fields_and_requires_them_all() -> None:
    few = replace(dataset(), fields={name: dataset().fields[name] for name in ("record_id", "day")})
    mapped = mapped_schema(few, register().schemas["records"])
    assert mapped.field_names == ("record_id", "day")
    assert mapped.document["required"] == ["record_id", "day"]
    assert list(mapped.document["properties"]) == ["record_id", "day"]  # type: ignore[call-overload] # a mapping
    assert mapped.period_field is None
    assert "x-period-field" not in mapped.document


def test_the_register_may_overrule_the_origin_of_a_field() -> None:
    acquired = FieldMapping(column="day", origin=Origin.ACQUIRED)
    mapped = mapped_schema(
        replace(dataset(), fields={**dataset().fields, "day": acquired}), register().schemas["records"]
    )
    origins = {field.name: field.origin for field in mapped.fields}
    assert (origins["day"], origins["text"]) == (Origin.ACQUIRED, Origin.PROVIDED)
    properties = mapped.document["properties"]
    assert isinstance(properties, dict)
    assert properties["day"]["x-origin"] == "acquired"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (b"\xff", {"$base64": "/w==", "$was": "bytes"}),
        ("a\udcff", {"$base64": "Yf8=", "$was": "bytes that are not UTF-8"}),
        ("a\ud800", {"$base64": "Ye2ggA==", "$was": "text with lone surrogates"}),
        (math.nan, {"$number": "nan"}),
        (-math.inf, {"$number": "-inf"}),
        (2**64, {"$number": "18446744073709551616"}),
        (Decimal("1E+5"), {"$number": "1E+5"}),
        (2**64 - 1, 2**64 - 1),
        (1.5, 1.5),
        ("text", "text"),
        (True, True),
        (None, None),
    ],
)
def test_a_cell_that_json_can_not_represent_is_tagged(cell: object, expected: object) -> None:
    assert as_stored(cell) == expected


@settings(deadline=None, max_examples=50)
@given(st.text(st.characters(exclude_categories=())) | st.binary())
def test_every_text_and_every_bytes_can_be_restored_from_the_stored_form(cell: str | bytes) -> None:
    restored = as_stored(cell)
    if isinstance(restored, dict):
        raw = base64.b64decode(restored["$base64"])
        codec = {"bytes that are not UTF-8": "surrogateescape", "text with lone surrogates": "surrogatepass"}
        restored = raw if restored["$was"] == "bytes" else raw.decode("utf-8", codec[restored["$was"]])
    assert restored == cell
