"""A PDF file that is written as it grows: object streams and a cross-reference stream (PDF 32000-1, 7.5.7-8).

ReportLab keeps every page in memory until the end and writes objects uncompressed: see ADR 23.
"""

import hashlib
import struct
from typing import Final

from isal import isal_zlib

_HEADER: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_OBJECTS_PER_STREAM: Final = 500  # or a few more, because the objects of a row stay together
_ENTRY: Final = struct.Struct(">BIH")
_FREE: Final = _ENTRY.pack(0, 0, 65535)
_LEVEL: Final = 3  # as fast as 2, with smaller files; zlib is much slower and gains little more


class PdfFile:
    """Takes objects by number, in any order, and returns the bytes of the file."""

    def __init__(self) -> None:
        self._out: list[bytes] = [_HEADER]
        self._position = len(_HEADER)
        self._entries = bytearray(_FREE)  # 7 bytes per object
        self._waiting: list[tuple[int, bytes]] = []
        self._digest = hashlib.sha256(_HEADER)

    def reserve(self, count: int = 1) -> int:
        """Reserve `count` object numbers and return the first; a number that is never used stays free."""
        first = len(self._entries) // _ENTRY.size
        self._entries += _FREE * count
        return first

    def put(self, number: int, *bodies: bytes) -> None:
        """Add an object that is not a stream, or several with consecutive numbers."""
        self._waiting += enumerate(bodies, number)
        if len(self._waiting) >= _OBJECTS_PER_STREAM:
            self._put_waiting()

    def put_stream(self, number: int, dictionary: bytes, content: bytes) -> None:
        """Compress and add a stream; `dictionary` has its entries, without brackets, filter and length."""
        packed = isal_zlib.compress(content, _LEVEL)
        self.put_raw_stream(number, dictionary + b"/Filter/FlateDecode", packed)

    def put_raw_stream(self, number: int, dictionary: bytes, content: bytes) -> None:
        """Add a stream unchanged."""
        _ENTRY.pack_into(self._entries, number * _ENTRY.size, 1, self._position, 0)
        # CR LF before endstream: after a content that ends with CR, checkers would count that CR to a single LF.
        self._write(
            b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\r\nendstream\nendobj\n"
            % (number, dictionary, len(content), content)
        )

    def take(self) -> bytes:
        """Return the bytes written since the last call."""
        out, self._out = b"".join(self._out), []
        return out

    def finish(self, root: int, info: int) -> None:
        """Write the waiting objects, the cross-references and the end of the file."""
        self._put_waiting()
        number, start = self.reserve(), self._position
        _ENTRY.pack_into(self._entries, number * _ENTRY.size, 1, start, 0)
        identity = self._digest.hexdigest()[:32].encode()
        dictionary = b"/Type/XRef/Size %d/W[1 4 2]/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]" % (
            number + 1,
            root,
            info,
            identity,
            identity,
        )
        self.put_stream(number, dictionary, bytes(self._entries))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _put_waiting(self) -> None:
        if not self._waiting:
            return
        number, places, bodies, at = self.reserve(), [], [], 0
        for index, (each, body) in enumerate(self._waiting):
            _ENTRY.pack_into(self._entries, each * _ENTRY.size, 2, number, index)
            places.append(b"%d %d" % (each, at))
            bodies.append(body)
            at += len(body) + 1
        head = b" ".join(places) + b"\n"
        count, self._waiting = len(places), []
        dictionary = b"/Type/ObjStm/N %d/First %d" % (count, len(head))
        self.put_stream(number, dictionary, head + b"\n".join(bodies))

    def _write(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._out.append(piece)
        self._position += len(piece)
