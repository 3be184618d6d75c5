"""The invented rows that every contestant draws, and the timing of the drawing."""

import json
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Final

Row = tuple[str, ...]
Draw = Callable[[Iterator[Row], Path], None]

TITLE: Final = "Orders"
HEADS: Final = ("Number", "Date", "Article", "Name", "Note", "Amount")
AMOUNT: Final = 5

_FIRST_NUMBER: Final = 100_001
_FIRST_DAY: Final = date(2021, 3, 1)
_DIFFERENT: Final = 997  # rows made before the clock starts; later rows repeat them with other numbers
_ARTICLES: Final = (
    "Two-person tent", "Trekking poles, a pair", "Sleeping mat", "Rain jacket, green", "Gas stove", "Head torch",
    "Water filter", "Rucksack, 40 litres", "Merino socks", "Camping chair",
)  # fmt: skip
_NAMES: Final = (
    "Mara Keller", "Tom Brandt", "J\u00fcrgen Wei\u00df", "Ada Nowak", "Lena Hofmann", "Ben Okafor", "Ida Lund",
)  # fmt: skip
_NOTES: Final = (
    "left with the neighbour", "as a gift", "paid on account", "picked up", "sent in two parcels", "returned",
)  # fmt: skip


def rows(count: int) -> Iterator[Row]:
    """`count` rows, always the same; each cell fits its column on one line."""
    dice = random.Random(7)  # noqa: S311 - invented data
    tails = [_tail(dice) for _ in range(_DIFFERENT)]
    return ((str(number), *tail) for number, tail in enumerate(islice(cycle(tails), count), _FIRST_NUMBER))


def _tail(dice: random.Random) -> Row:
    day = _FIRST_DAY + timedelta(days=dice.randrange(1500))
    amount = f"{dice.randrange(100, 999)}.{dice.randrange(100):02d}"
    return (day.isoformat(), dice.choice(_ARTICLES), dice.choice(_NAMES), dice.choice(_NOTES), amount)


def time_drawing(draw: Draw) -> None:
    """Draws the number of rows in argv[1] to the file in argv[2]; prints the seconds and the file's size as JSON.

    The clock does not run while modules are imported, because that takes longer than drawing a thousand rows.
    """
    count, file = int(sys.argv[1]), Path(sys.argv[2])
    source = rows(count)
    started = time.perf_counter()
    draw(source, file)
    seconds = time.perf_counter() - started
    json.dump({"seconds": seconds, "file_bytes": file.stat().st_size}, sys.stdout)
