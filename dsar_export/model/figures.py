"""How requests are counted for whoever oversees data protection."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Counts:
    """Requests by what became of them.

    received = answered_in_time + answered_late + open + refused + cancelled + nothing_held
    """

    received: int
    answered_in_time: int
    answered_late: int
    open: int
    overdue: int
    """Of those that are open."""
    median_days: float | None
    """From the receipt to the answer; None without an answer."""
    refused: int
    cancelled: int
    nothing_held: int
    """Those that were closed without a package."""
    gaps_accepted: int
    """Those for which a gap was accepted."""
    extended: int


@dataclass(frozen=True)
class FiguresCell:
    """The requests that one controller received in one month for the same rights."""

    controller: str
    rights: str
    month: str
    counts: Counts


@dataclass(frozen=True)
class Figures:
    """The requests that were received in a period, as they stand now."""

    since: date | None
    until: date | None
    total: Counts
    by_controller: Mapping[str, Counts]
    by_rights: Mapping[str, Counts]
    by_month: Mapping[str, Counts]
    cells: tuple[FiguresCell, ...]
    left_out: tuple[str, ...]
    """Controllers that have left the register: their days can't be reckoned."""
    erased: int
    """Requests that were purged and are counted nowhere, as far as the trail still knows of them."""
    complete_since: date | None
    """All requests that were received from this day on are counted; None if none was ever purged."""
