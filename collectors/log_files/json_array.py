"""A file with one JSON array -> the bytes of its objects, without reading the array as a whole."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from collectors.log_files.blocks import LONGEST
from collectors.log_files.faults import UnreadableFileError
from dsar_export.model.source import FileFault

_TOKEN: Final = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|"|[{}\[\]]', re.DOTALL)
_OPENS: Final = frozenset({b"{", b"["})


def objects_of(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Each object of the array; UnreadableFileError where the text is no such array."""
    held, at, depth, start, ended = b"", 0, 0, 0, False
    for piece in pieces:
        held, at, start = held[start:] + piece, at - start, 0
        for token in _TOKEN.finditer(held, at):
            sign = token[0]
            if sign == b'"':  # a text that goes on in the next piece
                at = token.start()
                break
            at = token.end()
            if sign[:1] == b'"':
                continue
            if ended or (depth == 0 and sign != b"["):
                raise UnreadableFileError(FileFault.DAMAGED)
            if depth == 1 and sign == b"{":
                start = token.start()
            depth += 1 if sign in _OPENS else -1
            if depth == 1 and sign == b"}":
                yield held[start:at]
                start = at
            ended = depth == 0
        else:
            at = len(held)
        start = at if depth <= 1 else start
        if len(held) - start > LONGEST:
            raise UnreadableFileError(FileFault.DAMAGED)
    if not ended:
        raise UnreadableFileError(FileFault.DAMAGED)
