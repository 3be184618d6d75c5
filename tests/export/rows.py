"""Rows, chunks and the register of the small world, for stages that need no database."""

import functools
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from dsar_export.export.validate import Validator
from dsar_export.export.withhold import ReleasedChunk, withholding
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.left_out import LeftOut
from dsar_export.model.register import Register
from dsar_export.model.request import Right
from dsar_export.model.schema import DatasetSchema
from dsar_export.model.source import Chunk, Selection
from dsar_export.normalising.mapped_schema import mapped_schema
from dsar_export.normalising.marks import marks_of
from dsar_export.normalising.normalise import Conversions, NormalisedChunk, conversions, places
from dsar_export.wiring import register_in
from tests.replacing import replace
from tests.worlds import COLUMNS, World


@functools.cache
def register() -> Register:
    """The small world's register."""
    with tempfile.TemporaryDirectory() as folder:
        return register_in(World(Path(folder) / "register").write(()).folder)


def dataset() -> Dataset:
    return register().datasets[0]


def schema() -> DatasetSchema:
    """The schema of the records as the register maps it."""
    return mapped_schema(dataset(), register().schemas["records"])


def row(owner: object = "C-1", number: object = 1, **cells: object) -> tuple[object, ...]:
    """A row as a collector returns it: owner, no tenant, number and cells."""
    assert set(cells) <= set(COLUMNS)
    return (owner, None, number, *(cells.get(column) for column in COLUMNS))


def stage(
    of: Dataset | None = None,
    mapped: DatasetSchema | None = None,
    live: Mapping[str, Mapping[str, object]] = MappingProxyType({}),
) -> Conversions:
    """The conversions of a dataset, by default the small world's."""
    of = of or dataset()
    marks = marks_of(of, register().organisation, date(2026, 11, 22), places(of))
    return conversions(of, mapped or schema(), marks).with_codes(live)


def with_fields(
    fields: Mapping[str, FieldMapping],
    left_out: Mapping[str, LeftOut] = MappingProxyType({}),
    **changes: object,
) -> Dataset:
    """The small world's dataset with other fields; rows keep their cells in the small world's columns."""
    return replace(dataset(), fields=fields, left_out=left_out, **changes)


def normalised_as(
    of: Dataset, *rows: tuple[object, ...], live: Mapping[str, Mapping[str, object]] = MappingProxyType({})
) -> NormalisedChunk:
    """Rows with all columns of the small world, normalised by another dataset that maps some of them."""
    column = {name: 2 + at for at, name in enumerate(("id", *COLUMNS))}
    cut = [(*row[:2], *(row[column[name]] for name in of.columns)) for row in rows]
    return stage(of, mapped_schema(of, register().schemas["records"]), live).normalise(Chunk(cut))


def normalised(*rows: tuple[object, ...]) -> NormalisedChunk:
    return stage().normalise(Chunk(rows))


def released(*rows: tuple[object, ...]) -> ReleasedChunk:
    """The chunk that is released for these rows when the request is for access."""
    return withholding(Right.ACCESS, frozenset(), schema()).release(
        Validator(schema()).validate(normalised(*rows))
    )


class ChunksInMemory:
    """A snapshot that returns the given chunks and remembers its selections in `asked`."""

    def __init__(self, *chunks: Chunk | Sequence[tuple[object, ...]]) -> None:
        self._chunks = chunks
        self.asked: list[Selection] = []

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        self.asked.append(selection)
        yield from (c if isinstance(c, Chunk) else Chunk(c) for c in self._chunks)
