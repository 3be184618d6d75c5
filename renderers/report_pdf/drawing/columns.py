"""The widths of a table's columns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Final

PAD: Final = 0.45  # in font sizes
_GUTTER: Final = 1.3  # keeps numbers away from the text of the next column
_ROUNDING: Final = 0.01
_FEWEST_SHARES: Final = 3  # of two columns, none gets half of the width for a single long line


@dataclass(frozen=True)
class Column:
    """A column's position and the layout of its cells; `right` means right-aligned.

    A column that is `below` stands on the lines under those of the others.
    """

    x: float
    width: float
    size: float
    right: bool = False
    label: bool = False
    below: bool = False

    @cached_property
    def room(self) -> float:
        return self.width - padding(self.size, right=self.right) + _ROUNDING

    @cached_property
    def safe_length(self) -> int:
        """How many ASCII letters always fit: none is wider than the font size."""
        return int(self.room / self.size)

    @cached_property
    def left_edge(self) -> float:
        return round(self.x + PAD * self.size, 2)

    @cached_property
    def right_edge(self) -> float:
        return self.x + self.width - _GUTTER * self.size


def padding(size: float, *, right: bool) -> float:
    """The padding of a cell, left and right together."""
    return (PAD + (_GUTTER if right else PAD)) * size


@dataclass(frozen=True)
class ContentWidth:
    """The width of a column's longest line, of its longest word, and of its widest letter if that may be a wide one.

    `unbroken` is that of the longest word that must not be broken, such as in its header.
    """

    line: float
    word: float
    letter: float = 0
    unbroken: float = 0


def widest(contents: Iterable[ContentWidth]) -> ContentWidth:
    """The widths of a column with all these contents."""
    widths = ((each.line, each.word, each.letter, each.unbroken) for each in contents)
    return ContentWidth(*map(max, zip(*widths, strict=True)))


def columns_for(
    contents: Sequence[ContentWidth], right: frozenset[int], across: tuple[float, float], size: float
) -> list[Column]:
    """Columns that fill the table, as wide as their longest lines where there is room.

    `right` has the indexes of the right-aligned columns, `across` the table's left edge and width.
    """
    x, whole = across
    pads = [padding(size, right=at in right) for at in range(len(contents))]
    fair = whole / len(contents)  # a longer word is broken
    wanted = [content.line + pad for content, pad in zip(contents, pads, strict=True)]
    short = min(fair, whole / _FEWEST_SHARES)
    words = [
        max(min(content.word + pad, fair), content.letter + pad)
        for content, pad in zip(contents, pads, strict=True)
    ]
    minimum = [line if line <= short else word for line, word in zip(wanted, words, strict=True)]
    headed = [
        max(content.unbroken + pad, word) for content, pad, word in zip(contents, pads, words, strict=True)
    ]
    for widths in (list(map(max, minimum, headed)), list(map(min, wanted, headed))):
        if sum(widths) <= whole:  # otherwise, words of headers are broken, too
            minimum = widths
            break
    columns = []
    for at, width in enumerate(_share_width(wanted, minimum, whole)):
        columns.append(Column(x, width, size, right=at in right))
        x += width
    return columns


def _share_width(wanted: Sequence[float], minimum: Sequence[float], width: float) -> list[float]:
    """Share the width among columns: in proportion to the wanted widths if there is room for all of them.

    Otherwise each column gets its minimum, then more by the square root of what it lacks, up to the wanted width.
    The root, because a text of four times the length reads as well in twice the width.
    """
    if sum(wanted) <= width:
        return [each * width / sum(wanted) for each in wanted]
    widths, unsatisfied = list(minimum), {at for at in range(len(wanted)) if wanted[at] > minimum[at]}
    while unsatisfied:
        room = width - sum(widths)
        weights = {at: sqrt(wanted[at] - minimum[at]) for at in unsatisfied}
        offered = {at: room * weight / sum(weights.values()) for at, weight in weights.items()}
        satisfied = {at for at in unsatisfied if wanted[at] - widths[at] <= offered[at]}
        for at in satisfied or unsatisfied:
            widths[at] = wanted[at] if satisfied else widths[at] + offered[at]
        unsatisfied = unsatisfied - satisfied if satisfied else set()
    return widths
