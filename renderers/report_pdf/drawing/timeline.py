"""The timeline: records per month as a row of bars for each dataset, and in words for people who can't see them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log1p
from typing import Final

from renderers.report_pdf.blocks import Timeline
from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.flow import Piece
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.structure import Element, Structure, text_string
from renderers.report_pdf.drawing.style import BAR, PAGE_HEIGHT, RULE, Scale
from renderers.report_pdf.drawing.wrapping import wrapped

_LABEL_SHARE: Final = 0.27
_LINE_HEIGHT: Final = 2.3  # in font sizes
_YEARS_APART: Final = 4.0
_GAP: Final = 0.45
_LABEL_TEXT: Final = 80
_MAX_ALTERNATIVE: Final = 8_000  # PDF/A-2 allows strings of 32,767 bytes
_THINNEST: Final = 0.7
_MAX_PAGE_SHARE: Final = 0.7  # the rest is for the headings


@dataclass(frozen=True)
class _Grid:
    """The positions of months: the first one as a number, how many there are, and the space for them."""

    first: int
    count: int
    x: float
    width: float

    @property
    def month(self) -> float:
        return self.width / self.count

    def at(self, month: int) -> float:
        return self.x + (month - self.first) * self.month


@dataclass(frozen=True)
class Timelines:
    """Draws timelines."""

    gate: Gate
    lettering: Lettering
    structure: Structure
    scale: Scale

    def timeline(self, timeline: Timeline, parent: Element) -> Iterator[Piece]:
        """The figure as one piece; nothing if there is no month."""
        months = sorted({_month_number(name) for _, counts in timeline.series for name in counts})
        if not months:
            return
        labels = self.scale.width * _LABEL_SHARE
        first, last = months[0] // 12 * 12, months[-1] // 12 * 12 + 11  # whole years
        grid = _Grid(first, last - first + 1, self.scale.margin + labels, self.scale.width - labels)
        line = self._line_height(len(timeline.series))
        height = line * (len(timeline.series) + 1)
        figure = self.structure.open("Figure", parent)

        def draw(canvas: Canvas, top: float) -> None:
            figure.attributes = self._attributes(timeline.alternative, top, height)
            canvas.begin_content(figure)
            self._years(canvas, grid, top, height, line)
            for at, (title, counts) in enumerate(timeline.series, start=2):
                self._series(canvas, grid, title, counts, (top - at * line, line))
            canvas.begin_artifact()
            self.structure.close(figure)

        yield Piece(height, draw, before=4, after=10)

    def _line_height(self, series: int) -> float:
        room = (PAGE_HEIGHT - 2 * self.scale.margin) * _MAX_PAGE_SHARE
        return min(_LINE_HEIGHT * self.scale.foot.size, room / (series + 1))

    def _attributes(self, alternative: str, top: float, height: float) -> bytes:
        left, right = self.scale.margin, self.scale.margin + self.scale.width
        box = f"{left:.2f} {top - height:.2f} {right:.2f} {top:.2f}".encode()
        words = text_string(self.gate.title(alternative, _MAX_ALTERNATIVE))
        return b"/Alt%s/A<</O/Layout/Placement/Block/BBox[%s]>>" % (words, box)

    def _years(self, canvas: Canvas, grid: _Grid, top: float, height: float, line: float) -> None:
        style, last = self.scale.foot, float("-inf")
        for month in range(grid.first, grid.first + grid.count, 12):
            x = grid.at(month)
            year = str(month // 12)
            room = grid.x + grid.width - x
            if x - last >= _YEARS_APART * style.size and self.lettering.width(year, style) <= room:
                canvas.bar(x, top - height, 0.5, height - line, RULE)
                canvas.text([(year, x, top - line * 0.7)], style)
                last = x

    def _series(
        self, canvas: Canvas, grid: _Grid, title: str, counts: Mapping[str, int], place: tuple[float, float]
    ) -> None:
        bottom, line = place
        style = self.scale.foot
        label = self.gate.title(title, _LABEL_TEXT)
        room = grid.x - self.scale.margin - style.size
        (shown,) = wrapped(label, room, lambda part: self.lettering.width(part, style), 1)
        canvas.text([(shown, self.scale.margin, bottom + line * 0.25)], style)
        canvas.rule(grid.x, bottom, grid.width, RULE)
        most = log1p(max(counts.values(), default=0) or 1)
        for name, count in sorted(counts.items()):
            height = line * (0.2 + 0.6 * log1p(count) / most)
            width = max(grid.month * (1 - _GAP), _THINNEST)
            x = min(grid.at(_month_number(name)), grid.x + grid.width - width)
            canvas.bar(x, bottom, width, height, BAR)


def _month_number(month: str) -> int:
    """The number of months since the year 0."""
    year, _, month_of_year = month.partition("-")
    return int(year) * 12 + int(month_of_year) - 1
