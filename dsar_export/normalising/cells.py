"""One function per kind of field: a stored cell -> a JSON value, or Unfit with the rule it breaks.

Nothing is guessed: a cell is converted only if nothing is lost and only one meaning is possible.
"""

import base64
import json
import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from dsar_export.model.codes import as_number, by_boolean, by_number, code_of
from dsar_export.model.field_mapping import Binary, FieldMapping
from dsar_export.model.schema import FieldKind
from dsar_export.normalising import Unfit
from dsar_export.normalising.instants import instant, instant_of_epoch

Convert = Callable[[object], object]


def converter(kind: FieldKind, mapping: FieldMapping, live: Mapping[str, object] | None = None) -> Convert:
    """The conversion of a field's cells, compiled once per dataset. Callers keep None as it is.

    `live` are the meanings from the mapping's live code table.
    """
    convert = _without_codes(kind, mapping)
    codes = mapping.codes if live is None else live
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
        return _scaled_integer(Fraction(mapping.unit))
    return _CONVERTERS[kind]


PER_SECOND = {"epoch_seconds": 1, "epoch_milliseconds": 1000}


def _instant(mapping: FieldMapping) -> Convert:
    zone = None if mapping.zone is None else ZoneInfo(mapping.zone)
    if mapping.unit is None:
        return lambda cell: instant(cell, zone, mapping.repeated_hour)
    per_second = PER_SECOND[mapping.unit]
    return lambda cell: instant_of_epoch(integer(cell), per_second)


def text(cell: object) -> object:
    """Text unchanged; numbers and dates as text."""
    if isinstance(cell, str):
        if not cell.isascii():
            _utf8(cell)
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
            whole = isinstance(cell, float) and math.isfinite(cell) and _is_whole(cell)
            return str(int(cell)) if whole and isinstance(cell, float) else text(cell)
        if binary is Binary.HEXADECIMAL:
            return cell.hex()
        if len(cell) != 16:
            raise Unfit("UUID of 16 bytes")
        return str(UUID(bytes=cell))

    return convert


def _utf8(cell: str) -> None:
    try:
        cell.encode()
    except UnicodeEncodeError:
        raise Unfit("valid Unicode") from None


_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def integer(cell: object) -> int:
    """Whole numbers, also as text in plain notation."""
    if isinstance(cell, bool):
        raise Unfit("integer")
    if isinstance(cell, int):
        return _storable(cell)
    if isinstance(cell, float | Decimal) and _finite(cell) and _is_whole(cell):
        return _storable(int(cell))
    if isinstance(cell, str) and _WHOLE.fullmatch(cell) and cell != "-0":
        return _storable(int(cell))
    raise Unfit("integer")


def _finite(cell: float | Decimal) -> bool:
    # math.isfinite raises on a signalling NaN.
    return cell.is_finite() if isinstance(cell, Decimal) else math.isfinite(cell)


def _is_whole(cell: float | Decimal) -> bool:
    # -0.0 equals 0 but would lose its sign.
    return cell == int(cell) and (cell != 0 or math.copysign(1, cell) > 0)


def _storable(value: int) -> int:
    if not -(2**63) <= value < 2**64:  # the range of JSON readers and writers with 64 bits
        raise Unfit("integer of 64 bits")
    return value


def _scaled_integer(unit: Fraction) -> Convert:
    def scale(cell: object) -> object:
        result = unit * integer(cell)
        if result.denominator != 1:
            raise Unfit("integer")
        return _storable(int(result))

    return scale


def number(cell: object) -> object:
    """Finite numbers; text only if a 64-bit float has exactly the same value."""
    if isinstance(cell, bool):
        raise Unfit("number")
    if isinstance(cell, int):
        return _storable(cell)
    if isinstance(cell, float):
        if not math.isfinite(cell):
            raise Unfit("finite number")
        return cell
    if isinstance(cell, Decimal) or (isinstance(cell, str) and _DECIMAL.fullmatch(cell)):
        exact = Decimal(cell)
        if exact.is_finite() and Decimal(repr(float(exact))) == exact:
            return float(exact)
    raise Unfit("number")


def decimal(cell: object) -> object:
    """Decimal text without an exponent; keeps every stored digit."""
    if isinstance(cell, str) and _DECIMAL.fullmatch(cell):
        return cell
    if isinstance(cell, bool):
        raise Unfit("decimal number")
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float | Decimal) and _finite(cell):
        return f"{Decimal(repr(cell)) if isinstance(cell, float) else cell:f}"
    raise Unfit("decimal number")


def scaled_decimal(unit: str) -> Convert:
    """Whole units as decimal text in a larger unit, such as pence in pounds."""
    factor = Fraction(unit)
    places = len(str(factor.denominator)) - 1  # 1/100 has two: 1250 pence are "12.50"

    def scale(cell: object) -> object:
        whole = integer(cell) * factor.numerator
        digits = f"{abs(whole):0{places + 1}d}"  # not Decimal: its context rounds to 28 digits
        point = len(digits) - places
        return f"{'-' if whole < 0 else ''}{digits[:point]}{'.' if places else ''}{digits[point:]}"

    return scale


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
    """A date without a time, in ISO 8601."""
    if isinstance(cell, date) and not isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell, re.ASCII):
        try:
            date.fromisoformat(cell)
        except ValueError:
            raise Unfit("date") from None
        return cell
    raise Unfit("date")


def bytes_base64(cell: object) -> object:
    """Bytes as base64 (RFC 4648 section 4)."""
    if isinstance(cell, bytes | memoryview):
        return base64.b64encode(cell).decode()
    raise Unfit("bytes")


def structure(cell: object) -> object:
    """An object or array, or JSON text of one; text that parsing would change is unfit."""
    if isinstance(cell, dict | list):
        try:
            cell = json.dumps(cell)
        except TypeError:  # an array of bytes
            raise Unfit("JSON") from None
    if not isinstance(cell, str):
        raise Unfit("JSON")
    _utf8(cell)
    try:
        value = _READER.decode(cell)
    except (ValueError, RecursionError):
        raise Unfit("JSON") from None
    if not isinstance(value, dict | list):
        raise Unfit("JSON object or array")
    try:
        # Fails for an escaped lone surrogate, and for nesting deeper than 254 inside a kept-beside record.
        orjson.dumps({"": {"": value}})
    except orjson.JSONEncodeError:
        raise Unfit("JSON that can be written again") from None
    return value


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unfit("JSON with unique keys")
    return found


def _exact_float(literal: str) -> float:
    value = float(literal)
    try:
        exact = math.isfinite(value) and Decimal(repr(value)) == Decimal(literal)
    except InvalidOperation:  # the exponent is too large for a Decimal
        exact = False
    if not exact:
        raise Unfit("JSON with numbers of 64 bits")
    return value


def _no_constant(_: str) -> object:
    raise Unfit("JSON with finite numbers")


_READER = json.JSONDecoder(  # built once, because that is slow
    object_pairs_hook=_unique_keys, parse_int=integer, parse_float=_exact_float, parse_constant=_no_constant
)


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
