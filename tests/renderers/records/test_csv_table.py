"""CSV that a spreadsheet can open safely and a program can read back exactly."""

import csv
import io
import json
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema, FieldKind, Origin, SchemaField
from renderers.records.csv_table import CsvTable
from tests.worlds import hostile_cells

_CHANGED = re.compile("'+[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # as in the guide for readers

# Characters that start a formula in a spreadsheet, or that it strips before looking for one.
DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def schema_of(**kinds: FieldKind) -> DatasetSchema:
    fields = tuple(SchemaField(n, n, n, Origin.PROVIDED, k, True, False) for n, k in kinds.items())
    return DatasetSchema("d", "D", "D.", {}, fields, None)


TEXT = schema_of(a=FieldKind.TEXT, b=FieldKind.TEXT)


def rendered(schema: DatasetSchema, *chunks: list[Record]) -> tuple[str, int]:
    stream = CsvTable().stream(schema)
    body = stream.head() + b"".join(stream.rows(chunk, b"") for chunk in chunks) + stream.tail()
    return body.decode(), stream.cells_changed


def cells_of(text: str) -> list[list[str]]:
    csv.field_size_limit(1 << 30)
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def text_cells(*cells: str | None) -> tuple[list[str], int]:
    """The text cells as Python's csv module reads them back."""
    text, changed = rendered(TEXT, [{"a": cell, "b": "x"} for cell in cells])
    return [line[0] for line in cells_of(text)[1:]], changed


def original(cell: str) -> str:
    """The original of a cell, as documented for readers."""
    return cell[1:] if _CHANGED.match(cell) else cell


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(), min_size=1))
@example(list(hostile_cells()))
@example(["'", "''", "'=", "''=", "='", "'a", " =1", "\ufeff=1", "\x00", "\x85", "\u2028", '"', '""', "\r\n"])
def test_any_text_comes_back_through_pythons_csv_module_and_the_apostrophe_rule(texts: list[str]) -> None:
    cells, _ = text_cells(*texts)
    assert [original(cell) for cell in cells] == texts


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text("'=+-@\t\r\n\uff1d\uff20a", max_size=5), min_size=1))
def test_no_cell_begins_like_a_formula_and_every_changed_cell_is_counted(texts: list[str]) -> None:
    cells, changed = text_cells(*texts)
    assert not [cell for cell in cells if cell and cell[0] in DANGEROUS]
    assert changed == sum(cell != text for cell, text in zip(cells, texts, strict=True))
    assert [original(cell) for cell in cells] == texts


@pytest.mark.parametrize("start", DANGEROUS)
def test_a_formula_is_prefixed_with_one_apostrophe(start: str) -> None:
    assert text_cells(f"{start}1+1") == ([f"'{start}1+1"], 1)


@pytest.mark.parametrize(
    "text", ["'s-Gravenhage", "a=b", "1-1", " =1", "'", "0", "null", "", "user@example.org"]
)
def test_harmless_text_is_left_alone(text: str) -> None:
    assert text_cells(text) == ([text], 0)


def test_null_is_an_empty_cell_and_empty_text_is_a_pair_of_quotes() -> None:
    text, _ = rendered(TEXT, [{"a": None, "b": ""}])
    assert text == 'a,b\r\n,""\r\n'


def test_a_dataset_of_one_column_keeps_its_null_records() -> None:
    text, _ = rendered(schema_of(a=FieldKind.INTEGER), [{"a": 1}, {"a": None}, {"a": 3}])
    assert len(list(csv.DictReader(io.StringIO(text, newline="")))) == 3


@pytest.mark.parametrize(
    ("kind", "cell", "written"),
    [
        (FieldKind.PHONE, "+44 20 7946 0000", "+44 20 7946 0000"),
        (FieldKind.DECIMAL, "-12.50", "-12.50"),
        (FieldKind.INTEGER, -5, "-5"),
        (FieldKind.INTEGER, 2**64 - 1, "18446744073709551615"),
        (FieldKind.NUMBER, -0.5, "-0.5"),
        (FieldKind.INSTANT, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        (FieldKind.DATE, "2026-01-01", "2026-01-01"),
        (FieldKind.BOOLEAN, True, "true"),
        (FieldKind.BOOLEAN, False, "false"),
        (FieldKind.BYTES, "+/==", "+/=="),
    ],
)
def test_only_text_is_ever_changed(kind: FieldKind, cell: object, written: str) -> None:
    text, changed = rendered(schema_of(a=kind, b=kind), [{"a": cell, "b": None}])
    assert (cells_of(text)[1], changed) == ([written, ""], 0)


@settings(deadline=None, max_examples=50)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_read_back_as_the_same_number(number: float) -> None:
    text, _ = rendered(schema_of(a=FieldKind.NUMBER), [{"a": number}])
    assert float(cells_of(text)[1][0]) == number


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(st.text(), st.text() | st.none() | st.integers() | st.lists(st.text()), max_size=4))
def test_a_structure_is_json_in_its_cell(structure: dict[str, object]) -> None:
    text, changed = rendered(schema_of(a=FieldKind.STRUCTURE), [{"a": structure}])
    cell = cells_of(text)[1][0]
    assert (json.loads(cell), cell[0], changed) == (structure, "{", 0)


@pytest.mark.parametrize("sign", ["\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_full_width_sign_alone_in_its_column_begins_a_formula(sign: str) -> None:
    text, changed = rendered(schema_of(a=FieldKind.TEXT), [{"a": f"{sign}1"}, {"a": "plain"}])
    assert (text, changed) == (f"a\r\n'{sign}1\r\nplain\r\n", 1)


MEMBERS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e16, 1e15, 1e-5, 0.0001, 1.5e-7, 123456.0, 5e-324]),
    st.text(),
    st.sampled_from(["4e", "a1e5", "0.00001", "[1e5", "\u2028", '"', "\U0001f680", "\r\n"]),
)
STRUCTURES = st.recursive(
    st.lists(MEMBERS, max_size=2) | st.dictionaries(st.text(max_size=2), MEMBERS, max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=4,
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.none() | STRUCTURES, min_size=1, max_size=4))
def test_a_column_of_structures_is_written_as_python_writes_each(structures: list[object]) -> None:
    schema = schema_of(a=FieldKind.STRUCTURE, b=FieldKind.INTEGER)
    text, _ = rendered(schema, [{"a": structure, "b": 1} for structure in structures])
    plain = (
        None if s is None else json.dumps(s, ensure_ascii=False, separators=(",", ":")) for s in structures
    )
    lines = [
        "" if s is None else f'"{s.replace(chr(34), 2 * chr(34))}"' if {'"', ","} & {*s} else s for s in plain
    ]
    assert text == "".join(f"{line}\r\n" for line in ("a,b", *(f"{line},1" for line in lines)))


def test_lines_end_as_in_rfc_4180_and_chunks_join_without_a_seam() -> None:
    first: list[Record] = [{"a": "1", "b": "2"}]
    second: list[Record] = [{"a": "3", "b": 'q"q'}, {"a": "5", "b": "x,y"}]
    text, _ = rendered(TEXT, first, second)
    assert text == 'a,b\r\n1,2\r\n3,"q""q"\r\n5,"x,y"\r\n'
    assert rendered(TEXT, first + second)[0] == text


def test_a_line_end_within_a_cell_is_quoted() -> None:
    text, _ = rendered(TEXT, [{"a": "one\r\ntwo\nthree\rfour", "b": "x"}])
    assert re.sub(r'"[^"]*"', "", text) == "a,b\r\n,x\r\n"


def test_its_member_is_under_data_csv() -> None:
    assert CsvTable().path("orders") == "data/csv/orders.csv"
    assert CsvTable().mediatype == "text/csv"


def test_a_phone_field_without_a_pattern_in_its_schema_lets_no_formula_through() -> None:
    cells: list[dict[str, object]] = [
        {"a": '=HYPERLINK("x")'},
        {"a": "+1+cmd|x"},
        {"a": "+44 (0)20 7946-0000"},
    ]
    text, changed = rendered(schema_of(a=FieldKind.PHONE), cells)
    written = [row["a"] for row in csv.DictReader(io.StringIO(text, newline=""))]
    assert written == ['\'=HYPERLINK("x")', "'+1+cmd|x", "+44 (0)20 7946-0000"]
    assert changed == 2


def test_a_chunk_without_records_gives_no_bytes() -> None:
    assert CsvTable().stream(schema_of(a=FieldKind.TEXT)).rows([], b"") == b""


def test_records_in_another_order_than_the_schema_are_refused() -> None:
    stream = CsvTable().stream(schema_of(a=FieldKind.TEXT, b=FieldKind.TEXT))
    records: list[Record] = [{"b": "1", "a": "2"}]
    with pytest.raises(ValueError, match="order"):
        stream.rows(records, b"")
