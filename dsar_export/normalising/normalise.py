"""Stored rows -> records with the schema's names and types, column by column."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from zoneinfo import ZoneInfo

from dsar_export.model.codes import code_of
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import Binary, FieldMapping
from dsar_export.model.json_pointer import Steps, pointer_steps
from dsar_export.model.outcome import Nonconforming, Reason, Record
from dsar_export.model.schema import DatasetSchema, FieldKind, SchemaField
from dsar_export.model.source import Chunk, Column
from dsar_export.normalising import Unfit
from dsar_export.normalising.as_stored import as_stored
from dsar_export.normalising.cells import Convert, converter, text
from dsar_export.normalising.columns import ConvertColumn, column_converter
from dsar_export.normalising.embedded_credentials import column_may_hold_one
from dsar_export.normalising.instants import ambiguous_or_missing, zone_named
from dsar_export.normalising.json_columns import JsonColumn, json_columns
from dsar_export.normalising.key_value_tables import KeyValues, key_values
from dsar_export.normalising.mapped_schema import AS_STORED, CODE, keeps_beside, keeps_code
from dsar_export.normalising.marks import Marks
from dsar_export.normalising.pairs import Pair, paired


@dataclass(frozen=True)
class NormalisedChunk:
    """The records of a chunk, its rows that do not conform, and how many times were kept beside.

    `positions` are the positions of the records in the order read, from 1. `kept_back` are the reasons of rows that
    could not be split safely: nobody knows what in them the subject may see, so their cells go no further.
    `with_members` names the text fields in which a cell may be JSON that contains a credential.
    """

    records: list[Record]
    positions: Sequence[int]
    nonconforming: list[Nonconforming]
    times_kept_beside: int
    kept_back: Sequence[tuple[Reason, ...]] = ()
    with_members: Sequence[str] = ()


Reasons = dict[int, list[Reason]]


@dataclass(frozen=True)
class _FieldColumn:
    """How one field's column is made: from which cells of a chunk, or from a constant."""

    name: str
    source: int | None
    convert: Convert
    convert_column: ConvertColumn | None = None
    constant: object = None
    is_text: bool = False
    steps: Steps | None = None
    second: int | None = None
    pair: Pair | None = None


@dataclass(frozen=True)
class _LocalTimes:
    """A column of local times, and its zone or the column with its zones; ambiguous times are kept beside."""

    source: int
    zone: ZoneInfo | None
    zones: int | None


@dataclass(frozen=True)
class Conversions:
    """How a dataset's rows become records; the same for every person.

    `coded` are the columns whose meanings stand in a table of the source, which is read for each person anew.
    """

    columns: Sequence[_FieldColumn]
    beside: Mapping[str, _LocalTimes]
    json: Mapping[int, JsonColumn]
    marks: Marks
    key_values: KeyValues
    coded: Mapping[str, Callable[[Mapping[str, object]], _FieldColumn]]

    def with_codes(self, meanings: Mapping[str, Mapping[str, object]]) -> "Conversions":
        """The conversions with what codes mean, by field."""
        if not meanings:
            return self
        columns = [self.coded[c.name](meanings[c.name]) if c.name in meanings else c for c in self.columns]
        return replace(self, columns=columns)

    def normalise(self, chunk: Chunk, first: int = 1) -> NormalisedChunk:
        """Converts a chunk; a row with an unfit cell becomes nonconforming, all others records.

        `first` is the place of the chunk's first row in the order read, from 1.
        """
        stored: list[Column] = list(zip(*chunk.rows, strict=True))
        kept_back, unfit = Reasons(), Reasons()
        taken = {key: column for at in self.json for key, column in self._taken(at, stored, kept_back)}
        made = [self._column(c, stored, taken, len(chunk.rows), unfit) for c in self.columns]
        kept = [_kept_beside(times, stored) for times in self.beside.values()]
        by_name = dict(zip(self._names, made, strict=False))
        for index, reasons in self.key_values.suspects(stored, by_name):
            kept_back.setdefault(index, []).extend(reasons)
        marks = self.marks.columns(chunk, stored, by_name)
        records = self._records([*made, *kept, *marks])
        times = sum(cell is not None for column in kept for cell in column)
        texts = [
            c.name
            for c, cells in zip(self.columns, made, strict=True)
            if c.is_text and column_may_hold_one(cells)
        ]
        if not unfit and not kept_back:
            places = range(first, first + len(records))
            return NormalisedChunk(records, places, [], times, with_members=texts)
        fit = [i for i in range(len(records)) if i not in unfit and i not in kept_back]
        return NormalisedChunk(
            [records[i] for i in fit],
            [first + i for i in fit],
            [
                Nonconforming(first + i, tuple(why), records[i])
                for i, why in sorted(unfit.items())
                if i not in kept_back
            ],
            times,
            [tuple(why) for _, why in sorted(kept_back.items())],
            texts,
        )

    @cached_property
    def _names(self) -> Sequence[str]:
        return [*(c.name for c in self.columns), *self.beside, *self.marks.names]

    @cached_property
    def _records(self) -> Callable[[Sequence[Column]], list[Record]]:
        return _recorder(self._names)

    def _taken(
        self, at: int, stored: list[Column], kept_back: Reasons
    ) -> Iterator[tuple[tuple[int, Steps], Column]]:
        """Splits a JSON column into one column per pointer, parsing each cell once."""
        column = self.json[at]
        documents: list[Mapping[Steps, object]] = []
        for index, cell in enumerate(stored[at]):
            try:
                documents.append(column.split(cell))
            except Unfit as verdict:
                fields = [c.name for c in self.columns if c.source == at and c.steps is not None]
                kept_back[index] = [Reason(f"/{name}", verdict.rule) for name in fields]
                documents.append(column.split(None))
        for steps in column.taken:
            yield (at, steps), [document[steps] for document in documents]

    @staticmethod
    def _column(
        column: _FieldColumn,
        stored: list[Column],
        taken: Mapping[tuple[int, Steps], Column],
        rows: int,
        unfit: Reasons,
    ) -> Column:
        if column.source is None:
            return [column.constant] * rows
        cells = stored[column.source] if column.steps is None else taken[column.source, column.steps]
        made = None if column.convert_column is None else column.convert_column(cells)
        if made is not None:
            return made
        try:
            if column.pair is None or column.second is None:
                return [None if cell is None else column.convert(cell) for cell in cells]
            pairs = zip(cells, stored[column.second], strict=True)
            return [None if cell is None else column.pair(cell, other) for cell, other in pairs]
        except Unfit:
            others = cells if column.second is None else stored[column.second]
            return [
                _converted_cell(column, unfit, i, *pair)
                for i, pair in enumerate(zip(cells, others, strict=True))
            ]


def _recorder(names: Sequence[str]) -> Callable[[Sequence[Column]], list[Record]]:
    """Compiles columns -> records as a dictionary literal, which is faster than dict(zip()) (see ADR 20)."""
    cells = [f"c{n}" for n in range(len(names))]
    fields = ", ".join(f"{name!r}: {cell}" for name, cell in zip(names, cells, strict=True))
    made: Callable[[Sequence[Column]], list[Record]] = eval(  # noqa: S307 # names are written as literals
        f"lambda columns: [{{{fields}}} for {', '.join(cells)}, in zip(*columns, strict=True)]"
    )
    return made


def _kept_beside(times: _LocalTimes, stored: list[Column]) -> Column:
    cells = stored[times.source]
    zones = [times.zone] * len(cells) if times.zones is None else map(_zone, stored[times.zones])
    pairs = zip(cells, zones, strict=True)
    return [
        str(cell) if zone is not None and ambiguous_or_missing(cell, zone) else None for cell, zone in pairs
    ]


def _zone(cell: object) -> ZoneInfo | None:
    try:
        return zone_named(cell)
    except Unfit:  # the conversion of the field reports it
        return None


def _converted_cell(column: _FieldColumn, unfit: Reasons, index: int, cell: object, other: object) -> object:
    """Converts a cell; an unfit cell stays as stored, tagged, and its row is added to `unfit`."""
    try:
        if cell is None:
            return None
        return column.convert(cell) if column.pair is None else column.pair(cell, other)
    except Unfit as verdict:
        unfit.setdefault(index, []).append(Reason(f"/{column.name}", verdict.rule))
        return as_stored(cell)


def conversions(dataset: Dataset, schema: DatasetSchema, marks: Marks) -> Conversions:
    """Compiles a dataset's mapping against its mapped schema."""
    place = places(dataset)
    mapped = [(f, _mapping(dataset, f)) for f in schema.fields if f.name in dataset.fields]
    columns = [_field_column(f, m, place, None) for f, m in mapped]
    columns += [_code_column(f, m, place) for f, m in mapped if keeps_code(m)]
    beside = {
        f.name + AS_STORED: _LocalTimes(
            place[m.column],
            ZoneInfo(m.zone) if m.zone else None,
            place[m.zone_column] if m.zone_column else None,
        )
        for f, m in mapped
        if keeps_beside(f, m) and m.column is not None
    }
    json = {place[name]: column for name, column in json_columns(dataset).items()}
    coded = {f.name: partial(_field_column, f, m, place) for f, m in mapped if m.codes_from is not None}
    return Conversions(columns, beside, json, marks, key_values(dataset, place), coded)


def _mapping(dataset: Dataset, field: SchemaField) -> FieldMapping:
    mapping = dataset.fields[field.name]
    if mapping.binary is None and mapping.column in dataset.identifiers:
        return replace(mapping, binary=Binary.HEXADECIMAL)
    return mapping


def places(dataset: Dataset) -> Mapping[str, int]:
    """The position of each column in a row, after the owner cells with which a row begins."""
    return {name: index for index, name in enumerate(dataset.columns, start=dataset.owner_width)}


def _code_column(field: SchemaField, mapping: FieldMapping, place: Mapping[str, int]) -> _FieldColumn:
    """The column with the stored codes as text, beside the column with their meanings."""
    column = FieldMapping(column=mapping.column, path=mapping.path)
    made = _field_column(replace(field, name=field.name + CODE, kind=FieldKind.TEXT), column, place, None)
    return replace(made, convert=lambda cell: text(code_of(cell)))


def _field_column(
    field: SchemaField, mapping: FieldMapping, place: Mapping[str, int], live: Mapping[str, object] | None
) -> _FieldColumn:
    convert = converter(field.kind, mapping, live)
    if mapping.column is None:
        return _FieldColumn(field.name, None, convert, constant=convert(mapping.value))
    pair = paired(mapping)
    return _FieldColumn(
        field.name,
        place[mapping.column],
        convert,
        None if pair is not None else column_converter(field.kind, mapping, live),
        is_text=field.kind in {FieldKind.TEXT, FieldKind.PHONE},
        steps=None if mapping.path is None else pointer_steps(mapping.path),
        second=None if pair is None else place[pair[0]],
        pair=None if pair is None else pair[1],
    )
