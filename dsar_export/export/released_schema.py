"""The schema that ships: what was left out is not in it, nor in anything that it says."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from dsar_export.model.schema import DatasetSchema, SchemaField

# Of what a schema says as a whole: a rule over several fields may ask for one that was left out.
_SAID_OF_ALL: Final = frozenset(
    {"$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "title", "description", "type"}
    | {"additionalProperties"}
)
_DEFINITIONS: Final = ("$defs", "definitions")
_PLAIN: Final = re.compile(r"#/\$defs/([\w.-]+)")


def released_schema(schema: DatasetSchema, names: set[str]) -> DatasetSchema:
    """The schema without these fields: it neither has, requires nor describes them."""
    if not names:
        return schema
    fields = tuple(_alone(f, names) for f in schema.fields if f.name not in names)
    specs = schema.document["properties"]
    properties = {f.name: _spec(specs[f.name], f) for f in fields} if isinstance(specs, Mapping) else {}
    kept = (key for key in schema.document if key in _SAID_OF_ALL or key.startswith("x-"))
    document = {key: schema.document[key] for key in kept}
    document |= {"properties": properties, "required": [f.name for f in fields]}
    document |= _definitions(schema.document, properties)
    period = schema.period_field if schema.period_field not in names else None
    if period is None:
        document.pop("x-period-field", None)
    return replace(schema, document=document, fields=fields, period_field=period)


def _alone(field: SchemaField, names: set[str]) -> SchemaField:
    return replace(field, currency_field=None) if field.currency_field in names else field


def _spec(spec: Mapping[str, object], field: SchemaField) -> Mapping[str, object]:
    return {k: v for k, v in spec.items() if k != "x-currency-field" or field.currency_field is not None}


def _definitions(document: Mapping[str, object], properties: object) -> Mapping[str, object]:
    """What the fields refer to, as what only a left-out field refers to would still tell of it.

    All definitions, where a reference is of a form that is not followed here.
    """
    every = {key: document[key] for key in _DEFINITIONS if key in document}
    definitions = document.get("$defs")
    defined = definitions if isinstance(definitions, Mapping) else {}
    used: set[str] = set()
    found = set(_referred(properties))
    while found:
        name = found.pop()
        if name is None or name not in defined:
            return every
        if name not in used:
            used.add(name)
            found |= set(_referred(defined[name]))
    return {"$defs": {name: defined[name] for name in defined if name in used}} if used else {}


def _referred(part: object) -> Iterator[str | None]:
    """The names of `$defs` that a part of a schema refers to; None for another place, or another base."""
    if isinstance(part, Mapping):
        for keyword in ("$ref", "$dynamicRef"):
            if isinstance(reference := part.get(keyword), str):
                plain = _PLAIN.fullmatch(reference)
                yield None if plain is None else plain[1]
        if isinstance(part.get("$id"), str):
            yield None
        part = list(part.values())
    if isinstance(part, list):
        for held in part:
            yield from _referred(held)
