"""Facts, grids and cards as pieces."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import Final

from renderers.report_pdf.blocks import Cards, Facts, Grid, Link
from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.columns import PAD, Column, ContentWidth, columns_for, padding
from renderers.report_pdf.drawing.flow import Piece
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.rows import Pen, Rows
from renderers.report_pdf.drawing.structure import Element
from renderers.report_pdf.drawing.style import SHADE, Scale, Style
from renderers.report_pdf.drawing.wrapping import wrapped

_BULK_TEXT: Final = 600
_BULK_LINES: Final = 6
_CARD_LINES: Final = 12
_REFERENCE_TEXT: Final = 20_000
_LABEL_TEXT: Final = 200
_SAMPLE: Final = 60
_LABEL_SHARE: Final = 0.26
_MIN_LABEL_SHARE: Final = 0.25
_MAX_LABEL_SHARE: Final = 0.48
_LARGE: Final = 1.5
_TOKEN: Final = 9.0  # in font sizes; longer words may be broken
_SPACE_AFTER: Final = 8.0


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
        headers = [self.gate.clean(header, _LABEL_TEXT) for header in grid.headers]
        text = _BULK_TEXT if grid.bulk else _REFERENCE_TEXT
        cleaned = ([self.gate.clean(cell, text) for cell in row] for row in grid.rows)
        sample = list(islice(cleaned, _SAMPLE))
        widths, whole = self._content_widths(headers, sample), chain(sample, cleaned)
        if self._too_narrow(widths):
            title, *labels = headers
            pairs = ((f"{title}: {first}", rest) for first, *rest in whole)
            yield from self._cards(labels, pairs, parent, whole=not grid.bulk)
            return
        table = self.pen.structure.open("Table", parent)
        across, style = (self.scale.margin, self.scale.width), self.scale.cell
        rows = Rows(self.pen, columns_for(widths, grid.right, across, style.size), style)
        rows = replace(rows, header=rows.repeated_header(headers))
        yield rows.header_row(table, headers)
        for row in whole:
            yield from rows.row(table, row, _BULK_LINES if grid.bulk else _REFERENCE_TEXT)
        yield self._close(table)

    def facts(self, facts: Facts, parent: Element) -> Iterator[Piece]:
        """A table with labels on the left and their values on the right."""
        table = self.pen.structure.open("Table", parent)
        labels = [self.gate.clean(label, _LABEL_TEXT) for label, _ in facts.pairs]
        longest = max((self._longest_word(label, self.scale.cell) for label in labels), default=0)
        share = max(_LABEL_SHARE, self._share(longest, 1))
        rows = Rows(self.pen, self._labelled(1, share), self.scale.cell)
        for label, (_, value) in zip(labels, facts.pairs, strict=True):
            text = value.text if isinstance(value, Link) else value
            urls = {1: value.url} if isinstance(value, Link) else None
            cells = (label, self.gate.clean(text, _REFERENCE_TEXT))
            yield from rows.row(table, cells, _REFERENCE_TEXT, urls)
        yield self._close(table)

    def cards(self, cards: Cards, parent: Element) -> Iterator[Piece]:
        """A card of labels and values for each record."""
        pairs = ((f"{cards.title} {number}", record) for number, record in enumerate(cards.records, start=1))
        yield from self._cards(cards.labels, pairs, parent, whole=cards.whole)

    def _cards(
        self,
        labels: Sequence[str],
        records: Iterable[tuple[str, Sequence[str]]],
        parent: Element,
        *,
        whole: bool = True,
    ) -> Iterator[Piece]:
        """A table with a caption for each record; empty values are left out: see ADR 23."""
        abreast = 2 if self.scale.ratio < _LARGE else 1
        names = [self.gate.clean(label, _LABEL_TEXT) for label in labels]
        longest = max((self._width(label, self.scale.cell) for label in names), default=0)
        columns = self._labelled(abreast, max(_MIN_LABEL_SHARE, self._share(longest, abreast)))
        text, lines = (_REFERENCE_TEXT, _REFERENCE_TEXT) if whole else (_BULK_TEXT, _CARD_LINES)
        rows = Rows(self.pen, columns, self.scale.cell, ruled=False)
        for title, record in records:
            table = self.pen.structure.open("Table", parent)
            yield self._caption(table, self.gate.title(title, _BULK_TEXT))
            pairs = [
                cell
                for label, value in zip(names, record, strict=True)
                if value
                for cell in (label, self.gate.clean(value, text))
            ] or [*names[:1]]  # a table needs a row, even for a record without any value
            for at in range(0, len(pairs), len(columns)):
                cells = pairs[at : at + len(columns)]
                cells += [""] * (len(columns) - len(cells))
                yield from rows.row(table, cells, lines, keep=True)
            yield self._close(table)

    def _share(self, label: float, abreast: int) -> float:
        """The share of a pair's width that a label of this width needs, bounded."""
        asked = label + padding(self.scale.cell.size, right=False) + self.scale.cell.size
        return min(asked * abreast / self.scale.width, _MAX_LABEL_SHARE)

    def _caption(self, table: Element, title: str) -> Piece:
        style = replace(self.scale.cell, bold=True)
        caption = self.pen.structure.open("Caption", table)
        x, width, pad = self.scale.margin, self.scale.width, PAD * style.size
        lines = wrapped(title, width - 2 * pad, lambda part: self._width(part, style), _BULK_LINES)
        height = len(lines) * style.leading + 0.6 * style.size
        first = 0.3 * style.size + style.baseline

        def draw(canvas: Canvas, top: float) -> None:
            canvas.begin_artifact()
            canvas.bar(x, top - height, width, height, SHADE)
            canvas.begin_content(caption)
            canvas.text(
                [(line, x + pad, top - first - at * style.leading) for at, line in enumerate(lines)], style
            )
            canvas.begin_artifact()
            self.pen.structure.close(caption)

        return Piece(height, draw, keep=True)

    def _close(self, table: Element) -> Piece:
        def draw(canvas: Canvas, _top: float) -> None:
            canvas.begin_artifact()
            self.pen.structure.close(table)

        return Piece(0, draw, after=_SPACE_AFTER * self.scale.ratio)

    def _too_narrow(self, widths: Sequence[ContentWidth]) -> bool:
        """Whether the longest words of the columns do not fit side by side; long tokens may be broken."""
        size = self.scale.cell.size
        return sum(min(width.word, _TOKEN * size) + 2 * PAD * size for width in widths) > self.scale.width

    def _content_widths(
        self, headers: Sequence[str], sample: Sequence[Sequence[str]]
    ) -> Sequence[ContentWidth]:
        style, bold = self.scale.cell, replace(self.scale.cell, bold=True)
        widths = []
        for at, header in enumerate(headers):
            cells = [row[at][:_BULK_TEXT] for row in sample]
            lines = [self._width(header, bold), *(self._width(cell, style) for cell in cells)]
            words = [self._longest_word(header, bold), *(self._longest_word(cell, style) for cell in cells)]
            widths.append(ContentWidth(max(lines), max(words)))
        return widths

    def _width(self, text: str, style: Style) -> float:
        return max(self.pen.lettering.width(line, style) for line in text.split("\n"))

    def _longest_word(self, text: str, style: Style) -> float:
        return self.pen.lettering.width(max(text.split(), key=len, default=""), style)

    def _labelled(self, abreast: int, share: float) -> Sequence[Column]:
        """Pairs of columns for labels and values; `share` is the part of a pair's width for the label."""
        whole, size = self.scale.width / abreast, self.scale.cell.size
        label = whole * share
        return [
            column
            for pair in range(abreast)
            for start in (self.scale.margin + pair * whole,)
            for column in (
                Column(start, label, size, label=True),
                Column(start + label, whole - label, size),
            )
        ]
