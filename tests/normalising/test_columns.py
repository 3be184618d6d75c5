"""A column that is converted at once is what converting its cells one by one makes; or it is refused."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dsar_export.model.field_mapping import CodeTable, FieldMapping
from dsar_export.model.schema import FieldKind
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import converter
from dsar_export.normalising.columns import column_converter
from tests.normalising.columns_of_a_kind import KINDS, Kind

TIMES = st.datetimes(timezones=st.sampled_from([None, UTC])).map(datetime.isoformat)
SPELLINGS = st.builds(
    lambda time, sign, end: time.replace("T", sign).replace("+00:00", end),
    TIMES,
    st.sampled_from(["T", " ", "t"]),
    st.sampled_from(["Z", "+00", "+00:00", "+0000", "+05:30", "-00:00", " +00:00", "", "\n", ".5Z", "Z\n2024-01"]),
)  # fmt: skip
CELLS = st.one_of(
    st.none(),
    st.text(),
    st.booleans(),
    st.integers(),
    st.integers(0, 2),
    st.floats(),
    st.binary(),
    st.decimals().map(str),
    st.decimals(allow_nan=True),
    st.dates().map(str),
    SPELLINGS,
    st.sampled_from(
        [
            "1",
            "01",
            "-0",
            "1.50",
            "1e5",
            "a",
            "b",
            "",
            "\udcff",
            "24:00",
            "2024-02-30",
            "2024-01-01T24:00:00Z",
        ]
    ),
    st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|\+00)", fullmatch=True
    ),
)
COLUMNS = st.one_of(
    st.lists(CELLS, min_size=1, max_size=6),
    # Of one kind, as columns are.
    st.lists(st.one_of(st.none(), TIMES), min_size=1, max_size=6),
    st.lists(st.one_of(st.none(), SPELLINGS), min_size=1, max_size=6),
    st.lists(st.one_of(st.none(), st.integers()), min_size=1, max_size=6),
    st.lists(st.one_of(st.none(), st.floats()), min_size=1, max_size=6),
    st.lists(st.one_of(st.none(), st.text()), min_size=1, max_size=6),
    st.lists(st.sampled_from([None, 0, 1, True, False]), min_size=1, max_size=6),
    st.lists(st.sampled_from([None, "a", "b"]), min_size=1, max_size=6),
    st.lists(st.one_of(st.none(), st.dates().map(str)), min_size=1, max_size=6),
)
MAPPINGS = st.sampled_from(
    [
        FieldMapping(column="x", unit="epoch_milliseconds"),
        FieldMapping(column="x", unit="epoch_seconds"),
        FieldMapping(column="x"),
        FieldMapping(column="x", zone="UTC"),
        FieldMapping(column="x", zone="Europe/London"),
        FieldMapping(column="x", unit="1/100"),
        FieldMapping(column="x", codes={"a": "1", "b": "true", "1": "2024-01-01"}),
    ]
)


def converted_and_compared(kind: FieldKind, mapping: FieldMapping, cells: Sequence[object]) -> bool:
    """Whether the column is converted as a whole; if so, asserts that its cells become the same one by one."""
    at_once = column_converter(kind, mapping)
    made = None if at_once is None else at_once(cells)
    if made is None:
        return False
    convert = converter(kind, mapping)
    one_by_one = [None if cell is None else convert(cell) for cell in cells]  # not Unfit either
    assert [(type(c), repr(c)) for c in made] == [(type(c), repr(c)) for c in one_by_one]
    return True


def suits(kind: FieldKind, mapping: FieldMapping) -> bool:
    """Whether the register's check allows the mapping's unit for the field."""
    if mapping.unit is None:
        return True
    is_epoch = mapping.unit.startswith("epoch_")
    return kind in ({FieldKind.INSTANT} if is_epoch else {FieldKind.DECIMAL, FieldKind.INTEGER})


@given(st.sampled_from(list(FieldKind)), MAPPINGS, COLUMNS)
def test_converting_a_whole_column_equals_converting_its_cells(
    kind: FieldKind, mapping: FieldMapping, cells: list[object]
) -> None:
    if suits(kind, mapping):
        converted_and_compared(kind, mapping, cells)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_column_of_each_kind_with_nulls_between_is_converted_as_its_cells_are(kind: Kind) -> None:
    drawn: list[tuple[bool, bool]] = []

    @settings(derandomize=True, database=None, deadline=None, max_examples=100)  # the shares are of so many
    @given(kind.columns())
    def compare(cells: list[object]) -> None:
        has_null_between = None in cells[: len(cells) - 1] and cells[-1] is not None
        drawn.append((converted_and_compared(kind.kind, kind.mapping, cells), has_null_between))

    compare()
    if column_converter(kind.kind, kind.mapping) is not None:
        assert sum(compared for compared, _ in drawn) >= kind.converted * len(drawn)
        assert sum(compared and between for compared, between in drawn) >= kind.converted * len(drawn) / 4


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_cell_that_nearly_fits_is_never_converted_otherwise_than_alone(kind: Kind) -> None:
    fitting = min((cell for cell in drawn_from(kind)), key=lambda cell: len(str(cell)))
    for odd in kind.near:
        for cells in ([odd], [odd, None, fitting], [fitting, None, odd, fitting], [None, fitting, odd]):
            converted_and_compared(kind.kind, kind.mapping, cells)


def drawn_from(kind: Kind) -> Sequence[object]:
    """Some cells that fit, the same at each run."""
    found: list[object] = []

    @settings(derandomize=True, database=None, max_examples=10)
    @given(kind.fits)
    def draw(cell: object) -> None:
        found.append(cell)

    draw()
    return found


SECONDS = st.integers(-62_135_596_800, 253_402_300_799)
USUAL: Mapping[str, tuple[FieldKind, FieldMapping, st.SearchStrategy[object]]] = {
    "milliseconds": (
        FieldKind.INSTANT,
        FieldMapping(column="x", unit="epoch_milliseconds"),
        st.builds(lambda s, ms: 1000 * s + ms, SECONDS, st.integers(0, 999)),
    ),
    "seconds": (FieldKind.INSTANT, FieldMapping(column="x", unit="epoch_seconds"), SECONDS),
    "times": (
        FieldKind.INSTANT,
        FieldMapping(column="x"),
        st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
    ),
    "numbers as text": (FieldKind.TEXT, FieldMapping(column="x"), st.integers(-(2**63), 2**64 - 1)),
    "texts": (FieldKind.TEXT, FieldMapping(column="x"), st.text()),
    "whole numbers": (FieldKind.INTEGER, FieldMapping(column="x"), st.integers(-(2**63), 2**64 - 1)),
    "numbers": (FieldKind.NUMBER, FieldMapping(column="x"), st.floats(-1e300, 1e300)),
    "days": (FieldKind.DATE, FieldMapping(column="x"), st.dates().map(str)),
    "booleans": (FieldKind.BOOLEAN, FieldMapping(column="x"), st.sampled_from([0, 1, True, False])),
    "structures": (
        FieldKind.STRUCTURE,
        FieldMapping(column="x"),
        st.dictionaries(st.text(), st.text() | st.integers(0, 2**40), max_size=3).map(json.dumps),
    ),
}
"""Kinds of columns that are usual: at least so many of them must be converted at once."""
ENOUGH: Final = 0.6


@pytest.mark.parametrize("what", USUAL)
def test_a_usual_column_with_nulls_between_is_converted_at_once_and_every_cell_keeps_its_place(
    what: str,
) -> None:
    kind, mapping, usual = USUAL[what]
    at_once, convert = column_converter(kind, mapping), converter(kind, mapping)
    assert at_once is not None
    compared = list[bool]()

    @given(st.lists(st.none() | usual, min_size=4, max_size=8))
    def equal(cells: list[object]) -> None:
        made = at_once(cells)
        compared.append(made is not None and None in cells and any(cell is not None for cell in cells))
        if made is not None:
            one_by_one = [None if cell is None else convert(cell) for cell in cells]
            assert [(type(c), repr(c)) for c in made] == [(type(c), repr(c)) for c in one_by_one]

    equal()
    share = sum(compared) / len(compared)
    assert share >= ENOUGH, f"{share:.0%} of the examples compared cells between nulls"


@pytest.mark.parametrize("count", [-62_135_596_801, -62_135_596_800, -1, 0, 253_402_300_799, 253_402_300_800])
@pytest.mark.parametrize(("unit", "per_second"), [("epoch_seconds", 1), ("epoch_milliseconds", 1000)])
def test_counts_at_the_ends_of_the_calendar_are_read_as_one_by_one(
    unit: str, per_second: int, count: int
) -> None:
    mapping = FieldMapping(column="x", unit=unit)
    at_once, convert = column_converter(FieldKind.INSTANT, mapping), converter(FieldKind.INSTANT, mapping)
    assert at_once is not None
    made = at_once([count * per_second, None])
    if made is None:
        with pytest.raises(Unfit):
            convert(count * per_second)
    else:
        assert list(made) == [convert(count * per_second), None]


@pytest.mark.parametrize(
    ("kind", "zone", "cells", "made"),
    [
        (FieldKind.INSTANT, None, ["2024-01-02 03:04:05+00", None], ["2024-01-02T03:04:05Z", None]),
        (FieldKind.INSTANT, None, ["2024-01-02T03:04:05.120Z"], ["2024-01-02T03:04:05.120Z"]),
        (FieldKind.INSTANT, "UTC", ["2024-01-02 03:04:05.1", None], ["2024-01-02T03:04:05.1Z", None]),
        (FieldKind.BOOLEAN, None, [1, 0, None, True], [True, False, None, True]),
        (FieldKind.DATE, None, ["2024-02-29", None], ["2024-02-29", None]),
        (FieldKind.DECIMAL, None, ["1.50", "-2", None], ["1.50", "-2", None]),
        (FieldKind.INTEGER, None, [-(2**63), None, 2**64 - 1], [-(2**63), None, 2**64 - 1]),
        (FieldKind.NUMBER, None, [0.5, None], [0.5, None]),
        (FieldKind.TEXT, None, ["\U0001f680", None, ""], ["\U0001f680", None, ""]),
        (FieldKind.TEXT, None, [7, None, -1], ["7", None, "-1"]),
        (FieldKind.TEXT, None, [7, -1], ["7", "-1"]),
    ],
)
def test_common_columns_are_converted_as_a_whole(
    kind: FieldKind, zone: str | None, cells: list[object], made: list[object]
) -> None:
    at_once = column_converter(kind, FieldMapping(column="x", zone=zone))
    assert at_once is not None
    assert list(at_once(cells) or ()) == made


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (FieldKind.INSTANT, "2024-01-02T03:04:05+05:30"),
        (FieldKind.INSTANT, "2024-02-30T03:04:05Z"),
        (FieldKind.INSTANT, "2024-01-02T03:04:05Z\n2024-01-02T03:04:05Z"),
        (FieldKind.TEXT, "\udcff"),
        (FieldKind.TEXT, Decimal(1)),
        (FieldKind.TEXT, True),
        (FieldKind.INTEGER, 2**64),
        (FieldKind.INTEGER, True),
        (FieldKind.NUMBER, float("inf")),
        (FieldKind.NUMBER, float("nan")),
        (FieldKind.BOOLEAN, 2),
        (FieldKind.DATE, "2024-02-30"),
        (FieldKind.DECIMAL, "1e5"),
    ],
)
def test_a_column_with_an_unusual_cell_is_left_to_the_cells(kind: FieldKind, cell: object) -> None:
    at_once = column_converter(kind, FieldMapping(column="x"))
    assert at_once is not None
    assert at_once([cell, None]) is None


def test_a_code_that_does_not_fit_its_field_is_left_to_its_cell() -> None:
    mapping = FieldMapping(column="x", codes={"b": "no number", "a": "1"})
    at_once = column_converter(FieldKind.INTEGER, mapping)
    assert at_once is not None
    assert at_once(["a", None]) == [1, None]
    assert at_once(["a", "b"]) is None
    with pytest.raises(Unfit):
        converter(FieldKind.INTEGER, mapping)("b")


def test_a_column_of_codes_takes_their_meanings_from_the_live_table() -> None:
    table = CodeTable(table="states", code="id", meaning="name")
    mapping, live = (
        FieldMapping(column="x", codes_from=table),
        {"1": "2024-01-01", "2": None, "a": "2024-02-29"},
    )
    at_once = column_converter(FieldKind.DATE, mapping, live)
    assert at_once is not None
    assert at_once(["a", None, "1"]) == ["2024-02-29", None, "2024-01-01"]
    assert at_once(["a", "gone"]) is None


@pytest.mark.parametrize("kind", [FieldKind.DECIMAL, FieldKind.INTEGER])
def test_a_column_in_another_unit_than_a_time_is_left_to_its_cells(kind: FieldKind) -> None:
    assert column_converter(kind, FieldMapping(column="x", unit="1/100")) is None
