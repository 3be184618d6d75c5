"""A dataset's JSON Schema, reduced to the few facts that the stages need."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dsar_export.model.words import Words


class Origin(StrEnum):
    """Where a field's data comes from: the person, observation, derivation, or somebody else."""

    PROVIDED = "provided"
    OBSERVED = "observed"
    DERIVED = "derived"
    ACQUIRED = "acquired"


class FieldKind(StrEnum):
    """The kind of a field's values, as far as reading, CSV and the report distinguish kinds."""

    TEXT = "text"
    PHONE = "phone"
    INTEGER = "integer"
    NUMBER = "number"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    INSTANT = "instant"
    DATE = "date"
    BYTES = "bytes"
    STRUCTURE = "structure"


@dataclass(frozen=True)
class Code:
    """A value that a field may have, and its meaning."""

    value: str
    title: Words
    description: Words


@dataclass(frozen=True)
class SchemaField:
    """One property of a dataset's schema."""

    name: str
    title: Words
    description: Words
    origin: Origin
    kind: FieldKind
    nullable: bool
    required: bool
    codes: tuple[Code, ...] = ()
    currency_field: str | None = None
    masked: bool = False
    """Whether the report shows only the last characters, such as those of a bank account number."""
    stands_beside: Words | None = None
    """The title of the field whose stored text this field holds."""
    code_of: Words | None = None
    """The title of the field whose stored code this field holds."""


@dataclass(frozen=True)
class DatasetSchema:
    """A dataset's schema: the document that ships, and its fields in order.

    `period_field` names the field with the instant or date by which records are counted per month.
    """

    name: str
    title: Words
    description: Words
    document: Mapping[str, object]
    fields: tuple[SchemaField, ...]
    period_field: str | None
    is_whole: bool = True
    """Whether the kind of every field is known; no row is read before it is."""

    @property
    def field_names(self) -> tuple[str, ...]:
        return tuple(f.name for f in self.fields)


def parse_schema(name: str, document: Mapping[str, object]) -> DatasetSchema:
    """Reads a JSON Schema 2020-12 document in this project's form.

    Raises ValueError with the JSON pointer of the part that is missing or unknown.
    """
    if document.get("additionalProperties") is not False:
        raise ValueError("/additionalProperties: must be false")
    properties = _mapping(document, "properties", "")
    required = document.get("required", [])
    if not isinstance(required, list):
        raise ValueError("/required: must be an array")
    fields = tuple(_field(key, _mapping(properties, key, "/properties"), required) for key in properties)
    period = document.get("x-period-field")
    times = {f.name for f in fields if f.kind in {FieldKind.INSTANT, FieldKind.DATE}}
    if period is not None and period not in times:
        raise ValueError("/x-period-field: must name a property that is a date or date-time")
    return DatasetSchema(
        name=name,
        title=_text(document, "title", ""),
        description=_text(document, "description", ""),
        document=document,
        fields=fields,
        period_field=None if period is None else str(period),
    )


def _field(name: str, spec: Mapping[str, object], required: list[object]) -> SchemaField:
    at = f"/properties/{name}"
    types = spec.get("type")
    types = tuple(types) if isinstance(types, list) else (types,)
    try:
        origin = Origin(_text(spec, "x-origin", at))
    except ValueError:
        raise ValueError(f"{at}/x-origin: must be one of {', '.join(Origin)}") from None
    currency = spec.get("x-currency-field")
    masked = spec.get("x-masked", False)
    if not isinstance(masked, bool):
        raise ValueError(f"{at}/x-masked: must be true or false")
    return SchemaField(
        name=name,
        title=_text(spec, "title", at),
        description=_text(spec, "description", at),
        origin=origin,
        kind=_kind(spec, [t for t in types if t != "null"], at),
        nullable="null" in types,
        required=name in required,
        codes=tuple(_codes(spec, at)),
        currency_field=None if currency is None else str(currency),
        masked=masked,
    )


_STRING_KINDS = {"date-time": FieldKind.INSTANT, "date": FieldKind.DATE}
_TYPE_KINDS = {
    "integer": FieldKind.INTEGER,
    "number": FieldKind.NUMBER,
    "boolean": FieldKind.BOOLEAN,
    "object": FieldKind.STRUCTURE,
    "array": FieldKind.STRUCTURE,
}


def _kind(spec: Mapping[str, object], types: list[object], at: str) -> FieldKind:
    if types == ["object", "array"]:  # JSON of either form
        return FieldKind.STRUCTURE
    if len(types) != 1:
        raise ValueError(f"{at}/type: must be one type, or one type and null")
    if types[0] != "string":
        if types[0] not in _TYPE_KINDS:
            raise ValueError(f"{at}/type: unknown type")
        return _TYPE_KINDS[str(types[0])]
    if "x-kind" in spec:
        try:
            return FieldKind(str(spec["x-kind"]))
        except ValueError:
            raise ValueError(f"{at}/x-kind: must be one of {', '.join(FieldKind)}") from None
    if spec.get("contentEncoding") == "base64":
        return FieldKind.BYTES
    return _STRING_KINDS.get(str(spec.get("format")), FieldKind.TEXT)


def _codes(spec: Mapping[str, object], at: str) -> list[Code]:
    choices = spec.get("oneOf", [])
    if not isinstance(choices, list):
        raise ValueError(f"{at}/oneOf: must be an array")
    found = []
    for index, choice in enumerate(choices):
        if not isinstance(choice, Mapping):
            raise ValueError(f"{at}/oneOf/{index}: must be an object")
        if choice.get("const") is not None:
            where = f"{at}/oneOf/{index}"
            found.append(
                Code(str(choice["const"]), _text(choice, "title", where), _text(choice, "description", where))
            )
    return found


def _mapping(parent: Mapping[str, object], key: str, at: str) -> Mapping[str, object]:
    value = parent.get(key)
    if not isinstance(value, Mapping):
        raise ValueError(f"{at}/{key}: must be an object")
    return value


def _text(parent: Mapping[str, object], key: str, at: str) -> str:
    value = parent.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{at}/{key}: must be a non-empty text")
    return value
