"""A dataset's members of the package: one a renderer, one for rows kept beside, and its schema."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import orjson

from dsar_export.export.seal import PartWriter, Sealer
from dsar_export.export.withhold import ReleasedChunk
from dsar_export.interfaces import DatasetRenderer, RecordStream
from dsar_export.model.outcome import Nonconforming
from dsar_export.model.package import MemberRole
from dsar_export.model.schema import DatasetSchema


class DatasetMembers:
    """Writes one dataset's chunks to all of its members at once, so that the source is read once."""

    def __init__(self, streams: Sequence[tuple[RecordStream, PartWriter]], kept_beside: "KeptBeside") -> None:
        self._streams = streams
        self._kept_beside = kept_beside

    def write(self, chunk: ReleasedChunk) -> None:
        if chunk.records:
            for stream, part in self._streams:
                part.write(stream.rows(chunk.records))
        if chunk.nonconforming:
            self._kept_beside.write(chunk.nonconforming)

    @property
    def cells_changed(self) -> int:
        return sum(stream.cells_changed for stream, _ in self._streams)


class KeptBeside:
    """The member for nonconforming rows; it exists only if there are any."""

    def __init__(self, sealer: Sealer, dataset: str, stack: ExitStack) -> None:
        self._sealer = sealer
        self._dataset = dataset
        self._stack = stack
        self._part: PartWriter | None = None

    def write(self, rows: Sequence[Nonconforming]) -> None:
        separator = b",\n"
        if self._part is None:
            path = f"data/nonconforming/{self._dataset}.json"
            member = self._sealer.member(path, MemberRole.NONCONFORMING, "application/json", self._dataset)
            self._part = self._stack.enter_context(member)
            separator = b"[\n"
        self._part.write(separator + b",\n".join(orjson.dumps(_told(row)) for row in rows))

    def finish(self) -> None:
        if self._part is not None:
            self._part.write(b"\n]\n")


def _told(row: Nonconforming) -> dict[str, object]:
    reasons = [{"field": reason.field, "rule": reason.rule} for reason in row.reasons]
    return {"row": row.row, "reasons": reasons, "values": row.values}


@contextmanager
def dataset_members(
    sealer: Sealer, renderers: Sequence[DatasetRenderer], dataset: str, schema: DatasetSchema
) -> Iterator[DatasetMembers]:
    """Opens a dataset's members, and finishes them when the block ends well."""
    with ExitStack() as stack:
        streams = []
        for renderer in renderers:
            member = sealer.member(renderer.path(dataset), MemberRole.RECORDS, renderer.mediatype, dataset)
            streams.append((renderer.stream(schema), stack.enter_context(member)))
        kept_beside = KeptBeside(sealer, dataset, stack)
        for stream, part in streams:
            part.write(stream.head())
        yield DatasetMembers(streams, kept_beside)
        for stream, part in streams:
            part.write(stream.tail())
        kept_beside.finish()
    path = f"data/schemas/{dataset}.schema.json"
    with sealer.member(path, MemberRole.SCHEMA, "application/schema+json", dataset) as part:
        part.write(orjson.dumps(schema.document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
