"""Steps of fetched rows -> chunks within their bounds."""

import marshal
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from struct import Struct
from typing import Final, cast

import orjson

from collectors.sql_database.cursor import Rows
from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.model.dataset import Dataset
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS

# Rows to fetch before their bytes are counted: few while rows are large or their size is unknown.
FIRST_STEP: Final = 10
# Every number of 32 bits has at least six sure digits, and nine identify it.
_SURE_DIGITS: Final = 6
_ALL_DIGITS: Final = 9
_SINGLE: Final = Struct("f")
_NO_REFERENCES: Final = 2  # later versions of the marshal format write equal texts only once


Conversion = Callable[[object], object]


@dataclass(frozen=True)
class Step:
    """Rows fetched together; `size` is at least the bytes of their cells, and may count rows filtered out since."""

    rows: Rows
    size: int

    def next_size(self, most: int) -> int:
        """The number of rows to fetch next, so that steps fill chunks: few while rows are large, else `most`."""
        if self.size * CHUNK_ROWS > len(self.rows) * CHUNK_BYTES:
            return FIRST_STEP
        return most - FIRST_STEP if len(self.rows) == FIRST_STEP else most


def step_of(rows: Rows) -> Step:
    """Measures rows by serialising them, which is faster than measuring each cell (see ADR 20)."""
    try:
        return Step(rows, len(orjson.dumps(rows)))
    except TypeError:  # bytes, text that is not Unicode, or an integer of more than 64 bits
        cells = cast("list[tuple[str | bytes | float | None, ...]]", rows)  # as all dialects return them
        return Step(rows, len(marshal.dumps(cells, _NO_REFERENCES)))


def converted(rows: Rows, conversions: Mapping[int, Conversion]) -> Rows:
    """The rows with the cells at these places converted."""
    if not conversions:
        return rows
    made: list[tuple[object, ...]] = []
    for row in rows:
        cells = list(row)
        for at, convert in conversions.items():
            cells[at] = convert(cells[at])
        made.append(tuple(cells))
    return made


def as_decimal(cell: object) -> object:
    """A decimal number that a driver returned as text."""
    return Decimal(cell) if isinstance(cell, str) else cell


def as_single(cell: object) -> object:
    """A floating-point number of 32 bits with the fewest digits that identify it: 0.1, not 0.10000000149011612."""
    if not isinstance(cell, float):
        return cell
    texts = (f"{cell:.{digits}g}" for digits in range(_SURE_DIGITS, _ALL_DIGITS + 1))
    return next((short for short in map(float, texts) if _in_32_bits(short) == cell), cell)


def _in_32_bits(number: float) -> float:
    (rounded,) = _SINGLE.unpack(_SINGLE.pack(number))
    return float(rounded)


def bounded(steps: Iterable[Step]) -> Iterator[Rows]:
    """Regroups rows into chunks of at most CHUNK_ROWS and CHUNK_BYTES; a row larger than that is a chunk by itself."""
    pending: list[tuple[object, ...]] = []
    size = 0
    for step in chain.from_iterable(_parts(step) for step in steps if step.rows):
        if pending and size + step.size > CHUNK_BYTES:
            yield pending
            pending, size = [], 0
        rows = step.rows
        while len(pending) + len(rows) >= CHUNK_ROWS:
            cut = CHUNK_ROWS - len(pending)
            yield [*pending, *rows[:cut]]
            pending, size, rows = [], 0, rows[cut:]
        pending += rows
        size += step.size if rows else 0
    if pending:
        yield pending


def _parts(step: Step) -> Iterator[Step]:
    if step.size <= CHUNK_BYTES or len(step.rows) <= 1:
        yield step
        return
    half = len(step.rows) // 2
    for rows in (step.rows[:half], step.rows[half:]):
        yield from _parts(step_of(rows))


def small_enough(steps: Iterable[Step], dataset: Dataset, most: int) -> Iterator[Step]:
    """Yields the steps unchanged; SourceUnreadableError at a large object of more than `most` bytes."""
    places = [n for n, name in enumerate(reversed(dataset.columns), start=1) if name in dataset.large_objects]
    for step in steps:
        for row in step.rows:
            if any(isinstance(cell := row[-n], bytes) and len(cell) > most for n in places):
                raise SourceUnreadableError(
                    f"source {dataset.source!r} could not be read: dataset {dataset.name!r}: a large object has more "
                    f"than {most >> 20} MiB; leave its column out in datasets/{dataset.name}.toml and give that reason"
                )
        yield step


def each_once(steps: Iterable[Step], dataset: Dataset) -> Iterator[Step]:
    """Removes the order columns and the key from a query's rows; RegisterError if a key occurs twice.

    A key that occurs twice means that a join multiplies rows. The statement makes sure that a key occurs at only one
    place in the order. So only the keys at the current place are remembered; a unique order has one key at each place.
    """
    width, key_width = dataset.owner_width + len(dataset.columns), len(dataset.place.keys)
    place: object = None
    keys = set[object]()
    for step in steps:
        for row in step.rows:
            key = row[-key_width:]
            if key in keys:
                raise RegisterError(
                    f"dataset {dataset.name!r}: the query returns a row of {dataset.place.table!r} more than once; "
                    f"correct its joins in datasets/{dataset.name}.toml"
                )
            here = row[width:-key_width]
            if here != place:
                place = here
                keys.clear()
            keys.add(key)
        yield Step([row[:width] for row in step.rows], step.size)
