"""Records as cards: a small table of labels and values for each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from renderers.report_pdf.blocks import CONTINUED
from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.columns import PAD, Column, padding
from renderers.report_pdf.drawing.flow import Draw, Piece, TableHeader
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.rows import Pen, Rows
from renderers.report_pdf.drawing.structure import Element
from renderers.report_pdf.drawing.style import SHADE, Scale
from renderers.report_pdf.drawing.text_widths import TextWidths
from renderers.report_pdf.drawing.wrapping import wrapped

REFERENCE_TEXT: Final = 20_000
"""The length at which a text is cut that must not be cut, and the most lines of such a text."""
LABEL_TEXT: Final = 200
_TITLE_TEXT: Final = 600
_TITLE_LINES: Final = 6
_MIN_LABEL_SHARE: Final = 0.25
_MAX_LABEL_SHARE: Final = 0.48
_LARGE: Final = 1.5
_SPACE_AFTER: Final = 8.0


@dataclass(frozen=True)
class Limits:
    """The most characters of a value, and the most lines."""

    text: int
    lines: int


NO_LIMITS: Final = Limits(REFERENCE_TEXT, REFERENCE_TEXT)


@dataclass(frozen=True)
class CardTables:
    """Sets cards of records with the same fields; `continued` says how a title is repeated on further pages."""

    gate: Gate
    pen: Pen
    scale: Scale
    labels: Sequence[str]
    continued: str = CONTINUED

    def card(
        self, title: str, record: Sequence[str], parent: Element, limits: Limits = NO_LIMITS
    ) -> Iterator[Piece]:
        """A table with a caption; empty values are left out: see ADR 23."""
        table = self.pen.structure.open("Table", parent)
        shown = self.gate.title(title, _TITLE_TEXT)
        yield self._caption(table, shown)
        continued = self.gate.title(self.continued, LABEL_TEXT)
        again = continuation(shown, continued, self.pen, self.scale)
        pairs = [
            cell
            for label, value in zip(self._names, record, strict=True)
            if value
            for cell in (label, self.gate.clean(value, limits.text))
        ] or self._names[:1]  # a table needs a row, even for a record without any value
        width = len(self._rows.columns)
        for at in range(0, len(pairs), width):
            cells = pairs[at : at + width]
            cells += [""] * (width - len(cells))
            for piece in self._rows.row(table, cells, limits.lines, keep=True):
                yield piece._replace(header=again)
        yield closed(table, self.pen, self.scale)

    @cached_property
    def _names(self) -> list[str]:
        return [self.gate.clean(label, LABEL_TEXT) for label in self.labels]

    @cached_property
    def _rows(self) -> Rows:
        abreast = 2 if self.scale.ratio < _LARGE else 1
        widths = TextWidths(self.pen.lettering)
        longest = max((widths.line(label, self.scale.cell) for label in self._names), default=0)
        share = max(_MIN_LABEL_SHARE, label_share(longest, abreast, self.scale))
        return Rows(self.pen, labelled_columns(abreast, share, self.scale), self.scale.cell, ruled=False)

    def _caption(self, table: Element, title: str) -> Piece:
        caption = self.pen.structure.open("Caption", table)
        piece = shaded_line(title, caption, self.pen, self.scale)
        return piece._replace(keep=True)


def shaded_line(title: str, element: Element, pen: Pen, scale: Scale) -> Piece:
    """A bold title on a shaded bar, which ends its element."""
    height, bar, text = _shaded(title, pen, scale)

    def draw(canvas: Canvas, top: float) -> None:
        canvas.begin_artifact()
        bar(canvas, top)
        canvas.begin_content(element)
        text(canvas, top)
        canvas.begin_artifact()
        pen.structure.close(element)

    return Piece(height, draw)


def continuation(title: str, continued: str, pen: Pen, scale: Scale) -> TableHeader:
    """The title of a record as it is repeated on each further page of the record."""
    height, bar, text = _shaded(continued.replace("{record}", title), pen, scale)

    def draw(canvas: Canvas, top: float) -> None:
        bar(canvas, top)
        text(canvas, top)

    return TableHeader(height, draw, started=True)


def _shaded(title: str, pen: Pen, scale: Scale) -> tuple[float, Draw, Draw]:
    """The height of a title on a bar, and what draws the bar and the title."""
    style = replace(scale.cell, bold=True)
    x, width, pad = scale.margin, scale.width, PAD * style.size
    lines = wrapped(title, width - 2 * pad, pen.lettering.measure(style), _TITLE_LINES)
    height = len(lines) * style.leading + 0.6 * style.size
    first = 0.3 * style.size + style.baseline

    def bar(canvas: Canvas, top: float) -> None:
        canvas.bar(x, top - height, width, height, SHADE)

    def text(canvas: Canvas, top: float) -> None:
        canvas.text(
            [(line, x + pad, top - first - at * style.leading) for at, line in enumerate(lines)], style
        )

    return height, bar, text


def closed(table: Element, pen: Pen, scale: Scale) -> Piece:
    """The end of a table, with the space after it."""

    def draw(canvas: Canvas, _top: float) -> None:
        canvas.begin_artifact()
        pen.structure.close(table)

    return Piece(0, draw, after=_SPACE_AFTER * scale.ratio)


def label_share(label: float, abreast: int, scale: Scale) -> float:
    """The share of a pair's width that a label of this width needs, bounded."""
    asked = label + padding(scale.cell.size, right=False) + scale.cell.size
    return min(asked * abreast / scale.width, _MAX_LABEL_SHARE)


def labelled_columns(abreast: int, share: float, scale: Scale) -> Sequence[Column]:
    """Pairs of columns for labels and values; `share` is the part of a pair's width for the label."""
    whole, size = scale.width / abreast, scale.cell.size
    label = whole * share
    return [
        column
        for pair in range(abreast)
        for start in (scale.margin + pair * whole,)
        for column in (
            Column(start, label, size, label=True),
            Column(start + label, whole - label, size),
        )
    ]
