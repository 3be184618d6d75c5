"""The anchor beside the database only moves along the line on which it stands."""

import fcntl
import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, text

from dsar_export.requests.trail import Fault, advance, append, place, prune
from dsar_export.requests.trail.chain import Mark, Purpose, sealed
from tests.requests.trail.trails import KEY, NOON, OTHER_KEY, TrailDatabase, happening


def number_in(anchor: Path) -> int:
    return int(json.loads(anchor.read_bytes())["number"])


def test_it_stands_at_the_head_after_each_commit(database: TrailDatabase) -> None:
    assert number_in(database.anchor) == 0
    for number in (1, 2):
        mark = database.append(happening())
        stored = json.loads(database.anchor.read_bytes())
        assert stored == sealed(KEY, Purpose.ANCHOR, mark).as_json()
        assert mark.number == number


def test_it_is_for_its_owner_alone(on_sqlite: TrailDatabase) -> None:
    on_sqlite.fill(1)
    files = [f for f in on_sqlite.anchor.parent.iterdir() if "anchor" in f.name]
    assert sorted(f.name for f in files) == ["trail-anchor.json", "trail-anchor.json.lock"]
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}


def test_in_the_folder_of_a_group_it_is_for_the_group(on_sqlite: TrailDatabase) -> None:
    on_sqlite.anchor.parent.chmod(0o2770)
    previous = os.umask(0o077)
    try:
        on_sqlite.fill(1)
    finally:
        os.umask(previous)
    files = [f for f in on_sqlite.anchor.parent.iterdir() if "anchor" in f.name]
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o660}


def test_many_that_advance_at_once_leave_it_at_the_head(database: TrailDatabase) -> None:
    def one(_: int) -> None:
        database.fill(2)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))
    assert number_in(database.anchor) == 16
    assert database.verify().passed


def test_it_never_goes_back(on_postgres: TrailDatabase) -> None:
    on_postgres.fill(1)
    with on_postgres.engine.connect() as connection:
        connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            connection.execute(text("SELECT 1"))  # from now on it sees the trail as it is now
            connection.execute(text("SELECT count(*) FROM trail"))
            on_postgres.fill(2)
            advance(connection, KEY, on_postgres.anchor)
    assert number_in(on_postgres.anchor) == 3


def test_a_cut_tail_stays_visible_though_more_is_appended(database: TrailDatabase) -> None:
    database.fill(5)
    database.run("DELETE FROM trail WHERE number > 3")
    for number, fault in [(4, Fault.CUT_OFF), (5, Fault.ANCHOR_ELSEWHERE), (6, Fault.ANCHOR_ELSEWHERE)]:
        assert database.append(happening()).number == number
        assert database.verify().fault is fault
    assert number_in(database.anchor) == 5


def test_a_trail_that_was_emptied_stays_visible_though_more_is_appended(database: TrailDatabase) -> None:
    database.fill(2)
    database.run("DELETE FROM trail")
    database.fill(1)
    database.append(*[happening()] * 3)
    assert database.verify().fault is Fault.ANCHOR_ELSEWHERE


def test_one_that_is_missing_stays_missing(database: TrailDatabase) -> None:
    database.fill(2)
    database.anchor.unlink()
    database.fill(2)
    assert not database.anchor.exists()
    assert database.verify().fault is Fault.ANCHOR_MISSING


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"7", b"\xff", b'{"number": 1, "mac": 2, "seal": null}']
)
def test_one_that_can_not_be_read_is_named_and_stays(database: TrailDatabase, content: bytes) -> None:
    database.fill(2)
    database.anchor.write_bytes(content)
    database.fill(2)
    assert database.anchor.read_bytes() == content
    assert database.verify().fault is Fault.ANCHOR_FALSE


def test_one_that_somebody_without_the_key_set_back_is_named(database: TrailDatabase) -> None:
    database.fill(5)
    database.run("DELETE FROM trail WHERE number > 3")
    stored = json.loads(database.anchor.read_bytes())
    ((mac,),) = database.rows("SELECT mac FROM trail WHERE number = 3")
    database.anchor.write_text(json.dumps({**stored, "number": 3, "mac": mac}), encoding="utf-8")
    assert database.verify().fault is Fault.ANCHOR_FALSE
    database.anchor.write_text(
        json.dumps(sealed(OTHER_KEY, Purpose.ANCHOR, Mark(3, str(mac))).as_json()), encoding="utf-8"
    )
    assert database.verify().fault is Fault.ANCHOR_FALSE


def test_it_catches_up_over_a_pruning(database: TrailDatabase) -> None:
    database.fill(2)
    database.append(*[happening(at=NOON + 9)] * 3, anchored=False)
    with database.engine.begin() as connection:
        prune(connection, KEY, NOON + 2_000_000)
    assert database.verify().passed
    database.append(happening())
    assert number_in(database.anchor) == 6
    assert database.verify().passed


def test_it_does_not_catch_up_over_a_checkpoint_without_the_key(database: TrailDatabase) -> None:
    database.fill(2)
    database.append(*[happening()] * 3, anchored=False)
    database.run(
        "INSERT INTO trail_checkpoint (slot, number, mac, seal) SELECT 1, number, mac, mac FROM trail WHERE number = 4",
        "DELETE FROM trail WHERE number < 5",
    )
    database.advance()
    assert number_in(database.anchor) == 2
    assert (database.verify().fault, database.verify().number) == (Fault.CHECKPOINT_FALSE, 4)


def test_staff_may_place_it_anew_after_a_restore(database: TrailDatabase) -> None:
    database.fill(5)
    database.run("DELETE FROM trail WHERE number > 3")  # as in an older copy
    with database.engine.begin() as connection:
        assert place(connection, KEY, database.anchor).number == 3
    database.fill(1)
    assert database.verify().passed
    assert number_in(database.anchor) == 4


def test_a_transaction_that_is_rolled_back_does_not_move_it(database: TrailDatabase) -> None:
    database.fill(1)
    with database.engine.connect() as connection, connection.begin() as transaction:
        append(connection, KEY, happening())
        transaction.rollback()
    database.advance()
    assert number_in(database.anchor) == 1


def test_a_failed_write_leaves_the_one_before(
    on_sqlite: TrailDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_sqlite.fill(1)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            on_sqlite.fill(1)
    assert number_in(on_sqlite.anchor) == 1
    assert sorted(f.name for f in on_sqlite.anchor.parent.glob("*anchor*")) == [
        "trail-anchor.json", "trail-anchor.json.lock"
    ]  # fmt: skip
    on_sqlite.fill(1)
    assert number_in(on_sqlite.anchor) == 3


def test_it_is_locked_while_it_moves(database: TrailDatabase) -> None:
    found: list[str] = []

    def others(*_: object) -> None:
        with database.anchor.with_name("trail-anchor.json.lock").open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append("wait")
            else:
                found.append("do not wait")

    with database.engine.begin() as connection:
        event.listen(connection, "after_cursor_execute", others)
        advance(connection, KEY, database.anchor)
        place(connection, KEY, database.anchor)
    assert set(found) == {"wait"}


def test_it_does_not_move_over_entries_that_are_missing(database: TrailDatabase) -> None:
    database.fill(2)
    database.append(*[happening()] * 3, anchored=False)
    database.run("DELETE FROM trail WHERE number < 4")
    database.advance()
    assert number_in(database.anchor) == 2


def test_the_file_and_then_its_folder_are_on_the_disk_before_it_returns(
    on_sqlite: TrailDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_sqlite.append(happening(), anchored=False)
    synced: list[tuple[bool, int]] = []
    really = os.fsync

    def noted(descriptor: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), number_in(on_sqlite.anchor)))
        really(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    on_sqlite.advance()
    assert synced == [(False, 0), (True, 1)]
