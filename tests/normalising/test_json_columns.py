"""A column of JSON is taken apart by pointers; what the register does not name keeps the whole row back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.json_pointer import pointer_steps
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.normalising import Unfit
from dsar_export.normalising.json_columns import JsonColumn, json_columns
from tests.export.rows import dataset, normalised_as, row, with_fields

NO_MATTER = LeftOut(reason=LeftOutReason.NOT_PERSONAL, note="a number of ours")


def column(*paths: str, left_out: tuple[str, ...] = ()) -> JsonColumn:
    """The column `details` of which fields take these pointers."""
    fields = {f"f{n}": FieldMapping(column="details", path=path) for n, path in enumerate(paths)}
    made = with_fields(fields, {f"details{path}": NO_MATTER for path in left_out})
    return json_columns(made)["details"]


def taken(text: object, *paths: str, left_out: tuple[str, ...] = ()) -> list[object]:
    found = column(*paths, left_out=left_out).split(text)
    return [found[pointer_steps(path)] for path in paths]


def rule(text: object, *paths: str, left_out: tuple[str, ...] = ()) -> str:
    with pytest.raises(Unfit) as caught:
        taken(text, *paths, left_out=left_out)
    return caught.value.rule


def test_a_value_is_found_by_its_pointer_however_deep() -> None:
    text = '{"address": {"city": "York", "geo": {"lat": 53.9}}, "n": 1}'
    assert taken(text, "/address/city", "/address/geo/lat", "/n") == ["York", 53.9, 1]


@pytest.mark.parametrize(
    ("pointer", "member"),
    [("/a~1b", "a/b"), ("/a~0b", "a~b"), ("/~01", "~1"), ("/~10", "/0"), ("/", ""), ("/ ", " ")],
)
def test_a_pointer_is_read_as_rfc_6901_defines_it(pointer: str, member: str) -> None:
    assert taken(json.dumps({member: "found"}), pointer) == ["found"]


@given(st.lists(st.text(max_size=4), min_size=1, max_size=4))
def test_any_member_has_a_pointer(names: list[str]) -> None:
    pointer = "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
    assert pointer_steps(pointer) == tuple(names)


def test_a_missing_member_is_null_even_below_a_value_that_is_not_an_object() -> None:
    assert taken('{"a": {"b": 1}}', "/a/b", "/a/c", "/d/e") == [1, None, None]
    assert taken('{"a": null}', "/a/b", "/a") == [None, None]
    assert taken("{}", "/a") == [None]
    assert taken(None, "/a", "/b") == [None, None]
    assert taken("null", "/a", "/b") == [None, None]


def test_a_number_keeps_the_digits_that_the_source_has() -> None:
    assert list(map(str, taken('{"a": 2.50, "b": 2.5, "c": 2}', "/a", "/b", "/c"))) == ["2.50", "2.5", "2"]


def test_an_array_is_a_value_whole() -> None:
    text = '{"a": {"y": [2, {"z": 3}]}, "list": [{"b": 1}, 2], "none": []}'
    assert taken(text, "/a/y", "/list", "/none") == [[2, {"z": 3}], [{"b": 1}, 2], []]


def test_an_object_is_named_to_its_members_also_below_a_pointer() -> None:
    for text in ('{"part": {"a": 1, "SECRET": 2}}', '{"part": {"a": {"SECRET": 2}}}'):
        assert rule(text, "/part") == "JSON with members that the register names"
        assert rule(text, "/part/a").startswith("JSON with members")
    assert taken('{"part": {"a": 1}}', "/part", "/part/a") == [{"a": 1}, 1]
    assert taken('{"part": {}}', "/part") == [{}]
    assert taken('{"part": 1}', "/part") == [1]


def test_a_member_that_the_register_does_not_name_is_unfit() -> None:
    assert rule('{"a": 1, "SECRET": 2}', "/a") == "JSON with members that the register names"
    assert rule('{"a": {"b": 1, "c": 2}}', "/a/b") == "JSON with members that the register names"
    assert rule('{"a": [1]}', "/a/b") == "JSON with members that the register names"


def test_a_member_that_is_left_out_for_a_reason_is_passed_over_with_all_below_it() -> None:
    assert taken('{"a": 1, "trace": {"id": 7, "x": []}}', "/a", left_out=("/trace",)) == [1]
    assert taken('{"a": {"b": 1, "c": 2}}', "/a/b", left_out=("/a/c",)) == [1]
    assert rule('{"a": 1, "trace": {"id": 7}}', "/a", left_out=("/trace/x",)).startswith("JSON with members")


def test_a_name_that_only_begins_like_another_is_another() -> None:
    assert rule('{"a": 1, "ab": 2}', "/a").startswith("JSON with members")


@pytest.mark.parametrize(
    "broken",
    ["", "{", "not JSON", '{"a": 1, "a": 2}', '{"a": NaN}', b"{}", 7, '["a"]', '"text"', "\udcff"],
)
def test_a_cell_that_is_not_a_json_object_is_unfit(broken: object) -> None:
    assert rule(broken, "/a").startswith(("JSON", "integer", "valid Unicode"))


# In a row


def test_fields_are_converted_like_those_of_columns() -> None:
    fields = {
        "text": FieldMapping(column="details", path="/name"),
        "whole": FieldMapping(column="details", path="/n"),
        "at": FieldMapping(column="details", path="/at", zone="Europe/London"),
        "flag": FieldMapping(column="details", path="/flags/ok"),
    }
    chunk = normalised_as(
        with_fields(fields),
        row(details='{"name": "Sam", "n": "7", "at": "2024-07-01 12:00:00", "flags": {"ok": true}}'),
        row(details='{"name": "Sam", "n": "many"}'),
        row(details=None),
    )
    first, last = chunk.records
    assert (first["text"], first["whole"], first["flag"]) == ("Sam", 7, True)
    assert first["at"] == "2024-07-01T12:00:00+01:00"
    assert set(last.values()) == {None}
    (kept,) = chunk.nonconforming
    assert (kept.row, [r.field for r in kept.reasons]) == (2, ["/whole"])
    assert chunk.kept_back == []


def test_broken_json_keeps_the_row_back_and_its_cells_go_nowhere() -> None:
    fields = {
        "text": FieldMapping(column="text"),
        "whole": FieldMapping(column="details", path="/n"),
        "day": FieldMapping(column="details", path="/day"),
    }
    chunk = normalised_as(
        with_fields(fields),
        row(text="PRIVATE 1", details='{"n": 1}'),
        row(text="PRIVATE 2", details='{"n": 1, "PRIVATE": 2}'),
        row(text=b"PRIVATE 3", details="PRIVATE"),
        row(text="PRIVATE 4", details="{}"),
    )
    assert [r["text"] for r in chunk.records] == ["PRIVATE 1", "PRIVATE 4"]
    assert list(chunk.positions) == [1, 4]
    assert chunk.nonconforming == []
    assert [[(r.field, r.rule) for r in why] for why in chunk.kept_back] == [
        [(field, "JSON with members that the register names") for field in ("/whole", "/day")],
        [("/whole", "JSON"), ("/day", "JSON")],
    ]
    assert "PRIVATE" not in repr(chunk.kept_back)


def test_the_fields_of_another_json_column_are_not_blamed() -> None:
    fields = {
        "whole": FieldMapping(column="details", path="/n"),
        "flag": FieldMapping(column="text", path="/ok"),
    }
    chunk = normalised_as(with_fields(fields), row(details="broken", text='{"ok": true}'))
    assert [[reason.field for reason in why] for why in chunk.kept_back] == [["/whole"]]


def test_a_field_may_take_the_whole_column_only_where_no_pointer_does() -> None:
    assert json_columns(dataset()) == {}


@pytest.mark.parametrize("text", ["[1]", "[]", '[{"a": 1}]'])
def test_an_array_in_place_of_the_members_is_unfit(text: str) -> None:
    assert rule(text, "/a") == "JSON object"
