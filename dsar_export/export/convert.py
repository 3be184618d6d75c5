"""One function a kind of field: a stored cell -> a JSON value, or Unfit with the rule it breaks.

Nothing is guessed: a conversion is done only where it loses nothing and has one meaning.
"""

import base64
import json
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import orjson

from dsar_export.model.register import FieldMapping
from dsar_export.model.schema import FieldKind

Convert = Callable[[object], object]


class Unfit(Exception):  # noqa: N818 - a verdict on one cell, caught within this package
    """A cell that its field can't take; `rule` says which rule it breaks, never the value."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def converter(kind: FieldKind, mapping: FieldMapping) -> Convert:
    """The conversion of a field, compiled once a dataset. None passes through untouched everywhere."""
    convert = _plain(kind, mapping)
    codes = mapping.codes
    if codes is None:
        return convert

    def decode(cell: object) -> object:
        try:
            return convert(codes[str(cell)])
        except KeyError:
            raise Unfit("code table") from None

    return decode


def _plain(kind: FieldKind, mapping: FieldMapping) -> Convert:
    if kind is FieldKind.INSTANT:
        return instant_converter(mapping.zone, mapping.unit)
    if kind is FieldKind.DECIMAL:
        return _scaled_decimal(mapping.unit) if mapping.unit else decimal
    if kind is FieldKind.INTEGER and mapping.unit:
        return _scaled_integer(Fraction(mapping.unit))
    return _CONVERTERS[kind]


def text(cell: object) -> object:
    """Text as it is; whole numbers and decimals as the text that they are written as."""
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


def _utf8(cell: str) -> None:
    try:
        cell.encode()
    except UnicodeEncodeError:
        raise Unfit("valid Unicode") from None


_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,18})")
_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def integer(cell: object) -> object:
    """Whole numbers, also as text in plain notation."""
    if isinstance(cell, bool):
        raise Unfit("integer")
    if isinstance(cell, int):
        return _storable(cell)
    if isinstance(cell, float | Decimal) and math.isfinite(cell) and cell == int(cell):
        return _storable(int(cell))
    if isinstance(cell, str) and _WHOLE.fullmatch(cell) and cell != "-0":
        return _storable(int(cell))
    raise Unfit("integer")


def _storable(value: int) -> int:
    if not -(2**63) <= value < 2**64:  # what JSON writers and readers of 64 bits can hold
        raise Unfit("integer of 64 bits")
    return value


def _scaled_integer(unit: Fraction) -> Convert:
    def scale(cell: object) -> object:
        whole = integer(cell)
        result = unit * int(str(whole))
        if result.denominator != 1:
            raise Unfit("integer")
        return _storable(int(result))

    return scale


def number(cell: object) -> object:
    """Finite numbers; text only where a 64-bit float says exactly the same."""
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
    """Decimal text without exponent, every stored digit kept."""
    if isinstance(cell, str) and _DECIMAL.fullmatch(cell):
        return cell
    if isinstance(cell, bool):
        raise Unfit("decimal number")
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float | Decimal) and math.isfinite(cell):
        return f"{Decimal(repr(cell)) if isinstance(cell, float) else cell:f}"
    raise Unfit("decimal number")


def _scaled_decimal(unit: str) -> Convert:
    factor = Fraction(unit)
    # 1/100 has two places: 1250 pence are "12.50".
    places = len(str(factor.denominator)) - 1

    def scale(cell: object) -> object:
        whole = integer(cell)
        scaled = Decimal(int(str(whole)) * factor.numerator).scaleb(-places)
        return f"{scaled:f}"

    return scale


def boolean(cell: object) -> object:
    """True and false, 1 and 0, and their names; other words need a code table."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int) and cell in {0, 1}:
        return bool(cell)
    if isinstance(cell, str) and cell in {"true", "false"}:
        return cell == "true"
    raise Unfit("boolean")


def calendar_date(cell: object) -> object:
    """A date without a time, ISO 8601."""
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
    """An object or array, also as JSON text; text that would change by being read is unfit."""
    if isinstance(cell, dict | list):
        cell = json.dumps(cell)
    if not isinstance(cell, str):
        raise Unfit("JSON")
    _utf8(cell)
    try:
        value = json.loads(
            cell,
            object_pairs_hook=_unique_keys,
            parse_int=integer,
            parse_float=_exact_float,
            parse_constant=_no_constant,
        )
    except (ValueError, RecursionError):
        raise Unfit("JSON") from None
    if not isinstance(value, dict | list):
        raise Unfit("JSON object or array")
    try:
        # A lone surrogate behind an escape, or nesting deeper than 254 with the record around it.
        orjson.dumps({"": value})
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
    if not math.isfinite(value) or Decimal(repr(value)) != Decimal(literal):
        raise Unfit("JSON with numbers of 64 bits")
    return value


def _no_constant(_: str) -> object:
    raise Unfit("JSON with finite numbers")


_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d(?:\.\d{1,9})?)?\s?(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_UNITS = {"epoch_seconds": 1, "epoch_milliseconds": 1000}


def instant_converter(zone: str | None, unit: str | None) -> Convert:
    """RFC 3339 with offset; a naive time takes the register's zone, the earlier one where it is ambiguous."""
    zone_info = None if zone is None else ZoneInfo(zone)

    def convert(cell: object) -> object:
        if unit is not None:
            return _from_epoch(cell, _EPOCH_UNITS[unit])
        if isinstance(cell, datetime):
            cell = cell.isoformat()
        if not isinstance(cell, str):
            raise Unfit("date and time")
        found = _INSTANT.fullmatch(cell)
        if found is None:
            raise Unfit("date and time")
        day, minute, seconds, offset = found.groups()
        clock = minute + (seconds or ":00")
        if offset is None:
            if zone_info is None:
                raise Unfit("date and time with a zone")
            offset = _offset(_naive(day, minute, seconds), zone_info)
        else:
            _naive(day, minute, seconds)
        return f"{day}T{clock}{_rfc3339_offset(offset)}"

    return convert


def ambiguous_or_missing(cell: object, zone: ZoneInfo) -> bool:
    """Whether a stored local time happened twice in its zone, or never."""
    found = _INSTANT.fullmatch(cell) if isinstance(cell, str) else None
    if isinstance(cell, datetime) and cell.tzinfo is None:
        local = cell
    elif found is not None and found[4] is None:
        try:
            local = _naive(found[1], found[2], found[3])
        except Unfit:
            return False
    else:
        return False
    # PEP 495: the two folds differ where a local time is ambiguous and where it does not exist.
    return local.replace(tzinfo=zone).utcoffset() != local.replace(tzinfo=zone, fold=1).utcoffset()


def _naive(day: str, minute: str, seconds: str | None) -> datetime:
    try:
        return datetime.fromisoformat(f"{day}T{minute}{(seconds or ':00')[:10]}")
    except ValueError:
        raise Unfit("date and time") from None


def _offset(local: datetime, zone: ZoneInfo) -> str:
    try:
        offset = local.replace(tzinfo=zone).utcoffset() or timedelta()
    except OverflowError:
        raise Unfit("date and time that its zone knows") from None
    minutes, seconds = divmod(int(offset.total_seconds()), 60)
    if seconds:  # local mean time, as before 1847 in London: RFC 3339 has no seconds in an offset
        raise Unfit("date and time with an offset of whole minutes")
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _rfc3339_offset(offset: str) -> str:
    if offset in {"Z", "+00:00"}:
        return "Z"
    digits = offset[1:].replace(":", "").ljust(4, "0")
    if int(digits[:2]) > 23 or int(digits[2:]) > 59:
        raise Unfit("date and time with a known offset")
    return f"{offset[0]}{digits[:2]}:{digits[2:]}"


def _from_epoch(cell: object, per_second: int) -> str:
    whole = integer(cell)
    try:
        moment = _EPOCH + timedelta(seconds=int(str(whole)) // per_second)
    except OverflowError:
        raise Unfit("date and time between the years 1 and 9999") from None
    rest = int(str(whole)) % per_second
    fraction = f".{rest:03d}" if per_second > 1 else ""
    return f"{moment.isoformat()[:19]}{fraction}Z"


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
