"""Facts and grids as pieces."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from renderers.report_pdf.blocks import Facts, Grid, Jump, Link
from renderers.report_pdf.drawing.cards import (
    LABEL_TEXT,
    REFERENCE_TEXT,
    CardTables,
    closed,
    label_share,
    labelled_columns,
)
from renderers.report_pdf.drawing.columns import ContentWidth, columns_for, widest
from renderers.report_pdf.drawing.flow import Piece
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.record_layout import Room, too_narrow
from renderers.report_pdf.drawing.rows import Pen, Rows
from renderers.report_pdf.drawing.structure import Element
from renderers.report_pdf.drawing.style import Scale
from renderers.report_pdf.drawing.text_widths import TextWidths

_LABEL_SHARE: Final = 0.2
_WIDE_LABEL_SHARE: Final = 0.25
_MEASURED: Final = 600


@dataclass(frozen=True)
class Tables:
    """Sets tables."""

    gate: Gate
    pen: Pen
    scale: Scale

    def grid(self, grid: Grid, parent: Element) -> Iterator[Piece]:
        """A table with a header row; if its words do not fit side by side, cards instead."""
        if not grid.headers:
            return
        headers = [self.gate.clean(header, LABEL_TEXT) for header in grid.headers]
        cells = [[self.gate.clean(cell, REFERENCE_TEXT) for cell in row] for row in grid.rows]
        contents = self._contents(headers, cells)
        room = Room(self.scale.margin, self.scale.width, self.scale.cell.size)
        if too_narrow(contents, room):
            title, *labels = headers
            cards = CardTables(self.gate, self.pen, self.scale, labels)
            for first, *rest in cells:
                yield from cards.card(f"{title}: {first}", rest, parent)
            return
        table = self.pen.structure.open("Table", parent)
        columns = columns_for(contents, grid.right, (room.x, room.width), room.size)
        rows = Rows(self.pen, columns, self.scale.cell)
        rows = replace(rows, header=rows.repeated_header(headers))
        yield rows.header_row(table, headers)
        for at, (row, keep) in enumerate(zip(cells, _kept(len(cells)), strict=True)):
            yield from rows.row(table, row, REFERENCE_TEXT, self._jump(grid, at), keep=keep)
        yield closed(table, self.pen, self.scale)

    def _jump(self, grid: Grid, row: int) -> Mapping[int, Jump]:
        """What makes the first cell of a row a link, if it is one."""
        if not grid.places:
            return {}
        return {0: Jump(self.gate.title(grid.rows[row][0], LABEL_TEXT), grid.places[row])}

    def facts(self, facts: Facts, parent: Element) -> Iterator[Piece]:
        """A table with labels on the left and their values on the right."""
        table = self.pen.structure.open("Table", parent)
        labels = [self.gate.clean(label, LABEL_TEXT) for label, _ in facts.pairs]
        columns = labelled_columns(1, self._label_share(labels), self.scale)
        rows = Rows(self.pen, columns, self.scale.cell)
        for label, (_, value), keep in zip(labels, facts.pairs, _kept(len(labels)), strict=True):
            text = value.text if isinstance(value, Link) else value
            urls = {1: value.url} if isinstance(value, Link) else None
            cells = (label, self.gate.clean(text, REFERENCE_TEXT))
            yield from rows.row(table, cells, REFERENCE_TEXT, urls, keep=keep)
        yield closed(table, self.pen, self.scale)

    def _label_share(self, labels: Sequence[str]) -> float:
        """Room for the longest word of a label, and for each label that needs little more than usual for one line."""
        widths = TextWidths(self.pen.lettering)
        words = (label_share(widths.word(label, self.scale.cell), 1, self.scale) for label in labels)
        lines = (label_share(widths.line(label, self.scale.cell), 1, self.scale) for label in labels)
        return max((_LABEL_SHARE, *words, *(line for line in lines if line <= _WIDE_LABEL_SHARE)))

    def _contents(self, headers: Sequence[str], cells: Sequence[Sequence[str]]) -> list[ContentWidth]:
        style, bold, widths = (
            self.scale.cell,
            replace(self.scale.cell, bold=True),
            TextWidths(self.pen.lettering),
        )
        contents = []
        for at, header in enumerate(headers):
            column = [widths.content(row[at][:_MEASURED], style) for row in cells]
            title = widths.content(header, bold)
            column.append(replace(title, unbroken=title.word))
            contents.append(widest(column))
        return contents


def _kept(rows: int) -> Iterator[bool]:
    """Whether each row stays with the next: no first and no last row stands alone on a page."""
    return (at + 1 < rows and at in {0, rows - 2} for at in range(rows))
