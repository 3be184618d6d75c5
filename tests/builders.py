"""Builds a register and the contents of a package in memory; a test names only the details that it checks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

import orjson

from dsar_export.export.key_hashes import DistinctValues
from dsar_export.model.controller import Authority, Controller
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.identity import Identity, Reached
from dsar_export.model.left_out import LeftOut
from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Digest, FieldLeftOut, Gap, Outcome, Reason, Record
from dsar_export.model.package import (
    DatasetAnswer,
    NotCovered,
    PackageContents,
    PromiseAnswer,
    ReportChoices,
)
from dsar_export.model.place import TablePlace
from dsar_export.model.register import NotSearched, Organisation, Promise, Register, Source
from dsar_export.model.request import Identifier, Right, SubjectRequest, Verification
from dsar_export.model.schema import Code, DatasetSchema, FieldKind, Origin, SchemaField
from dsar_export.model.subject_key import SubjectKey
from dsar_export.model.terms import Purpose, Recipient, RecipientRole, StoragePeriod, Transfer
from tests.replacing import replace

CREATED: Final = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
CONTROLLER: Final = Controller(
    name="Example Shop Ltd",
    address="1 High Street, London",
    country="GB",
    language="en-GB",
    time_zone="Europe/London",
    contact="privacy@shop.example",
    authority=Authority(name="Information Commissioner's Office", url="https://ico.org.uk"),
)
ENGLISH: Final = ReportChoices("en")
_NO_RECORDS: Final[Mapping[str, Sequence[Record]]] = MappingProxyType({})
EFFORT: Final = "We looked at the index."
DECIDED_BY: Final = "data protection officer"
_NOTHING: Final[Mapping[str, LeftOut]] = MappingProxyType({})
_PURPOSES: Final = MappingProxyType(
    {
        "service": Purpose(title="Serving you", description="We deliver what you order."),
        "marketing": Purpose(title="Marketing", description="We write to you about offers."),
    }
)
_RECIPIENTS: Final = MappingProxyType(
    {
        "parcel": Recipient(
            name="Parcel Post plc",
            role=RecipientRole.CONTROLLER,
            country="GB",
            description="It brings your parcels.",
        ),
        "mailer": Recipient(
            name="Mailer Inc.",
            role=RecipientRole.PROCESSOR,
            country="US",
            description="It sends our email.",
        ),
    }
)
_TRANSFERS: Final = (
    Transfer(
        recipient="mailer",
        country="US",
        safeguard="A46-2-c",
        since=date(2021, 6, 27),
        description="Address and name only.",
    ),
)
_STORAGE_PERIODS: Final = MappingProxyType(
    {
        "accounts": StoragePeriod(title="Accounts", duration="P7Y", starts="the end of the relationship"),
        "brief": StoragePeriod(title="Briefly", duration="P6M", starts="the day of the visit"),
    }
)
_JSON_TYPES: Final[Mapping[FieldKind, Mapping[str, object]]] = MappingProxyType(
    {
        FieldKind.INTEGER: {"type": "integer"},
        FieldKind.NUMBER: {"type": "number"},
        FieldKind.BOOLEAN: {"type": "boolean"},
        FieldKind.STRUCTURE: {"type": "object"},
        FieldKind.INSTANT: {"type": "string", "format": "date-time"},
        FieldKind.DATE: {"type": "string", "format": "date"},
        FieldKind.BYTES: {"type": "string", "contentEncoding": "base64"},
        FieldKind.DECIMAL: {"type": "string", "x-kind": "decimal"},
        FieldKind.PHONE: {"type": "string", "x-kind": "phone"},
        FieldKind.TEXT: {"type": "string"},
    }
)


def schema_field(
    name: str,
    kind: FieldKind = FieldKind.TEXT,
    *,
    title: str | None = None,
    origin: Origin = Origin.PROVIDED,
    codes: tuple[Code, ...] = (),
    currency_field: str | None = None,
    masked: bool = False,
) -> SchemaField:
    """An optional field that may be null."""
    return SchemaField(
        name=name,
        title=title or name.replace("_", " ").capitalize(),
        description=f"The {name.replace('_', ' ')} as we hold it.",
        origin=origin,
        kind=kind,
        nullable=True,
        required=False,
        codes=codes,
        currency_field=currency_field,
        masked=masked,
    )


@dataclass(frozen=True)
class _Recorded(DatasetAnswer):
    """A dataset's answer together with its records."""

    records: tuple[Record, ...] = ()


def dataset_answer(
    name: str,
    records: Sequence[Mapping[str, object]] = (),
    *,
    fields: Sequence[SchemaField] | None = None,
    title: str | None = None,
    period_field: str | None = None,
    purposes: Mapping[str, str] = MappingProxyType({"service": "A6-1-b"}),
    left_out: Mapping[str, LeftOut] = _NOTHING,
    reasons: tuple[tuple[Reason, int], ...] = (),
    withheld: int = 0,
    nonconforming: int = 0,
) -> DatasetAnswer:
    """A dataset with these records written; without `fields`, every key of the first record is a text field."""
    if fields is None:
        fields = [schema_field(key) for key in (records[0] if records else {"id": ""})]
    periods = sorted(str(r[period_field]) for r in records if r.get(period_field)) if period_field else []
    outcome = Outcome(
        dataset=name,
        read=len(records) + withheld + nonconforming,
        written=len(records),
        withheld=withheld,
        nonconforming=nonconforming,
        first=periods[0] if periods else None,
        last=periods[-1] if periods else None,
        reasons=reasons,
    )
    return _Recorded(
        dataset=_dataset(name, fields, purposes, left_out),
        schema=_schema(name, title, fields, period_field),
        outcome=outcome,
        digest=Digest(dict(Counter(text[:7] for text in periods)), _key_values(records, fields)),
        records=tuple(map(dict, records)),
    )


def _key_values(
    records: Sequence[Mapping[str, object]], fields: Sequence[SchemaField]
) -> Mapping[tuple[str, ...], frozenset[int]]:
    distinct = DistinctValues((f.name,) for f in fields if f.kind is not FieldKind.STRUCTURE)
    flat = ({n: None if isinstance(v, dict | list) else v for n, v in r.items()} for r in records)
    distinct.add([{f.name: r.get(f.name) for f in fields} for r in flat])
    return distinct.hashes()


def changed(answer: DatasetAnswer, **outcome: object) -> DatasetAnswer:
    """The same answer with a changed outcome."""
    return replace(answer, outcome=replace(answer.outcome, **outcome))


def declared(answer: DatasetAnswer, **dataset: object) -> DatasetAnswer:
    """The same answer with changed register entries for its dataset."""
    return replace(answer, dataset=replace(answer.dataset, **dataset))


def referring(answer: DatasetAnswer, **references: str) -> DatasetAnswer:
    """The same answer, with fields that refer to fields of other datasets."""
    fields = {
        name: FieldMapping(column=name, references=references.get(name)) for name in answer.dataset.fields
    }
    return declared(answer, fields=fields)


def with_key(answer: DatasetAnswer, *names: str) -> DatasetAnswer:
    """The same answer, with the values of several fields together, as a digest has them of a key."""
    assert isinstance(answer, _Recorded)
    distinct = DistinctValues([names])
    distinct.add(answer.records)
    found = {**answer.digest.key_values, **distinct.hashes()}
    return replace(answer, digest=replace(answer.digest, key_values=found))


def not_portable(answer: DatasetAnswer, *names: str, reason: str = "not portable: derived") -> DatasetAnswer:
    """The same answer without these fields; if no field remains, all of its rows are withheld."""
    removed = tuple(
        FieldLeftOut(f.name, f.title, Message(reason)) for f in answer.schema.fields if f.name in names
    )
    kept = tuple(f for f in answer.schema.fields if f.name not in names)
    ships = replace(answer, schema=replace(answer.schema, fields=kept), left_out=removed)
    if kept:
        return ships
    ships = replace(ships, digest=Digest({}))
    return changed(ships, written=0, nonconforming=0, withheld=answer.outcome.read)


def promise_answer(
    text: str,
    answer: Answer,
    *,
    records: int = 0,
    ground: str | None = None,
    datasets: tuple[str, ...] = (),
    elsewhere: bool = False,
) -> PromiseAnswer:
    """A promise of the privacy notice and its answer."""
    reason = None if ground is None else not_searched(ground)
    promise = Promise(id="promise", text=text, datasets=datasets, not_searched=reason)
    return PromiseAnswer(promise, answer, records, elsewhere, datasets)


def not_covered(answer: DatasetAnswer) -> NotCovered:
    """A dataset outside an agent's mandate."""
    return NotCovered(answer.dataset, answer.schema)


def not_searched(ground: str) -> NotSearched:
    """The reason why a promise was not searched."""
    return NotSearched(ground=ground, effort=EFFORT, decided_by=DECIDED_BY)


def contents(
    *answers: DatasetAnswer,
    right: Right = Right.ACCESS,
    promises: tuple[PromiseAnswer, ...] = (),
    gaps: tuple[Gap, ...] = (),
    left_out: Mapping[str, LeftOut] = _NOTHING,
    controller: Controller = CONTROLLER,
    report: ReportChoices = ENGLISH,
    records: Mapping[str, Sequence[Record]] = _NO_RECORDS,
    email: str = "ada@mail.example",
    identity: Identity | None = None,
    chosen: tuple[str, ...] = (),
) -> PackageContents:
    """A package of these datasets for a person known by a customer number and an email address.

    `records` (by dataset) replaces the records of the answers.
    """
    given = (Identifier("customer_id", "1042"), Identifier("email", email))
    request = SubjectRequest(
        reference="R-2026-0042",
        right=right,
        controller="shop",
        identifiers=given,
        verification=Verification("support desk", "login to the customer portal", CREATED),
        chosen=chosen,
    )
    held = {a.dataset.name: a.records for a in answers if isinstance(a, _Recorded)} | dict(records)
    return PackageContents(
        request=request,
        register=_register(answers, promises, left_out, controller),
        controller=controller,
        datasets=answers,
        promises=promises,
        gaps=(*gaps, *(gap for answer in answers for gap in answer.gaps)),
        created=CREATED,
        software="dsar-export 0.1.0",
        identity=identity or Identity(tuple(map(Reached, given))),
        report=report,
        records=lambda dataset: held.get(dataset, ()),
    )


def _dataset(
    name: str, fields: Sequence[SchemaField], purposes: Mapping[str, str], left_out: Mapping[str, LeftOut]
) -> Dataset:
    return Dataset(
        name=name,
        schema=name,
        source="shop_database",
        at=TablePlace(table=name, order_by=("id",)),
        subject_keys=(SubjectKey(column="customer_id", identifier="customer_id"),),
        fields={field.name: FieldMapping(column=field.name) for field in fields},
        left_out=left_out,
        purposes=purposes,
        recipients=("parcel", "mailer"),
        storage_period="accounts",
    )


def _schema(
    name: str, title: str | None, fields: Sequence[SchemaField], period_field: str | None
) -> DatasetSchema:
    title = title or name.replace("_", " ").capitalize()
    document: dict[str, object] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "description": f"Everything about {title.lower()}.",
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _property(field) for field in fields},
    }
    if period_field:
        document["x-period-field"] = period_field
    return DatasetSchema(
        name=name,
        title=title,
        description=f"Everything about {title.lower()}.",
        document=document,
        fields=tuple(fields),
        period_field=period_field,
    )


def _property(field: SchemaField) -> dict[str, object]:
    spec = dict(_JSON_TYPES[field.kind])
    spec |= {"title": field.title, "description": field.description, "x-origin": field.origin.value}
    spec["type"] = [spec["type"], "null"]
    if field.codes:
        spec["oneOf"] = [
            *({"const": c.value, "title": c.title, "description": c.description} for c in field.codes),
            {"const": None},
        ]
    if field.currency_field:
        spec["x-currency-field"] = field.currency_field
    return spec


def _register(
    answers: Sequence[DatasetAnswer],
    promises: Sequence[PromiseAnswer],
    left_out: Mapping[str, LeftOut],
    controller: Controller,
) -> Register:
    source = Source(kind="sql_database", url="env:SHOP", controllers=("shop",), left_out=left_out)
    organisation = Organisation(
        version="2026-11-01",
        notice="Privacy notice of 25 May 2018",
        subject="customer_id",
        datasets=tuple(a.dataset.name for a in answers),
        controllers={"shop": controller},
        sources={"shop_database": source},
        purposes=_PURPOSES,
        bases={"prevention of fraud": "A6-1-f"},
        recipients=_RECIPIENTS,
        transfers=_TRANSFERS,
        storage_periods=_STORAGE_PERIODS,
        promises=tuple(p.promise for p in promises),
    )
    return Register(
        folder=Path("register"),
        organisation=organisation,
        datasets=tuple(a.dataset for a in answers),
        schemas={a.schema.name: a.schema for a in answers},
    )


def as_lines(records: Sequence[Record]) -> bytes:
    """Records as the JSON lines that dataset renderers get together with the records."""
    return b",\n".join(map(orjson.dumps, records))
