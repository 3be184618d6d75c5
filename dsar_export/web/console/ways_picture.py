"""A way to a dataset as a picture: where each box lies, and what stands in it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from dsar_export.register_check.ways import Way, WayKind

_LETTER: Final = 7.4
"""The width of one letter of the picture's type."""
_LINE: Final = 18
_HEAD: Final = 34
_ARROW: Final = 26
_MARGIN: Final = 14


@dataclass(frozen=True)
class Box:
    """One station: what kind it is (a name of a text), what it is called, and by which columns."""

    kind: str
    name: str
    columns: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return _HEAD + _LINE * (1 + len(self.columns))


@dataclass(frozen=True)
class Placed:
    """A box with its place in the picture."""

    box: Box
    y: int


@dataclass(frozen=True)
class Picture:
    """A way from top to bottom."""

    boxes: tuple[Placed, ...]
    width: int
    height: int


def picture_of(chain: Sequence[Way]) -> Picture:
    """The picture of a way that ends at a dataset."""
    boxes = tuple(_boxes(chain))
    tops = accumulate((box.height + _ARROW for box in boxes[:-1]), initial=_MARGIN // 2)
    placed = tuple(Placed(box, y) for box, y in zip(boxes, tops, strict=True))
    longest = max(len(line) for box in boxes for line in (box.name, *box.columns))
    width = round(longest * _LETTER) + 4 * _MARGIN
    return Picture(placed, max(width, 240), placed[-1].y + placed[-1].box.height + _MARGIN // 2)


def _boxes(chain: Sequence[Way]) -> Iterator[Box]:
    yield Box("identifier", chain[0].start)
    for way in chain:
        if way.kind is WayKind.SELECTS:
            yield Box("table", way.table or way.end, tuple(way.by.split(", ")))
            yield Box("files", f"data/json/{way.end}.json", (f"data/csv/{way.end}.csv",))
        else:
            table, _, columns = way.by.partition(": ")
            yield Box("link_table", table, (columns.replace(", ", " \u2192 "),))
            yield Box("identifier", way.end)
