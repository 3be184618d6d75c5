"""Where a dataset's members are made: of few rows here, of many by a process of its own."""

from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import Final

from dsar_export.export.rendering import Rendered, Rendering
from dsar_export.export.rendering_process import render_apart
from dsar_export.export.seal import Sealer
from dsar_export.model.outcome import JsonChunk

# Of JSON, 2,500 rows: they take 8 ms here, where to start another process takes 80.
FEW_BYTES: Final = 1 << 20


def seal_members(rendering: Rendering, chunks: Iterator[JsonChunk], sealer: Sealer) -> Rendered:
    """Makes a dataset's members of its chunks as they come."""
    first, size = deque[JsonChunk](), 0
    for chunk in chunks:
        first.append(chunk)
        size += len(chunk.records) + len(chunk.nonconforming)
        if size > FEW_BYTES:
            rendered, parts = render_apart(rendering, chain(_emptied(first), chunks), sealer.apart())
            sealer.take(parts)
            return rendered
    return rendering.render(_emptied(first), sealer)


def _emptied(chunks: deque[JsonChunk]) -> Iterator[JsonChunk]:
    while chunks:
        yield chunks.popleft()
