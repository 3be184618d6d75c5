"""Fields against the types of their columns: a mapping that fails on every row is found before there is one."""

from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.model.booleans import boolean
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import EPOCHS, FieldMapping
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.schema import DatasetSchema, FieldKind, SchemaField
from dsar_export.model.source import NUMBER_KINDS, ColumnFacts, ColumnKind, SourceDescription, Table
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import converter
from dsar_export.register.hints import location

_NUMBERS: Final = NUMBER_KINDS | {ColumnKind.LARGE_OBJECT}  # whose number it is
_TIMES: Final = frozenset({ColumnKind.INSTANT, ColumnKind.LOCAL_TIME})
_WRITTEN: Final = frozenset({ColumnKind.TEXT, ColumnKind.OTHER})
"""Columns in which anything may be written."""
_NOT_TEXT: Final = frozenset({ColumnKind.BYTES, ColumnKind.BOOLEAN, ColumnKind.ARRAY})
_TAKES: Final[Mapping[FieldKind, frozenset[ColumnKind]]] = {
    FieldKind.TEXT: frozenset(ColumnKind) - _NOT_TEXT,
    FieldKind.PHONE: frozenset(ColumnKind) - _NOT_TEXT,
    FieldKind.INTEGER: _NUMBERS,
    FieldKind.NUMBER: _NUMBERS | {ColumnKind.MONEY},
    FieldKind.DECIMAL: _NUMBERS | {ColumnKind.MONEY},
    FieldKind.BOOLEAN: frozenset({ColumnKind.BOOLEAN, ColumnKind.INTEGER, ColumnKind.LARGE_OBJECT}),
    FieldKind.DATE: frozenset({ColumnKind.DATE, ColumnKind.LOCAL_TIME}),
    FieldKind.INSTANT: _TIMES,
    FieldKind.BYTES: frozenset({ColumnKind.BYTES}),
    FieldKind.STRUCTURE: frozenset({ColumnKind.JSON, ColumnKind.ARRAY}),
}
_ADVICE: Final[Mapping[FieldKind, str]] = {
    FieldKind.TEXT: "set binary for bytes and codes for booleans, or map it to a field of that type",
    FieldKind.DATE: "map it to a date-time field, or convert it in a query",
    FieldKind.INSTANT: "set unit if it counts from an epoch, or convert it in a query",
    FieldKind.BYTES: "map it to a text field",
}
_OTHER_ADVICE: Final = "map it to a field of that type, or convert it in a query"


def column_type_findings(
    register: Register, dataset: Dataset, description: SourceDescription
) -> Iterator[Finding]:
    """Fields whose columns have a type, a null or a value that they can't take; nothing for a query's columns.

    Warnings where the source does not hold its cells to the declared types.
    """
    table = description.table(dataset.place.table)
    if table is None or dataset.place.query is not None:
        return
    where, typed = location(register, dataset), description.typed
    for name, field in _mapped(dataset, register.schema_of(dataset)):
        mapping = dataset.fields[name]
        facts = table.facts.get(mapping.column or "")
        if facts is None:
            continue
        at = f"fields.{name}"
        for problem in _misfits(dataset, mapping, field, facts):
            yield Finding(where, at, f"column {table.name}.{mapping.column} {problem}", warning=not typed)
        for problem in _doubts(dataset, mapping, field, facts):
            yield Finding(where, at, f"column {table.name}.{mapping.column} {problem}", warning=True)
    yield from _deleted(where, dataset, table, typed=typed)


def _mapped(dataset: Dataset, schema: DatasetSchema) -> Iterator[tuple[str, SchemaField]]:
    yield from ((f.name, f) for f in schema.fields if f.name in dataset.fields)


def _misfits(
    dataset: Dataset, mapping: FieldMapping, field: SchemaField, facts: ColumnFacts
) -> Iterator[str]:
    """Why every row, or every row with a certain value, would be kept beside."""
    if mapping.path is not None or mapping.large_object:
        if mapping.path is not None and facts.kind not in _WRITTEN | {ColumnKind.JSON}:
            yield f"is {facts.kind}, and a path needs JSON: drop the path"
        return
    if mapping.known_codes is None and mapping.codes_from is None:
        fits = facts.kind in _WRITTEN or facts.kind in _taken(dataset, mapping, field.kind)
        if not fits:
            yield (
                f"is {facts.kind}, which a field that is {field.kind} can't take, so every row would be kept beside: "
                f"{_ADVICE.get(field.kind, _OTHER_ADVICE)}"
            )
            return
        if field.kind is FieldKind.INSTANT and facts.kind is ColumnKind.LOCAL_TIME and not _has_zone(mapping):
            yield "has times without a zone, so every row would be kept beside: set zone or zone_column"
    missing = [repr(value) for value in _values(facts) if not _is_known(mapping, field, value)]
    if missing and mapping.codes_from is None:
        yield f"may be {', '.join(missing)}, which {_unknown_to(mapping)}: rows with it would be kept beside"


def _taken(dataset: Dataset, mapping: FieldMapping, kind: FieldKind) -> frozenset[ColumnKind]:
    """The kinds of columns that a field takes as it is mapped."""
    if kind is FieldKind.INSTANT and mapping.unit in EPOCHS:
        return _NUMBERS
    identifies = mapping.column in dataset.identifiers
    if kind is FieldKind.TEXT and (mapping.binary is not None or identifies):
        return _TAKES[kind] | {ColumnKind.BYTES}
    return _TAKES[kind]


def _has_zone(mapping: FieldMapping) -> bool:
    return mapping.zone is not None or mapping.zone_column is not None


def _values(facts: ColumnFacts) -> tuple[object, ...]:
    """All values that the column may have, as cells; nothing if the source does not list them."""
    if facts.kind is ColumnKind.BOOLEAN:
        return (True, False)
    return facts.values or ()


def _is_known(mapping: FieldMapping, field: SchemaField, value: object) -> bool:
    """Whether codes, or else the values that the schema lists, have this value."""
    if mapping.known_codes is None:
        listed = {code.value for code in field.codes}
        return not listed or isinstance(value, bool) or value in listed
    try:
        converter(field.kind, mapping)(value)
    except Unfit:
        return False
    return True


def _unknown_to(mapping: FieldMapping) -> str:
    if mapping.known_codes is None:
        return "is not in the schema's list"
    return "meanings lacks" if mapping.codes is None else "codes lacks"


def _doubts(dataset: Dataset, mapping: FieldMapping, field: SchemaField, facts: ColumnFacts) -> Iterator[str]:
    """Why some rows may be kept beside."""
    if mapping.path is None and facts.nullable and not field.nullable and not _finds_rows(dataset, mapping):
        yield "may be null, but its field may not: rows without a value would be kept beside, unless there are none"
    without_codes = mapping.known_codes is None and mapping.codes_from is None
    if without_codes and field.kind is FieldKind.DATE and facts.kind is ColumnKind.LOCAL_TIME:
        yield "has times, of which a date field takes only midnight; other rows would be kept beside"


def _finds_rows(dataset: Dataset, mapping: FieldMapping) -> bool:
    """Whether rows are found by this column, so that it is never null in them."""
    keys = dataset.subject_keys
    return len(keys) == 1 and not keys[0].through and mapping.column == keys[0].column


def _deleted(where: str, dataset: Dataset, table: Table, *, typed: bool) -> Iterator[Finding]:
    """Marks of deleted rows that are always true, or never."""
    mark = dataset.deleted
    facts = None if mark is None else table.facts.get(mark.column)
    if mark is None or facts is None:
        return
    named = [*mark.values, *mark.unless]
    if not named and not facts.nullable:
        problem = (
            "is never null, so every row would be marked as deleted: name the values that mean it in values"
        )
        yield Finding(where, "deleted", f"column {table.name}.{mark.column} {problem}", warning=not typed)
    known = _values(facts)
    for value in named if known else ():
        text = str(value).lower() if isinstance(value, bool) else str(value)
        found = boolean(text) is not None if facts.kind is ColumnKind.BOOLEAN else text in known
        if not found:
            problem = f"is never {text!r}; it may be {', '.join(map(repr, known))}"
            yield Finding(where, "deleted", f"column {table.name}.{mark.column} {problem}", warning=not typed)
