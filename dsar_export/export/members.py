"""Where a dataset's members are made: of few rows here, of many by a process of its own."""

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Final

from dsar_export.export.rendering import Rendering
from dsar_export.export.rendering_process import render_apart
from dsar_export.export.seal import Sealer
from dsar_export.model.outcome import JsonChunk

FEW_BYTES: Final = (
    1 << 21
)  # of JSON, 5,000 rows: they take 20 ms here, and another process takes 100 ms to start


def seal_members(rendering: Rendering, chunks: Iterator[JsonChunk], sealer: Sealer) -> int:
    """Makes a dataset's members of its chunks as they come; returns how many cells were changed for safety."""
    first, size = deque[JsonChunk](), 0
    for chunk in chunks:
        first.append(chunk)
        size += len(chunk.records) + len(chunk.nonconforming)
        if size > FEW_BYTES:
            rendered = render_apart(rendering, chain(_emptied(first), chunks), sealer.apart())
            sealer.take(rendered.parts)
            return rendered.cells_changed
    return rendering.render(_emptied(first), sealer)


def _emptied(chunks: deque[JsonChunk]) -> Iterator[JsonChunk]:
    while chunks:
        yield chunks.popleft()
