"""Parses whole columns of JSON texts that parsing does not change, which is much faster (see ADR 20)."""

from collections.abc import Sequence
from types import NoneType
from typing import Final, cast

import orjson

from dsar_export.model.source import Column
from dsar_export.normalising import Unfit
from dsar_export.normalising.structures import structure

_BLANKS: Final = b" \t\n\r"
_ONE_DIGIT: Final = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_NUMBER: Final = b"0" * 20
_CONTAINERS: Final = frozenset({dict, list})


def structures(cells: Column) -> Column | None:
    """The objects and arrays of a column, as `structures.structure` reads them; None if a cell needs its own verdict.

    Equal texts become the same object.
    """
    if not set(map(type, cells)) <= {str, NoneType}:
        return None
    distinct = dict.fromkeys(cells)
    distinct.pop(None, None)
    if not distinct:
        return cells
    try:
        read = _read(cast("Sequence[str]", list(distinct)))
    except (Unfit, ValueError, orjson.JSONEncodeError):
        return None
    known: dict[object, object] = {None: None, **dict(zip(distinct, read, strict=True))}
    return list(map(known.__getitem__, cells))


def _read(texts: Sequence[str]) -> Sequence[object]:
    values: list[object] = list(map(orjson.loads, texts))
    if not set(map(type, values)) <= _CONTAINERS:
        raise Unfit("JSON object or array")
    # As deep as `structures.structure` allows.
    if _are_unchanged(orjson.dumps([values])[2:-2], ",".join(texts).encode()):
        return values
    return [
        v if _are_unchanged(orjson.dumps(v), t.encode()) else structure(t)
        for v, t in zip(values, texts, strict=True)
    ]


def _are_unchanged(written: bytes, read: bytes) -> bool:
    """Whether both have the same signs except blanks, so that no name was repeated and no number rounded.

    A lost member or another number would be missing or different. Long numbers are left to `numbers.integer`.
    """
    signs = read.translate(None, _BLANKS)
    return written.translate(None, _BLANKS) == signs and _LONG_NUMBER not in signs.translate(_ONE_DIGIT)
