"""Whatever somebody does to the trail without its key is found, and the first bad entry named."""

import tracemalloc

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from dsar_export.requests.trail import Fault, Mark, entries, verify
from dsar_export.requests.trail.reading import opened
from tests.requests.trail.trails import KEY, OTHER_KEY, REFERENCE, TrailDatabase, fill_at_once, happening

COLUMNS = "at, actor, action, reference, controller, reason_code, details, mac"
MOVED = 1000  # far above all numbers


def test_a_trail_that_nobody_touched_passes(database: TrailDatabase) -> None:
    assert (database.verify().passed, database.verify().entries) == (True, 0)
    database.fill(5)
    assert (database.verify().passed, database.verify().entries, database.verify().behind) == (True, 5, 0)


@pytest.mark.parametrize(
    "change",
    [
        "at = at + 1", "actor = 'ben'", "action = 'refuse'", "reference = 'DSAR-20261102-ABCD2346'",
        "reference = NULL", "controller = NULL", "controller = ''", "reason_code = 'fee'",
        "details = '{\"version\":3}'", "details = '{\"version\": 2}'", "details = ' '", "details = '{'",
        "details = 'null'", "mac = '00'", "mac = upper(mac)",
        "mac = (SELECT t.mac FROM trail t WHERE t.number = 2)",
    ],
)  # fmt: skip
def test_a_changed_entry_is_found(database: TrailDatabase, change: str) -> None:
    database.fill(5)
    database.run(f"UPDATE trail SET {change} WHERE number = 3")
    verdict = database.verify()
    assert (verdict.fault, verdict.number, verdict.entries) == (Fault.DOES_NOT_FOLLOW, 3, 2)
    assert "entry 3 was changed" in verdict.sentence


@pytest.mark.parametrize(
    "stored",
    ["CAST(X'ff' AS TEXT)", "CAST(X'616E6EFF' AS TEXT)", "CAST(actor AS BLOB)", "X'00'", "7", "1.5"],
)
def test_a_value_that_only_sqlite_would_store_is_found(on_sqlite: TrailDatabase, stored: str) -> None:
    on_sqlite.fill(5)
    on_sqlite.run(f"UPDATE trail SET actor = {stored} WHERE number = 3")
    assert (on_sqlite.verify().fault, on_sqlite.verify().number) == (Fault.DOES_NOT_FOLLOW, 3)


@pytest.mark.parametrize("stored", ["'noon'", "9e999", "1.5", "X'00'", "CAST(X'ff' AS TEXT)"])
def test_a_time_that_is_no_whole_number_is_found(on_sqlite: TrailDatabase, stored: str) -> None:
    on_sqlite.fill(5)
    on_sqlite.run(f"UPDATE trail SET at = {stored} WHERE number = 3")
    assert (on_sqlite.verify().fault, on_sqlite.verify().number) == (Fault.DOES_NOT_FOLLOW, 3)


@pytest.mark.parametrize("first", [1, 3])
def test_a_missing_entry_is_found(database: TrailDatabase, first: int) -> None:
    database.fill(5)
    database.run(f"DELETE FROM trail WHERE number IN ({first}, 4)")
    assert (database.verify().fault, database.verify().number) == (Fault.MISSING, first)


def test_a_missing_entry_is_found_though_the_others_moved_up(database: TrailDatabase) -> None:
    database.fill(5)
    database.run(
        "DELETE FROM trail WHERE number = 3",
        "UPDATE trail SET number = 3 WHERE number = 4",
        "UPDATE trail SET number = 4 WHERE number = 5",
    )
    assert (database.verify().fault, database.verify().number) == (Fault.DOES_NOT_FOLLOW, 3)


def test_reordered_entries_are_found(database: TrailDatabase) -> None:
    database.fill(5)
    database.run(
        f"UPDATE trail SET number = {MOVED} WHERE number = 3",
        "UPDATE trail SET number = 3 WHERE number = 4",
        f"UPDATE trail SET number = 4 WHERE number = {MOVED}",
    )
    assert (database.verify().fault, database.verify().number) == (Fault.DOES_NOT_FOLLOW, 3)


@pytest.mark.parametrize("number", [-1, 0, 6])
def test_an_inserted_entry_is_found(database: TrailDatabase, number: int) -> None:
    database.fill(5)
    database.run(
        f"INSERT INTO trail (number, {COLUMNS}) SELECT {number}, {COLUMNS} FROM trail WHERE number = 5"
    )
    assert (database.verify().fault, database.verify().number) == (Fault.DOES_NOT_FOLLOW, number)


def test_an_entry_inserted_between_others_is_found(database: TrailDatabase) -> None:
    database.fill(3)
    database.run(
        "UPDATE trail SET number = 4 WHERE number = 3",
        f"INSERT INTO trail (number, {COLUMNS}) SELECT 3, {COLUMNS} FROM trail WHERE number = 2",
    )
    assert (database.verify().fault, database.verify().number) == (Fault.DOES_NOT_FOLLOW, 3)


@pytest.mark.parametrize(("last", "number"), [(3, 4), (0, 1)])
def test_a_cut_tail_is_found(database: TrailDatabase, last: int, number: int) -> None:
    database.fill(5)
    database.run(f"DELETE FROM trail WHERE number > {last}")
    assert (database.verify().fault, database.verify().number) == (Fault.CUT_OFF, number)


def test_an_anchor_that_a_crash_left_behind_is_fine(database: TrailDatabase) -> None:
    database.fill(2)
    database.append(happening(), happening(), anchored=False)
    assert (database.verify().passed, database.verify().behind) == (True, 2)


def test_a_missing_anchor_is_named(database: TrailDatabase) -> None:
    database.fill(2)
    database.anchor.unlink()
    assert database.verify().fault is Fault.ANCHOR_MISSING
    assert not database.verify().passed


def test_an_entry_that_the_anchor_has_seen_can_not_be_another_one(database: TrailDatabase) -> None:
    database.fill(5)
    with database.engine.begin() as connection:
        connection.execute(text("DELETE FROM trail WHERE number > 3"))
    database.append(*[happening()] * 3)  # by someone with the key: each follows
    verdict = database.verify()
    assert (verdict.fault, verdict.number, verdict.entries) == (Fault.ANCHOR_ELSEWHERE, 5, 6)


def test_another_key_verifies_nothing(database: TrailDatabase) -> None:
    assert database.verify(OTHER_KEY).fault is Fault.ANCHOR_FALSE
    database.fill(2)
    assert (database.verify(OTHER_KEY).fault, database.verify(OTHER_KEY).number) == (Fault.DOES_NOT_FOLLOW, 1)


def test_an_entry_that_comes_while_it_verifies_is_no_cut_tail(on_postgres: TrailDatabase) -> None:
    on_postgres.fill(2)
    came: list[Mark] = []

    def one_more(*_: object) -> None:
        if not came:
            came.append(Mark(0, ""))  # or this would call itself
            came[0] = on_postgres.append(happening())

    with on_postgres.engine.begin() as connection:
        event.listen(connection, "after_cursor_execute", one_more)
        verdict = verify(connection, KEY, on_postgres.anchor)
    assert came[0].number == 3
    assert (verdict.sentence, verdict.entries) == ("2 entries, each follows the one before", 2)


def test_postgres_keeps_the_rows_on_its_side(on_postgres: TrailDatabase) -> None:
    on_postgres.fill(2)
    with on_postgres.engine.begin() as connection, opened(connection) as trail:
        next(trail.entries)
        assert connection.scalar(text("SELECT count(*) FROM pg_cursors")) == 1


def test_memory_does_not_grow_with_the_entries(database: TrailDatabase) -> None:
    fill_at_once(database, 8_000)
    database.verify()  # what is loaded once does not count
    tracemalloc.start()
    try:
        assert database.verify().entries == 8_000
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_the_entries_of_a_request_are_shown_in_order(database: TrailDatabase) -> None:
    database.append(
        happening(), happening(reference="DSAR-20261102-ABCD2346"), happening(reference=None), happening()
    )
    with database.engine.begin() as connection:
        found = list(entries(connection, REFERENCE))
    assert [entry.number for entry in found] == [1, 4]
    assert found[0].values["action"] == "approve"


def test_sqlite_takes_nothing_but_a_whole_number_as_a_number(on_sqlite: TrailDatabase) -> None:
    on_sqlite.fill(2)
    with pytest.raises(IntegrityError, match="datatype mismatch"):
        on_sqlite.run("UPDATE trail SET number = 'x' WHERE number = 2")
