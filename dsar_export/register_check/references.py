"""Every name in the register that must lead to another place in it."""

from collections.abc import Collection, Iterable, Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from jsonschema import SchemaError

from dsar_export.errors import RegisterError
from dsar_export.export.convert import converter
from dsar_export.export.unfit import Unfit
from dsar_export.export.validate import Validator
from dsar_export.model.finding import Finding
from dsar_export.model.legal import LEGAL_BASES, SAFEGUARDS
from dsar_export.model.register import Dataset, FieldMapping, Register
from dsar_export.model.schema import FieldKind, SchemaField
from dsar_export.register_file import location, nearest


def refuse_broken_references(register: Register) -> None:
    """Raises RegisterError with the first broken references: a register that is wrong answers nobody."""
    found = list(broken_references(register))
    if found:
        told = [f"{f.where}: {f.key}: {f.problem}" for f in found[:5]]
        raise RegisterError("\n".join(told))


def broken_references(register: Register) -> Iterator[Finding]:
    """Unknown controllers, sources, purposes, bases, recipients, periods, datasets, fields, zones."""
    yield from _organisation(register)
    yield from _schemas(register)
    for dataset in register.datasets:
        yield from _dataset(register, dataset)
        yield from _fields(register, dataset)


def _unknown(
    where: str, key: str, names: Iterable[str], valid: Collection[str], what: str
) -> Iterator[Finding]:
    for name in names:
        if name not in valid:
            yield Finding(where, key, f"unknown {what} {name!r}; {nearest(name, valid)}")


def _unknown_zone(where: str, key: str, name: str) -> Iterator[Finding]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield from _unknown(where, key, [name], available_timezones(), "time zone")


def _organisation(register: Register) -> Iterator[Finding]:
    org, where = register.organisation, location(register)
    for key, source in org.sources.items():
        yield from _unknown(
            where, f"sources.{key}.controllers", source.controllers, org.controllers, "controller"
        )
    for key, controller in org.controllers.items():
        at = f"controllers.{key}.time_zone"
        yield from _unknown_zone(where, at, controller.time_zone)
    for index, transfer in enumerate(org.transfers):
        at = f"transfers.{index}"
        yield from _unknown(where, f"{at}.recipient", [transfer.recipient], org.recipients, "recipient")
        yield from _unknown(where, f"{at}.safeguard", [transfer.safeguard], SAFEGUARDS, "safeguard")
    for index, link in enumerate(org.links):
        yield from _unknown(where, f"links.{index}.source", [link.source], org.sources, "source")
    for key in org.controllers:
        if not any(key in source.controllers for source in org.sources.values()):
            yield Finding(
                where, f"controllers.{key}", "no source holds data of this controller; name one, or drop it"
            )
    kinds = {k for ln in org.links for k in (ln.given, ln.leads_to)}
    kinds |= {d.subject_key.identifier for d in register.datasets}
    yield from _unknown(where, "subject", [org.subject], kinds, "kind of identifier")
    names = [d.name for d in register.datasets]
    for index, promise in enumerate(org.promises):
        at = f"promises.{index}"
        yield from _unknown(where, f"{at}.datasets", promise.datasets, names, "dataset")
        if bool(promise.datasets) == (promise.not_searched is not None):
            yield Finding(
                where, at, f"promise {promise.id!r} needs either datasets or the ground for not_searched"
            )


def _schemas(register: Register) -> Iterator[Finding]:
    for name, schema in register.schemas.items():
        try:
            Validator(schema)
        except (SchemaError, ValueError):  # the one of jsonschema, the one of jsonschema-rs
            where = location(register, next(d for d in register.datasets if d.schema == name))
            yield Finding(where, "schema", f"schema {name!r} is no valid JSON Schema 2020-12")


def _dataset(register: Register, dataset: Dataset) -> Iterator[Finding]:
    org, where = register.organisation, location(register, dataset)
    yield from _unknown(where, "source", [dataset.source], org.sources, "source")
    yield from _unknown(where, "purposes", dataset.purposes, org.purposes, "purpose")
    for purpose, basis in dataset.purposes.items():
        yield from _unknown(where, f"purposes.{purpose}", [basis], LEGAL_BASES, "legal basis")
    yield from _unknown(where, "recipients", dataset.recipients, org.recipients, "recipient")
    periods = org.storage_periods
    yield from _unknown(where, "storage_period", [dataset.storage_period], periods, "storage period")
    if not dataset.purposes:
        yield Finding(where, "purposes", "a dataset needs at least one purpose with its legal basis")
    yield from _reachable(register, dataset)
    if dataset.order_by[0] != dataset.subject_key.column:
        yield Finding(
            where,
            "order_by",
            f"must begin with the subject key {dataset.subject_key.column!r}, so that an index serves both",
        )


def _reachable(register: Register, dataset: Dataset) -> Iterator[Finding]:
    """A dataset that no link leads to would be told as empty to everybody."""
    org, where = register.organisation, location(register, dataset)
    kind = dataset.subject_key.identifier
    for controller in org.controllers:
        held = {name for name, source in org.sources.items() if controller in source.controllers}
        reached = {ln.leads_to for ln in org.links if ln.source in held} | {org.subject}
        if dataset.source in held and kind not in reached:
            yield Finding(
                where,
                "subject_key.identifier",
                f"no link of controller {controller!r} leads to {kind!r}; {nearest(kind, reached)}",
            )


def _fields(register: Register, dataset: Dataset) -> Iterator[Finding]:
    where, schema = location(register, dataset), register.schemas[dataset.schema]
    fields = {f.name: f for f in schema.fields}
    yield from _unknown(where, "fields", dataset.fields, fields, f"field of schema {schema.name!r}")
    for name, field in fields.items():
        if field.required and name not in dataset.fields:
            yield Finding(where, "fields", f"schema {schema.name!r} requires the field {name!r}; map it")
    for name, mapping in dataset.fields.items():
        if name in fields:
            yield from _mapping(where, f"fields.{name}", mapping, fields[name].kind)
            yield from _values(where, f"fields.{name}", mapping, fields[name])


def _mapping(where: str, key: str, mapping: FieldMapping, kind: FieldKind) -> Iterator[Finding]:
    if mapping.zone is not None:
        yield from _unknown_zone(where, f"{key}.zone", mapping.zone)
        if kind is not FieldKind.INSTANT:
            yield Finding(where, f"{key}.zone", f"a zone is for times; this field is {kind}")
    if mapping.unit is not None:
        epoch = mapping.unit.startswith("epoch_")
        fit = kind is FieldKind.INSTANT if epoch else kind in {FieldKind.DECIMAL, FieldKind.INTEGER}
        if not fit:
            yield Finding(
                where, f"{key}.unit", f"the unit {mapping.unit!r} does not suit a field that is {kind}"
            )


def _values(where: str, key: str, mapping: FieldMapping, field: SchemaField) -> Iterator[Finding]:
    """Constants and codes that no record could conform with."""
    valid = [code.value for code in field.codes]
    if mapping.codes is not None and valid:
        yield from _unknown(where, f"{key}.codes", mapping.codes.values(), valid, "code of the schema")
    if mapping.value is not None:
        try:
            converter(field.kind, mapping)(mapping.value)
        except Unfit as verdict:
            yield Finding(
                where, f"{key}.value", f"does not suit a field that is {field.kind}: no {verdict.rule}"
            )
        if valid:
            yield from _unknown(where, f"{key}.value", [mapping.value], valid, "code of the schema")
