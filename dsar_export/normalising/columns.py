"""Columns whose cells all are as a field wants them, converted at once.

Nearly all columns are. A function here returns None for any other, and the cell-by-cell conversions of
`convert` decide; where it returns a column, it is the one that they would make. They take 0.1 to 2 us a cell,
these 0.03 to 0.3.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from types import NoneType
from typing import Final, cast

from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.schema import FieldKind
from dsar_export.model.source import Column
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import Convert, converter

Plain = Callable[[Column], Column | None]

_ONE_DIGIT: Final = str.maketrans("123456789", "0" * 9)
_DAY: Final = frozenset({"0000-00-00"})
_LOCAL: Final = frozenset(f"0000-00-00T00:00:00{'.' * (n > 0)}{'0' * n}" for n in range(10))
_UTC: Final = frozenset(f"{local}Z" for local in _LOCAL)
_DECIMALS: Final = re.compile(r"(?:-?[0-9]+(?:\.[0-9]+)?\n)*")
_BOOLEANS: Final[Mapping[object, object]] = {0: False, 1: True, None: None}


def plain(kind: FieldKind, mapping: FieldMapping, live: Mapping[str, object] | None = None) -> Plain | None:
    """The conversion of whole columns of a field, compiled once a dataset; None for a kind that has none."""
    codes = mapping.codes if live is None else live
    if codes is not None:
        return _decoded(codes, converter(kind, mapping, live))
    if mapping.unit is not None:
        return None
    if kind is FieldKind.INSTANT:
        return _utc_instants if mapping.zone == "UTC" else _instants
    return _PLAIN.get(kind)


def _told(cells: Column) -> Sequence[str] | None:
    """The cells that are not null, if all of them are text."""
    kinds = set(map(type, cells))
    if kinds <= {str}:
        return cast("Sequence[str]", cells)
    return [cell for cell in cells if isinstance(cell, str)] if kinds <= {str, NoneType} else None


def _texts(cells: Column) -> Column | None:
    told = _told(cells)
    if told is None:
        return None
    together = "".join(told)
    try:
        return cells if together.isascii() or together.encode() else None
    except UnicodeEncodeError:
        return None


def _integers(cells: Column) -> Column | None:
    if not set(map(type, cells)) <= {int, NoneType}:
        return None
    whole = cast("Sequence[int]", [cell for cell in cells if cell is not None] if None in cells else cells)
    return cells if not whole or (min(whole) >= -(2**63) and max(whole) < 2**64) else None


def _numbers(cells: Column) -> Column | None:
    if not set(map(type, cells)) <= {float, NoneType}:
        return _integers(cells)
    told = [cell for cell in cells if isinstance(cell, float)]
    # Of infinities and NaN, the sum is none that is finite; a sum that overflows is asked cell by cell.
    return cells if abs(sum(told)) < float("inf") else None


def _decimals(cells: Column) -> Column | None:
    told = _told(cells)
    if told is None:
        return None
    lines = "\n".join([*told, ""])
    return cells if _DECIMALS.fullmatch(lines) and lines.count("\n") == len(told) else None


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
    told = _told(cells)
    if (
        told is None
        or not _shaped("\n".join([*told, ""]), len(told), _DAY)
        or not _real(date.fromisoformat, told)
    ):
        return None
    return cells


def _instants(cells: Column) -> Column | None:
    return _shaped_instants(cells, _UTC, "\n")


def _utc_instants(cells: Column) -> Column | None:
    """Where stored times that name no zone are of UTC."""
    return _shaped_instants(cells, _UTC, "\n") or _shaped_instants(cells, _LOCAL, "Z\n")


def _shaped_instants(cells: Column, shapes: frozenset[str], end: str) -> Column | None:
    """RFC 3339 in UTC, as one text: the offset zero in each of its spellings becomes Z."""
    told = _told(cells)
    if told is None:
        return None
    lines = "\n".join([*told, ""]).replace(" ", "T")
    if "+" in lines:
        lines = lines.replace("+00:00\n", "Z\n").replace("+00\n", "Z\n")
    if not _shaped(lines, len(told), shapes):
        return None
    made = lines.split("\n")[:-1]
    if not _real(datetime.fromisoformat, made):
        return None
    if end != "\n":
        made = lines.replace("\n", end).split("\n")[:-1]
    return made if len(made) == len(cells) else _with_nulls(cells, made)


def _with_nulls(cells: Column, made: Sequence[object]) -> Column:
    told = iter(made)
    return [None if cell is None else next(told) for cell in cells]


def _shaped(lines: str, count: int, shapes: frozenset[str]) -> bool:
    """Whether there are so many lines, and each has one of the shapes, in which 0 stands for any digit."""
    found = lines.translate(_ONE_DIGIT)
    first = found[: found.find("\n")]
    if first in shapes and found == f"{first}\n" * count:  # as most columns are
        return True
    each = found.split("\n")
    return len(each) == count + 1 and set(each) <= {*shapes, ""}


def _real(read: Callable[[str], object], cells: Sequence[str]) -> bool:
    """Whether every day is one of the calendar."""
    try:
        return all(map(read, cells))
    except ValueError:
        return False


def _decoded(codes: Mapping[str, object], convert: Convert) -> Plain:
    """Codes that were converted once; any other cell is asked by itself."""
    known: dict[object, object] = {None: None}
    for code in codes:
        try:
            known[code] = convert(code)
        except Unfit:
            continue  # the cell that has it says so

    def decode(cells: Column) -> Column | None:
        if _told(cells) is None:
            return None
        try:
            return list(map(known.__getitem__, cells))
        except KeyError:
            return None

    return decode


_PLAIN: Final[Mapping[FieldKind, Plain]] = {
    FieldKind.TEXT: _texts,
    FieldKind.PHONE: _texts,
    FieldKind.INTEGER: _integers,
    FieldKind.NUMBER: _numbers,
    FieldKind.DECIMAL: _decimals,
    FieldKind.BOOLEAN: _booleans,
    FieldKind.DATE: _days,
}
