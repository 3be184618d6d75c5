"""The fields that a right covers, and the released schema, which describes exactly these."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.export.validate import ValidatedChunk, Validator
from dsar_export.export.withhold import ReleasedChunk, Withholding, withholding
from dsar_export.model.dataset import DeletedMark
from dsar_export.model.outcome import Nonconforming, Reason, Record
from dsar_export.model.place import HistoryTable
from dsar_export.model.request import Right
from dsar_export.model.schema import DatasetSchema, Origin, parse_schema
from dsar_export.normalising.mapped_schema import mapped_schema
from dsar_export.normalising.marks import DELETED, EARLIER, PAST
from tests.export.rows import dataset, normalised, register, row, schema
from tests.replacing import replace

CONTRACT = frozenset({"A6-1-b"})
LAW = frozenset({"A6-1-c"})
EVERY_FIELD = schema().field_names


def with_origins(origins: Mapping[str, Origin]) -> DatasetSchema:
    """The small world's schema with these origins, which its register sets."""
    fields = {n: replace(m, origin=origins.get(n)) for n, m in dataset().fields.items()}
    return mapped_schema(replace(dataset(), fields=fields), register().schemas["records"])


def with_marks() -> DatasetSchema:
    marked = replace(dataset(), deleted=DeletedMark(column="flag"), storage_starts="day")
    return mapped_schema(marked, register().schemas["records"])


def withheld(origins: Mapping[str, Origin], articles: frozenset[str] = CONTRACT) -> Withholding:
    return withholding(Right.PORTABILITY, articles, with_origins(origins))


def validated(*rows: tuple[object, ...]) -> ValidatedChunk:
    return Validator(schema()).validate(normalised(*rows))


@pytest.mark.parametrize("articles", [frozenset[str](), CONTRACT, LAW])
def test_access_covers_everything_on_any_legal_basis(articles: frozenset[str]) -> None:
    of = with_origins({"text": Origin.DERIVED, "day": Origin.ACQUIRED})
    all_of_it = withholding(Right.ACCESS, articles, of)
    assert (all_of_it.schema, all_of_it.left_out, all_of_it.everything) == (of, (), False)
    chunk = validated(row(number=1), row(number=2, whole="x"))
    released = all_of_it.release(chunk)
    assert (released.records, released.nonconforming) == (chunk.records, chunk.nonconforming)
    assert released.withheld == 0


@pytest.mark.parametrize(
    ("origin", "goes"),
    [(Origin.PROVIDED, True), (Origin.OBSERVED, True), (Origin.DERIVED, False), (Origin.ACQUIRED, False)],
)
def test_portability_covers_what_was_provided_or_observed(origin: Origin, *, goes: bool) -> None:
    made = withheld({"text": origin})
    assert ("text" in made.schema.field_names) is goes
    assert [left.field for left in made.left_out] == ([] if goes else ["text"])


@pytest.mark.parametrize(
    ("articles", "goes"),
    [
        ({"A6-1-a"}, True),
        ({"A6-1-b"}, True),
        ({"A9-2-a"}, True),
        ({"A6-1-c", "A6-1-b"}, True),
        ({"A6-1-c"}, False),
        ({"A6-1-f", "A6-1-d", "A6-1-e"}, False),
        (set(), False),
    ],
)
def test_portability_needs_consent_or_contract_for_any_purpose(articles: set[str], *, goes: bool) -> None:
    made = withholding(Right.PORTABILITY, frozenset(articles), schema())
    assert made.everything is not goes
    assert len(made.left_out) == (0 if goes else len(EVERY_FIELD))


def test_each_field_left_out_is_listed_with_title_and_reason() -> None:
    (left,) = withheld({"day": Origin.ACQUIRED}).left_out
    assert (left.field, left.title) == ("day", "A field")
    assert str(left.reason) == "not portable: we have it from someone else (Art. 20(1) GDPR)"
    assert "neither with your consent nor for a contract with you" in str(
        withheld({}, LAW).left_out[0].reason
    )


def test_a_mark_from_the_source_is_portable_and_a_calculated_one_is_not_but_both_are_counted() -> None:
    of = with_marks()
    made = withholding(Right.PORTABILITY, CONTRACT, of)
    assert DELETED in made.schema.field_names
    assert PAST not in made.schema.field_names
    record: dict[str, object] = {name: name in {DELETED, PAST} for name in of.field_names}
    released = made.release(ValidatedChunk([record, {**record, DELETED: False}], [], 0))
    assert released.marked == {DELETED: 1, PAST: 2}
    assert [(DELETED in r, PAST in r) for r in released.records] == [(True, False)] * 2


@pytest.mark.parametrize("origin", [Origin.DERIVED, Origin.ACQUIRED])
def test_if_only_marks_would_be_released_nothing_is(origin: Origin) -> None:
    """A file with the marks of records that it does not contain would mean nothing and look like data."""
    fields = {n: replace(m, origin=origin) for n, m in dataset().fields.items()}
    history = (HistoryTable(table="old_records", order_by=("id",)),)
    marked = replace(dataset(), fields=fields, deleted=DeletedMark(column="flag"), history=history)
    of = mapped_schema(marked, register().schemas["records"])
    made = withholding(Right.PORTABILITY, CONTRACT, of)
    assert made.everything
    assert [left.field for left in made.left_out] == list(of.field_names)
    assert {str(left.reason) for left in made.left_out[-2:]} == {
        "not portable: says nothing without the fields that do not go (Art. 20(1) GDPR)"
    }
    released = made.release(ValidatedChunk([dict.fromkeys(of.field_names, True)], [], 0))
    assert (released.records, released.withheld) == ([], 1)
    assert released.marked == {DELETED: 1, EARLIER: 1}
    assert withholding(Right.ACCESS, CONTRACT, of).left_out == ()


def test_rows_kept_back_are_withheld_too_if_nothing_is_released() -> None:
    made = withheld({}, LAW)
    back = (Reason("/text", "JSON"),)
    chunk = ValidatedChunk([{"text": "a"}], [Nonconforming(2, back, {"text": "b"})], 0, [back, back, back])
    released = made.release(chunk)
    assert (released.records, released.nonconforming, released.withheld) == ([], [], 5)


def test_a_reason_of_the_whole_row_is_released_beside_those_of_released_fields() -> None:
    made = withheld({"text": Origin.DERIVED})
    values: dict[str, object] = dict.fromkeys(EVERY_FIELD)
    row_reason, day, text = Reason("/", "object"), Reason("/day", "date"), Reason("/text", "pattern")
    rows = [Nonconforming(1, (row_reason, text, day), values), Nonconforming(2, (text,), values)]
    released = made.release(ValidatedChunk([], rows, 0))
    assert [row.reasons for row in released.nonconforming] == [
        (row_reason, day),
        (Reason("/", "a field that is left out"),),
    ]


def test_constants_are_not_released_alone() -> None:
    derived = dict.fromkeys((n for n in EVERY_FIELD if n != "currency"), Origin.DERIVED)
    made = withholding(Right.PORTABILITY, CONTRACT, with_origins(derived), dataset().constants)
    assert made.everything
    assert {left.field for left in made.left_out} == {*EVERY_FIELD}
    assert "says nothing without" in str(next(f.reason for f in made.left_out if f.field == "currency"))
    assert (
        "currency"
        in withholding(
            Right.PORTABILITY, CONTRACT, with_origins({"text": Origin.DERIVED}), dataset().constants
        ).schema.field_names
    )


def test_the_schema_that_ships_neither_has_nor_requires_what_is_left_out() -> None:
    made = withheld({"text": Origin.DERIVED, "at": Origin.ACQUIRED}).schema
    properties, required = made.document["properties"], made.document["required"]
    assert isinstance(properties, dict)
    assert not {"text", "at", "at_as_stored"} & {*properties, *made.field_names}
    assert required == list(properties) == list(made.field_names)
    assert made.document["additionalProperties"] is False
    assert (made.period_field, "x-period-field" in made.document) == (None, False)
    parse_schema("records", made.document)


def test_a_period_field_that_is_released_is_still_named() -> None:
    made = withheld({"text": Origin.DERIVED}).schema
    assert (made.period_field, made.document["x-period-field"]) == ("at", "at")


@given(st.dictionaries(st.sampled_from(list(dataset().fields)), st.sampled_from(list(Origin))))
def test_the_schema_that_ships_accepts_every_released_record_and_no_more(origins: dict[str, Origin]) -> None:
    made = withheld(origins)
    full = row(text="x", whole=7, day="2024-01-01", at="2024-07-01T12:00:00Z")
    released = made.release(validated(full, row()))
    validator = jsonschema_rs.Draft202012Validator(dict(made.schema.document), validate_formats=True)
    for record in released.records:
        assert tuple(record) == made.schema.field_names
        assert validator.is_valid(record)
        assert not validator.is_valid({**record, "another": 1})
        assert not validator.is_valid(dict(list(record.items())[1:]))
    gone = {name for name, origin in origins.items() if origin in {Origin.DERIVED, Origin.ACQUIRED}}
    assert not gone & set(made.schema.field_names)


RULES: Sequence[tuple[str, object]] = (
    ("dependentRequired", {"day": ["text"]}),
    ("dependencies", {"day": ["text"]}),
    ("anyOf", [{"required": ["text"]}]),
    ("allOf", [{"required": ["text"]}]),
    ("oneOf", [{"required": ["text"]}]),
    ("not", {"not": {"required": ["text"]}}),
    ("if", {"required": ["text"]}),
    ("minProperties", len(EVERY_FIELD)),
    ("dependentSchemas", {"day": {"required": ["text"]}}),
    ("$ref", "#/$defs/whole"),
    ("propertyNames", {"maxLength": 99}),
)


@pytest.mark.parametrize(("keyword", "rule"), RULES)
def test_a_rule_over_several_fields_requires_none_that_was_left_out(keyword: str, rule: object) -> None:
    defs = {"whole": {"required": ["text"]}}
    ruled = replace(schema(), document={**schema().document, "$defs": defs, keyword: rule})
    fields = tuple(replace(f, origin=Origin.DERIVED) if f.name == "text" else f for f in ruled.fields)
    made = withholding(Right.PORTABILITY, CONTRACT, replace(ruled, fields=fields))
    (record,) = made.release(validated(row(text="x", day="2024-01-01"))).records
    assert jsonschema_rs.Draft202012Validator(dict(made.schema.document)).is_valid(record)
    assert withholding(Right.ACCESS, CONTRACT, ruled).schema.document[keyword] == rule


def test_rows_that_do_not_conform_are_filtered_alike() -> None:
    chunk = validated(row(number=1, text="SECRET", whole="x"), row(number=2, text="SECRET", phone="no"))
    released = withheld({"text": Origin.DERIVED}).release(chunk)
    assert [kept.row for kept in released.nonconforming] == [1, 2]
    assert "SECRET" not in json.dumps([dict(kept.values) for kept in released.nonconforming])
    assert released.nonconforming[0].values["whole"] == "x"
    assert released.nonconforming[0].reasons == (Reason("/whole", "integer"),)


def test_no_reason_names_a_field_that_was_left_out() -> None:
    chunk = validated(row(number=1, whole="x", phone="no"), row(number=2, whole="x"))
    released = withheld({"whole": Origin.DERIVED}).release(chunk)
    assert all("whole" not in reason.field for kept in released.nonconforming for reason in kept.reasons)
    assert released.nonconforming[1].reasons == (Reason("/", "a field that is left out"),)


def test_the_text_as_stored_is_left_out_with_its_field() -> None:
    chunk = validated(row(at="2024-10-27 01:30:00"))
    (record,) = withheld({"at": Origin.DERIVED}).release(chunk).records
    assert not {"at", "at_as_stored"} & set(record)


def test_every_row_of_a_dataset_that_is_not_portable_is_withheld_and_counted() -> None:
    chunk = validated(row(number=1), row(number=2, whole="x"), row(number=3))
    released = withheld({}, LAW).release(chunk)
    assert (released.records, released.nonconforming, released.withheld) == ([], [], 3)


def test_rows_that_were_kept_back_are_withheld_under_either_right() -> None:
    back = [(Reason("/text", "JSON"),), (Reason("/text", "JSON"),)]
    chunk = ValidatedChunk([], [Nonconforming(1, (), dict.fromkeys(EVERY_FIELD))], 0, back)
    for right in Right:
        released = withholding(right, CONTRACT, schema()).release(chunk)
        assert (released.withheld, len(released.kept_back), len(released.nonconforming)) == (2, 2, 1)


def test_rows_that_were_kept_back_give_no_reason_for_a_field_that_was_left_out() -> None:
    rule = withheld({"text": Origin.DERIVED})
    kept = (Reason("/text", "JSON"), Reason("/number", "JSON"))

    released = rule.release(ValidatedChunk([], [], 0, [kept, kept[:1]]))

    assert list(released.kept_back) == [
        (Reason("/number", "JSON"),),
        (Reason("/", "a field that is left out"),),
    ]


def test_renderers_get_each_record_as_a_line_of_json() -> None:
    records: list[Record] = [{"a": 1}, {"a": [None, "\n"]}]
    lines = ReleasedChunk(records, [], 0, 0, (), {}).lines
    assert (lines.records, lines.lines, lines.nonconforming) == (
        records,
        b'{"a":1},\n{"a":[null,"\\n"]}',
        b"",
    )


def test_a_number_in_json_keeps_its_digits_and_anything_else_that_json_lacks_is_an_error() -> None:
    records: list[Record] = [{"a": {"price": Decimal("2.50")}}, {"a": 1}]
    assert ReleasedChunk(records, [], 0, 0, (), {}).lines.lines == b'{"a":{"price":2.50}},\n{"a":1}'
    with pytest.raises(TypeError):
        _ = ReleasedChunk([{"a": {1, 2}}], [], 0, 0, (), {}).lines
