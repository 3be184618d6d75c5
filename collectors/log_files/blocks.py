"""Pieces of text -> blocks that end with a line, and the lines in them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 16 << 20
"""Bytes of a line; what is longer is counted and passed over."""


@dataclass(frozen=True)
class Block:
    """Whole lines; `first` is the number of the first. A line that is too long is left out and counts as `too_long`."""

    text: bytes
    first: int
    lines: int
    too_long: bool = False


def blocks(pieces: Iterable[bytes], *, quoted: bool = False) -> Iterator[Block]:
    """The text in blocks. With `quoted`, a line end within double quotes ends no line (CSV)."""
    first, held, size = 1, list[bytes](), 0
    passing = False
    for piece in pieces:
        if passing:  # the rest of a line that is too long
            end = piece.find(b"\n") + 1
            if not end:
                continue
            yield Block(b"", first, 1, too_long=True)
            passing, first, piece = False, first + 1, piece[end:]  # noqa: PLW2901 - what is left of it
        cut = piece.rfind(b"\n") + 1
        if cut:
            text = b"".join([*held, piece[:cut]])
            if quoted and text.count(b'"') % 2:
                cut = 0
            else:
                lines = text.count(b"\n")
                yield Block(text, first, lines)
                first, held, size = first + lines, [], 0
        if rest := piece[cut:]:
            held.append(rest)
            size += len(rest)
        if size > LONGEST:
            held, size, passing = [], 0, True
    if passing:
        yield Block(b"", first, 1, too_long=True)
    elif held:
        text = b"".join(held)
        yield Block(text, first, text.count(b"\n") + (not text.endswith(b"\n")))


def quoted_lines(block: Block) -> Iterator[tuple[int, bytes]]:
    """The rows of a block of CSV, each with the number of its first line."""
    number, start, text = block.first, 0, block.text
    at = 0
    while at < len(text):
        end = text.find(b"\n", at) + 1 or len(text)
        at = end
        if text.count(b'"', start, end) % 2 == 0 or end == len(text):
            row = text[start:end]
            yield number, row.rstrip(b"\r\n")
            number, start = number + row.count(b"\n"), end
