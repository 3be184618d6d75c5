"""Tables of other shapes than the large one, with invented rows of one person."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from benchmarks.events import Row

ACCOUNT: Final = "A-1001"
STRANGER: Final = "A-1002"
IDENTIFIER: Final = f"account_id={ACCOUNT}"
PHONE: Final = "+447700900999"
"""From the numbers that Ofcom keeps for fiction."""

_CALLEES: Final = 500
_FIRST: Final = datetime(2023, 11, 6, 6, tzinfo=UTC)
_YEARS: Final = timedelta(days=3 * 365)
_TABLET: Final = ("D-TABLET", _FIRST, _FIRST + _YEARS / 2)
# The length of each list is a power of two, so that one random number can choose from all of them.
_EVENTS: Final = ("login", "page_view", "search", "add_to_basket")
_REFERRERS: Final = (None, None, "https://search.example/?q=tent", "https://blog.example/best-tents")
_DEVICES: Final = (
    ("Phone (Android 15)", "Firefox 143.0"),
    ("Phone (iOS 18)", "Mobile Safari 18.1"),
    ("Laptop (Windows 11)", "Edge 140.0"),
    (None, None),
)
_DETAILS: Final = (
    None,
    {"method": "form", "newsletter": {"before": False, "after": True}},
    {"words": "tente l\u00e9g\u00e8re", "found": 12, "filters": ["down", "\u2264 200"]},
    {"sku": "BOT-042", "price": "189.00", "in_stock": True},
)


@dataclass(frozen=True)
class Shape:
    """A table: its columns with their types in SQLite and in PostgreSQL, the columns of its indexes, and its rows."""

    columns: Mapping[str, tuple[str, str]]
    indexes: tuple[str, ...]
    rows: Callable[[int], Iterator[Row]]


def _app_events(rows: int) -> Iterator[Row]:
    for number, at, dice in _moments(rows):
        device, browser = _DEVICES[dice >> 2 & 3]
        held = _DETAILS[dice >> 4 & 3]
        # Every second text is different, as numbers of steps are.
        details = held if held is None or dice & 1 else {**held, "step": number}
        yield (
            number,
            ACCOUNT,
            int(at.timestamp() * 1000) + (dice >> 20),
            _EVENTS[dice & 3],
            f"/p/TNT-{dice >> 6 & 1023:04d}",
            _REFERRERS[dice >> 8 & 3],
            device,
            browser,
            f"203.0.113.{dice >> 10 & 255}",
            "GB" if dice >> 18 & 3 else None,
            None if dice >> 20 & 7 == 0 else dice % 60_000,
            None if details is None else json.dumps(details, ensure_ascii=False),
        )


def _calls(rows: int) -> Iterator[Row]:
    for number, at, dice in _moments(rows):
        other = f"07700 {900_000 + dice % _CALLEES}"
        mine = (PHONE, "07700 900999", "(07700) 900 999", "0044 7700 900999")[dice >> 16 & 3]
        yield number, *((mine, other) if dice >> 18 & 3 else (other, mine)), _utc(at), dice >> 20


def _visits(rows: int) -> Iterator[Row]:
    for number, at, dice in _moments(rows):
        left = None if dice & 7 == 0 else _utc(at + timedelta(seconds=dice >> 20))
        yield number, ACCOUNT, _utc(at), left, f"door {dice >> 3 & 3}"


def _sightings(rows: int) -> Iterator[Row]:
    device, _, until = _TABLET
    for number, at, dice in _moments(rows):
        account = ACCOUNT if dice & 3 or at >= until else None
        yield number, account, device if at < until else None, _utc(at), f"/p/TNT-{dice >> 6 & 1023:04d}"


def _accounts(_rows: int) -> Iterator[Row]:
    yield ACCOUNT, PHONE
    yield STRANGER, "07700 900998"


def _device_accounts(_rows: int) -> Iterator[Row]:
    device, since, until = _TABLET
    yield ACCOUNT, device, _utc(since), _utc(until)
    yield STRANGER, device, _utc(until), None


def _moments(rows: int) -> Iterator[tuple[int, datetime, int]]:
    """For each row: its number, its time, and 32 random bits."""
    dice = random.Random(14)  # noqa: S311 - invented data
    for number in range(1, rows + 1):
        yield number, (_FIRST + _YEARS * number / (rows + 1)).replace(microsecond=0), dice.getrandbits(32)


def _utc(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


_TEXT: Final = ("TEXT", "text")
_WHOLE: Final = ("INTEGER", "bigint")
_TIME: Final = ("TEXT", "timestamp")
_KEY: Final = ("INTEGER PRIMARY KEY", "bigint PRIMARY KEY")

SHAPES: Final[Mapping[str, Shape]] = {
    "app_events": Shape(
        {
            "id": _KEY, "account_id": _TEXT, "occurred_ms": _WHOLE, "event": _TEXT, "page": _TEXT, "referrer": _TEXT,
            "device": _TEXT, "browser": _TEXT, "ip_address": _TEXT, "country": _TEXT, "duration_ms": _WHOLE,
            "details": ("TEXT", "jsonb"),
        },
        ("account_id, id",),
        _app_events,
    ),
    "calls": Shape(
        {"id": _KEY, "caller": _TEXT, "callee": _TEXT, "started_at": _TIME, "seconds": _WHOLE},
        ("caller", "callee"),
        _calls,
    ),
    "visits": Shape(
        {"id": _KEY, "account_id": _TEXT, "came_at": _TIME, "left_at": _TIME, "door": _TEXT},
        ("account_id, id",),
        _visits,
    ),
    "sightings": Shape(
        {"id": _KEY, "account_id": _TEXT, "device_id": _TEXT, "seen_at": _TIME, "page": _TEXT},
        ("account_id, id", "device_id, id"),
        _sightings,
    ),
}  # fmt: skip
LINKS: Final[Mapping[str, Shape]] = {
    "accounts": Shape({"id": _TEXT, "phone": _TEXT}, ("id",), _accounts),
    "device_accounts": Shape(
        {"account_id": _TEXT, "device_id": _TEXT, "since": _TIME, "until": _TIME},
        ("account_id",),
        _device_accounts,
    ),
}
"""The tables that lead from the person's account to their other identifiers."""
