"""What is not stated of fields, from their mapping and from the catalogue of their source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import EPOCHS, FieldMapping
from dsar_export.model.field_type import FieldType
from dsar_export.model.register import Register
from dsar_export.model.source import ColumnFacts, ColumnKind, SourceDescription, Table

_TYPES: Final[Mapping[ColumnKind, FieldType]] = {
    ColumnKind.TEXT: FieldType.STRING,
    ColumnKind.INTEGER: FieldType.INTEGER,
    ColumnKind.DECIMAL: FieldType.DECIMAL,
    ColumnKind.FLOAT: FieldType.NUMBER,
    ColumnKind.SINGLE: FieldType.NUMBER,
    ColumnKind.MONEY: FieldType.DECIMAL,
    ColumnKind.BOOLEAN: FieldType.BOOLEAN,
    ColumnKind.UUID: FieldType.STRING,
    ColumnKind.BYTES: FieldType.BYTES,
    ColumnKind.INSTANT: FieldType.DATE_TIME,
    ColumnKind.LOCAL_TIME: FieldType.DATE_TIME,
    ColumnKind.DATE: FieldType.DATE,
    ColumnKind.TIME: FieldType.STRING,
    ColumnKind.JSON: FieldType.JSON,
    ColumnKind.ARRAY: FieldType.JSON,
    ColumnKind.LARGE_OBJECT: FieldType.INTEGER,
    ColumnKind.OTHER: FieldType.STRING,
}


@dataclass(frozen=True)
class FieldFacts:
    """What a field's values are and whether it may be empty; None where only a source could say it."""

    type: FieldType | None
    nullable: bool | None

    @property
    def is_whole(self) -> bool:
        return self.type is not None and self.nullable is not None


DatasetFacts = Mapping[str, FieldFacts]
"""The facts of each field that no schema describes."""


def mapping_facts(dataset: Dataset) -> DatasetFacts:
    """What the register itself says."""
    return {name: _stated(dataset.fields[name]) for name in dataset.fields if name in dataset.described}


def waiting(register: Register) -> tuple[Dataset, ...]:
    """The datasets whose schemas the catalogue of their source has to complete."""
    return tuple(dataset for dataset in register.datasets if not register.schema_of(dataset).is_whole)


def waiting_sources(register: Register) -> frozenset[str]:
    """The sources whose catalogues have to be asked."""
    return frozenset(dataset.source for dataset in waiting(register))


def source_facts(dataset: Dataset, description: SourceDescription) -> DatasetFacts:
    """What the register says, and otherwise the catalogue; a column that is not in it leaves its field as it is.

    A query may return anything under a column's name, so its fields may be empty unless the register denies it.
    """
    table = description.table(dataset.place.table)
    stated = mapping_facts(dataset)
    if table is None:
        return stated
    return {name: _completed(dataset, dataset.fields[name], facts, table) for name, facts in stated.items()}


def _stated(mapping: FieldMapping) -> FieldFacts:
    type_ = mapping.type or _type_of_mapping(mapping)
    return FieldFacts(type_, False if mapping.column is None else mapping.nullable)


def _type_of_mapping(mapping: FieldMapping) -> FieldType | None:
    """The one type that a mapping can have, if its other keys leave one."""
    coded = mapping.known_codes is not None or mapping.codes_from is not None
    if coded or mapping.value is not None or mapping.binary is not None:
        return FieldType.STRING
    if mapping.unit in EPOCHS or mapping.zone is not None or mapping.zone_column is not None:
        return FieldType.DATE_TIME
    if mapping.minor_units is not None or (mapping.unit or "").startswith("1/"):
        return FieldType.DECIMAL
    if mapping.unit is not None:
        return FieldType.INTEGER
    return FieldType.BYTES if mapping.large_object else None


def _completed(dataset: Dataset, mapping: FieldMapping, stated: FieldFacts, table: Table) -> FieldFacts:
    facts = table.facts.get(mapping.column or "")
    nullable = stated.nullable
    type_ = stated.type
    if type_ is None and facts is not None and mapping.path is None:
        type_ = _type_of(dataset, mapping, facts)
    if nullable is None and (mapping.column in table.columns or dataset.place.query is not None):
        nullable = facts is None or facts.nullable or _may_miss(dataset, mapping, type_)
    return FieldFacts(type_, nullable)


def _may_miss(dataset: Dataset, mapping: FieldMapping, type_: FieldType | None) -> bool:
    """Whether a record may lack the value although the column is never null: JSON has a null of its own."""
    place = dataset.place
    elsewhere = place.query is not None or bool(place.history) or mapping.codes_from is not None
    return elsewhere or mapping.path is not None or type_ is FieldType.JSON


def _type_of(dataset: Dataset, mapping: FieldMapping, facts: ColumnFacts) -> FieldType:
    if facts.kind is ColumnKind.BYTES and mapping.column in dataset.identifiers:
        return FieldType.STRING  # in hexadecimal, as identifiers are
    return _TYPES[facts.kind]
