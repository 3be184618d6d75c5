"""A record's values as the person reads them: codes in words, lists as lists, times on the controller's clock."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from dsar_export.language import formats
from dsar_export.language.catalogue import message
from dsar_export.model.outcome import Record
from dsar_export.model.schema import FieldKind, SchemaField
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.wording import MARKS

_IN_JSON: Final = message("(not shown here: see the JSON file)")
_EMPTY: Final = message("(empty)")
_UNMASKED: Final = 4
_MASK: Final = "\u2022"


def is_held(field: SchemaField, record: Record) -> bool:
    """Whether the field has a value that is shown: a mark of ours only if it applies."""
    value = record.get(field.name)
    return value is not None and not (value is False and field.name in MARKS)


def cell(field: SchemaField, record: Record, locale: Locale) -> str:
    """The text of one field of a record; empty if the field has no value, or is a mark that does not apply."""
    value = record.get(field.name)
    if not is_held(field, record):
        return ""
    if field.masked:
        return _masked(value, locale)
    return _shown(field, value, record, locale)


def short_time(field: SchemaField, record: Record, locale: Locale) -> str:
    """The text of a date or time without its year, which stands above the record."""
    value = record.get(field.name)
    if not isinstance(value, str):
        return ""
    if field.kind is FieldKind.DATE:
        return formats.day_of_year(value, locale.language)
    return formats.moment(value, locale.language, locale.zone, year=False)


def _shown(field: SchemaField, value: object, record: Record, locale: Locale) -> str:
    if field.codes:
        return _code(field, value, locale)
    if isinstance(value, bool):
        return locale.phrase("Yes") if value else locale.phrase("No")
    if isinstance(value, float):
        return formats.number(value, locale.language)
    if not isinstance(value, str):
        return _structure(value, locale)
    return _text(field, value, record, locale)


def _masked(value: object, locale: Locale) -> str:
    """The value with all but its last four characters hidden; a value of at most four is hidden completely."""
    text = value if isinstance(value, str) else _structure(value, locale)
    hidden = len(text) - _UNMASKED if len(text) > _UNMASKED else len(text)
    return _MASK * hidden + text[hidden:]


def _text(field: SchemaField, value: str, record: Record, locale: Locale) -> str:
    match field.kind:
        case FieldKind.INSTANT:
            return formats.moment(value, locale.language, locale.zone)
        case FieldKind.DATE:
            return formats.date(value, locale.language)
        case FieldKind.DECIMAL:
            return _amount(field, value, record, locale)
        case FieldKind.BYTES:
            return locale.phrase(_IN_JSON)
        case _:
            return value


def _amount(field: SchemaField, value: str, record: Record, locale: Locale) -> str:
    currency = record.get(field.currency_field) if field.currency_field else None
    if isinstance(currency, str):
        return formats.money(value, currency, locale.language)
    try:
        return formats.number(Decimal(value), locale.language)
    except InvalidOperation:
        return value


def _code(field: SchemaField, value: object, locale: Locale) -> str:
    return next((locale.phrase(c.title) for c in field.codes if c.value == str(value)), str(value))


def _structure(value: object, locale: Locale) -> str:
    """A list as `a; b`, an object as `name: value; ...`, and anything inside them as JSON."""
    if isinstance(value, Mapping | list) and not value:
        return locale.phrase(_EMPTY)
    if isinstance(value, Mapping):
        return locale.listed(locale.labelled(str(name), _inner(each, locale)) for name, each in value.items())
    if isinstance(value, list):
        return locale.listed(_inner(each, locale) for each in value)
    return _inner(value, locale)


def _inner(value: object, locale: Locale) -> str:
    # Integers come here too. They get no separators, because many are identifiers, such as a customer number.
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (ValueError, RecursionError):
        return locale.phrase(_IN_JSON)
