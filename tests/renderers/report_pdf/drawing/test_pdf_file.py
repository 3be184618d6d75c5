"""The objects of the file are where its cross-references point, and every reader finds them."""

import re
import struct
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject

from renderers.report_pdf.drawing.pdf_file import PdfFile
from tests.renderers.report_pdf.drawing.awkward import SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.tagged import Tagged, drawn, report, section

LARGE = drawn(report(*(section(*every_kind(text)) for text in SCRIPTS.values()), opening=every_kind("x")))


def entries(body: bytes) -> list[tuple[int, int, int]]:
    """The cross-references from the last stream of the file."""
    start = int(re.findall(rb"startxref\n(\d+)\n%%EOF\n\Z", body)[0])
    xref: Any = PdfReader(BytesIO(body)).get_object(int(re.match(rb"(\d+) 0 obj", body[start:])[1]))  # type: ignore[index]
    data = xref.get_data()
    assert len(data) == xref["/Size"] * 7
    return list(struct.iter_unpack(">BIH", data))


def test_entries_point_to_their_objects() -> None:
    found = entries(LARGE)

    assert found[0] == (0, 0, 65535)
    for number, (kind, at, _) in enumerate(found):
        if kind == 1:
            assert LARGE[at:].startswith(b"%d 0 obj\n" % number)
        if kind == 2:
            assert found[at][0] == 1  # the stream that holds it is an object of its own
    assert {kind for kind, _, _ in found} >= {1, 2}


def test_object_streams_contain_the_objects_they_list() -> None:
    found, reader = entries(LARGE), PdfReader(BytesIO(LARGE))
    for number, (kind, stream, index) in enumerate(found):
        if kind != 2:
            continue
        held: Any = reader.get_object(stream)
        assert held["/Type"] == "/ObjStm"
        assert held["/N"] <= 510  # a row is not parted
        places = held.get_data()[: held["/First"]].split()
        assert int(places[2 * index]) == number
        assert len(places) == 2 * held["/N"]


def test_every_object_can_be_followed_from_the_root() -> None:
    reader = PdfReader(BytesIO(LARGE), strict=True)
    seen: set[int] = set()
    left: list[Any] = [reader.trailer]
    while left:
        each = left.pop()
        if isinstance(each, IndirectObject):
            if each.idnum not in seen:
                seen.add(each.idnum)
                found = each.get_object()
                assert found is not None
                assert not isinstance(found, NullObject)
                left.append(found)
        elif isinstance(each, DictionaryObject):
            left += [each.raw_get(key) for key in each]
        elif isinstance(each, ArrayObject):
            left += list(each)

    used = {number for number, (kind, _, _) in enumerate(entries(LARGE)) if kind}
    streams = {at for kind, at, _ in entries(LARGE) if kind == 2}
    xref = len(entries(LARGE)) - 1
    assert used - seen - streams - {xref} == set()  # no object is there for nothing


def test_reserved_numbers_that_are_never_used_are_free() -> None:
    file = PdfFile()
    first = file.reserve(3)
    root, info = file.reserve(), file.reserve()
    file.put(first + 1, b"(here)")
    file.put(info, b"<<>>")
    file.put(root, b"<</Type/Catalog>>")
    file.finish(root, info)

    found = entries(file.take())
    assert [kind for kind, _, _ in found[first : first + 3]] == [0, 2, 0]


def test_bytes_are_returned_only_once() -> None:
    file = PdfFile()
    number = file.reserve()
    header = file.take()
    file.put_stream(number, b"/A 1", b"content")
    stream = file.take()

    assert header.startswith(b"%PDF-1.7\n")
    assert stream.startswith(b"%d 0 obj\n<</A 1/Filter/FlateDecode/Length " % number)
    assert file.take() == b""


def test_objects_wait_until_there_are_five_hundred() -> None:
    file = PdfFile()
    file.take()
    for _ in range(499):
        file.put(file.reserve(), b"(x)")
    assert file.take() == b""

    file.put(file.reserve(), b"(x)")
    assert b"/Type/ObjStm/N 500/" in file.take()


@pytest.mark.parametrize("content", [b"", b"\r", b"a\n", b"endstream", bytes(range(256))])
def test_a_stream_is_read_as_it_was_written(content: bytes) -> None:
    file = PdfFile()
    raw, packed, root, info = (file.reserve() for _ in range(4))
    file.put_raw_stream(raw, b"", content)
    file.put_stream(packed, b"", content)
    file.put(root, b"<</Type/Catalog/Raw %d 0 R/Packed %d 0 R>>" % (raw, packed))
    file.put(info, b"<<>>")
    file.finish(root, info)

    catalogue: Any = PdfReader(BytesIO(file.take()), strict=True).trailer["/Root"]
    assert catalogue["/Raw"].get_data() == catalogue["/Packed"].get_data() == content


def test_the_file_has_two_equal_identifiers_and_no_time() -> None:
    read = Tagged(LARGE)

    identities: Any = read.reader.trailer["/ID"]
    assert len(identities) == 2
    assert identities[0] == identities[1]
    assert read.reader.metadata is not None
    assert read.reader.metadata.creation_date is None
    assert b"Date" not in b"".join(LARGE.split(b"stream")[::2])
