"""What one process sends, the other receives unchanged, or it notices that the first has given up."""

import os
from io import BytesIO

import orjson
import pytest

from dsar_export.model.outcome import RecordLines
from dsar_export.sealing.apart.wire import ClosedError, receive, received_chunks, send, send_chunks

ROWS = b'{"id":"1"},\n{"id":"2"}'
BESIDE = b'{"row":3}\n'


def chunk(lines: bytes = b"", nonconforming: bytes = b"") -> RecordLines:
    return RecordLines(orjson.loads(b"[%b]" % lines), lines, nonconforming)


def sent(*chunks: RecordLines) -> bytes:
    wire = BytesIO()
    send_chunks(wire, chunks)
    return wire.getvalue()


@pytest.mark.parametrize("text", [b"", b"a", b"\0" * 300, "ü\n".encode() * 70_000])
def test_texts_of_any_length_arrive_one_after_the_other(text: bytes) -> None:
    wire = BytesIO()
    send(wire, text, b"next")
    wire.seek(0)
    assert (receive(wire), receive(wire)) == (text, b"next")
    with pytest.raises(ClosedError):
        receive(wire)


def test_chunks_arrive_in_their_order_and_then_end() -> None:
    chunks = [chunk(ROWS), chunk(nonconforming=BESIDE), chunk(ROWS, BESIDE)]
    wire = BytesIO(sent(*chunks) + b"rest")
    assert list(received_chunks(wire)) == chunks
    assert wire.read() == b"rest"


def test_a_chunk_without_rows_does_not_end_it() -> None:
    assert (
        list(received_chunks(BytesIO(sent(chunk(), chunk(ROWS), chunk(), chunk(ROWS))))) == [chunk(ROWS)] * 2
    )


def test_chunks_that_break_off_anywhere_are_noticed() -> None:
    whole = sent(chunk(ROWS, BESIDE))
    for kept in range(len(whole)):
        with pytest.raises(ClosedError):
            list(received_chunks(BytesIO(whole[:kept])))


def test_a_chunk_is_there_before_the_next_is_made() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as source, os.fdopen(writer, "wb") as sink:
        send(sink, b"at once")
        assert receive(source) == b"at once"


def test_a_reader_that_has_gone_is_noticed() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    sink = os.fdopen(writer, "wb", buffering=0)
    with sink, pytest.raises(ClosedError):
        send(sink, b"unread")
