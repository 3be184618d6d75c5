"""Stored JSON and arrays -> JSON values, only if writing them again changes nothing."""

import json
from decimal import Decimal, InvalidOperation
from typing import Final

import orjson

from dsar_export.normalising import Unfit
from dsar_export.normalising.numbers import integer, is_finite


def structure(cell: object) -> object:
    """An object or array, or JSON text of one; text that parsing would change is unfit. JSON's null is None."""
    if not isinstance(cell, str | dict | list):
        raise Unfit("JSON")
    try:
        value = _parsed(cell) if isinstance(cell, str) else _members(cell)
    except (ValueError, RecursionError):
        raise Unfit("JSON") from None
    if value is not None and not isinstance(value, dict | list):
        raise Unfit("JSON object or array")
    try:
        # Fails for an escaped lone surrogate, and for nesting deeper than 254 inside a kept-beside record.
        orjson.dumps({"": {"": value}}, default=float)
    except orjson.JSONEncodeError:
        raise Unfit("JSON that can be written again") from None
    return value


def _parsed(text: str) -> object:
    require_unicode(text)
    return _READER.decode(text)


def _members(value: object) -> object:
    """An array of the database, or a part of JSON that was parsed already; unchanged, or unfit."""
    if isinstance(value, list):
        return [_members(member) for member in value]
    if isinstance(value, dict):
        return {name: _members(member) for name, member in value.items()}
    if isinstance(value, str):
        require_unicode(value)
    elif isinstance(value, float | Decimal) and not is_finite(value):
        raise Unfit("JSON with finite numbers")
    elif not isinstance(value, int | float | Decimal | None):
        raise Unfit("JSON")
    return value


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unfit("JSON with unique keys")
    return found


def _as_written(literal: str) -> float | Decimal:
    """A number with the digits that the source has: 2.50 is no float, because JSON would show 2.5."""
    value = float(literal)
    exact = Decimal(repr(value))
    try:
        written = Decimal(literal)
    except InvalidOperation:  # the exponent is too large for a Decimal
        raise Unfit("JSON with numbers of 64 bits") from None
    if exact != written:  # as is a number that is infinite as a float
        raise Unfit("JSON with numbers of 64 bits")
    return value if exact.as_tuple() == written.as_tuple() else written


def _no_constant(_: str) -> object:
    raise Unfit("JSON with finite numbers")


_READER: Final = json.JSONDecoder(  # made once, because that is slow
    object_pairs_hook=_unique_keys,
    parse_int=integer,
    parse_float=_as_written,
    parse_constant=_no_constant,
)


def require_unicode(text: str) -> None:
    """Raises Unfit for text that UTF-8 can't express."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Unfit("valid Unicode") from None
