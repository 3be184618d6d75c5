"""Columns of each kind of field: cells that fit, with nulls between, and cells that nearly fit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from hypothesis import strategies as st

from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.schema import FieldKind

Cells = st.SearchStrategy[object]

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_MOMENTS = st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31))  # noqa: DTZ001 - stored without a zone


def _spelled(between: str, end: str, timespec: str = "seconds") -> Cells:
    """Times with a certain sign between day and time, and a certain spelling of the offset."""

    def spell(moment: datetime) -> str:
        return moment.isoformat(between, timespec) + end

    return _MOMENTS.map(spell)


@dataclass(frozen=True)
class Kind:
    """A kind of field as a mapping reads it.

    At least the share `converted` of the columns must be converted as a whole. A nearly fitting cell in `near`
    looks like one that fits: the whole column may be refused, but never be converted otherwise than its cells.
    """

    name: str
    kind: FieldKind
    fits: Cells
    near: Sequence[object]
    mapping: FieldMapping = field(default_factory=lambda: FieldMapping(column="x"))
    converted: float = 0.7

    def columns(self) -> st.SearchStrategy[list[object]]:
        """Columns with nulls between; one in ten has a cell that nearly fits."""
        fitting = st.lists(st.one_of(self.fits, self.fits, st.none()), min_size=1, max_size=8)
        return st.tuples(fitting, st.integers(0, 9), st.sampled_from(self.near)).map(_with_odd)


def _with_odd(drawn: tuple[list[object], int, object]) -> list[object]:
    cells, tenth, odd = drawn
    return [*cells[:1], odd, *cells[1:]] if tenth == 9 else cells


_NO_TEXT: Sequence[object] = (1, 1.5, True, b"a", Decimal(1))
_NO_NUMBER: Sequence[object] = (
    True,
    "1",
    "+1",
    "1e5",
    b"1",
    "",
    float("nan"),
    float("inf"),
    float("-inf"),
    -0.0,
)
_NO_DECIMAL: Sequence[object] = (
    "+1.50", "1.", ".5", "1e5", "1,5", "1.5.0", "--1", "-", "", " 1", "1 ", "1\n", "\n", "1\n2", "NaN", "Infinity",
    "\u0661", "1_0", "0x1", True, 1, 1.5, Decimal("1.50"), Decimal("NaN"), float("nan"), b"1",
)  # fmt: skip
_NO_DAY: Sequence[object] = (
    "2023-02-29", "1900-02-29", "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-01", "2024-01-00", "0000-01-01",
    "2024-1-01", "20240101", "2024-W01-1", "2024-01-01 ", "2024-01-01\n", "2024-01-01\n2024-01-02", "", "\n",
    "\u0662024-01-01", "2024-01-01T00:00:00", "2024-01-01 00:00:00", 20240101, b"2024-01-01", "-2024-01-01",
)  # fmt: skip
_NO_TIME: Sequence[object] = (
    "2023-02-29T03:04:05Z", "2024-02-30 03:04:05+00", "2024-01-01T24:00:00Z", "2024-01-01T23:60:00Z",
    "2024-01-01T23:59:60Z", "0000-01-01T00:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00.1234567890Z",
    "2024-01-01T00:00:00+00:30", "2024-01-01T00:00:00+0000", "2024-01-01T00:00:00+05:30", "2024-01-01T00:00:00-00",
    "2024-01-01T00:00:00-00:00", "2024-01-01T00:00:00+00Z", "2024-01-01T00:00:00+00:00Z", "2024-01-01T00:00:00Z+00",
    "2024-01-01T00+00:00:00", "2024-01-01+00T00:00:00Z", "2024-01-01 00:00:00 +00", "2024-01-01 00:00:00 Z",
    "2024-01-01t00:00:00Z", "2024-01-01T00:00:00z", "2024-01-01T00:00Z", "2024-01-01T00:00:00ZZ",
    "2024-01-01T00:00:00Z\n", "2024-01-01T00:00:00Z\n2024-01-01T00:00:00Z", "2024-01-01  00:00:00Z", "\n", "",
    "\u0662024-01-01T00:00:00Z", "2024-01-01T00:00:00,5Z", "2024-01-01", 1704067200, b"2024-01-01T00:00:00Z",
    datetime(2024, 1, 1, tzinfo=UTC), "2024-01-01T00:00:00", "2024-01-01T00:00:00\n",
)  # fmt: skip

_CODES = FieldMapping(column="x", codes={"a": "1", "b": "2", "1": "3", "none": "no number"})


def _as_json(value: object) -> str:
    return json.dumps(value)


KINDS: Sequence[Kind] = (
    Kind("text", FieldKind.TEXT, _TEXTS, (*_NO_TEXT, "\udcff", "a\ud800")),
    Kind("phone", FieldKind.PHONE, _TEXTS, (*_NO_TEXT, "\udcff")),
    Kind(
        "integer",
        FieldKind.INTEGER,
        st.integers(-(2**63), 2**64 - 1),
        (*_NO_NUMBER, 2**64, -(2**63) - 1, 1.0, 1.5, "01", "-0", Decimal(1)),
    ),
    Kind(
        "whole number",
        FieldKind.NUMBER,
        st.integers(-(2**63), 2**64 - 1),
        (*_NO_NUMBER, 2**64, -(2**63) - 1, 1.5, "0.1", Decimal("0.5")),
    ),
    Kind(
        "number",
        FieldKind.NUMBER,
        st.floats(allow_nan=False, allow_infinity=False, width=32),
        (*_NO_NUMBER, 1e308, 1, "0.1"),
    ),
    Kind("decimal", FieldKind.DECIMAL, st.from_regex(r"-?[0-9]{1,5}(\.[0-9]{1,4})?", fullmatch=True), _NO_DECIMAL),
    Kind("boolean", FieldKind.BOOLEAN, st.booleans(), (2, -1, "true", "1", "yes", "", 1.0, 0.0, b"\x01")),
    Kind("boolean as a number", FieldKind.BOOLEAN, st.sampled_from([0, 1]), (2, -1, "false", "0", 1.0, True)),
    Kind("day", FieldKind.DATE, st.dates().map(str), _NO_DAY),
    Kind("time with T and Z", FieldKind.INSTANT, _spelled("T", "Z"), _NO_TIME),
    Kind("time with +00", FieldKind.INSTANT, _spelled(" ", "+00"), _NO_TIME),
    Kind("time with +00:00", FieldKind.INSTANT, _spelled("T", "+00:00"), _NO_TIME),
    Kind("time with a fraction", FieldKind.INSTANT, _spelled(" ", "+00", "milliseconds"), _NO_TIME),
    Kind(
        "times of many spellings",
        FieldKind.INSTANT,
        st.one_of(_spelled(" ", "Z"), _spelled("T", "+00", "microseconds"), _spelled(" ", "+00:00")),
        _NO_TIME,
    ),
    Kind("local time in UTC", FieldKind.INSTANT, _spelled(" ", ""), _NO_TIME, FieldMapping(column="x", zone="UTC")),
    Kind(
        "local time with a fraction in UTC",
        FieldKind.INSTANT,
        _spelled("T", "", "microseconds"),
        _NO_TIME,
        FieldMapping(column="x", zone="UTC"),
    ),
    Kind(
        "time with Z in a column of UTC",
        FieldKind.INSTANT,
        _spelled("T", "Z"),
        _NO_TIME,
        FieldMapping(column="x", zone="UTC"),
    ),
    Kind(
        "local time in London",  # may be left to its cells: clocks change
        FieldKind.INSTANT,
        _spelled(" ", ""),
        (*_NO_TIME, "2024-10-27 01:30:00", "2024-03-31 01:30:00", "1800-01-01 00:00:00"),
        FieldMapping(column="x", zone="Europe/London"),
        converted=0,
    ),
    Kind("code", FieldKind.INTEGER, st.sampled_from(["a", "b", "1"]), ("none", "c", "", "01", 1, b"a", True), _CODES),
    Kind(
        "time as milliseconds",
        FieldKind.INSTANT,
        st.integers(0, 2**42),
        (-1, 2**64, -(2**62), "5", 1.0, 1.5, True, "", b"1"),
        FieldMapping(column="x", unit="epoch_milliseconds"),
    ),
    Kind(
        "time as seconds",
        FieldKind.INSTANT,
        st.integers(0, 2**32),
        (-1, 2**64, -(2**62), "5", 1.0, True, "", b"1"),
        FieldMapping(column="x", unit="epoch_seconds"),
    ),
    Kind("bytes", FieldKind.BYTES, st.binary(max_size=8), ("text", 1, "")),
    Kind(
        "structure",
        FieldKind.STRUCTURE,
        st.dictionaries(_TEXTS, st.integers(0, 9) | _TEXTS, max_size=3).map(_as_json),
        ("1", "null", '{"a": 1, "a": 2}', '{"a": NaN}', "{", "", '{"a": 1e999}', '{"a": 0.1e-400}', b"{}", 1),
    ),
)  # fmt: skip
