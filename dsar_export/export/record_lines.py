"""Records and rows kept beside as lines of JSON, and back."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, cast

import orjson

from dsar_export.model.outcome import Nonconforming, Reason, Record

_SEPARATOR: Final = b",\n"


@dataclass(frozen=True)
class Lines:
    """Values as JSON, one each; `exact` if they have numbers that a float may not hold."""

    texts: Sequence[bytes]
    exact: bool

    @property
    def joined(self) -> bytes:
        """One value a line, with commas between the lines."""
        return _SEPARATOR.join(self.texts)


def lines_of(values: Iterable[object]) -> Lines:
    """Each value as JSON."""
    # One by one: inside an array, a value could be nested less deeply.
    held = list(values)
    try:
        return Lines(list(map(orjson.dumps, held)), exact=False)
    except orjson.JSONEncodeError:  # a number in a JSON column with more zeros than a float shows
        return Lines([orjson.dumps(value, default=_as_written) for value in held], exact=True)


def json_lines(values: Iterable[object]) -> bytes:
    """One value a line, with commas between the lines."""
    return lines_of(values).joined


def values_of(lines: bytes, *, exactly: bool) -> Sequence[Mapping[str, object]]:
    """The values of `json_lines`; `exactly` keeps numbers that a float would write otherwise, and takes longer."""
    if exactly:
        parse: Callable[[str], object] = _as_read
        return cast("list[Record]", json.loads(b"[%b]" % lines, parse_float=parse))
    return cast("list[Record]", orjson.loads(b"[%b]" % lines))


def as_json(row: Nonconforming) -> dict[str, object]:
    """A row kept beside, as the package has it."""
    reasons = [{"field": reason.field, "rule": reason.rule} for reason in row.reasons]
    return {"row": row.row, "reasons": reasons, "values": row.values}


def from_json(row: Mapping[str, object]) -> Nonconforming:
    """The row that `as_json` wrote."""
    reasons = cast("list[Mapping[str, str]]", row["reasons"])
    return Nonconforming(
        cast("int", row["row"]),
        tuple(Reason(reason["field"], reason["rule"]) for reason in reasons),
        cast("Mapping[str, object]", row["values"]),
    )


def _as_written(number: object) -> orjson.Fragment:
    if not isinstance(number, Decimal):
        raise TypeError
    return orjson.Fragment(str(number))


def _as_read(text: str) -> float | Decimal:
    number = float(text)
    return number if orjson.dumps(number).decode() == text else Decimal(text)
