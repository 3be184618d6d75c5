"""How wide the columns of a table are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import Final

PAD: Final = 0.45  # in sizes of the text
_GUTTER: Final = 1.3  # numbers keep off the text that may follow them in the next column
_ROUNDING: Final = 0.01


@dataclass(frozen=True)
class Column:
    """Where a column stands, and how its cells are set."""

    x: float
    width: float
    size: float
    right: bool = False
    label: bool = False

    @cached_property
    def room(self) -> float:
        return self.width - padding(self.size, right=self.right) + _ROUNDING

    @cached_property
    def safe_length(self) -> int:
        """How many letters of ASCII fit whichever they are: none is wider than the size."""
        return int(self.room / self.size)

    @cached_property
    def left_edge(self) -> float:
        return round(self.x + PAD * self.size, 2)

    @cached_property
    def right_edge(self) -> float:
        return self.x + self.width - _GUTTER * self.size


def padding(size: float, *, right: bool) -> float:
    """The free space of a cell, left and right together."""
    return (PAD + (_GUTTER if right else PAD)) * size


@dataclass(frozen=True)
class ContentWidth:
    """How wide a column's longest line is, and its longest word."""

    line: float
    word: float


def columns_for(
    wants: Sequence[ContentWidth], right: frozenset[int], across: tuple[float, float], size: float
) -> list[Column]:
    """Columns as wide as their lines, where there is room for them.

    `across` is where the table begins, and how wide it is.
    """
    x, whole = across
    pads = [padding(size, right=at in right) for at in range(len(wants))]
    fair = whole / len(wants)  # a word that is longer is broken
    asked = [want.line + pad for want, pad in zip(wants, pads, strict=True)]
    least = [
        line if line <= fair else min(want.word + pad, fair)
        for want, pad, line in zip(wants, pads, asked, strict=True)
    ]
    columns = []
    for at, width in enumerate(_shared_width(asked, least, whole)):
        columns.append(Column(x, width, size, right=at in right))
        x += width
    return columns


def _shared_width(asked: Sequence[float], least: Sequence[float], width: float) -> list[float]:
    """The width shared among columns: each gets its least, then more by the root of what it lacks, up to all of it.

    By the root, as a text of four times the length is read as well in twice the width.
    """
    if sum(asked) <= width:
        return [each * width / sum(asked) for each in asked]
    widths, lacking = list(least), {at for at in range(len(asked)) if asked[at] > least[at]}
    while lacking:
        room = width - sum(widths)
        weights = {at: sqrt(asked[at] - least[at]) for at in lacking}
        given = {at: room * weight / sum(weights.values()) for at, weight in weights.items()}
        content = {at for at in lacking if asked[at] - widths[at] <= given[at]}
        for at in content or lacking:
            widths[at] = asked[at] if content else widths[at] + given[at]
        lacking = lacking - content if content else set()
    return widths
