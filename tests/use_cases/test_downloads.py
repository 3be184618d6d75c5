"""A link opens one package, a few times and for a few days; looking at it changes nothing."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from dsar_export.errors import PackageUnreadableError
from dsar_export.model.delivery import PassphraseWay
from dsar_export.model.inbox import Why
from dsar_export.model.request import Right
from dsar_export.requests.database import reading, writing
from dsar_export.requests.download_links import LASTS, MOST_DOWNLOADS
from dsar_export.requests.download_tables import DOWNLOADS, LINKS
from dsar_export.requests.installation import begin_epoch
from dsar_export.requests.states import State
from dsar_export.use_cases import decide
from dsar_export.use_cases.downloads import Offer, download, may_go_on, offered, start_download
from dsar_export.use_cases.inbox import inbox
from dsar_export.use_cases.links import revoke
from dsar_export.use_cases.passphrase_code import accept_passphrase_code
from dsar_export.use_cases.purge import purge
from dsar_export.use_cases.reissue import reissue
from tests.use_cases.parcels import CONTENT, FIRST, Parcels

BOTH = (Right.ACCESS, Right.PORTABILITY)


def offer(parcels: Parcels, token: str) -> Offer | None:
    return offered(parcels.desk("nia"), parcels.services.register, token)


def start(parcels: Parcels, token: str) -> str:
    started = start_download(parcels.desk("nia"), token)
    assert started is not None
    return started


def left(parcels: Parcels, token: str) -> int:
    found = offer(parcels, token)
    return 0 if found is None else found.left


def waiting(parcels: Parcels) -> set[Why]:
    """What the inbox of an agent says besides when answers are due."""
    found = {w.why for item in inbox(parcels.desk(), parcels.services.register) for w in item.waiting}
    return found - {Why.OVERDUE, Why.DUE_SOON}


@pytest.fixture
def linked(parcels: Parcels) -> tuple[str, str]:
    """The reference of a request, and the token of the link to its package."""
    parcels.reached(FIRST)
    reference = parcels.ready()
    (token,) = parcels.send(reference)
    return reference, token


def test_looking_and_asking_changes_nothing(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    before = parcels.office.rows()
    for _ in range(20):
        found = offer(parcels, token)
        accept_passphrase_code(parcels.desk("nia"), parcels.services.register, token)
    assert found is not None
    assert (found.right, found.left, found.size) == (
        Right.ACCESS,
        MOST_DOWNLOADS,
        len(CONTENT) + len("access"),
    )
    assert found.passphrase_ways == (PassphraseWay.CODE, PassphraseWay.STAFF, PassphraseWay.LOGIN)
    assert found.expires_at - parcels.office.now <= LASTS
    assert parcels.office.rows() == before
    assert parcels.state(reference) is State.AVAILABLE


def test_the_first_download_delivers_and_each_counts(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    started = [start(parcels, token) for _ in range(MOST_DOWNLOADS)]
    assert parcels.state(reference) is State.DELIVERED
    assert (offer(parcels, token), start_download(parcels.desk("nia"), token)) == (None, None)
    assert parcels.actions(reference)[-4:] == ["deliver", *["start_download"] * MOST_DOWNLOADS]
    for each in started:  # they go on, and pieces are read as they are asked for
        found = download(parcels.desk("nia"), each)
        assert found is not None
        assert found.file_name == f"{reference}-access.zip"
        assert found.read(2, 3) == CONTENT[2:5]
        assert found.size == len(CONTENT) + len("access")


def test_of_fifty_downloads_at_once_only_three_start(parcels: Parcels, linked: tuple[str, str]) -> None:
    _, token = linked
    gate, started = threading.Barrier(50), []

    def begin() -> None:
        gate.wait()
        started.append(start_download(parcels.desk("nia"), token))

    threads = [threading.Thread(target=begin) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(started) == 50
    assert len({each for each in started if each is not None}) == MOST_DOWNLOADS
    with reading(parcels.office.installation.engine) as connection:
        assert connection.scalar(select(LINKS.c.started)) == MOST_DOWNLOADS
        assert len(connection.execute(select(DOWNLOADS)).all()) == MOST_DOWNLOADS


def _restored(parcels: Parcels, _: str) -> None:
    with writing(parcels.office.installation.engine) as connection:
        begin_epoch(connection, parcels.office.tick())


def _purged(parcels: Parcels, reference: str) -> None:
    parcels.change_row(reference, state=State.AVAILABLE)
    parcels.set_clock(timedelta(days=100))
    purge(parcels.desk("fay"), parcels.services.register)
    assert parcels.state(reference) is State.EXPIRED
    parcels.set_clock(-timedelta(days=100))  # so that the link itself has not expired


ENDS: dict[str, Callable[[Parcels, str], object]] = {
    "expired": lambda parcels, _: parcels.set_clock(LASTS),
    "revoked": lambda parcels, reference: revoke(parcels.desk(), reference),
    "reissued": lambda parcels, reference: reissue(parcels.desk(), reference),
    "renewed": lambda parcels, reference: reissue(parcels.desk(), reference, anew=True),
    "restored": _restored,
    "purged": _purged,
    "closed": lambda parcels, reference: decide.close(parcels.desk(), reference),
    "clock set back": lambda parcels, _: parcels.set_clock(-timedelta(days=1)),
    "replaced": lambda parcels, reference: parcels.send(reference),
}


@pytest.mark.parametrize("how", ENDS)
def test_a_link_that_does_not_count_opens_nothing_and_ends_its_downloads(
    parcels: Parcels, linked: tuple[str, str], how: str
) -> None:
    reference, token = linked
    started = start(parcels, token)
    assert may_go_on(parcels.desk("nia"), started)
    ENDS[how](parcels, reference)
    before = parcels.office.rows()
    desk, register = parcels.desk("nia"), parcels.services.register
    assert offer(parcels, token) is None
    assert start_download(desk, token) is None
    assert download(desk, started) is None
    assert not may_go_on(desk, started)
    assert accept_passphrase_code(desk, register, token) is None
    assert parcels.office.rows() == before


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "\ud800", "A" * 43, "A" * 100_000])
def test_a_token_that_nobody_made_opens_nothing(
    parcels: Parcels, token: str, linked: tuple[str, str]
) -> None:
    desk = parcels.desk("nia")
    assert (offer(parcels, token), start_download(desk, token), download(desk, token)) == (None, None, None)
    assert download(desk, linked[1]) is None  # the token of a link is none of a download


def test_a_download_ends_a_day_after_it_began(parcels: Parcels, linked: tuple[str, str]) -> None:
    started = start(parcels, linked[1])
    parcels.set_clock(timedelta(hours=23))
    assert may_go_on(parcels.desk("nia"), started)
    parcels.set_clock(timedelta(hours=1))
    assert not may_go_on(parcels.desk("nia"), started)
    assert offer(parcels, linked[1]) is not None


def test_each_package_has_a_link_of_its_own(parcels: Parcels) -> None:
    parcels.reached(FIRST)
    reference = parcels.ready(rights=BOTH)
    tokens = parcels.send(reference)
    assert [found.right for token in tokens if (found := offer(parcels, token))] == list(BOTH)
    for _ in range(MOST_DOWNLOADS):
        start(parcels, tokens[0])
    assert [left(parcels, token) for token in tokens] == [0, MOST_DOWNLOADS]


@pytest.mark.parametrize("content", [b"", CONTENT, CONTENT + b"acceSs"])
def test_a_package_that_was_changed_is_refused_before_its_first_byte_and_counts_nothing(
    parcels: Parcels, linked: tuple[str, str], content: bytes
) -> None:
    reference, token = linked
    (package,) = parcels.office.published(reference)
    file = parcels.office.packages / str(package.file)
    file.chmod(0o600)
    file.write_bytes(content)
    for _ in range(2):
        with pytest.raises(PackageUnreadableError, match="nothing was handed over"):
            start_download(parcels.desk("nia"), token)
    assert parcels.actions(reference)[-2:] == ["send_link", "package_damaged"]
    assert left(parcels, token) == MOST_DOWNLOADS
    assert waiting(parcels) == {Why.PACKAGE_DAMAGED}
    file.write_bytes(CONTENT + b"access")  # from a backup
    start(parcels, token)
    assert waiting(parcels) == {Why.TO_CLOSE}


def test_a_package_that_is_missing_is_refused_with_a_next_step(
    parcels: Parcels, linked: tuple[str, str]
) -> None:
    reference, token = linked
    (package,) = parcels.office.published(reference)
    parcels.office.store.delete(str(package.file))
    with pytest.raises(PackageUnreadableError, match="missing"):
        start_download(parcels.desk("nia"), token)
    assert parcels.state(reference) is State.AVAILABLE
    assert waiting(parcels) == {Why.PACKAGE_DAMAGED}
    reissue(parcels.desk(), reference)
    assert waiting(parcels) == {Why.TO_BUILD}


def test_no_token_lies_open_anywhere(parcels: Parcels, linked: tuple[str, str]) -> None:
    _, token = linked
    started = start(parcels, token)
    rows = repr(parcels.office.rows())
    assert token not in rows
    assert started not in rows
    assert FIRST not in rows


def test_a_hold_does_not_prolong_a_link(parcels: Parcels, linked: tuple[str, str]) -> None:
    reference, token = linked
    parcels.change_row(reference, hold_until=parcels.office.now + timedelta(days=400))
    parcels.set_clock(LASTS)
    assert offer(parcels, token) is None
