"""A cell that fits no field stays as it is, or is tagged where JSON has no such value."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest

from dsar_export.normalising.as_stored import as_stored


@pytest.mark.parametrize(
    "cell", [None, True, False, 0, -127, -(2**63), 2**64 - 1, 0.5, -0.0, "", "text", "\U0001f680"]
)
def test_what_json_has_stays_as_it_is(cell: object) -> None:
    stored = as_stored(cell)
    assert (type(stored), repr(stored)) == (type(cell), repr(cell))


@pytest.mark.parametrize(
    ("cell", "stored"),
    [
        (-(2**63) - 1, {"$number": "-9223372036854775809"}),
        (2**64, {"$number": "18446744073709551616"}),
        (float("nan"), {"$number": "nan"}),
        (float("-inf"), {"$number": "-inf"}),
        (Decimal("1.50"), {"$number": "1.50"}),
        (b"\x00\xff", {"$base64": "AP8=", "$was": "bytes"}),
        (memoryview(b"\x00\xff"), {"$base64": "AP8=", "$was": "bytes"}),
        ("f\udcfff", {"$base64": "Zv9m", "$was": "bytes that are not UTF-8"}),
        ("f\ud800", {"$base64": "Zu2ggA==", "$was": "text with lone surrogates"}),
        (date(2026, 1, 5), "2026-01-05"),
        (timedelta(hours=36), "1 day, 12:00:00"),
        (uuid.UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        ([2**64, [b"a"], None], [{"$number": "18446744073709551616"}, [{"$base64": "YQ==", "$was": "bytes"}], None]),
        ({"a": Decimal(1), "b": {"c": 1}}, {"a": {"$number": "1"}, "b": {"c": 1}}),
    ],
)  # fmt: skip
def test_what_json_lacks_is_tagged_or_text_also_inside(cell: object, stored: object) -> None:
    assert as_stored(cell) == stored
