"""A dataset's fields, checked against its schema and the other datasets."""

from collections.abc import Iterator, Mapping

from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import EPOCHS, FieldMapping
from dsar_export.model.finding import Finding
from dsar_export.model.register import Register
from dsar_export.model.schema import DatasetSchema, FieldKind, SchemaField
from dsar_export.model.subjects import kind_of
from dsar_export.model.table_name import name_parts
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import converter
from dsar_export.normalising.mapped_schema import AS_STORED, CODE, keeps_code
from dsar_export.normalising.marks import DELETED, EARLIER, PAST
from dsar_export.register.hints import location
from dsar_export.register_check.names import unknown, unknown_zone


def field_references(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """Unknown fields, required fields that are not mapped, and mappings whose records could never conform."""
    where, schema = location(register, dataset), register.schema_of(dataset)
    fields = {f.name: f for f in schema.fields}
    yield from unknown(where, "fields", dataset.fields, fields, f"field of schema {schema.name!r}")
    if not dataset.fields:
        problem = (
            "map at least one column, or leave the table out in register.toml if it holds no personal data"
        )
        yield Finding(where, "fields", problem)
    for name, field in fields.items():
        if field.required and name not in dataset.fields:
            yield Finding(where, "fields", f"schema {schema.name!r} requires the field {name!r}; map it")
        if name in {DELETED, EARLIER, PAST} or name.endswith(AS_STORED):
            yield Finding(
                where, "schema", f"schema {schema.name!r} has a field {name!r}, a reserved name; rename it"
            )
    yield from _left_out_of_json(where, dataset)
    for name, mapping in dataset.fields.items():
        yield from _code_table(register, dataset, where, name, mapping)
        if name in fields:
            at = f"fields.{name}"
            yield from _mapping(where, at, mapping, fields[name].kind)
            yield from _whole_object(where, at, mapping, schema, name)
            yield from _values(where, at, mapping, fields[name])
            yield from _reference(register, dataset, at, mapping)


def _mapping(where: str, key: str, mapping: FieldMapping, kind: FieldKind) -> Iterator[Finding]:
    if mapping.zone is not None:
        yield from unknown_zone(where, f"{key}.zone", mapping.zone)
    for name in ("zone", "zone_column"):
        if getattr(mapping, name) is not None and kind is not FieldKind.INSTANT:
            yield Finding(where, f"{key}.{name}", f"only a time can have a zone; this field is {kind}")
    if mapping.minor_units is not None and kind is not FieldKind.DECIMAL:
        yield Finding(
            where,
            f"{key}.minor_units",
            f"only an amount (decimal) can have minor units; this field is {kind}",
        )
    if mapping.path is not None and (mapping.zone_column or mapping.currency_column):
        yield Finding(where, f"{key}.path", "path excludes zone_column and currency_column; keep one")
    if mapping.large_object and kind is not FieldKind.BYTES:
        yield Finding(
            where, f"{key}.large_object", f"a large object needs a field of bytes; this field is {kind}"
        )
    if mapping.unit is not None:
        epoch = mapping.unit in EPOCHS
        fit = kind is FieldKind.INSTANT if epoch else kind in {FieldKind.DECIMAL, FieldKind.INTEGER}
        if not fit:
            yield Finding(
                where, f"{key}.unit", f"the unit {mapping.unit!r} can't be used for a field that is {kind}"
            )


def _whole_object(
    where: str, key: str, mapping: FieldMapping, schema: DatasetSchema, name: str
) -> Iterator[Finding]:
    """Objects that a path takes whole. Each member must be named, so that an unknown one keeps its row back."""
    properties = schema.document["properties"]
    types = properties[name].get("type") if isinstance(properties, Mapping) else None
    if mapping.path is not None and "object" in (types if isinstance(types, list) else [types]):
        yield Finding(
            where,
            f"{key}.path",
            "a path can't take a whole object, because it may get members that nobody has decided on: "
            "map its members to fields, or map the whole column without a path",
        )


def _values(where: str, key: str, mapping: FieldMapping, field: SchemaField) -> Iterator[Finding]:
    """Constants and codes whose records could never conform."""
    valid = [code.value for code in field.codes]
    if mapping.codes is not None and valid:
        yield from unknown(where, f"{key}.codes", mapping.codes.values(), valid, "code of the schema")
    if mapping.value is not None:
        try:
            converter(field.kind, mapping)(mapping.value)
        except Unfit as verdict:
            yield Finding(
                where,
                f"{key}.value",
                f"is not valid for a field that is {field.kind}: expected {verdict.rule}",
            )
        if valid:
            yield from unknown(where, f"{key}.value", [mapping.value], valid, "code of the schema")


def _reference(register: Register, dataset: Dataset, key: str, mapping: FieldMapping) -> Iterator[Finding]:
    """Fields that no dataset of the same kind of people has: no package holds those of several kinds."""
    if mapping.references is not None:
        theirs = [d for d in register.datasets if kind_of(register, d) == kind_of(register, dataset)]
        valid, where = [f"{d.name}.{name}" for d in theirs for name in d.fields], location(register, dataset)
        yield from unknown(where, f"{key}.references", [mapping.references], valid, "field of a dataset")


def _left_out_of_json(where: str, dataset: Dataset) -> Iterator[Finding]:
    """Parts of a JSON column that are left out, although a field takes them together with more of it."""
    for name in dataset.left_out:
        column, slash, path = name.partition("/")
        for taken in (f for f in dataset.fields.values() if slash and f.column == column):
            if taken.path is None or f"/{path}/".startswith(f"{taken.path}/"):
                yield Finding(
                    where,
                    f"left_out.{name}",
                    "a field takes it together with other members; map smaller paths",
                )


def _code_table(
    register: Register, dataset: Dataset, where: str, name: str, mapping: FieldMapping
) -> Iterator[Finding]:
    """Code tables that hold people's rows, and kept codes without a column or with a name that is taken."""
    if mapping.codes_from is None:
        return
    key, kept = f"fields.{name}.codes_from", f"{name}{CODE}"
    if mapping.codes_from.keep_code and mapping.column is None:
        yield Finding(
            where, f"{key}.keep_code", "a field with a fixed value has no stored code; drop keep_code"
        )
    elif keeps_code(mapping) and kept in register.schema_of(dataset).field_names:
        problem = f"schema {dataset.schema!r} already has a field {kept!r}; map it to the column, and drop keep_code"
        yield Finding(where, f"{key}.keep_code", problem)
    others = [d for d in register.datasets if d.source == dataset.source]
    people = {t for d in others for t in (d.place.table, *(h.table for h in d.place.history))}
    people |= {step.table for d in others for k in d.subject_keys for step in k.through}
    people |= {ln.at.table for ln in register.organisation.links if ln.source == dataset.source}
    if name_parts(mapping.codes_from.table) in set(map(name_parts, people)):
        yield Finding(where, f"{key}.table", "holds people's rows; name a table that only explains codes")
