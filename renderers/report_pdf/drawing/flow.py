"""Pieces placed down the page and on to the next one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.style import PAGE_HEIGHT

_FOOT: Final = 16.0

Draw = Callable[[Canvas, float], None]
"""Draws a piece on a canvas; the number is the height of its upper edge above the bottom of the page."""


@dataclass
class TableHeader:
    """A table's header row, repeated as an artifact on each further page of the table.

    `group` has the height of the last heading among the rows and draws it; it is repeated below the header.
    """

    height: float
    draw: Draw
    started: bool = False
    group: tuple[float, Draw] | None = None

    def repeat(self, canvas: Canvas, top: float) -> float:
        """Draw the header again, and return its height."""
        canvas.begin_artifact()
        self.draw(canvas, top)
        if self.group is None:
            return self.height
        height, draw = self.group
        draw(canvas, top - self.height)
        return self.height + height


class Piece(NamedTuple):
    """Content without a page break; `keep` puts it on the same page as the next piece, `soft` only if both fit.

    `before` and `after` are free space, which is dropped at the top and at the end of a page. A NamedTuple, because
    there is one for each row and a frozen dataclass is slower to create.
    """

    height: float
    draw: Draw
    keep: bool = False
    soft: bool = False
    before: float = 0
    after: float = 0
    header: TableHeader | None = None


@dataclass
class Flow:
    """Places pieces; a page ends when the next piece does not fit."""

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
        """Draw the pieces in order; yields after each finished page."""
        group: list[Piece] = []
        for piece in pieces:
            group.append(piece)
            if not piece.keep:
                yield from self._place_together(group)
                group = []
        yield from self._place_together(group)

    def finish(self) -> None:
        """End the last page."""
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
        # A group higher than a page begins here, but not so far down that its heading would stand alone.
        page = self._top - self._bottom
        return together <= room or (together > page and room > page / 2)

    def _height(self, group: Sequence[Piece]) -> float:
        between = sum(max(one.after, other.before) for one, other in pairwise(group))
        return self._gap(group[0]) + sum(piece.height for piece in group) + between

    def _draw(self, piece: Piece) -> None:
        if not self._fresh:
            self._y -= self._gap(piece)
        elif piece.header is not None and piece.header.started:
            self._y -= piece.header.repeat(self.canvas, self._y)
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
    """The number of pieces after which a group may be split; 0 if it may not."""
    return next((at for at, piece in enumerate(group[:-1], start=1) if piece.soft), 0)
