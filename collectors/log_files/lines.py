"""Files -> the lines in them that may hold a key, read once and in order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from collectors.log_files.access_lines import AccessLine
from collectors.log_files.blocks import Block, blocks, quoted_lines
from collectors.log_files.csv_rows import CsvRow, cells_of
from collectors.log_files.faults import BrokenLineError, UnreadableFileError
from collectors.log_files.json_array import objects_of
from collectors.log_files.json_lines import JsonLine
from collectors.log_files.needles import Needles
from collectors.log_files.parts import COMBINED, LogFormat, LogLines
from dsar_export.model.source import FileFault

Cells = Callable[[bytes], tuple[object, ...]]


@dataclass(frozen=True)
class Line:
    """A line that may hold a key; `text` is empty if it is too long to be read. `cells` reads its columns."""

    number: int
    text: bytes
    cells: Cells


@dataclass
class Count:
    """How many lines were gone through."""

    lines: int = 0


def lines_of(
    pieces: Iterator[bytes], part: LogLines, columns: Sequence[str], needles: Needles, count: Count
) -> Iterator[Line]:
    """The lines of one file that may hold a key; UnreadableFileError."""
    if part.format is LogFormat.JSON_ARRAY:
        yield from _objects(pieces, JsonLine(columns).cells, needles, count)
    elif part.format is LogFormat.CSV:
        yield from _rows(pieces, part, columns, needles, count)
    else:
        yield from _plain(blocks(pieces), reader(part, columns), needles, count)


def reader(part: LogLines, columns: Sequence[str]) -> Cells:
    """Reads the columns of a line of a format in which a line says all by itself."""
    if part.format in COMBINED:
        return AccessLine(part.format, part.pattern, columns).cells
    return JsonLine(columns).cells


def _plain(found: Iterator[Block], cells: Cells, needles: Needles, count: Count) -> Iterator[Line]:
    for block in found:
        count.lines += block.lines
        if block.too_long:
            yield Line(block.first, b"", cells)
            continue
        number, at = block.first, 0
        for start, end in needles.lines(block.text):
            number += block.text.count(b"\n", at, start)
            at = start
            if text := block.text[start:end].strip():
                yield Line(number, text, cells)


def _objects(pieces: Iterator[bytes], cells: Cells, needles: Needles, count: Count) -> Iterator[Line]:
    for number, text in enumerate(objects_of(pieces), start=1):
        count.lines += 1
        if next(needles.lines(text), None) is not None:
            yield Line(number, text, cells)


def _rows(
    pieces: Iterator[bytes], part: LogLines, columns: Sequence[str], needles: Needles, count: Count
) -> Iterator[Line]:
    """The rows below the header, which are numbered by their first line."""
    found = blocks(pieces, quoted=True)
    head = next(found, None)
    if head is None:
        return
    number, first = next(quoted_lines(head), (1, b""))
    try:
        cells = CsvRow(cells_of(first, part.delimiter), part.delimiter, columns).cells
    except BrokenLineError:
        raise UnreadableFileError(FileFault.DAMAGED) from None
    size = len(first) + (2 if head.text[len(first) :].startswith(b"\r") else 1)
    rest = Block(head.text[size:], number + 1 + first.count(b"\n"), head.lines - 1 - first.count(b"\n"))
    for block in chain([rest], found):
        if block.too_long or b'"' not in block.text:
            yield from _plain(iter([block]), cells, needles, count)
            continue
        for at, text in quoted_lines(block):
            count.lines += 1
            if text and next(needles.lines(text), None) is not None:
                yield Line(at, text, cells)
