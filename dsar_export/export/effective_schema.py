"""The schema that ships: what was left out is not in it, nor in anything that it says."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from dsar_export.model.schema import DatasetSchema, SchemaField

# Of what a schema says as a whole: a rule over several fields may ask for one that was left out.
_SAID_OF_ALL: Final = frozenset(
    {"$schema", "$id", "$defs", "$comment", "title", "description", "type", "additionalProperties"}
)


def effective_schema(schema: DatasetSchema, names: set[str]) -> DatasetSchema:
    """The schema without these fields: it neither has, requires nor describes them."""
    if not names:
        return schema
    fields = tuple(_alone(f, names) for f in schema.fields if f.name not in names)
    specs = schema.document["properties"]
    properties = {f.name: _spec(specs[f.name], f) for f in fields} if isinstance(specs, Mapping) else {}
    kept = (key for key in schema.document if key in _SAID_OF_ALL or key.startswith("x-"))
    document = {key: schema.document[key] for key in kept}
    document |= {"properties": properties, "required": [f.name for f in fields]}
    _drop_unused_definitions(document)
    period = schema.period_field if schema.period_field not in names else None
    if period is None:
        document.pop("x-period-field", None)
    return replace(schema, document=document, fields=fields, period_field=period)


def _alone(field: SchemaField, names: set[str]) -> SchemaField:
    return replace(field, currency_field=None) if field.currency_field in names else field


def _spec(spec: Mapping[str, object], field: SchemaField) -> Mapping[str, object]:
    return {k: v for k, v in spec.items() if k != "x-currency-field" or field.currency_field is not None}


def _drop_unused_definitions(document: dict[str, object]) -> None:
    """What only the definition of a left-out field said would still tell of it."""
    definitions = document.pop("$defs", None)
    if not isinstance(definitions, Mapping):
        return
    used: dict[str, object] = {}
    found = set(_referred(document["properties"]))
    while found:
        name = found.pop()
        if name in definitions and name not in used:
            used[name] = definitions[name]
            found |= set(_referred(used[name]))
    if used:
        document["$defs"] = {name: definitions[name] for name in definitions if name in used}


def _referred(part: object) -> Iterator[str]:
    """The names of `$defs` that a part of a schema refers to."""
    if isinstance(part, Mapping):
        reference = part.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            yield reference.removeprefix("#/$defs/").partition("/")[0].replace("~1", "/").replace("~0", "~")
        part = list(part.values())
    if isinstance(part, list):
        for held in part:
            yield from _referred(held)
