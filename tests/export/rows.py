"""Rows, chunks and the register of the small world, for the stages that need no database."""

import functools
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from dsar_export.export.normalise import NormalisedChunk, mapped_schema, normaliser
from dsar_export.model.register import Dataset, Register
from dsar_export.model.schema import DatasetSchema
from dsar_export.model.source import Chunk, Selection
from dsar_export.register_file import read_register
from tests.worlds import COLUMNS, World


@functools.cache
def register() -> Register:
    """The small world's register."""
    with tempfile.TemporaryDirectory() as folder:
        return read_register(World(Path(folder) / "register").write(()).folder)


def dataset() -> Dataset:
    return register().datasets[0]


def schema() -> DatasetSchema:
    """The schema of the records as the register maps it."""
    return mapped_schema(dataset(), register().schemas["records"])


def row(owner: object = "C-1", number: int = 1, **cells: object) -> tuple[object, ...]:
    """A row as a collector returns it: its owner, its number and its cells."""
    assert set(cells) <= set(COLUMNS)
    return (owner, number, *(cells.get(column) for column in COLUMNS))


def normalised(*rows: tuple[object, ...]) -> NormalisedChunk:
    return normaliser(dataset(), schema()).normalise(Chunk(rows))


class ChunksInMemory:
    """A snapshot that returns the chunks that it was given."""

    def __init__(self, *chunks: Sequence[tuple[object, ...]]) -> None:
        self._chunks = chunks
        self.asked: list[Selection] = []

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        self.asked.append(selection)
        yield from (Chunk(rows) for rows in self._chunks)
