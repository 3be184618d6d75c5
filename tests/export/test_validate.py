"""Records that conform go on in order; the others are kept beside, with reasons that never quote a value."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.export.validate import ValidatedChunk, Validator
from dsar_export.model.outcome import Reason
from tests.export.rows import normalised, row, schema
from tests.replacing import replace


def validated(*rows: tuple[object, ...]) -> ValidatedChunk:
    return Validator(schema()).validate(normalised(*rows))


def test_conforming_records_pass_in_their_order() -> None:
    chunk = validated(*(row(number=n) for n in (3, 1, 2)))
    assert [record["record_id"] for record in chunk.records] == ["3", "1", "2"]
    assert chunk.nonconforming == []


def test_a_record_that_the_schema_rejects_is_kept_beside_at_its_place() -> None:
    chunk = validated(row(number=1), row(number=2, phone="=1+1"), row(number=3, whole="x"), row(number=4))
    assert [record["record_id"] for record in chunk.records] == ["1", "4"]
    assert [(kept.row, kept.reasons) for kept in chunk.nonconforming] == [
        (2, (Reason("/phone", "pattern"),)),
        (3, (Reason("/whole", "integer"),)),
    ]
    assert chunk.nonconforming[0].values["phone"] == "=1+1"


def test_a_field_that_the_schema_needs_but_is_null_is_named() -> None:
    without_id = (*row()[:2], None, *row()[3:])
    (kept,) = validated(without_id).nonconforming
    assert kept.reasons == (Reason("/record_id", "type"),)


def test_a_format_is_asserted_and_not_only_noted() -> None:
    fields = dict(schema().document)
    properties = fields["properties"]
    assert isinstance(properties, dict)
    fields["properties"] = {**properties, "text": {**properties["text"], "format": "date"}}
    strict = Validator(replace(schema(), document=fields))
    chunk = strict.validate(normalised(row(text="no date"), row(text="2026-01-02")))
    assert [kept.reasons for kept in chunk.nonconforming] == [(Reason("/text", "format"),)]
    assert len(chunk.records) == 1


def test_an_array_where_the_schema_wants_an_object_is_kept_beside() -> None:
    (kept,) = validated(row(details='["SECRET-77"]')).nonconforming
    assert kept.reasons == (Reason("/details", "type"),)
    assert kept.values["details"] == ["SECRET-77"]


@pytest.mark.parametrize(
    "address", [None, "https://example.org/s.json", "s.json", "/s.json", "#", "", "urn:example:s"]
)
@pytest.mark.parametrize("reference", ["#/$defs/name", "#named", "#/properties/currency"])
def test_a_schema_may_refer_to_itself_with_an_address_of_its_own_or_none(
    address: str | None, reference: str
) -> None:
    document = dict(schema().document)
    properties = document["properties"]
    assert isinstance(properties, dict)
    document["properties"] = {
        **properties,
        "text": {**properties["text"], "allOf": [{"$ref": reference}]},
        "currency": {**properties["currency"], "maxLength": 3},
    }
    document["$defs"] = {"name": {"$anchor": "named", "maxLength": 3}}
    strict = Validator(
        replace(schema(), document=document if address is None else {**document, "$id": address})
    )
    chunk = strict.validate(normalised(row(text="four"), row(text="two")))
    assert [record["text"] for record in chunk.records] == ["two"]
    assert [kept.reasons for kept in chunk.nonconforming] == [(Reason("/text", "maxLength"),)]


def test_no_schema_is_fetched_from_elsewhere() -> None:
    elsewhere = {**schema().document, "allOf": [{"$ref": "https://schema.example.org/s.json"}]}
    with pytest.raises(ValueError, match="does not fetch resources"):
        Validator(replace(schema(), document=elsewhere))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.fixed_dictionaries({"phone": st.text(), "whole": st.text() | st.integers()}), max_size=6))
def test_no_row_is_lost_and_no_reason_quotes_a_cell(cells: list[dict[str, object]]) -> None:
    rows = [row(number=n, **cell) for n, cell in enumerate(cells, start=1)]
    if not rows:
        return
    chunk = validated(*rows)
    assert len(rows) == len(chunk.records) + len(chunk.nonconforming)
    numbers = [str(r["record_id"]) for r in chunk.records] + [
        str(k.values["record_id"]) for k in chunk.nonconforming
    ]
    assert sorted(numbers, key=int) == [str(n) for n in range(1, len(rows) + 1)]
    reasons = {reason for kept in chunk.nonconforming for reason in kept.reasons}
    assert {reason.field for reason in reasons} <= {"/phone", "/whole"}
    assert {reason.rule for reason in reasons} <= {"pattern", "integer", "integer of 64 bits"}
