"""Invented usage events. The same number of rows always gives the same rows."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

Row = tuple[int | str | None, ...]

COLUMNS: Final = (
    "id",
    "account_id",
    "event_id",
    "occurred_at",
    "received_at",
    "event",
    "ip_address",
    "user_agent",
    "duration_ms",
    "logged_in",
    "amount",
    "details",
)
SUBJECT: Final = 1001
STRANGER: Final = 1002
ACCOUNTS: Final = ((SUBJECT, "mara@example.org"), (STRANGER, "tom@example.org"))
IDENTIFIER: Final = f"email={ACCOUNTS[0][1]}"

_OTHERS: Final = 11  # every eleventh row is the stranger's
_FIRST: Final = datetime(2023, 11, 6, 6, 0, tzinfo=UTC)
_STEP: Final = timedelta(seconds=9, microseconds=10)
# The length of each list is a power of two, so that one random number can choose from all of them.
_EVENTS: Final = (
    "login", "page_view", "search", "product_view", "add_to_basket", "checkout", "page_view", "settings_change",
)  # fmt: skip
_USER_AGENTS: Final = (
    "Mozilla/5.0 (Linux; Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148",
)
_WORDS: Final = ("two-person tent", "tente l\u00e9g\u00e8re", "=1+1", 'a "dry" bag')


def subject_rows(rows: int) -> Iterator[Row]:
    """`rows` rows of the subject, with a stranger's between them; the cells suit both databases."""
    dice = random.Random(4)  # noqa: S311 - invented data
    total = rows + rows // (_OTHERS - 1)
    for index in range(total):
        account = STRANGER if index % _OTHERS == _OTHERS - 1 else SUBJECT
        yield _row(index + 1, account, dice.getrandbits(160))


def _row(number: int, account: int, bits: int) -> Row:
    low = bits & 0xFFFFFFFF
    # The last digit is never zero, because PostgreSQL would not write it.
    occurred = _FIRST + number * _STEP + timedelta(microseconds=1 + low % 9)
    received = occurred + timedelta(microseconds=10 * (low % 50_000))
    digits = f"{bits >> 32:032x}"
    return (
        number,
        account,
        f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}",
        occurred.isoformat(" "),
        received.isoformat(" "),
        _EVENTS[low & 7],
        f"203.0.113.{low >> 3 & 255}",
        _USER_AGENTS[low >> 11 & 3],
        None if low >> 13 & 7 == 0 else low % 60_000,
        int(low >> 16 & 3 != 0),
        f"{low % 1000}.{low >> 17 & 63:02d}",
        _details(low),
    )


def _details(low: int) -> str:
    """Mostly JSON in a text column; sometimes a spreadsheet formula, quotation marks or letters beyond ASCII."""
    if low >> 23 & 63 == 0:
        return _WORDS[low >> 29 & 3]
    return f'{{"path":"/p/TNT-{low >> 12 & 1023:04d}","step":{low & 7}}}'
