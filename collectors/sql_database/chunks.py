"""Steps of fetched rows -> the rows of chunks, within their bounds."""

from collections.abc import Iterable, Iterator, Sequence

from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS

Rows = Sequence[tuple[object, ...]]


def bounded(steps: Iterable[Rows]) -> Iterator[Rows]:
    """Regroups rows into chunks of at most CHUNK_ROWS and CHUNK_BYTES; a larger row is a chunk of its own."""
    held: list[tuple[object, ...]] = []
    size = 0
    for row in (row for rows in steps for row in rows):
        row_size = sum(map(_cell_bytes, row))
        if held and (len(held) == CHUNK_ROWS or size + row_size > CHUNK_BYTES):
            yield held
            held, size = [], 0
        held.append(row)
        size += row_size
    if held:
        yield held


def _cell_bytes(cell: object) -> int:
    if isinstance(cell, str):
        return len(cell) if cell.isascii() else 4 * len(cell)  # at most; asking exactly would encode it
    return len(cell) if isinstance(cell, bytes) else 8


def each_once(steps: Iterable[Rows], dataset: Dataset) -> Iterator[Rows]:
    """Takes the key off the rows of a query; a key that comes twice says that a join multiplies the rows."""
    before: object = None
    for rows in steps:
        for row in rows:
            if row[-1] == before:
                raise RegisterError(
                    f"dataset {dataset.name!r}: the query returns a row of {dataset.table!r} more than once; "
                    f"correct its joins in datasets/{dataset.name}.toml"
                )
            before = row[-1]
        yield [row[:-1] for row in rows]
