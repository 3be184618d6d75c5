"""Codes are counted by the database, on both kinds of it."""

from datetime import timedelta

import pytest

from dsar_export.model.delivery import CodePurpose
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
    senders_without_answer,
    store_code,
    tried_code,
    void_codes,
)
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation
from tests.replacing import replace
from tests.requests.installations import AT, REFERENCE, opened

OTHER = "DSAR-20261102-00000002"
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
        assert last_code(connection, REFERENCE) is None
        assert store_code(connection, CODE) == 1
        last = last_code(connection, REFERENCE)
    assert last is not None
    assert last.tries == 0
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
        (PER_SENDER_AND_HOUR[CodePurpose.PROVE], timedelta(hours=1), "sender"),
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


def test_a_code_counts_from_the_moment_when_it_is_sent(installation: Installation) -> None:
    opened(installation)
    with writing(installation.engine) as connection:
        store_code(connection, CODE)
    assert used(installation, later=0)


def test_only_the_newest_code_of_a_request_counts(installation: Installation) -> None:
    opened(installation)
    with writing(installation.engine) as connection:
        store_code(connection, CODE)
        assert store_code(connection, replace(CODE, code_mac="b" * 64)) == 2
    assert not used(installation)
    assert used(installation, "b" * 64)


def test_a_try_is_counted_for_its_own_request(installation: Installation) -> None:
    for reference in (REFERENCE, OTHER):
        opened(installation, reference)
        with writing(installation.engine) as connection:
            store_code(connection, replace(CODE, reference=reference))
    assert not used(installation, "b" * 64)
    with reading(installation.engine) as connection:
        tries = [last.tries for r in (REFERENCE, OTHER) if (last := last_code(connection, r)) is not None]
    assert tries == [1, 0]


def test_a_code_that_was_sent_just_an_hour_ago_limits_no_more(installation: Installation) -> None:
    opened(installation)
    with writing(installation.engine) as connection:
        for _ in range(PER_HOUR):
            store_code(connection, replace(CODE, at=AT - timedelta(hours=1)))
        assert may_send(connection, {CODE.contact_index}, CODE.sender, AT)


def test_a_newest_code_without_tries_or_time_is_void(installation: Installation) -> None:
    for reference in (REFERENCE, OTHER):
        opened(installation, reference)
    with writing(installation.engine) as connection:
        store_code(connection, CODE)
        store_code(connection, replace(CODE, reference=OTHER))
        assert void_codes(connection, AT + LASTS - timedelta(seconds=1)) == {}
        assert void_codes(connection, AT + LASTS) == dict.fromkeys((REFERENCE, OTHER), AT + LASTS)
        store_code(connection, replace(CODE, reference=OTHER, at=SOON))
        assert void_codes(connection, AT + LASTS) == {REFERENCE: AT + LASTS}
    for _ in range(TRIES):
        assert not used(installation, "b" * 64)
    with writing(installation.engine) as connection:
        assert void_codes(connection, SOON) == {REFERENCE: SOON}
        newest = last_code(connection, REFERENCE)
        assert newest is not None
        mark_used(connection, REFERENCE, newest, SOON)
        assert void_codes(connection, SOON) == {}


def test_whoever_sent_a_code_that_did_not_come_back_is_known_by_the_person(
    installation: Installation,
) -> None:
    for reference in (REFERENCE, OTHER):
        opened(installation, reference)
    with writing(installation.engine) as connection:
        store_code(connection, CODE)
        first = last_code(connection, REFERENCE)
        assert first is not None
        mark_used(connection, REFERENCE, first, SOON)
        assert senders_without_answer(connection, {CODE.contact_index}) == frozenset()
        store_code(connection, CODE)
        store_code(connection, replace(CODE, sender="abe"))
        store_code(connection, replace(CODE, reference=OTHER, sender="kim", contact_index="d" * 64))
        store_code(
            connection,
            replace(CODE, reference=OTHER, sender="ray", contact_index="d" * 64, found_by_index="g" * 64),
        )
        assert senders_without_answer(connection, {CODE.contact_index}) == {"ada", "abe"}
        assert senders_without_answer(connection, {CODE.found_by_index}) == {"ada", "abe", "kim"}
        assert senders_without_answer(connection, {"d" * 64}) == {"kim", "ray"}
        assert senders_without_answer(connection, {"of another person"}) == frozenset()
        newest = last_code(connection, REFERENCE)
        assert newest is not None
        mark_used(connection, REFERENCE, newest, SOON)
        assert senders_without_answer(connection, {CODE.found_by_index}) == {"kim"}
