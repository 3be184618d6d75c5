"""The schema that ships: without the fields that were left out, and without anything that reveals them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from dsar_export.model.schema import DatasetSchema, SchemaField

# Keywords of the whole schema that are kept; others, such as rules over several fields, may name a removed field.
_KEPT: Final = frozenset(
    {"$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "title", "description", "type"}
    | {"additionalProperties"}
)
_DEFINITIONS: Final = ("$defs", "definitions")
_PLAIN: Final = re.compile(r"#/\$defs/([\w.-]+)")


def released_schema(schema: DatasetSchema, *, without: set[str]) -> DatasetSchema:
    """The schema without these fields: it neither has, requires nor describes them."""
    if not without:
        return schema
    fields = tuple(_without_currency(f, without) for f in schema.fields if f.name not in without)
    specs = schema.document["properties"]
    properties = {f.name: _spec(specs[f.name], f) for f in fields} if isinstance(specs, Mapping) else {}
    kept = (key for key in schema.document if key in _KEPT or key.startswith("x-"))
    document = {key: schema.document[key] for key in kept}
    document |= {"properties": properties, "required": [f.name for f in fields]}
    document |= _definitions(schema.document, properties)
    period = schema.period_field if schema.period_field not in without else None
    if period is None:
        document.pop("x-period-field", None)
    return replace(schema, document=document, fields=fields, period_field=period)


def _without_currency(field: SchemaField, without: set[str]) -> SchemaField:
    return replace(field, currency_field=None) if field.currency_field in without else field


def _spec(spec: Mapping[str, object], field: SchemaField) -> Mapping[str, object]:
    return {k: v for k, v in spec.items() if k != "x-currency-field" or field.currency_field is not None}


def _definitions(document: Mapping[str, object], properties: object) -> Mapping[str, object]:
    """The $defs that the remaining fields use. A definition used only by a removed field would reveal it.

    All definitions are kept if a reference has a form that is not followed here.
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
    """The names of `$defs` that a part of a schema refers to; None for any other reference or base."""
    if isinstance(part, Mapping):
        for keyword in ("$ref", "$dynamicRef"):
            if isinstance(reference := part.get(keyword), str):
                plain = _PLAIN.fullmatch(reference)
                yield None if plain is None else plain[1]
        if isinstance(part.get("$id"), str):
            yield None
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from _referred(item)
