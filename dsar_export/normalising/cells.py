"""One function per kind of field: a stored cell -> a JSON value, or Unfit with the rule it breaks.

Nothing is guessed: a cell is converted only if nothing is lost and only one meaning is possible.
"""

import base64
import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from dsar_export.model.codes import as_number, by_boolean, by_number, code_of
from dsar_export.model.field_mapping import Binary, FieldMapping
from dsar_export.model.schema import FieldKind
from dsar_export.normalising import Unfit
from dsar_export.normalising.epochs import instant_since
from dsar_export.normalising.instants import instant
from dsar_export.normalising.numbers import (
    decimal,
    integer,
    is_whole,
    number,
    scaled_decimal,
    scaled_integer,
)
from dsar_export.normalising.structures import require_unicode, structure

_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ]00:00(?::00(?:\.0{1,9})?)?)?", re.ASCII)

Convert = Callable[[object], object]


def converter(kind: FieldKind, mapping: FieldMapping, live: Mapping[str, object] | None = None) -> Convert:
    """The conversion of a field's cells, compiled once per dataset. Callers keep None as it is.

    `live` are the meanings from the mapping's live code table.
    """
    convert = _without_codes(kind, mapping)
    codes = mapping.known_codes if live is None else live
    if codes is None:
        return convert

    return _decoder(codes, convert)


def _decoder(codes: Mapping[str, object], convert: Convert) -> Convert:
    """Looks a code up by its text, then as a boolean or by its numeric value."""
    numbers, booleans = by_number(codes), by_boolean(codes)

    def decode(cell: object) -> object:
        code = code_of(cell)
        if code in codes:
            return convert(codes[code])
        if isinstance(cell, bool) and cell in booleans:
            return convert(booleans[cell])
        number = as_number(code)
        if number is None or number not in numbers:
            raise Unfit("code table")
        return convert(numbers[number])

    return decode


def _without_codes(kind: FieldKind, mapping: FieldMapping) -> Convert:
    if kind is FieldKind.INSTANT:
        return _instant(mapping)
    if kind is FieldKind.TEXT and mapping.binary is not None:
        return _text_of_bytes(mapping.binary)
    if kind is FieldKind.DECIMAL:
        return scaled_decimal(mapping.unit) if mapping.unit else decimal
    if kind is FieldKind.INTEGER and mapping.unit:
        return scaled_integer(Fraction(mapping.unit))
    return _CONVERTERS[kind]


def _instant(mapping: FieldMapping) -> Convert:
    zone = None if mapping.zone is None else ZoneInfo(mapping.zone)
    if mapping.unit is None:
        return lambda cell: instant(cell, zone, mapping.repeated_hour)
    return instant_since(mapping.unit)


def text(cell: object) -> object:
    """Text unchanged; numbers and dates as text."""
    if isinstance(cell, str):
        if not cell.isascii():
            require_unicode(cell)
        return cell
    if isinstance(cell, bool | bytes | memoryview):
        raise Unfit("text")
    if isinstance(cell, float) and not math.isfinite(cell):
        raise Unfit("finite number")
    if isinstance(cell, int | float | Decimal | date):  # a datetime is a date
        return str(cell)
    raise Unfit("text")


def _text_of_bytes(binary: Binary) -> Convert:
    """An identifier as text: bytes as hexadecimal or as a UUID, and a whole float without its decimal point."""

    def convert(cell: object) -> object:
        if not isinstance(cell, bytes):
            whole = isinstance(cell, float) and is_whole(cell)
            return str(int(cell)) if whole and isinstance(cell, float) else text(cell)
        if binary is Binary.HEXADECIMAL:
            return cell.hex()
        if len(cell) != 16:
            raise Unfit("UUID of 16 bytes")
        return str(UUID(bytes=cell))

    return convert


def boolean(cell: object) -> object:
    """True and false, 1 and 0, and the words true and false; other words need a code table."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int) and cell in {0, 1}:
        return bool(cell)
    if isinstance(cell, str) and cell in {"true", "false"}:
        return cell == "true"
    raise Unfit("boolean")


def calendar_date(cell: object) -> object:
    """A date in ISO 8601, also of a local time at midnight. With an offset it would be another day elsewhere."""
    text = cell.isoformat() if isinstance(cell, date) else cell
    found = _DAY.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise Unfit("date")
    try:
        return date.fromisoformat(found[1]).isoformat()
    except ValueError:
        raise Unfit("date") from None


def bytes_base64(cell: object) -> object:
    """Bytes as base64 (RFC 4648 section 4)."""
    if isinstance(cell, bytes | memoryview):
        return base64.b64encode(cell).decode()
    raise Unfit("bytes")


_CONVERTERS: dict[FieldKind, Convert] = {
    FieldKind.TEXT: text,
    FieldKind.PHONE: text,
    FieldKind.INTEGER: integer,
    FieldKind.NUMBER: number,
    FieldKind.DECIMAL: decimal,
    FieldKind.BOOLEAN: boolean,
    FieldKind.DATE: calendar_date,
    FieldKind.BYTES: bytes_base64,
    FieldKind.STRUCTURE: structure,
}
