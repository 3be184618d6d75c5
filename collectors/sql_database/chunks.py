"""Steps of fetched rows -> the rows of chunks, within their bounds."""

import marshal
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from typing import Final, cast

import orjson

from collectors.sql_database.cursor import Rows
from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.model.dataset import Dataset
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS

# Rows fetched before their bytes are counted: few while rows are large or unknown, as 250 of 1 MB are no small chunk.
FIRST_STEP: Final = 10
_NO_REFERENCES: Final = 2  # later formats of marshal count equal texts once


@dataclass(frozen=True)
class Step:
    """Rows that were fetched together, and no less than the bytes of their cells; some may be sorted out."""

    rows: Rows
    size: int

    def following(self, most: int) -> int:
        """How many rows to fetch next: few while rows are large, else `most`; steps fill chunks."""
        if self.size * CHUNK_ROWS > len(self.rows) * CHUNK_BYTES:
            return FIRST_STEP
        return most - FIRST_STEP if len(self.rows) == FIRST_STEP else most


def step_of(rows: Rows) -> Step:
    """Measures rows by writing them to memory, which is quicker than asking each cell (ADR 20)."""
    try:
        return Step(rows, len(orjson.dumps(rows)))
    except TypeError:  # bytes, text that is not Unicode, and integers of more than 64 bits
        cells = cast("list[tuple[str | bytes | float | None, ...]]", rows)  # as all dialects return them
        return Step(rows, len(marshal.dumps(cells, _NO_REFERENCES)))


def with_numbers(rows: Rows, places: Sequence[int]) -> Rows:
    """Rows with the cells at these places as numbers, where the driver gives the text of a decimal one."""
    if not places:
        return rows
    made: list[tuple[object, ...]] = []
    for row in rows:
        cells = list(row)
        for at in places:
            cells[at] = Decimal(cell) if isinstance(cell := cells[at], str) else cell
        made.append(tuple(cells))
    return made


def bounded(steps: Iterable[Step]) -> Iterator[Rows]:
    """Regroups rows into chunks of at most CHUNK_ROWS and CHUNK_BYTES; a larger row is a chunk of its own."""
    held: list[tuple[object, ...]] = []
    size = 0
    for step in chain.from_iterable(_parts(step) for step in steps if step.rows):
        if held and size + step.size > CHUNK_BYTES:
            yield held
            held, size = [], 0
        rows = step.rows
        while len(held) + len(rows) >= CHUNK_ROWS:
            cut = CHUNK_ROWS - len(held)
            yield [*held, *rows[:cut]]
            held, size, rows = [], 0, rows[cut:]
        held += rows
        size += step.size if rows else 0
    if held:
        yield held


def _parts(step: Step) -> Iterator[Step]:
    if step.size <= CHUNK_BYTES or len(step.rows) <= 1:
        yield step
        return
    half = len(step.rows) // 2
    for rows in (step.rows[:half], step.rows[half:]):
        yield from _parts(step_of(rows))


def small_enough(steps: Iterable[Step], dataset: Dataset, most: int) -> Iterator[Step]:
    """Passes rows on whose large objects are not larger than this; SourceUnreadableError at one that is."""
    places = [n for n, name in enumerate(reversed(dataset.columns), start=1) if name in dataset.large_objects]
    for step in steps:
        for row in step.rows:
            if any(isinstance(cell := row[-n], bytes) and len(cell) > most for n in places):
                raise SourceUnreadableError(
                    f"source {dataset.source!r} could not be read: dataset {dataset.name!r}: a large object has more "
                    f"than {most >> 20} MiB; leave its column out in datasets/{dataset.name}.toml, with that reason"
                )
        yield step


def each_once(steps: Iterable[Step], dataset: Dataset) -> Iterator[Step]:
    """Takes order and key off the rows of a query; a key that comes twice says that a join multiplies the rows.

    One key comes at one place in the order only, as the statement sees to. So the keys of one place are all that
    must be remembered, however many rows there are; an order that is unique has one key at each.
    """
    width = dataset.owner_width + len(dataset.columns)
    place: object = None
    keys = set[object]()
    for step in steps:
        for row in step.rows:
            if row[-1] in keys:
                raise RegisterError(
                    f"dataset {dataset.name!r}: the query returns a row of {dataset.place.table!r} more than once; "
                    f"correct its joins in datasets/{dataset.name}.toml"
                )
            here = row[width:-1]
            if here != place:
                place = here
                keys.clear()
            keys.add(row[-1])
        yield Step([row[:width] for row in step.rows], step.size)
