"""The format between both processes: texts with their length; a chunk is two texts, and an empty chunk is the end."""

from collections.abc import Iterable, Iterator
from typing import IO, Final

import orjson

from dsar_export.model.outcome import RecordLines
from dsar_export.sealing.members import Rendered
from dsar_export.sealing.part import SealedPart

_LENGTH_BYTES: Final = 8
_END: Final = (b"", b"")

Made = tuple[Rendered, tuple[SealedPart, ...]]
"""The counts of the rendered dataset, and its finished parts."""


class ClosedError(Exception):
    """The other process has ended or given up."""


def send(sink: IO[bytes], *texts: bytes) -> None:
    """Writes texts; ClosedError if nobody reads them any more."""
    try:
        for text in texts:
            sink.write(len(text).to_bytes(_LENGTH_BYTES, "big"))
            sink.write(text)
        sink.flush()
    except BrokenPipeError:
        raise ClosedError from None


def receive(source: IO[bytes]) -> bytes:
    """The next text; ClosedError if the input ends."""
    length = int.from_bytes(_exactly(source, _LENGTH_BYTES), "big")
    return _exactly(source, length)


def send_chunks(sink: IO[bytes], chunks: Iterable[RecordLines]) -> None:
    """Writes chunks as they come, then the end."""
    for chunk in chunks:
        texts = (chunk.lines, chunk.nonconforming)
        if texts != _END:
            send(sink, *texts)
    send(sink, *_END)


def received_chunks(source: IO[bytes]) -> Iterator[RecordLines]:
    """Chunks as they come, up to the end; ClosedError if the input ends before."""
    while (texts := (receive(source), receive(source))) != _END:
        lines, nonconforming = texts
        yield RecordLines(orjson.loads(b"[%b]" % lines), lines, nonconforming)


def _exactly(source: IO[bytes], length: int) -> bytes:
    read = source.read(length)
    if len(read) < length:
        raise ClosedError
    return read
