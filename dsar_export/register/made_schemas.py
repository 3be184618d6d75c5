"""Schemas that are made from the mapping of a dataset, where the register describes its fields itself."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from dsar_export.language.made_words import OF_DATASET, OF_FIELD, readable
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.field_type import KEYWORDS, KINDS, FieldType
from dsar_export.model.register import Register
from dsar_export.model.schema import DatasetSchema, FieldKind, Origin, parse_schema
from dsar_export.model.source import SourceDescription
from dsar_export.register.catalogue_facts import (
    DatasetFacts,
    FieldFacts,
    mapping_facts,
    source_facts,
    waiting,
)

_TIMES: Final = frozenset({FieldKind.DATE, FieldKind.INSTANT})

Facts = tuple[tuple[str, tuple[tuple[str, FieldFacts], ...]], ...]
"""The facts of fields by dataset, so that they can be compared and hashed."""


def catalogue_facts(register: Register, descriptions: Mapping[str, SourceDescription]) -> Facts:
    """What the catalogues of these sources say of the schemas that wait for them; empty if none waits."""
    return tuple(
        (dataset.name, tuple(source_facts(dataset, descriptions[dataset.source]).items()))
        for dataset in waiting(register)
        if dataset.source in descriptions
    )


def with_facts(register: Register, facts: Facts) -> Register:
    """The register with the schemas that these facts complete."""
    datasets = {dataset.name: dataset for dataset in register.datasets}
    made = {
        name: made_schema(datasets[name], _base(register, datasets[name]), dict(found))
        for name, found in facts
    }
    return replace(register, made={**register.made, **made})


def with_documents(register: Register, documents: Mapping[str, Mapping[str, object]]) -> Register:
    """The register with the schemas that were made earlier, as a Draft keeps them, by dataset."""
    made = {
        dataset.name: parse_schema(dataset.schema or dataset.name, documents[dataset.name])
        for dataset in register.datasets
        if dataset.name in documents
    }
    return replace(register, made={**register.made, **made})


def made_documents(register: Register) -> Mapping[str, Mapping[str, object]]:
    """The schemas that were made and are whole, by dataset."""
    return {name: schema.document for name, schema in register.made.items() if schema.is_whole}


def with_made_schemas(register: Register) -> Register:
    """The register, as it was read, with a schema for each dataset that describes fields itself."""
    made = {
        dataset.name: made_schema(dataset, _base(register, dataset), mapping_facts(dataset))
        for dataset in register.datasets
        if dataset.described
    }
    return replace(register, made=made)


def made_schema(dataset: Dataset, base: DatasetSchema | None, facts: DatasetFacts) -> DatasetSchema:
    """The schema of a dataset whose fields are described in its mapping, added to those of a base if it has one.

    A field of which something is not known yet is text that may be empty, and the schema is not whole.
    """
    own = {
        name: _spec(dataset, name, dataset.fields[name], facts[name])
        for name in dataset.fields
        if name in facts
    }
    required = [name for name, found in facts.items() if found.nullable is False]
    document = _document(dataset, facts) if base is None else dict(base.document)
    document["properties"] = {**_mapping(document, "properties"), **own}
    document["required"] = [*_list(document, "required"), *required]
    made = parse_schema(dataset.schema or dataset.name, document)
    return replace(made, is_whole=all(found.is_whole for found in facts.values()))


def _base(register: Register, dataset: Dataset) -> DatasetSchema | None:
    return None if dataset.schema is None else register.schemas[dataset.schema]


def _document(dataset: Dataset, facts: DatasetFacts) -> dict[str, object]:
    period = facts.get(dataset.period or "")
    kind = None if period is None or period.type is None else KINDS[period.type]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": dataset.title or readable(dataset.name),
        "description": dataset.description or OF_DATASET,
        "type": "object",
        "additionalProperties": False,
        **({"x-period-field": dataset.period} if kind in _TIMES else {}),
        "required": [],
        "properties": {},
    }


def _spec(dataset: Dataset, name: str, mapping: FieldMapping, facts: FieldFacts) -> dict[str, object]:
    """What the schema says of one field, in the order of the built-in schemas."""
    type_ = facts.type or FieldType.STRING
    keywords, nullable = dict(KEYWORDS[type_]), facts.nullable is not False
    types = keywords.pop("type")
    if nullable:
        types = [*(types if isinstance(types, list) else [types]), "null"]
    choices = list(_choices(mapping)) if type_ is FieldType.STRING else []
    currency = mapping.currency or _field_of(dataset, mapping.currency_column)
    return {
        "type": types,
        "title": mapping.title or readable(name),
        "description": mapping.description or OF_FIELD,
        "x-origin": str(mapping.origin or dataset.origin or Origin.PROVIDED),
        **keywords,
        **({"x-masked": True} if mapping.masked else {}),
        **({"x-currency-field": currency} if currency is not None else {}),
        **({"oneOf": [*choices, *([{"type": "null"}] if nullable else [])]} if choices else {}),
    }


def _choices(mapping: FieldMapping) -> Iterator[dict[str, object]]:
    """The values that codes stand for, each once; a code's meaning is its title and all that is known of it."""
    meanings, known = mapping.meanings or {}, set[str]()
    for code, value in (mapping.known_codes or {}).items():
        if value not in known:
            known.add(value)
            title = meanings.get(code) or readable(value)
            yield {"const": value, "title": title, "description": title}


def _field_of(dataset: Dataset, column: str | None) -> str | None:
    """The field with the currencies of a column, if there is one."""
    named = (name for name, mapping in dataset.fields.items() if mapping.column == column)
    return None if column is None else next(named, None)


def _mapping(document: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = document.get(key)
    return found if isinstance(found, Mapping) else {}


def _list(document: Mapping[str, object], key: str) -> list[object]:
    found = document.get(key)
    return found if isinstance(found, list) else []
