"""Pieces placed down the page, and on to the next."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.style import PAGE_HEIGHT

_FOOT: Final = 16.0

Draw = Callable[[Canvas, float], None]
"""Draws at a height of the page, from the bottom: the piece's upper edge."""


@dataclass
class TableHeader:
    """What stands above a table again on each page that it goes on to; there it is an artifact."""

    height: float
    draw: Draw
    begun: bool = False


class Piece(NamedTuple):
    """What no page break divides; one to `keep` stands on the same page as the next, or `softly` if a page holds both.

    `before` and `after` are free space that no page begins with, or needs at its end. There are as many as rows, and
    frozen dataclasses take three times as long to make.
    """

    height: float
    draw: Draw
    keep: bool = False
    soft: bool = False
    before: float = 0
    after: float = 0
    head: TableHeader | None = None


@dataclass
class Flow:
    """Places pieces; a page is ended when the next piece has no room on it."""

    canvas: Canvas
    margin: float
    end_page: Callable[[], None]
    _top: float = field(init=False)
    _bottom: float = field(init=False)
    _y: float = field(init=False)
    _fresh: bool = True
    _space: float = 0

    def __post_init__(self) -> None:
        self._y = self._top = PAGE_HEIGHT - self.margin
        self._bottom = self.margin + _FOOT

    def place(self, pieces: Iterable[Piece]) -> Iterator[None]:
        """Draws the pieces in order; yields after each page that was ended."""
        group: list[Piece] = []
        for piece in pieces:
            group.append(piece)
            if not piece.keep:
                yield from self._place_together(group)
                group = []
        yield from self._place_together(group)

    def finish(self) -> None:
        """Ends the last page."""
        if not self._fresh:
            self.end_page()

    def _place_together(self, group: Sequence[Piece]) -> Iterator[None]:
        page = self._top - self._bottom
        if (soft := _soft_break(group)) and self._height(group) > page:
            yield from self._place_together(group[:soft])
            yield from self._place_together(group[soft:])
            return
        if group and not self._fresh and not self._fits(group):
            yield from self._next_page()
        for piece in group:
            if not self._fresh and self._y - self._gap(piece) - piece.height < self._bottom:
                yield from self._next_page()
            self._draw(piece)

    def _fits(self, group: Sequence[Piece]) -> bool:
        room = self._y - self._bottom
        if room < self._gap(group[0]) + group[0].height:
            return False
        together = self._height(group)
        # What is higher than a page begins on this one, but not so far down that its heading stands there alone.
        page = self._top - self._bottom
        return together <= room or (together > page and room > page / 2)

    def _height(self, group: Sequence[Piece]) -> float:
        return self._gap(group[0]) + sum(p.height for p in group) + sum(p.before + p.after for p in group[1:])

    def _draw(self, piece: Piece) -> None:
        if not self._fresh:
            self._y -= self._gap(piece)
        elif piece.head is not None and piece.head.begun:
            self.canvas.begin_artifact()
            piece.head.draw(self.canvas, self._y)
            self._y -= piece.head.height
        piece.draw(self.canvas, self._y)
        self._y -= piece.height
        self._fresh = self._y == self._top
        self._space = piece.after

    def _gap(self, piece: Piece) -> float:
        return max(self._space, piece.before)

    def _next_page(self) -> Iterator[None]:
        self.end_page()
        self._y, self._space, self._fresh = self._top, 0, True
        yield


def _soft_break(group: Sequence[Piece]) -> int:
    """After how many of its pieces a group may be parted; 0 where it may not."""
    return next((at for at, piece in enumerate(group[:-1], start=1) if piece.soft), 0)
