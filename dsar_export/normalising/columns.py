"""Converts whole columns whose cells all have the form that a field needs, which is much faster (see ADR 20).

Nearly all columns do. For any other column a function here returns None, and the functions of `cells` convert it
cell by cell. A column that is returned equals the result of those functions.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from types import NoneType
from typing import Final, cast

import orjson

from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.schema import FieldKind
from dsar_export.model.source import Column
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import Convert, converter
from dsar_export.normalising.epoch_columns import PER_SECOND, epoch_instants
from dsar_export.normalising.json_texts import structures

ConvertColumn = Callable[[Column], Column | None]

_ONE_DIGIT: Final = bytes.maketrans(b"123456789", b"0" * 9)
_DAY: Final = frozenset({b"0000-00-00"})
_LOCAL: Final = frozenset(b"0000-00-00T00:00:00" + b"." * (n > 0) + b"0" * n for n in range(10))
_UTC: Final = frozenset(local + b"Z" for local in _LOCAL)
_DECIMALS: Final = re.compile(r"(?:-?[0-9]+(?:\.[0-9]+)?\n)*")
_BOOLEANS: Final[Mapping[object, object]] = {0: False, 1: True, None: None}


def column_converter(
    kind: FieldKind, mapping: FieldMapping, live: Mapping[str, object] | None = None
) -> ConvertColumn | None:
    """The conversion of a field's whole columns, compiled once per dataset; None if its kind has none."""
    codes = mapping.known_codes if live is None else live
    if codes is not None:
        return _decoded(codes, converter(kind, mapping, live))
    if mapping.unit is not None:
        per_second = PER_SECOND.get(mapping.unit) if kind is FieldKind.INSTANT else None
        return None if per_second is None else partial(epoch_instants, per_second=per_second)
    if kind is FieldKind.INSTANT:
        return _utc_instants if mapping.zone == "UTC" else _instants
    return _CONVERTERS.get(kind)


def _texts_or_none(cells: Column) -> Sequence[str] | None:
    """The cells that are not null; None unless all of them are text."""
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return cast("Sequence[str]", cells)
    if not kinds <= {str, NoneType}:
        return None
    return cast("Sequence[str]", [cell for cell in cells if cell is not None])


def _texts(cells: Column) -> Column | None:
    texts = _texts_or_none(cells)
    if texts is None:
        return _whole_numbers(cells)
    together = "".join(texts)
    try:
        return cells if together.isascii() or together.encode() else None
    except UnicodeEncodeError:
        return None


def _whole_numbers(cells: Column) -> Column | None:
    kinds = set(map(type, cells))
    if kinds != {int}:
        return [None if cell is None else str(cell) for cell in cells] if kinds <= {int, NoneType} else None
    try:
        return orjson.dumps(cells)[1:-1].decode().split(",")  # faster than `str` for each
    except orjson.JSONEncodeError:  # more than 64 bits
        return None


def _integers(cells: Column) -> Column | None:
    if not set(map(type, cells)) <= {int, NoneType}:
        return None
    whole = cast("Sequence[int]", [cell for cell in cells if cell is not None] if None in cells else cells)
    return cells if not whole or (min(whole) >= -(2**63) and max(whole) < 2**64) else None


def _numbers(cells: Column) -> Column | None:
    if not set(map(type, cells)) <= {float, NoneType}:
        return _integers(cells)
    floats = [cell for cell in cells if isinstance(cell, float)]
    # Infinities and NaN make the sum not finite; if the sum overflows, the cells are converted one by one.
    return cells if abs(sum(floats)) < float("inf") else None


def _decimals(cells: Column) -> Column | None:
    texts = _texts_or_none(cells)
    if texts is None:
        return None
    lines = "\n".join([*texts, ""])
    return cells if _DECIMALS.fullmatch(lines) and lines.count("\n") == len(texts) else None


def _booleans(cells: Column) -> Column | None:
    kinds = set(map(type, cells))
    if kinds <= {bool, NoneType}:
        return cells
    if not kinds <= {bool, int, NoneType}:
        return None
    try:
        return list(map(_BOOLEANS.__getitem__, cells))
    except KeyError:
        return None


def _days(cells: Column) -> Column | None:
    texts = _texts_or_none(cells)
    if (
        texts is None
        or not _all_shaped("\n".join([*texts, ""]), len(texts), _DAY)
        or not _all_valid(date.fromisoformat, texts)
    ):
        return None
    return cells


def _instants(cells: Column) -> Column | None:
    return _shaped_instants(cells, _UTC, "\n")


def _utc_instants(cells: Column) -> Column | None:
    """Converts columns whose times without an offset are in UTC."""
    return _shaped_instants(cells, _UTC, "\n") or _shaped_instants(cells, _LOCAL, "Z\n")


def _shaped_instants(cells: Column, shapes: frozenset[bytes], end: str) -> Column | None:
    """The times in UTC as RFC 3339, converted as one text; every spelling of the offset zero becomes Z."""
    texts = _texts_or_none(cells)
    if texts is None:
        return None
    lines = "\n".join([*texts, ""]).replace(" ", "T")
    if "+" in lines:
        lines = lines.replace("+00:00\n", "Z\n")
    if "+" in lines:
        lines = lines.replace("+00\n", "Z\n")
    if not _all_shaped(lines, len(texts), shapes):
        return None
    converted = lines.split("\n")[:-1]
    if not _all_valid(datetime.fromisoformat, converted):
        return None
    if end != "\n":
        converted = lines.replace("\n", end).split("\n")[:-1]
    return converted if len(converted) == len(cells) else _with_nulls(cells, converted)


def _with_nulls(cells: Column, converted: Sequence[object]) -> Column:
    values = iter(converted)
    return [None if cell is None else next(values) for cell in cells]


def _all_shaped(lines: str, count: int, shapes: frozenset[bytes]) -> bool:
    """Whether there are `count` lines that each have one of the shapes, in which 0 stands for any digit."""
    found = lines.encode("utf-8", "surrogatepass").translate(_ONE_DIGIT)  # faster than as text
    first = found[: found.find(b"\n")]
    if first in shapes and found == (first + b"\n") * count:  # true for most columns
        return True
    each = found.split(b"\n")
    return len(each) == count + 1 and set(each) <= {*shapes, b""}


def _all_valid(read: Callable[[str], object], cells: Sequence[str]) -> bool:
    """Whether `read` accepts every cell, so that every date exists in the calendar."""
    try:
        return all(map(read, cells))
    except ValueError:
        return False


def _decoded(codes: Mapping[str, object], convert: Convert) -> ConvertColumn:
    """Looks up meanings that were converted once; a column with any other code is left to the cells."""
    known: dict[object, object] = {None: None}
    for code in codes:
        try:
            known[code] = convert(code)
        except Unfit:
            continue  # the conversion of that cell reports it

    def decode(cells: Column) -> Column | None:
        if _texts_or_none(cells) is None:
            return None
        try:
            return list(map(known.__getitem__, cells))
        except KeyError:
            return None

    return decode


_CONVERTERS: Final[Mapping[FieldKind, ConvertColumn]] = {
    FieldKind.TEXT: _texts,
    FieldKind.PHONE: _texts,
    FieldKind.INTEGER: _integers,
    FieldKind.NUMBER: _numbers,
    FieldKind.DECIMAL: _decimals,
    FieldKind.BOOLEAN: _booleans,
    FieldKind.DATE: _days,
    FieldKind.STRUCTURE: structures,
}
