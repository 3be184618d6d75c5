"""Compressed pieces -> pieces of text, within bounds; a file that ends early or is damaged is a fault."""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from isal import isal_zlib

from collectors.log_files.faults import UnreadableFileError
from collectors.log_files.parts import LogLines
from dsar_export.model.source import FileFault

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

_TEXT: Final = 1 << 20
_RATIO_FROM: Final = 16 << 20
_GIGABYTE: Final = 10**9
_GZIP: Final = 31


@dataclass
class Bounds:
    """How much text a compressed file may have."""

    ratio: int
    most: int
    read: int = 0
    written: int = 0

    def add(self, text: bytes) -> bytes:
        """Counts a piece of text; UnreadableFileError if there is too much."""
        self.written += len(text)
        if self.written > self.most or (
            self.written > _RATIO_FROM and self.written > self.ratio * max(self.read, 1)
        ):
            raise UnreadableFileError(FileFault.TOO_LONG)
        return text


def text_of(path: str, pieces: Iterable[bytes], part: LogLines) -> Iterator[bytes]:
    """The text of a file, which is compressed if its name says so."""
    bounds = Bounds(part.largest_ratio, part.largest_gigabytes * _GIGABYTE)
    if path.endswith(".gz"):
        return _gunzipped(pieces, bounds)
    return _unzstd(pieces, bounds) if path.endswith(".zst") else iter(pieces)


def _gunzipped(pieces: Iterable[bytes], bounds: Bounds) -> Iterator[bytes]:
    """A file of one or several members, with zeros after the last."""
    held = isal_zlib.decompressobj(wbits=_GZIP)
    fresh = True
    for piece in pieces:
        bounds.read += len(piece)
        rest = piece
        while rest:
            if fresh and bounds.written and not (rest := rest.lstrip(b"\0")):
                break
            try:
                text = held.decompress(rest, _TEXT)
            except isal_zlib.error:  # type: ignore[misc] # its stub takes the class for an instance
                raise UnreadableFileError(FileFault.DAMAGED) from None
            fresh = False
            if text:
                yield bounds.add(text)
            rest = held.unused_data if held.eof else held.unconsumed_tail
            if held.eof:
                held, fresh = isal_zlib.decompressobj(wbits=_GZIP), True
        # The last of its text may still wait inside.
        while not fresh and not held.eof and (text := held.decompress(b"", _TEXT)):
            yield bounds.add(text)
    if not fresh:
        raise UnreadableFileError(FileFault.DAMAGED)


def _unzstd(pieces: Iterable[bytes], bounds: Bounds) -> Iterator[bytes]:
    """A file of one or several frames."""
    held, fresh = ZstdDecompressor(), True
    for piece in pieces:
        bounds.read += len(piece)
        rest = piece
        while rest or not (fresh or held.needs_input):
            try:
                text = held.decompress(rest, _TEXT)
            except (ZstdError, MemoryError):
                raise UnreadableFileError(FileFault.DAMAGED) from None
            fresh, rest = False, b""
            if text:
                yield bounds.add(text)
            if held.eof:
                rest = held.unused_data
                held, fresh = ZstdDecompressor(), True
    if not fresh:
        raise UnreadableFileError(FileFault.DAMAGED)
