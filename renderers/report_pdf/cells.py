"""A record's values as the person reads them: codes in words, times at the controller's place."""

import json
from decimal import Decimal, InvalidOperation
from typing import Final

from dsar_export.language import formats
from dsar_export.model.outcome import Record
from dsar_export.model.schema import FieldKind, SchemaField

NOTHING: Final = "\u2013"
_IN_JSON: Final = "(not shown here: see the JSON file)"
_UNMASKED: Final = 4
_MASK: Final = "\u2022"


def cell(field: SchemaField, record: Record, language: str, zone: str) -> str:
    """What stands in a report for one field of a record."""
    value = record.get(field.name)
    if value is None:
        return NOTHING
    if field.masked:
        return _masked(value)
    return _shown(field, value, record, language, zone)


def _shown(field: SchemaField, value: object, record: Record, language: str, zone: str) -> str:
    if field.codes:
        return _code(field, value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, float):
        return formats.number(value, language)
    if not isinstance(value, str):
        return _structure(value)
    return _text(field, value, record, language, zone)


def _masked(value: object) -> str:
    """All but the last characters hidden; a text that has no more than those is hidden whole."""
    text = value if isinstance(value, str) else _structure(value)
    hidden = len(text) - _UNMASKED if len(text) > _UNMASKED else len(text)
    return _MASK * hidden + text[hidden:]


def _text(field: SchemaField, value: str, record: Record, language: str, zone: str) -> str:
    match field.kind:
        case FieldKind.INSTANT:
            return formats.instant(value, language, zone)
        case FieldKind.DATE:
            return formats.date(value, language)
        case FieldKind.DECIMAL:
            return _amount(field, value, record, language)
        case FieldKind.BYTES:
            return _IN_JSON
        case _:
            return value


def _amount(field: SchemaField, value: str, record: Record, language: str) -> str:
    currency = record.get(field.currency_field) if field.currency_field else None
    if isinstance(currency, str):
        return formats.money(value, currency, language)
    try:
        return formats.number(Decimal(value), language)
    except InvalidOperation:
        return value


def _code(field: SchemaField, value: object) -> str:
    return next((code.title for code in field.codes if code.value == str(value)), str(value))


def _structure(value: object) -> str:
    # Whole numbers come here too: they are as often a name (a customer number) as an amount, so no separators.
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return _IN_JSON
