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
_LABEL: Final = 0.26
_MIN_LABEL_SHARE: Final = 0.25
_MAX_LABEL_SHARE: Final = 0.48
_LARGE: Final = 1.5
_TOKEN: Final = 9.0  # in sizes of the text; what is longer may be broken
_AFTER: Final = 8.0


@dataclass(frozen=True)
class Tables:
    """Sets tables."""

    gate: Gate
    pen: Pen
    scale: Scale

    def grid(self, grid: Grid, parent: Element) -> Iterator[Piece]:
        """A table with a head; one whose words have no room on the page becomes cards."""
        if not grid.heads:
            return
        heads = [self.gate.clean(head, _LABEL_TEXT) for head in grid.heads]
        text = _BULK_TEXT if grid.bulk else _REFERENCE_TEXT
        cleaned = ([self.gate.clean(cell, text) for cell in row] for row in grid.rows)
        sample = list(islice(cleaned, _SAMPLE))
        wants, whole = self._wants(heads, sample), chain(sample, cleaned)
        if self._crowded(wants):
            title, *labels = heads
            named = ((f"{title}: {first}", rest) for first, *rest in whole)
            yield from self._cards(labels, named, parent, whole=not grid.bulk)
            return
        table = self.pen.structure.open("Table", parent)
        across, style = (self.scale.margin, self.scale.width), self.scale.cell
        rows = Rows(self.pen, columns_for(wants, grid.right, across, style.size), style)
        rows = replace(rows, head=rows.heads(heads))
        yield rows.head_row(table, heads)
        for row in whole:
            yield from rows.row(table, row, _BULK_LINES if grid.bulk else _REFERENCE_TEXT)
        yield self._closing(table)

    def facts(self, facts: Facts, parent: Element) -> Iterator[Piece]:
        """Labels at the left, their texts at the right."""
        table = self.pen.structure.open("Table", parent)
        labels = [self.gate.clean(label, _LABEL_TEXT) for label, _ in facts.pairs]
        longest = max((self._longest_word(label, self.scale.cell) for label in labels), default=0)
        share = max(_LABEL, self._share(longest, 1))
        rows = Rows(self.pen, self._labelled(1, share), self.scale.cell)
        for label, (_, value) in zip(labels, facts.pairs, strict=True):
            text = value.text if isinstance(value, Link) else value
            urls = {1: value.url} if isinstance(value, Link) else None
            cells = (label, self.gate.clean(text, _REFERENCE_TEXT))
            yield from rows.row(table, cells, _REFERENCE_TEXT, urls)
        yield self._closing(table)

    def cards(self, cards: Cards, parent: Element) -> Iterator[Piece]:
        """Each record as a card of labels and values."""
        named = ((f"{cards.title} {number}", record) for number, record in enumerate(cards.records, start=1))
        yield from self._cards(cards.labels, named, parent, whole=cards.whole)

    def _cards(
        self,
        labels: Sequence[str],
        records: Iterable[tuple[str, Sequence[str]]],
        parent: Element,
        *,
        whole: bool = True,
    ) -> Iterator[Piece]:
        """A table a record, with a caption; what is empty is left out, which makes a report a third shorter."""
        abreast = 2 if self.scale.ratio < _LARGE else 1
        told = [self.gate.clean(label, _LABEL_TEXT) for label in labels]
        longest = max((self._width(label, self.scale.cell) for label in told), default=0)
        columns = self._labelled(abreast, max(_MIN_LABEL_SHARE, self._share(longest, abreast)))
        text, lines = (_REFERENCE_TEXT, _REFERENCE_TEXT) if whole else (_BULK_TEXT, _CARD_LINES)
        rows = Rows(self.pen, columns, self.scale.cell, ruled=False)
        for title, record in records:
            table = self.pen.structure.open("Table", parent)
            yield self._caption(table, self.gate.title(title, _BULK_TEXT))
            named = [
                cell
                for label, value in zip(told, record, strict=True)
                if value
                for cell in (label, self.gate.clean(value, text))
            ] or [*told[:1]]  # a table has a row, also where a record has no value at all
            for at in range(0, len(named), len(columns)):
                cells = named[at : at + len(columns)]
                cells += [""] * (len(columns) - len(cells))
                yield from rows.row(table, cells, lines, keep=True)
            yield self._closing(table)

    def _share(self, label: float, abreast: int) -> float:
        """How much of a pair's width a label of this width takes."""
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

    def _closing(self, table: Element) -> Piece:
        def draw(canvas: Canvas, _top: float) -> None:
            canvas.begin_artifact()
            self.pen.structure.close(table)

        return Piece(0, draw, after=_AFTER * self.scale.ratio)

    def _crowded(self, wants: Sequence[ContentWidth]) -> bool:
        """Whether the longest words of the columns, where they are words and no tokens, don't stand side by side."""
        size = self.scale.cell.size
        return sum(min(want.word, _TOKEN * size) + 2 * PAD * size for want in wants) > self.scale.width

    def _wants(self, heads: Sequence[str], sample: Sequence[Sequence[str]]) -> Sequence[ContentWidth]:
        style, bold = self.scale.cell, replace(self.scale.cell, bold=True)
        wants = []
        for at, head in enumerate(heads):
            cells = [row[at][:_BULK_TEXT] for row in sample]
            lines = [self._width(head, bold), *(self._width(cell, style) for cell in cells)]
            words = [self._longest_word(head, bold), *(self._longest_word(cell, style) for cell in cells)]
            wants.append(ContentWidth(max(lines), max(words)))
        return wants

    def _width(self, text: str, style: Style) -> float:
        return max(self.pen.lettering.width(line, style) for line in text.split("\n"))

    def _longest_word(self, text: str, style: Style) -> float:
        return self.pen.lettering.width(max(text.split(), key=len, default=""), style)

    def _labelled(self, abreast: int, share: float) -> Sequence[Column]:
        """Pairs of columns, for labels and what they stand for."""
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
