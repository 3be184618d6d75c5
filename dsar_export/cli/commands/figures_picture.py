"""A bar for each month, in blocks of Unicode, in ASCII where the terminal has no others, and nothing elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from rich.console import Console

from dsar_export.model.figures import Counts

_MOST_MONTHS: Final = 36
_WIDEST: Final = 60
_BESIDE: Final = 16
"""Columns for the month and the count."""
_KINDS: Final = ("answered in time", "late", "open", "ended without a package")
_BLOCKS: Final = "█▓▒░"
_ASCII: Final = "#!o."


@dataclass(frozen=True)
class Bars:
    """How bars are drawn: how long the longest may be, and a character for each kind."""

    width: int
    characters: str


def picture(by_month: Mapping[str, Counts], console: Console) -> Iterator[str]:
    """The lines for a console: a bar for each month and a legend."""
    if not console.is_terminal or not by_month:
        return
    characters = _ASCII if console.options.ascii_only else _BLOCKS
    width = max(min(console.width - _BESIDE, _WIDEST), len(_KINDS))
    yield ""
    yield from bars(by_month, Bars(width, characters))
    yield ""


def bars(by_month: Mapping[str, Counts], drawn: Bars) -> Iterator[str]:
    """A line for each month from the first to the last, then the legend."""
    months = _every_month(by_month)[-_MOST_MONTHS:]
    most = max(by_month[month].received for month in months if month in by_month)
    for month in months:
        counts = by_month.get(month)
        if counts is None:
            yield f"{month}  "
            continue
        lengths = _lengths(_parts(counts), most, drawn.width)
        bar = "".join(each * length for each, length in zip(drawn.characters, lengths, strict=True))
        yield f"{month}  {bar} {counts.received}"
    yield "   ".join(f"{each} {kind}" for each, kind in zip(drawn.characters, _KINDS, strict=True))


def _parts(counts: Counts) -> tuple[int, ...]:
    ended = counts.refused + counts.cancelled + counts.nothing_held
    return counts.answered_in_time, counts.answered_late, counts.open, ended


def _lengths(parts: Sequence[int], most: int, width: int) -> list[int]:
    """The columns of each part; what is there at all is seen, and the bar never gets longer than `width`."""
    whole = max(round(sum(parts) * width / most), sum(part > 0 for part in parts))
    lengths = [max(part * whole // sum(parts), 1) if part else 0 for part in parts]
    lengths[lengths.index(max(lengths))] += whole - sum(lengths)
    return lengths


def _every_month(by_month: Mapping[str, Counts]) -> list[str]:
    first, last = (date.fromisoformat(f"{month}-01") for month in (min(by_month), max(by_month)))
    count = (last.year - first.year) * 12 + last.month - first.month
    ordinals = (first.year * 12 + first.month - 1 + more for more in range(count + 1))
    return [f"{ordinal // 12:04}-{ordinal % 12 + 1:02}" for ordinal in ordinals]
