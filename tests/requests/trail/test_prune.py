"""After a pruning, the rest of the trail is verified as before."""

import json

import pytest
from sqlalchemy import text

from dsar_export.errors import TrailBrokenError
from dsar_export.requests.trail import Fault, newest_moment, prunable, prune
from tests.requests.trail.trails import KEY, NOON, TrailDatabase, happening

SECOND = 1_000_000


def pruned(database: TrailDatabase, before: int) -> int:
    with database.engine.begin() as connection:
        return prune(connection, KEY, before)


def numbers(database: TrailDatabase) -> list[object]:
    return [number for (number,) in database.rows("SELECT number FROM trail ORDER BY number")]


@pytest.mark.parametrize(("before", "left"), [(0, [1, 2, 3, 4]), (2, [3, 4]), (3, [4]), (4, []), (9, [])])
def test_entries_older_than_a_moment_go_and_the_rest_passes(
    database: TrailDatabase, before: int, left: list[int]
) -> None:
    database.fill(4)
    assert pruned(database, NOON + before * SECOND) == 4 - len(left)
    assert numbers(database) == left
    assert (database.verify().passed, database.verify().entries) == (True, len(left))
    assert pruned(database, NOON + before * SECOND) == 0
    assert database.append(happening()).number == 5
    assert (database.verify().passed, database.verify().behind) == (True, 0)


def test_it_may_be_pruned_again_and_again(database: TrailDatabase) -> None:
    database.fill(6)
    assert [pruned(database, NOON + n * SECOND) for n in (1, 3, 6)] == [1, 2, 3]
    assert database.rows("SELECT slot, number FROM trail_checkpoint") == [(1, 6)]
    assert database.verify().passed


def test_an_empty_trail_leaves_no_checkpoint(database: TrailDatabase) -> None:
    assert pruned(database, NOON) == 0
    assert database.rows("SELECT * FROM trail_checkpoint") == []


def test_an_old_entry_stays_if_a_newer_one_is_before_it(database: TrailDatabase) -> None:
    database.append(happening(at=NOON), happening(at=NOON + 9), happening(at=NOON + 1))
    assert pruned(database, NOON + 5) == 1
    assert numbers(database) == [2, 3]


@pytest.mark.parametrize(
    ("statement", "fault", "number"),
    [
        ("UPDATE trail SET actor = 'ben' WHERE number = 3", Fault.DOES_NOT_FOLLOW, 3),
        ("UPDATE trail SET actor = 'ben' WHERE number = 5", Fault.DOES_NOT_FOLLOW, 5),
        ("DELETE FROM trail WHERE number = 3", Fault.MISSING, 3),
        ("DELETE FROM trail WHERE number = 4", Fault.MISSING, 4),
        ("DELETE FROM trail WHERE number = 6", Fault.CUT_OFF, 6),
        ("DELETE FROM trail", Fault.CUT_OFF, 3),
        ("UPDATE trail SET number = 2 WHERE number = 3", Fault.DOES_NOT_FOLLOW, 2),
        ("DELETE FROM trail_checkpoint", Fault.MISSING, 1),
        ("UPDATE trail_checkpoint SET number = 3", Fault.CHECKPOINT_FALSE, 3),
        ("UPDATE trail_checkpoint SET mac = seal", Fault.CHECKPOINT_FALSE, 2),
        ("UPDATE trail_checkpoint SET seal = mac", Fault.CHECKPOINT_FALSE, 2),
    ],
)
def test_tampering_is_found_as_before(
    database: TrailDatabase, statement: str, fault: Fault, number: int
) -> None:
    database.fill(6)
    pruned(database, NOON + 2 * SECOND)
    database.run(statement)
    assert (database.verify().fault, database.verify().number) == (fault, number)


def test_nobody_prunes_without_the_key(database: TrailDatabase) -> None:
    """The anchor has a seal too, but for another purpose."""
    database.fill(4)
    with database.engine.begin() as connection:
        anchor = json.loads(database.anchor.read_bytes())
        connection.exec_driver_sql(
            f"INSERT INTO trail_checkpoint VALUES (1, {anchor['number']}, '{anchor['mac']}', '{anchor['seal']}')"
        )
        connection.exec_driver_sql("DELETE FROM trail")
    assert (database.verify().fault, database.verify().number) == (Fault.CHECKPOINT_FALSE, 4)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE trail SET actor = 'ben' WHERE number = 1", f"UPDATE trail SET at = {NOON} WHERE number = 3"],
)
def test_pruning_does_not_wipe_the_traces_of_a_change(database: TrailDatabase, statement: str) -> None:
    database.fill(4)
    database.run(statement)
    with pytest.raises(TrailBrokenError, match=r"entry [13] was changed"):
        pruned(database, NOON + 2 * SECOND)
    assert numbers(database) == [1, 2, 3, 4]
    assert database.rows("SELECT * FROM trail_checkpoint") == []


def test_a_second_checkpoint_has_no_place(database: TrailDatabase) -> None:
    database.fill(4)
    pruned(database, NOON + SECOND)
    with pytest.raises(Exception, match="one_row"):
        database.run("INSERT INTO trail_checkpoint SELECT 2, number, mac, seal FROM trail_checkpoint")


def test_it_takes_its_turn_as_those_do_that_append(on_postgres: TrailDatabase) -> None:
    on_postgres.fill(2)
    with on_postgres.engine.begin() as connection:
        prune(connection, KEY, NOON + SECOND)
        with on_postgres.engine.begin() as other:
            held = other.scalar(text("SELECT pg_try_advisory_xact_lock(28274360040321644)"))
    assert held is False


@pytest.mark.parametrize("before", [0, 2, 3, 9])
def test_it_is_known_before_how_many_entries_would_go(database: TrailDatabase, before: int) -> None:
    database.fill(3)
    database.append(happening(at=NOON))  # a clock that was set back: it stays until those before it go
    with database.engine.begin() as connection:
        planned = prunable(connection, NOON + before * SECOND)
    assert planned == pruned(database, NOON + before * SECOND)


def test_the_newest_moment_is_the_latest_and_not_the_last(database: TrailDatabase) -> None:
    with database.engine.begin() as connection:
        assert newest_moment(connection) is None
    database.fill(3)
    database.append(happening(at=NOON))
    with database.engine.begin() as connection:
        assert newest_moment(connection) == NOON + 2 * SECOND
