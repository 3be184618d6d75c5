"""The types that a register names for fields, in the words of JSON Schema and of the built-in schemas."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from dsar_export.model.schema import FieldKind


class FieldType(StrEnum):
    """What a field's values are."""

    STRING = "string"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATE_TIME = "date-time"
    PHONE = "phone"
    BYTES = "bytes"
    JSON = "json"


KEYWORDS: Final[Mapping[FieldType, Mapping[str, object]]] = {
    FieldType.STRING: {"type": "string"},
    FieldType.INTEGER: {"type": "integer"},
    FieldType.NUMBER: {"type": "number"},
    FieldType.DECIMAL: {"type": "string", "x-kind": "decimal", "pattern": "^-?[0-9]+(\\.[0-9]+)?$"},
    FieldType.BOOLEAN: {"type": "boolean"},
    FieldType.DATE: {"type": "string", "format": "date"},
    FieldType.DATE_TIME: {"type": "string", "format": "date-time"},
    FieldType.PHONE: {"type": "string", "x-kind": "phone", "pattern": "^[+0-9][0-9 ()./-]*$"},
    FieldType.BYTES: {"type": "string", "contentEncoding": "base64"},
    FieldType.JSON: {"type": ["object", "array"]},
}
"""What a schema says of a field of this type."""

KINDS: Final[Mapping[FieldType, FieldKind]] = {
    FieldType.STRING: FieldKind.TEXT,
    FieldType.INTEGER: FieldKind.INTEGER,
    FieldType.NUMBER: FieldKind.NUMBER,
    FieldType.DECIMAL: FieldKind.DECIMAL,
    FieldType.BOOLEAN: FieldKind.BOOLEAN,
    FieldType.DATE: FieldKind.DATE,
    FieldType.DATE_TIME: FieldKind.INSTANT,
    FieldType.PHONE: FieldKind.PHONE,
    FieldType.BYTES: FieldKind.BYTES,
    FieldType.JSON: FieldKind.STRUCTURE,
}
"""What the stages know such a field as."""
