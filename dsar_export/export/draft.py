"""Validated chunks -> blocks of a Draft, and back.

A block holds a chunk, so that a package made from the Draft is rendered from the same chunks as one made at once. A
record has its source key and a keyed hash of its content beside it, to which decisions bind.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

import orjson

from dsar_export.export.record_lines import as_json, from_json, lines_of, values_of
from dsar_export.export.validate import ValidatedChunk
from dsar_export.model.dataset import Dataset
from dsar_export.model.outcome import Reason, Record
from dsar_export.model.source import Chunk
from dsar_export.normalising.as_stored import as_stored
from dsar_export.normalising.normalise import places
from dsar_export.sealing.drafts.writer import Block

_LENGTH_BYTES: Final = 8
HashContent = Callable[[str, bytes], str]
"""The keyed hash of a record, from its source key and its JSON."""


@dataclass(frozen=True)
class DraftRecord:
    """A record of a Draft; `source_key` and `content_hash` name it and what it said."""

    record: Record
    source_key: str
    content_hash: str


@dataclass(frozen=True)
class _Head:
    """What a block says of its records, in their order, and of its other rows."""

    keys: Sequence[str]
    hashes: Sequence[str]
    positions: Sequence[int]
    times_kept_beside: int
    kept_back: Sequence[tuple[tuple[str, str], ...]]
    exactly: tuple[bool, bool]


def draft_blocks(
    dataset: Dataset, rows: Iterable[tuple[Chunk, ValidatedChunk]], content_hash: HashContent
) -> Iterator[Block]:
    """A block for each chunk; of rows that are kept back for staff, only the reasons."""
    source_keys, first = SourceKeys(dataset), 1
    for chunk, validated in rows:
        keys = source_keys.of(chunk, [position - first for position in validated.positions])
        first += len(chunk.rows)
        yield _block(validated, keys, content_hash)


def draft_chunk(text: bytes) -> ValidatedChunk:
    """The chunk that a block was made from."""
    head, records, beside = _parts(text)
    return ValidatedChunk(
        cast("list[Record]", list(values_of(records, exactly=head.exactly[0]))),
        [from_json(row) for row in values_of(beside, exactly=head.exactly[1])],
        head.times_kept_beside,
        [tuple(Reason(*reason) for reason in reasons) for reasons in head.kept_back],
        head.positions,
    )


def draft_records(text: bytes) -> Sequence[DraftRecord]:
    """The records of a block, as reviewers see them."""
    head, records, _ = _parts(text)
    values = cast("list[Record]", values_of(records, exactly=head.exactly[0]))
    return [DraftRecord(*each) for each in zip(values, head.keys, head.hashes, strict=True)]


class SourceKeys:
    """Names the rows of a dataset in their source: by the columns that order them uniquely, where these are read.

    Otherwise by all cells that are read: a row that changed is then another row, and needs its decisions anew.
    """

    def __init__(self, dataset: Dataset) -> None:
        place, order = places(dataset), dataset.place.order_by
        names = order if all(name in place for name in order) else tuple(place)
        self._places = [place[name] for name in names]

    def of(self, chunk: Chunk, indexes: Iterable[int]) -> Sequence[str]:
        """The keys of some rows of a chunk, as JSON; versions of a row differ from the row itself."""
        version = [chunk.earlier_version, chunk.deleted]
        rows = ([as_stored(chunk.rows[index][at]) for at in self._places] for index in indexes)
        return [orjson.dumps([*cells, *version]).decode() for cells in rows]


def _block(chunk: ValidatedChunk, keys: Sequence[str], content_hash: HashContent) -> Block:
    records, beside = lines_of(chunk.records), lines_of(map(as_json, chunk.nonconforming))
    head = _Head(
        keys,
        [content_hash(key, line) for key, line in zip(keys, records.texts, strict=True)],
        chunk.positions,
        chunk.times_kept_beside,
        [tuple((reason.field, reason.rule) for reason in reasons) for reasons in chunk.kept_back],
        (records.exact, beside.exact),
    )
    texts = (orjson.dumps(head, default=list), records.joined, beside.joined)
    text = b"".join(len(each).to_bytes(_LENGTH_BYTES, "big") + each for each in texts)
    return Block(text, len(chunk.records), len(chunk.nonconforming))


def _parts(text: bytes) -> tuple[_Head, bytes, bytes]:
    texts, at = list[bytes](), 0
    while at < len(text):
        end = at + _LENGTH_BYTES
        after = end + int.from_bytes(text[at:end], "big")
        texts.append(text[end:after])
        at = after
    head, records, beside = texts
    return _Head(**orjson.loads(head)), records, beside
