"""Rows of a tagged table: each is laid out and drawn, its objects are written, and nothing of it is kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Final

from renderers.report_pdf.blocks import Jump
from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.columns import Column
from renderers.report_pdf.drawing.flow import Piece, TableHeader
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.structure import COLUMN_HEADER, GROUP_HEADER, ROW_HEADER, Element, Structure
from renderers.report_pdf.drawing.style import ACCENT, INK, RULE, SHADE, SOFT, Style
from renderers.report_pdf.drawing.wrapping import Measure, wrapped

_LINES_PER_PIECE: Final = 12
_PAD_Y: Final = 0.25  # in font sizes
_PAD_UNRULED: Final = 0.1
# The tag of a cell and the operator for its colour.
_VALUE: Final = "TD", f"{INK} rg"
_LABEL: Final = "TH", f"{SOFT} rg"
_LINKED: Final = "Link", f"{ACCENT} rg"

_LABEL_CELL: Final = b"<</S/TH%s/P %%d 0 R/K[<</Type/MCR/Pg %%d 0 R/MCID %%d>>]>>" % ROW_HEADER

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Pen:
    """The tools that draw and write rows."""

    file: PdfFile
    structure: Structure
    lettering: Lettering


@dataclass(slots=True)
class _Row:
    """A row while it is drawn: its object number, which the numbers of its cells follow, and the lines of the cells.

    `links` has the link element and the target of cells that are links. `marked` has for each cell the page and
    number of each marked content drawn so far.
    """

    number: int
    table: int
    cells: Sequence[Lines]
    links: Mapping[int, tuple[Element, str | Jump]]
    marked: Sequence[list[tuple[int, int]]]

    def owner(self, at: int) -> int:
        """The object number of the element that a cell's lines belong to."""
        return self.links[at][0].number if at in self.links else self.number + 1 + at

    def cell(self, at: int, *, label: bool) -> bytes:
        """The object of a cell."""
        marked = self.marked[at]
        if len(marked) == 1 and label:
            return _LABEL_CELL % (self.number, *marked[0])
        if len(marked) == 1:  # the usual case, in a shorter form than references
            return b"<</S/TD/P %d 0 R/Pg %d 0 R/K %d>>" % (self.number, *marked[0])
        tag = b"TH" + ROW_HEADER if label and marked else b"TD"
        kids = [b"%d 0 R" % self.links[at][0].number] if at in self.links else []
        kids += [b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % each for each in marked]
        return b"<</S/%s/P %d 0 R/K[%s]>>" % (tag, self.number, b" ".join(kids))


@dataclass(frozen=True)
class Rows:
    """Draws the rows of tables with these columns."""

    pen: Pen
    columns: Sequence[Column]
    style: Style
    header: TableHeader | None = None
    ruled: bool = True

    @cached_property
    def pad(self) -> float:
        return self.style.size * (_PAD_Y if self.ruled else _PAD_UNRULED)

    def row(
        self,
        table: Element,
        texts: Sequence[str],
        most: int,
        targets: Mapping[int, str | Jump] | None = None,
        *,
        keep: bool = False,
    ) -> Iterator[Piece]:
        """The pieces of a row, with at most `most` lines per cell; `targets` has those of cells that are links."""
        cells = self._placed(
            [self._lines(text, column, most) for text, column in zip(texts, self.columns, strict=True)]
        )
        number = self.pen.file.reserve(1 + len(cells))
        table.kids.append(b"%d 0 R" % number)
        links = {
            at: (Element(self.pen.file.reserve(), "Link", number + 1 + at), target)
            for at, target in (targets or {}).items()
        }
        row = _Row(number, table.number, cells, links, [[] for _ in cells])
        tallest = max(map(len, cells))
        for start in range(0, tallest, _LINES_PER_PIECE):
            end = min(start + _LINES_PER_PIECE, tallest)
            yield self._piece(row, start, end, keep=keep and end == tallest)

    def repeated_header(self, texts: Sequence[str]) -> TableHeader:
        """The header row as it is repeated on each further page."""
        cells = self._header_lines(texts)
        height = max(map(len, cells)) * self.style.leading + 2 * self.pad

        def draw(canvas: Canvas, top: float) -> None:
            self._shade(canvas, top, height)
            for column, cell in zip(self.columns, cells, strict=True):
                canvas.text(self._positioned(column, cell, top), self._bold)

        return TableHeader(height, draw)

    def header_row(self, table: Element, texts: Sequence[str]) -> Piece:
        """The header row at the start of the table, where it is part of the structure."""
        header = self.header or self.repeated_header(texts)
        cells = self._header_lines(texts)
        row = self.pen.structure.open("TR", table)

        def draw(canvas: Canvas, top: float) -> None:
            canvas.begin_artifact()
            self._shade(canvas, top, header.height)
            for column, cell in zip(self.columns, cells, strict=True):
                element = self.pen.structure.open("TH", row, COLUMN_HEADER)
                canvas.begin_content(element)
                canvas.text(self._positioned(column, cell, top), self._bold)
                canvas.begin_artifact()
                self.pen.structure.close(element)
            self.pen.structure.close(row)
            header.started = True

        return Piece(header.height, draw, keep=True)

    def group_row(self, table: Element, title: str) -> Piece:
        """A heading across all columns, which the further pages of the table repeat after the header."""
        row = self.pen.structure.open("TR", table)
        head = self.pen.structure.open("TH", row, GROUP_HEADER % len(self.columns))
        height = self.style.leading + 2 * self.pad
        (shown,) = wrapped(title, self._width - self.style.size, self._measure_bold, 1)

        def show(canvas: Canvas, top: float) -> None:
            y = top - self.pad - self.style.baseline
            canvas.text([(shown, self.columns[0].left_edge, y)], self._bold)

        def draw(canvas: Canvas, top: float) -> None:
            canvas.begin_artifact()
            canvas.rule(self.columns[0].x, top - height, self._width, RULE)
            canvas.begin_content(head)
            show(canvas, top)
            canvas.begin_artifact()
            self.pen.structure.close(head)
            self.pen.structure.close(row)
            if self.header is not None:
                self.header.group = (height, show)

        header = None if self.header is None else replace(self.header, group=None)
        return Piece(height, draw, keep=True, header=header)

    def _shade(self, canvas: Canvas, top: float, height: float) -> None:
        canvas.bar(self.columns[0].x, top - height, self._width, height, SHADE)

    def _header_lines(self, texts: Sequence[str]) -> list[Lines]:
        columns = zip(texts, self.columns, strict=True)
        return self._placed(
            [wrapped(text, column.room, self._measure_bold, _LINES_PER_PIECE) for text, column in columns]
        )

    def _placed(self, cells: list[Lines]) -> list[Lines]:
        """The lines of each cell, where a cell below the others begins with as many empty lines as these have."""
        if not self.columns[-1].below:
            return cells
        *beside, below = cells
        return [*beside, ("",) * max(map(len, beside)) + below if any(below) else below]

    @cached_property
    def _bold(self) -> Style:
        return replace(self.style, bold=True)

    def _lines(self, text: str, column: Column, most: int) -> Lines:
        if len(text) <= column.safe_length and text.isascii() and "\n" not in text:
            return (text,)
        return wrapped(text, column.room, self._measure, most)

    @cached_property
    def _move(self) -> Callable[[float, float], str]:
        # Cached, because most moves occur again and again.
        return lru_cache(256)(lambda right, up: f"{right:.2f} {up:.2f} Td")

    @cached_property
    def _measure(self) -> Measure:
        return self.pen.lettering.measure(self.style)

    @cached_property
    def _measure_bold(self) -> Measure:
        return self.pen.lettering.measure(self._bold)

    @cached_property
    def _width(self) -> float:
        return sum(column.width for column in self.columns if not column.below)

    def _positioned(self, column: Column, lines: Lines, top: float) -> list[tuple[str, float, float]]:
        y = top - self.pad - self.style.baseline
        leading, bold = self.style.leading, self._bold
        return [
            (line, self._x(column, line, bold), y - at * leading) for at, line in enumerate(lines) if line
        ]

    def _x(self, column: Column, line: str, style: Style) -> float:
        if column.right:
            return round(column.right_edge - self.pen.lettering.width(line.rstrip(" "), style), 2)
        return column.left_edge

    def _piece(self, row: _Row, start: int, end: int, *, keep: bool) -> Piece:
        last = end == max(map(len, row.cells))
        above = self.pad if start == 0 else 0.0
        height = above + (end - start) * self.style.leading + (self.pad if last else 0)

        def draw(canvas: Canvas, top: float) -> None:
            canvas.begin_artifact()
            if last and self.ruled:
                canvas.rule(self.columns[0].x, top - height, self._width, RULE)
            self._draw(canvas, row, (start, end), top - above)
            if last:
                self._write(row)

        return Piece(height, draw, keep, header=self.header)

    def _draw(self, canvas: Canvas, row: _Row, part: tuple[int, int], top: float) -> None:
        start, end = part
        shown = [(at, lines) for at, cell in enumerate(row.cells) if any(lines := cell[start:end])]
        first = canvas.mark(*[row.owner(at) for at, _ in shown])
        x, y, colour = self.columns[0].left_edge, 0.0, ""
        origin = f"1 0 0 1 {x:.2f} {top - self.style.baseline:.2f} Tm"
        drawn = [f"EMC BT {origin} {self.pen.lettering.font_operator(self.style)}"]
        for marked, (at, lines) in enumerate(shown, start=first):
            column = self.columns[at]
            tag, new_colour = _LINKED if at in row.links else _LABEL if column.label else _VALUE
            drawn.append(f"/{tag} <</MCID {marked}>> BDC {'' if new_colour == colour else new_colour}")
            colour = new_colour
            for below, line in enumerate(lines):
                if not line:
                    continue
                to_x, to_y = self._x(column, line, self.style), -below * self.style.leading
                shown_line = self.pen.lettering.line(line, self.style)
                # Relative moves, because they are the same in every row and so compress well.
                drawn.append(f"{self._move(to_x - x, to_y - y)} {shown_line}")
                x, y = to_x, to_y
            drawn.append("EMC")
        drawn.append("ET /Artifact BMC")
        canvas.operators(*drawn)
        for marked, (at, lines) in enumerate(shown, start=first):
            if at in row.links:
                self._link(canvas, row.links[at], marked, (self.columns[at], top, len(lines)))
            else:
                row.marked[at].append((canvas.page, marked))

    def _link(
        self, canvas: Canvas, link: tuple[Element, str | Jump], marked: int, place: tuple[Column, float, int]
    ) -> None:
        element, target = link
        column, top, lines = place
        element.kids.append(canvas.content_reference(marked))
        box = (column.x, top - lines * self.style.leading, column.x + column.width, top)
        canvas.link(element, box, target)

    def _write(self, row: _Row) -> None:
        number = row.number
        for element, _ in row.links.values():
            self.pen.structure.close(element)
        cells = b" ".join([b"%d 0 R" % (number + at) for at in range(1, 1 + len(row.cells))])
        whole = b"<</S/TR/P %d 0 R/K[%s]>>" % (row.table, cells)
        written = [row.cell(at, label=column.label) for at, column in enumerate(self.columns)]
        self.pen.file.put(number, whole, *written)
