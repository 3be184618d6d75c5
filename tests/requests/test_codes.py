"""Codes are counted by the database, on both kinds of it."""

from datetime import timedelta

import pytest

from dsar_export.requests.codes import (
    LASTS,
    PER_DAY,
    PER_HOUR,
    PER_SENDER_AND_HOUR,
    TRIES,
    SentCode,
    last_code,
    mark_used,
    may_send,
    store_code,
    tried_code,
)
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation
from tests.replacing import replace
from tests.requests.installations import AT, REFERENCE, opened

CODE = SentCode(REFERENCE, "a" * 64, "c" * 64, "f" * 64, "ada", "epoch-1", AT)
SOON = AT + timedelta(minutes=1)


def used(
    installation: Installation, code_mac: str = CODE.code_mac, epoch: str = "epoch-1", later: int = 1
) -> bool:
    with writing(installation.engine) as connection:
        at = AT + timedelta(minutes=later)
        found = tried_code(connection, REFERENCE, code_mac, epoch, at)
        if found is not None:
            mark_used(connection, REFERENCE, found, at)
        return found is not None


def test_a_code_counts_once(installation: Installation) -> None:
    opened(installation)
    with writing(installation.engine) as connection:
        assert store_code(connection, CODE) == 1
    assert [used(installation), used(installation)] == [True, False]


@pytest.mark.parametrize(
    ("code_mac", "epoch", "later"),
    [
        ("b" * 64, "epoch-1", 1),
        (CODE.code_mac, "epoch-2", 1),
        (CODE.code_mac, "epoch-1", 15),
        (CODE.code_mac, "epoch-1", -1),
    ],
    ids=["another", "of an earlier epoch", "too late", "before it was sent"],
)
def test_another_code_does_not_count(
    installation: Installation, code_mac: str, epoch: str, later: int
) -> None:
    opened(installation)
    with writing(installation.engine) as connection:
        store_code(connection, CODE)
    assert not used(installation, code_mac, epoch, later)


def test_a_code_has_five_tries(installation: Installation) -> None:
    opened(installation)
    with writing(installation.engine) as connection:
        store_code(connection, CODE)
    assert not any(used(installation, "b" * 64) for _ in range(TRIES))
    assert not used(installation)
    with reading(installation.engine) as connection:
        last = last_code(connection, REFERENCE)
    assert last is not None
    assert (last.tries, last.expires_at) == (TRIES, AT + LASTS)


@pytest.mark.parametrize(
    ("most", "within", "shared"),
    [
        (PER_HOUR, timedelta(hours=1), "contact_index"),
        (PER_HOUR, timedelta(hours=1), "found_by_index"),
        (PER_DAY, timedelta(days=1), "contact_index"),
        (PER_SENDER_AND_HOUR, timedelta(hours=1), "sender"),
    ],
)
def test_only_so_many_codes_are_sent(
    installation: Installation, most: int, within: timedelta, shared: str
) -> None:
    opened(installation)
    mine = {"contact_index", "found_by_index", "sender"}
    with writing(installation.engine) as connection:
        for number in range(most):
            others = {name: f"{name}-{number}" for name in mine - {shared}}
            at = AT - within + timedelta(seconds=1) + number * within / (most + 1)
            store_code(connection, replace(CODE, at=at, **others))
        assert not may_send(connection, {CODE.contact_index, CODE.found_by_index}, CODE.sender, AT)
        assert may_send(connection, {CODE.contact_index, CODE.found_by_index}, CODE.sender, AT + within)
        assert may_send(connection, {"of another person"}, "another sender", AT)
