"""A world with a field of every kind and mapping: cells for it, and what a record must hold for each cell.

Each judge reckons with the standard library alone, without the code that converted the cell.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.worlds import COLUMNS, MoreField, hostile_cells

Row = Mapping[str, object]

_TIME = {"type": ["string", "null"], "format": "date-time"}
_AMOUNT = {"type": ["string", "null"], "x-kind": "decimal"}
_LETTERS = {"a": "Active", "b": "Blocked", "1": "One"}
_PLACES = {"GBP": 2, "JPY": 0, "BHD": 3}
MORE: Mapping[str, MoreField] = {
    "at_utc": MoreField(_TIME, '{ column = "at_utc", zone = "UTC" }', ("at_utc",)),
    "at_offset": MoreField(_TIME, '{ column = "at_offset" }', ("at_offset",)),
    "at_late": MoreField(
        _TIME, '{ column = "at_late", zone = "America/New_York", repeated_hour = "later" }', ("at_late",)
    ),
    "at_there": MoreField(_TIME, '{ column = "at_there", zone_column = "there" }', ("at_there", "there")),
    "seconds": MoreField(_TIME, '{ column = "seconds", unit = "epoch_seconds" }', ("seconds",)),
    "milliseconds": MoreField(_TIME, '{ column = "milliseconds", unit = "epoch_milliseconds" }', ("milliseconds",)),
    "pence": MoreField(_AMOUNT, '{ column = "pence", unit = "1/100" }', ("pence",)),
    "minor": MoreField(
        _AMOUNT,
        '{ column = "minor", currency_column = "money", minor_units = { GBP = 2, JPY = 0, BHD = 3 } }',
        ("minor", "money"),
    ),
    "octets": MoreField({"type": ["integer", "null"]}, '{ column = "kib", unit = "1024" }', ("kib",)),
    "letter": MoreField(
        {"type": ["string", "null"]},
        '{ column = "letter", codes = { a = "Active", b = "Blocked", 1 = "One" } }',
        ("letter",),
    ),
    "hexadecimal": MoreField(
        {"type": ["string", "null"]}, '{ column = "hexadecimal", binary = "hexadecimal" }', ("hexadecimal",)
    ),
    "items": MoreField({"type": ["array", "null"]}, '{ column = "items" }', ("items",)),
}  # fmt: skip

# Cells

anything = (
    st.none()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats()
    | st.text(max_size=20)
    | st.binary(max_size=20)
    | st.sampled_from([c for c in hostile_cells() if len(c) < 100])
)
_MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - stored without a zone
_HOURS = st.sampled_from(
    [
        "2024-10-27 01:30:00",
        "2024-03-31 01:30:00",
        "2024-11-03 01:30:00",
        "2024-03-10 02:30:00",
        "2024-07-01 12:00:00",
    ]
)


def _as_sql(moment: datetime) -> str:
    return moment.isoformat(" ", "microseconds" if moment.microsecond % 2 else "seconds")


_LOCAL = _MOMENTS.map(_as_sql) | _HOURS
_OFFSETS = st.sampled_from(["Z", "+00", "+00:00", "+05:30", "-03:00", "+0200", " +01:00", "-00:00", "+14"])
fitting: Mapping[str, st.SearchStrategy[object]] = {
    "text": st.text(max_size=20),
    "phone": st.from_regex(r"\A[+0-9][0-9 ]{0,8}\Z"),
    "whole": st.integers(-(2**63), 2**63 - 1) | st.integers().map(str),
    "number": st.floats(allow_nan=False) | st.integers(-(2**53), 2**53) | st.just("0.25"),
    "amount": st.decimals(0, 10**6, places=2).map(str) | st.integers(-(10**9), 10**9),
    "flag": st.sampled_from([0, 1, "true", "false"]),
    "at": _LOCAL,
    "day": st.dates().map(str),
    "raw": st.binary(max_size=20),
    "details": st.dictionaries(st.text(max_size=5), st.text(max_size=5) | st.integers(0, 9), max_size=3).map(
        json.dumps
    ),
    "at_utc": _LOCAL,
    "at_offset": st.tuples(_LOCAL, _OFFSETS).map("".join),
    "at_late": _LOCAL,
    "at_there": _LOCAL,
    "there": st.sampled_from(["Europe/London", "Asia/Tokyo", "America/New_York", "UTC"]),
    "seconds": st.integers(-(2**31), 2**33),
    "milliseconds": st.integers(-(2**41), 2**43),
    "pence": st.integers(-(2**63), 2**63 - 1),
    "minor": st.integers(-(10**12), 10**12),
    "money": st.sampled_from(sorted(_PLACES)),
    "kib": st.integers(-(2**40), 2**40),
    "letter": st.sampled_from([*_LETTERS, 1]),
    "hexadecimal": st.binary(max_size=16),
    "items": st.lists(st.integers(0, 9) | st.text(max_size=5), max_size=3).map(json.dumps),
}  # fmt: skip

# What a record must hold

_STORED = re.compile(r"(\S{10})[T ](\d\d:\d\d)(:\d\d)?(?:\.(\d+))? ?(Z|[+-].*)?", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment_of(cell: object, zone: str | None, *, fold: int = 0) -> tuple[datetime, str]:
    """The second that a stored time means, and the digits after it."""
    found = _STORED.fullmatch(str(cell))
    assert found is not None, cell
    local = datetime.fromisoformat(f"{found[1]}T{found[2]}{found[3] or ':00'}")
    if found[5] is None:
        assert zone is not None, cell
        return local.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC), found[4] or ""
    digits = "0000" if found[5] == "Z" else found[5][1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if found[5][0] == "-" else 1)
    return local.replace(tzinfo=UTC) - ahead, found[4] or ""


def is_moment(exported: object, moment: tuple[datetime, str]) -> bool:
    """Whether an exported time is RFC 3339 and means this moment, to the last digit."""
    found = _RFC3339.fullmatch(str(exported))
    if found is None:
        return False
    return (datetime.fromisoformat(str(exported)).replace(microsecond=0), found[1] or "") == moment


def _time_in(zone: str | None, fold: int = 0) -> "Judge":
    return lambda cell, exported, _: is_moment(exported, moment_of(cell, zone, fold=fold))


def _since_1970(exported: object, cell: object, per_second: int) -> bool:
    """Whether an exported time is in UTC and as many seconds after 1970 as the cell counts."""
    found = _RFC3339.fullmatch(str(exported))
    if found is None or not str(exported).endswith("Z"):
        return False
    second = datetime.fromisoformat(str(exported)).replace(microsecond=0)
    whole = (second - _EPOCH) // timedelta(seconds=1)
    return whole + Fraction(f"0.{found[1] or 0}") == Fraction(str(cell)) / per_second


def _is_number(cell: object, exported: object, times: Fraction = Fraction(1)) -> bool:
    # A float is the binary number that it is, or the shortest decimal that is read as it.
    meant = {Fraction(str(cell))} | ({Fraction(cell)} if isinstance(cell, float) else set())
    return Fraction(str(exported)) in {times * number for number in meant}


def _is_text(cell: object, exported: object) -> bool:
    if isinstance(cell, int | float):
        return isinstance(exported, str) and _is_number(cell, exported)
    return exported == cell


Judge = Callable[[object, object, Row], bool]
"""Whether a cell became this value of a record, in a row with these cells."""

BECAME: Mapping[str, Judge] = {
    "text": lambda cell, exported, _: _is_text(cell, exported),
    "phone": lambda cell, exported, _: _is_text(cell, exported),
    "whole": lambda cell, exported, _: isinstance(exported, int) and _is_number(cell, exported),
    "number": lambda cell, exported, _: isinstance(exported, int | float) and _is_number(cell, exported),
    "amount": lambda cell, exported, _: _is_number(cell, exported) and (cell == exported or not isinstance(cell, str)),
    "flag": lambda cell, exported, _: exported is (cell in {1, "true"}) and cell in {0, 1, "true", "false"},
    "at": _time_in("Europe/London"),
    "day": lambda cell, exported, _: exported == cell,
    "raw": lambda cell, exported, _: base64.b64decode(str(exported), validate=True) == cell,
    "details": lambda cell, exported, _: bool(json.loads(str(cell)) == exported),
    "at_utc": _time_in("UTC"),
    "at_offset": _time_in(None),
    "at_late": _time_in("America/New_York", fold=1),
    "at_there": lambda cell, exported, row: is_moment(exported, moment_of(cell, str(row["there"]))),
    "seconds": lambda cell, exported, _: _since_1970(exported, cell, 1),
    "milliseconds": lambda cell, exported, _: _since_1970(exported, cell, 1000),
    "pence": lambda cell, exported, _: _is_number(cell, exported, Fraction(1, 100)),
    "minor": lambda cell, exported, row: _is_number(cell, exported, Fraction(1, 10 ** _PLACES[str(row["money"])])),
    "octets": lambda cell, exported, _: isinstance(exported, int) and _is_number(cell, exported, Fraction(1024)),
    "letter": lambda cell, exported, _: exported == _LETTERS.get(str(cell)),
    "hexadecimal": lambda cell, exported, _: (
        bytes.fromhex(str(exported)) == cell if isinstance(cell, bytes) else _is_text(cell, exported)
    ),
    "items": lambda cell, exported, _: bool(json.loads(str(cell)) == exported),
}  # fmt: skip
SOURCES: Mapping[str, str] = {
    **{name: name for name in COLUMNS},
    **{name: more.columns[0] for name, more in MORE.items()},
}
"""The column that each field is made from."""
ZONES: Mapping[str, str] = {"at": "Europe/London", "at_late": "America/New_York"}


def must_be_kept_beside(name: str, row: Row) -> bool:
    """Whether the stored time of a field happened twice or never, in the zone of its field or row."""
    cell, zone = row[SOURCES[name]], ZONES[name] if name in ZONES else row["there"]
    try:
        local = datetime.fromisoformat(str(cell))
        reckoned = local.replace(tzinfo=ZoneInfo(str(zone)))
    except (ValueError, OSError, KeyError):
        return False
    return local.tzinfo is None and reckoned.utcoffset() != reckoned.replace(fold=1).utcoffset()
