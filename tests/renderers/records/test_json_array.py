"""JSON with every value unchanged, one record per line."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema
from renderers.records.json_array import JsonArray
from tests.builders import as_lines
from tests.worlds import hostile_cells

SCHEMA = DatasetSchema("d", "D", "D.", {}, (), None)

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
records = st.lists(st.dictionaries(st.text(), values, max_size=4), min_size=1, max_size=4)


def rendered(*chunks: list[Record]) -> bytes:
    stream = JsonArray().stream(SCHEMA)
    assert stream.cells_changed == 0
    return stream.head() + b"".join(stream.rows(chunk, as_lines(chunk)) for chunk in chunks) + stream.tail()


@settings(deadline=None, max_examples=50)
@given(st.lists(records, max_size=4))
def test_any_records_in_any_chunks_come_back_exactly(chunks: list[list[Record]]) -> None:
    assert json.loads(rendered(*chunks)) == [record for chunk in chunks for record in chunk]


@settings(deadline=None, max_examples=50)
@given(st.lists(records, min_size=1, max_size=4))
def test_each_record_is_one_line_of_its_own(chunks: list[list[Record]]) -> None:
    first, *lines, last = rendered(*chunks).rstrip(b"\n").split(b"\n")
    assert (first, last) == (b"[", b"]")
    assert [json.loads(line.rstrip(b",")) for line in lines] == [r for chunk in chunks for r in chunk]


def test_chunks_join_without_a_seam() -> None:
    one, two, three = (dict[str, object](a=n) for n in (1, 2, 3))
    assert (
        rendered([one], [two, three])
        == rendered([one, two, three])
        == (b'[\n{"a":1},\n{"a":2},\n{"a":3}\n]\n')
    )


def test_no_records_give_an_empty_array() -> None:
    assert rendered() == b"[]\n"


def test_text_is_escaped_only_where_json_requires_it() -> None:
    for text in hostile_cells():
        body = rendered([{"a": text}]).decode()
        assert json.loads(body) == [{"a": text}]
        assert "\\u" not in body.replace("\\u0000", "").replace("\\u001b", "")


def test_its_member_is_under_data_json() -> None:
    assert JsonArray().path("orders") == "data/json/orders.json"
    assert JsonArray().mediatype == "application/json"
