"""A dataset's schema as the register maps it; every record of the dataset conforms to it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.schema import DatasetSchema, FieldKind, SchemaField
from dsar_export.normalising.marks import mark_fields

AS_STORED: Final = "_as_stored"
CODE: Final = "_code"


def mapped_schema(dataset: Dataset, schema: DatasetSchema) -> DatasetSchema:
    """The schema of a dataset's records: mapped fields, their codes, texts kept beside, and marks.

    Every record has every mapped field, with null if the source has no value, so all fields are required.
    """
    fields = [
        replace(f, required=True, origin=dataset.fields[f.name].origin or f.origin)
        for f in schema.fields
        if f.name in dataset.fields
    ]
    codes = [_code_field(f) for f in fields if keeps_code(dataset.fields[f.name])]
    beside = [_beside_field(f) for f in fields if keeps_beside(f, dataset.fields[f.name])]
    specs = schema.document["properties"]
    properties: dict[str, object] = {}
    if isinstance(specs, Mapping):
        properties = {f.name: {**specs[f.name], "x-origin": str(f.origin)} for f in fields}
    added = [*codes, *beside, *mark_fields(dataset)]
    properties |= {f.name: _added_spec(f) for f in added}
    names = [f.name for f in (*fields, *added)]
    title = dataset.title or schema.title
    document = {**schema.document, "title": title, "properties": properties, "required": names}
    period = schema.period_field if schema.period_field in names else None
    if period is None:
        document.pop("x-period-field", None)
    return replace(schema, title=title, document=document, fields=(*fields, *added), period_field=period)


def keeps_beside(schema_field: SchemaField, mapping: FieldMapping) -> bool:
    """Whether the stored text of the field's local times may have to be kept beside them."""
    if schema_field.kind is not FieldKind.INSTANT or mapping.path is not None or mapping.column is None:
        return False
    return mapping.zone_column is not None or mapping.zone not in {None, "UTC"}


def keeps_code(mapping: FieldMapping) -> bool:
    """Whether records keep the stored code beside its meaning."""
    return mapping.codes_from is not None and mapping.codes_from.keep_code and mapping.column is not None


def _code_field(field: SchemaField) -> SchemaField:
    return SchemaField(
        name=field.name + CODE,
        title=f"{field.title}, as a code",
        description=message("The code that our system holds. What it means stands beside it."),
        origin=field.origin,
        kind=FieldKind.TEXT,
        nullable=True,
        required=True,
        masked=field.masked,
        code_of=field.title,
    )


def _beside_field(field: SchemaField) -> SchemaField:
    return SchemaField(
        name=field.name + AS_STORED,
        title=f"{field.title}, as stored",
        description=message(
            "The text as our system holds it, where its local time happened twice or never "
            "(when clocks change). Empty otherwise."
        ),
        origin=field.origin,
        kind=FieldKind.TEXT,
        nullable=True,
        required=True,
        stands_beside=field.title,
    )


def _added_spec(added: SchemaField) -> dict[str, object]:
    return {
        "title": added.title,
        "description": added.description,
        "type": "boolean" if added.kind is FieldKind.BOOLEAN else ["string", "null"],
        "x-origin": str(added.origin),
    }
