"""Renders a dataset into sealed members: one for each renderer, one for rows kept beside, and its schema."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass

import orjson

from dsar_export.interfaces import DatasetRenderer
from dsar_export.model.outcome import RecordLines
from dsar_export.model.package import MemberRole
from dsar_export.model.schema import DatasetSchema
from dsar_export.sealing.schema_note import with_note
from dsar_export.sealing.writer import PartWriter, Sealer


@dataclass(frozen=True)
class Rendered:
    """Counts of a rendered dataset: records, nonconforming rows, and cells changed for safety."""

    records: int
    nonconforming: int
    cells_changed: int


@dataclass(frozen=True)
class Rendering:
    """How to render one dataset. Picklable, because a second process may do it."""

    renderers: Sequence[DatasetRenderer]
    dataset: str
    schema: DatasetSchema

    def render(self, chunks: Iterable[RecordLines], sealer: Sealer) -> Rendered:
        """Writes all members in one pass over the chunks.

        If the chunks end with an error, no member is finished.
        """
        written = 0
        with ExitStack() as stack:
            streams = [
                (r.stream(self.schema), stack.enter_context(self._records(r, sealer))) for r in self.renderers
            ]
            beside = _KeptBeside(self.dataset, sealer, stack)
            for stream, part in streams:
                part.write(stream.head())
            for chunk in chunks:
                if chunk.records:
                    written += len(chunk.records)
                    for stream, part in streams:
                        part.write(stream.rows(chunk.records, chunk.lines))
                if chunk.nonconforming:
                    beside.write(chunk.nonconforming)
            for stream, part in streams:
                part.write(stream.tail())
            beside.finish()
        path = f"data/schemas/{self.dataset}.schema.json"
        with sealer.member(path, MemberRole.SCHEMA, "application/schema+json", self.dataset) as part:
            how = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
            part.write(orjson.dumps(with_note(self.schema.document), option=how))
        return Rendered(written, beside.rows, sum(stream.cells_changed for stream, _ in streams))

    def _records(self, renderer: DatasetRenderer, sealer: Sealer) -> AbstractContextManager[PartWriter]:
        path = renderer.path(self.dataset)
        return sealer.member(path, MemberRole.RECORDS, renderer.mediatype, self.dataset)


class _KeptBeside:
    """The member for nonconforming rows; it exists only if there are any."""

    def __init__(self, dataset: str, sealer: Sealer, stack: ExitStack) -> None:
        self._dataset = dataset
        self._sealer = sealer
        self._stack = stack
        self._part: PartWriter | None = None
        self.rows = 0

    def write(self, lines: bytes) -> None:
        separator = b",\n"
        if self._part is None:
            path = f"data/nonconforming/{self._dataset}.json"
            member = self._sealer.member(path, MemberRole.NONCONFORMING, "application/json", self._dataset)
            self._part = self._stack.enter_context(member)
            separator = b"[\n"
        self._part.write(separator + lines)
        self.rows += lines.count(b"\n") + 1

    def finish(self) -> None:
        if self._part is not None:
            self._part.write(b"\n]\n")


SealMembers = Callable[[Rendering, Iterator[RecordLines], Sealer], Rendered]
"""Renders a dataset, in this process or in a second one (`sealing.apart`)."""


def seal_here(rendering: Rendering, chunks: Iterator[RecordLines], sealer: Sealer) -> Rendered:
    """Renders a dataset in this process."""
    return rendering.render(chunks, sealer)
