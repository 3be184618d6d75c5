"""Tables and cards brought to lines at fixed places, so that drawing them is cheap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from renderers.report_pdf.blocks import Cards, Facts, Grid
from renderers.report_pdf.text import Gate, Measure, wrapped

LEADING: Final = 9.5
_ASCENT: Final = 7.5
_PAD_X: Final = 3.5
_GUTTER: Final = 10.0
_ROUNDING: Final = 0.01
_PAD_Y: Final = 2.5
_BULK_TEXT: Final = 600
_BULK_LINES: Final = 4
_REFERENCE_TEXT: Final = 20_000
_LINES_OF_A_SLAB: Final = 12
_LABEL_TEXT: Final = 200
_SAMPLE: Final = 60
_FACT_LABEL: Final = 0.24
_CARD_LABEL: Final = 0.36


@dataclass(frozen=True)
class Line:
    """A line of text: its place from the slab's left and top (to the baseline), in points."""

    x: float
    down: float
    text: str
    soft: bool = False


@dataclass(frozen=True)
class Slab:
    """A piece of a table that no page break divides; a `glued` one stays with the one before it."""

    height: float
    lines: tuple[Line, ...]
    shaded: bool = False
    ruled: bool = False
    glued: bool = False


@dataclass(frozen=True)
class Column:
    """Where a column stands, and how its text is set."""

    x: float
    width: float
    right: bool = False
    soft: bool = False

    @property
    def room(self) -> float:
        return self.width - _padding(right=self.right) + _ROUNDING


@dataclass(frozen=True)
class Slabs:
    """A table ready to draw; the head is repeated on each page."""

    head: tuple[Slab, ...]
    body: tuple[Slab, ...]

    @property
    def least(self) -> float:
        """The height below which a page would hold the head and nothing, or a part of a card."""
        first = next((at for at, slab in enumerate(self.body) if at and not slab.glued), len(self.body))
        return sum(slab.height for slab in (*self.head, *self.body[:first]))


@dataclass(frozen=True)
class Typesetter:
    """Breaks tables into slabs of a width."""

    gate: Gate
    measure: Measure
    width: float

    def grid(self, grid: Grid) -> Slabs:
        """A table with a head; columns are as wide as their texts ask for."""
        most = _BULK_TEXT if grid.bulk else _REFERENCE_TEXT
        heads = [self.gate.clean(head, _LABEL_TEXT) for head in grid.heads]
        rows = [[self.gate.clean(cell, most) for cell in row] for row in grid.rows]
        columns = self._columns([heads, *rows[:_SAMPLE]], grid.right)
        (head, *_) = self._row(heads, columns, _BULK_LINES, shaded=True)
        lines = _BULK_LINES if grid.bulk else _REFERENCE_TEXT
        return Slabs((head,), tuple(slab for row in rows for slab in self._row(row, columns, lines)))

    def facts(self, facts: Facts) -> Slabs:
        """Labels at the left, their texts at the right."""
        label = self.width * _FACT_LABEL
        columns = [Column(0, label, soft=True), Column(label, self.width - label)]
        cleaned = [
            (self.gate.clean(a, _LABEL_TEXT), self.gate.clean(b, _REFERENCE_TEXT)) for a, b in facts.pairs
        ]
        return Slabs((), tuple(s for pair in cleaned for s in self._row(pair, columns, _REFERENCE_TEXT)))

    def cards(self, cards: Cards) -> Slabs:
        """Each record as a card, two fields abreast, read line by line."""
        half = self.width / 2
        label = half * _CARD_LABEL
        columns = [
            Column(x, width, soft=soft)
            for start in (0, half)
            for x, width, soft in ((start, label, True), (start + label, half - label, False))
        ]
        labels = [self.gate.clean(text, _LABEL_TEXT) for text in cards.labels]
        body: list[Slab] = []
        for index, record in enumerate(cards.records, start=1):
            title = Line(_PAD_X, _PAD_Y + _ASCENT, self.gate.clean(f"{cards.title} {index}", _LABEL_TEXT))
            body.append(Slab(LEADING + 2 * _PAD_Y, (title,), shaded=True))
            values = [self.gate.clean(value, _BULK_TEXT) for value in record]
            named = [text for pair in zip(labels, values, strict=True) for text in pair]
            for at in range(0, len(named), len(columns)):
                part = named[at : at + len(columns)]
                body += self._row(part, columns[: len(part)], _BULK_LINES, glued=True)
            body.append(Slab(LEADING, (), glued=True))
        return Slabs((), tuple(body))

    def _row(
        self,
        cells: Sequence[str],
        columns: Sequence[Column],
        most: int,
        *,
        shaded: bool = False,
        glued: bool = False,
    ) -> list[Slab]:
        texts = [wrapped(t, c.room, self.measure, most) for t, c in zip(cells, columns, strict=True)]
        tallest = max(map(len, texts))
        slabs: list[Slab] = []
        for start in range(0, tallest, _LINES_OF_A_SLAB):
            end = min(start + _LINES_OF_A_SLAB, tallest)
            above, below = _PAD_Y * (start == 0), _PAD_Y * (end == tallest)
            lines = tuple(
                Line(self._left(text, column), above + _ASCENT + at * LEADING, text, column.soft)
                for column, cell in zip(columns, texts, strict=True)
                for at, text in enumerate(cell[start:end])
                if text
            )
            height = above + (end - start) * LEADING + below
            slabs.append(Slab(height, lines, shaded, ruled=end == tallest, glued=glued))
        return slabs

    def _left(self, text: str, column: Column) -> float:
        if column.right:
            return column.x + column.width - _GUTTER - self.measure(text)
        return column.x + _PAD_X

    def _columns(self, sample: Sequence[Sequence[str]], right: frozenset[int]) -> list[Column]:
        widths = _shared(
            [
                self._longest(texts) + _padding(right=at in right)
                for at, texts in enumerate(zip(*sample, strict=True))
            ],
            self.width,
        )
        columns, x = [], 0.0
        for index, width in enumerate(widths):
            columns.append(Column(x, width, right=index in right))
            x += width
        return columns

    def _longest(self, texts: Sequence[str]) -> float:
        lines = (line for text in texts for line in text[:_BULK_TEXT].split("\n"))
        return max(map(self.measure, lines))


def _padding(*, right: bool) -> float:
    # Numbers keep off the text that may follow them in the next column.
    return _PAD_X + (_GUTTER if right else _PAD_X)


def _shared(natural: Sequence[float], width: float) -> list[float]:
    """The width shared among columns: narrow ones get what they want, the wide ones equal parts of the rest."""
    if sum(natural) <= width:
        return [each * width / sum(natural) for each in natural]
    widths = [0.0] * len(natural)
    left = width
    narrowest_first = sorted(range(len(natural)), key=natural.__getitem__)
    for served, index in enumerate(narrowest_first):
        widths[index] = min(natural[index], left / (len(natural) - served))
        left -= widths[index]
    return widths


def fitting(slabs: Sequence[Slab], room: float, *, at_top: bool) -> int:
    """How many slabs fit into the room; glued ones are not parted, unless the page holds nothing else."""
    count, used = 0, 0.0
    for slab in slabs:
        used += slab.height
        if used > room:
            break
        count += 1
    if count == len(slabs):
        return count
    whole = count
    while whole > 0 and slabs[whole].glued:
        whole -= 1
    return count if whole == 0 and at_top else whole
