"""Stored rows -> records with the schema's names and types, column by column."""

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import starmap
from zoneinfo import ZoneInfo

from dsar_export.export.convert import Convert, converter
from dsar_export.export.instants import ambiguous_or_missing
from dsar_export.export.unfit import Unfit
from dsar_export.model.outcome import Nonconforming, Reason, Record
from dsar_export.model.register import Dataset, FieldMapping
from dsar_export.model.schema import DatasetSchema, FieldKind, SchemaField
from dsar_export.model.source import Chunk

AS_STORED = "_as_stored"


@dataclass(frozen=True)
class NormalisedChunk:
    """The records that could be read, the rows that could not, and how many times were kept beside.

    `positions` holds each record's place in the order read, from 1.
    """

    records: list[Record]
    positions: Sequence[int]
    nonconforming: list[Nonconforming]
    times_kept_beside: int


Column = Sequence[object]


@dataclass(frozen=True)
class _FieldColumn:
    """How one field's column is made from a chunk's columns."""

    name: str
    source: int | None
    constant: object
    convert: Convert


@dataclass
class Normaliser:
    """Normalises one dataset's chunks, in order."""

    names: tuple[str, ...]
    columns: Sequence[_FieldColumn]
    beside: Mapping[str, tuple[int, ZoneInfo]]
    rows_read: int = 0

    def normalise(self, chunk: Chunk) -> NormalisedChunk:
        """Converts a chunk; a row with an unfit cell becomes nonconforming, all others records."""
        stored: list[Column] = list(zip(*chunk.rows, strict=True))
        unfit: dict[int, list[Reason]] = {}
        made = [self._column(c, stored, len(chunk.rows), unfit) for c in self.columns]
        kept = [self._kept_beside(at, zone, stored) for at, zone in self.beside.values()]
        rows = zip(*made, *kept, strict=True)
        records = [dict(zip(self.names, row, strict=True)) for row in rows]
        first = self.rows_read + 1
        self.rows_read += len(chunk.rows)
        times = sum(cell is not None for column in kept for cell in column)
        if not unfit:
            return NormalisedChunk(records, range(first, first + len(records)), [], times)
        fit = [i for i in range(len(records)) if i not in unfit]
        return NormalisedChunk(
            [records[i] for i in fit],
            [first + i for i in fit],
            [Nonconforming(first + i, tuple(why), records[i]) for i, why in sorted(unfit.items())],
            times,
        )

    def _column(
        self, column: _FieldColumn, stored: list[Column], rows: int, unfit: dict[int, list[Reason]]
    ) -> Column:
        if column.source is None:
            return [column.constant] * rows
        cells = stored[column.source]
        try:
            return [None if cell is None else column.convert(cell) for cell in cells]
        except Unfit:
            return list(starmap(_one_by_one(column, unfit), enumerate(cells)))

    @staticmethod
    def _kept_beside(at: int, zone: ZoneInfo, stored: list[Column]) -> Column:
        return [str(cell) if ambiguous_or_missing(cell, zone) else None for cell in stored[at]]


def _one_by_one(column: _FieldColumn, unfit: dict[int, list[Reason]]) -> Callable[[int, object], object]:
    """Converts what can be; an unfit cell stays as stored, tagged, and its row is noted."""

    def convert(index: int, cell: object) -> object:
        try:
            return None if cell is None else column.convert(cell)
        except Unfit as verdict:
            unfit.setdefault(index, []).append(Reason(f"/{column.name}", verdict.rule))
            return as_stored(cell)

    return convert


def normaliser(dataset: Dataset, schema: DatasetSchema) -> Normaliser:
    """Compiles a dataset's mapping against its mapped schema."""
    place = {name: index for index, name in enumerate(dataset.columns, start=1)}  # 0 is the subject key
    mapped = [(f, dataset.fields[f.name]) for f in schema.fields if f.name in dataset.fields]
    columns = [_field_column(f.name, m, converter(f.kind, m), place) for f, m in mapped]
    beside = {
        f.name + AS_STORED: (place[m.column], ZoneInfo(m.zone))
        for f, m in mapped
        if _keeps_beside(f, m) and m.zone is not None and m.column is not None
    }
    return Normaliser((*(c.name for c in columns), *beside), columns, beside)


def _field_column(
    name: str, mapping: FieldMapping, convert: Convert, place: Mapping[str, int]
) -> _FieldColumn:
    if mapping.column is None:
        return _FieldColumn(name, None, convert(mapping.value), convert)
    return _FieldColumn(name, place[mapping.column], None, convert)


def mapped_schema(dataset: Dataset, schema: DatasetSchema) -> DatasetSchema:
    """The schema of a dataset's records: the fields that the register maps, and texts kept beside.

    Every record has every mapped field, with null where the source has none, so all are required.
    """
    fields = [
        replace(f, required=True, origin=dataset.fields[f.name].origin or f.origin)
        for f in schema.fields
        if f.name in dataset.fields
    ]
    beside = [_beside_field(f) for f in fields if _keeps_beside(f, dataset.fields[f.name])]
    specs = schema.document["properties"]
    properties: dict[str, object] = {}
    if isinstance(specs, Mapping):
        properties = {f.name: {**specs[f.name], "x-origin": str(f.origin)} for f in fields}
    properties |= {f.name: _beside_spec(f) for f in beside}
    names = [f.name for f in (*fields, *beside)]
    document = {**schema.document, "properties": properties, "required": names}
    period = schema.period_field if schema.period_field in names else None
    if period is None:
        document.pop("x-period-field", None)
    return replace(schema, document=document, fields=(*fields, *beside), period_field=period)


def _keeps_beside(schema_field: SchemaField, mapping: FieldMapping) -> bool:
    return schema_field.kind is FieldKind.INSTANT and mapping.zone is not None and mapping.zone != "UTC"


def _beside_field(of: SchemaField) -> SchemaField:
    return SchemaField(
        name=of.name + AS_STORED,
        title=f"{of.title}, as stored",
        description=(
            "The text as our system holds it, where its local time happened twice or never "
            "(when clocks change). Empty otherwise."
        ),
        origin=of.origin,
        kind=FieldKind.TEXT,
        nullable=True,
        required=True,
    )


def _beside_spec(beside: SchemaField) -> dict[str, object]:
    return {
        "title": beside.title,
        "description": beside.description,
        "type": ["string", "null"],
        "x-origin": str(beside.origin),
    }


def as_stored(cell: object) -> object:
    """A stored cell as JSON says it, tagged where JSON has no word for it; nothing is lost."""
    if isinstance(cell, str):
        return cell if _is_unicode(cell) else _tagged_text(cell)
    if isinstance(cell, bytes | memoryview):
        return {"$base64": base64.b64encode(cell).decode(), "$was": "bytes"}
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float | Decimal):
        return cell if _is_json_number(cell) else {"$number": str(cell)}
    return str(cell)


def _is_unicode(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_json_number(cell: float | Decimal) -> bool:
    if isinstance(cell, int):
        return -(2**63) <= cell < 2**64
    return isinstance(cell, float) and math.isfinite(cell)


def _tagged_text(cell: str) -> object:
    try:
        raw, was = cell.encode("utf-8", "surrogateescape"), "bytes that are not UTF-8"
    except UnicodeEncodeError:
        raw, was = cell.encode("utf-8", "surrogatepass"), "text with lone surrogates"
    return {"$base64": base64.b64encode(raw).decode(), "$was": was}
