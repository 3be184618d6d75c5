"""A transition happens from its own states, for the version that was seen, once; and from nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, RowMapping, select

from dsar_export.errors import StaleError, StateError, WrongUseError
from dsar_export.model.complaint import ListedComplaint
from dsar_export.model.intake import Channel
from dsar_export.requests.complaints import add_complaint
from dsar_export.requests.database import reading, writing
from dsar_export.requests.installation import Installation
from dsar_export.requests.states import ENDED, TRANSITIONS, Action, State
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.transitions import (
    change,
    erase_request,
    move,
    pass_attempts,
    renew_lease,
    replace_sealed,
    require_possible,
    require_state,
    version_of_attempt,
)
from tests.requests.at_once import at_once
from tests.requests.installations import AT, LATER, REFERENCE, opened, put

GIVEN: dict[str, Any] = {
    "verified_by": "bob",
    "verified_at": LATER,
    "evidence_sealed": b"sealed",
    "collected_by": "bob",
    "lease_until": LATER + timedelta(seconds=90),
    "draft": "draft-1",
    "ledger_hash": "l2",
    "approved_ledger_hash": "l2",
    "approved_decisions_hash": "d2",
    "approved_by": "ray",
    "failed_step": "build",
}
BOTH_MOVE = """
from datetime import UTC, datetime
from dsar_export.requests.states import Action
from dsar_export.requests.transitions import move
now = datetime.now(UTC)
for number in range(40):
    try:
        with writing(engine) as connection:
            move(connection, f"DSAR-20261102-{number:08}", 1, Action.CANCEL, now)
        print(number)
    except StaleError:
        pass
"""


def given(action: Action) -> dict[str, Any]:
    return {name: GIVEN[name] for name in TRANSITIONS[action].gives}


@contextmanager
def undone(installation: Installation) -> Iterator[Connection]:
    """A transaction that leaves nothing."""
    with installation.engine.connect() as connection:
        yield connection
        connection.rollback()


def row(connection: Connection) -> RowMapping:
    return connection.execute(select(REQUESTS).where(REQUESTS.c.reference == REFERENCE)).mappings().one()


@pytest.mark.parametrize("action", Action)
def test_an_action_is_possible_from_its_states_and_from_no_other(
    action: Action, installation: Installation
) -> None:
    version, way = opened(installation), TRANSITIONS[action]
    for state in State:
        with undone(installation) as connection:
            put(connection, installation, state, refusal_proposed_at=AT, draft=GIVEN["draft"])
            if state in way.sources:
                assert move(connection, REFERENCE, version, action, LATER, **given(action)) == version + 1
                after = row(connection)
                assert after["state"] is way.target
                assert after["version"] == version + 1
                assert after["changed_at"] == LATER
                assert after["ended_at"] == (LATER if way.target in ENDED else None)
                assert {after[name] for name in way.clears} <= {None}
                assert after["refusal_proposed_at"] is None  # the request is no longer as it was then
                assert {name: after[name] for name in way.gives} == given(action)
            else:
                with pytest.raises(StateError, match=f"not possible while it is {state.replace('_', ' ')}"):
                    move(connection, REFERENCE, version, action, LATER, **given(action))
                assert row(connection)["state"] is state


@pytest.mark.parametrize("action", [a for a, way in TRANSITIONS.items() if way.requires])
def test_an_action_needs_what_earlier_ones_gave(action: Action, installation: Installation) -> None:
    version, way = opened(installation), TRANSITIONS[action]
    for missing in sorted(way.requires):
        with undone(installation) as connection:
            lacking: dict[str, Any] = {missing: None}
            put(connection, installation, min(way.sources), **lacking)
            with pytest.raises(StateError) as caught:
                move(connection, REFERENCE, version, action, LATER, **given(action))
            assert action.replace("_", "-") not in caught.value.allowed


def test_the_error_lists_what_is_possible_now(installation: Installation) -> None:
    version = opened(installation)
    with pytest.raises(StateError) as caught, writing(installation.engine) as connection:
        move(connection, REFERENCE, version, Action.BUILD, AT, lease_until=LATER)
    assert caught.value.allowed == ("verify", "correct", "refuse", "cancel")
    assert str(caught.value) == (
        f"{REFERENCE}: build is not possible while it is received; possible now: verify, correct, refuse, cancel"
    )


@pytest.mark.parametrize("action", Action)
def test_an_action_on_another_version_than_the_newest_is_refused(
    action: Action, installation: Installation
) -> None:
    version = opened(installation)
    with undone(installation) as connection:
        put(connection, installation, min(TRANSITIONS[action].sources))
        for other in (version - 1, version + 1):
            with pytest.raises(StaleError, match="look at it again"):
                move(connection, REFERENCE, other, action, LATER, **given(action))


def test_an_unknown_reference_is_wrong_use(installation: Installation) -> None:
    with (
        pytest.raises(WrongUseError, match="no request has the reference"),
        writing(installation.engine) as connection,
    ):
        move(connection, "DSAR-20260101-00000000", 1, Action.CANCEL, AT)


def test_of_two_processes_that_make_the_same_transition_exactly_one_wins(installation: Installation) -> None:
    for number in range(40):
        opened(installation, f"DSAR-20261102-{number:08}")
    won = [set(output.split()) for output in at_once(installation, 2, BOTH_MOVE)]
    assert won[0] | won[1] == set(map(str, range(40)))
    assert won[0] & won[1] == set()
    with reading(installation.engine) as connection:
        assert set(connection.scalars(select(REQUESTS.c.version))) == {2}


@pytest.mark.parametrize("name", ["state", "version", "reference", "attempt", "ended_at"])
def test_nobody_writes_the_guarded_columns_by_the_way(name: str, installation: Installation) -> None:
    version = opened(installation)
    columns: dict[str, Any] = {name: "approved"}
    refused = pytest.raises(TypeError, match=r"only `move` and `change`|multiple values")
    with refused, writing(installation.engine) as connection:
        change(connection, REFERENCE, version, AT, **columns)


def test_all_that_nobody_may_write_by_the_way_is_named(installation: Installation) -> None:
    version = opened(installation)
    words = "^attempt, state: only `move` and `change`"
    with pytest.raises(TypeError, match=words), undone(installation) as connection:
        change(connection, REFERENCE, version, AT, attempt=7, state=State.CLOSED)


def test_an_action_without_what_it_must_set_is_a_mistake_of_the_program(installation: Installation) -> None:
    version = opened(installation)
    needed = "evidence_sealed, verified_at, verified_by"
    with pytest.raises(TypeError, match=needed), writing(installation.engine) as connection:
        move(connection, REFERENCE, version, Action.VERIFY, AT)


def test_another_change_makes_what_was_seen_before_stale(installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        assert change(connection, REFERENCE, version, LATER, assigned_to="bob") == version + 1
        assert row(connection)["assigned_to"] == "bob"
        with pytest.raises(StaleError):
            move(connection, REFERENCE, version, Action.CANCEL, LATER)


def test_a_request_that_has_ended_is_not_changed(installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        version = move(connection, REFERENCE, version, Action.CANCEL, AT)
    with pytest.raises(StateError, match="possible now: nothing"), writing(installation.engine) as connection:
        change(connection, REFERENCE, version, LATER, assigned_to="bob")


@pytest.mark.parametrize(
    ("action", "state"), [(Action.COLLECT, State.VERIFIED), (Action.BUILD, State.APPROVED)]
)
def test_work_is_taken_over_only_when_its_lease_has_ended(
    action: Action, state: State, installation: Installation
) -> None:
    version, end = opened(installation), GIVEN["lease_until"]
    with undone(installation) as connection:
        put(connection, installation, state)
        version = move(connection, REFERENCE, version, action, LATER, **given(action))
        again = {**given(action), "lease_until": end + timedelta(seconds=90)}
        with pytest.raises(StateError, match="a process works on it until") as caught:
            move(connection, REFERENCE, version, action, end, **again)
        assert caught.value.allowed == ("cancel",)
        move(connection, REFERENCE, version, action, end + timedelta(microseconds=1), **again)
        assert row(connection)["attempt"] == 2


def test_an_attempt_that_was_taken_over_learns_it_at_its_next_sign_of_life(
    installation: Installation,
) -> None:
    version, end = opened(installation), GIVEN["lease_until"]
    with undone(installation) as connection:
        put(connection, installation, State.VERIFIED)
        version = move(connection, REFERENCE, version, Action.COLLECT, AT, **given(Action.COLLECT))
        assert renew_lease(connection, REFERENCE, 1, end)
        assert version_of_attempt(connection, REFERENCE, 1) == version
        move(
            connection,
            REFERENCE,
            version,
            Action.COLLECT,
            end + timedelta(seconds=1),
            **given(Action.COLLECT),
        )
        assert not renew_lease(connection, REFERENCE, 1, end)
        assert renew_lease(connection, REFERENCE, 2, end)
        with pytest.raises(StaleError, match="stop here"):
            version_of_attempt(connection, REFERENCE, 1)


def test_a_cancelled_request_stops_the_work_on_it(installation: Installation) -> None:
    version = opened(installation)
    with undone(installation) as connection:
        put(connection, installation, State.VERIFIED)
        version = move(connection, REFERENCE, version, Action.COLLECT, AT, **given(Action.COLLECT))
        move(connection, REFERENCE, version, Action.CANCEL, AT)
        assert not renew_lease(connection, REFERENCE, 1, LATER)


def test_only_a_request_that_has_ended_is_erased_and_only_as_it_was_seen(installation: Installation) -> None:
    version = opened(installation)
    with undone(installation) as connection:
        with pytest.raises(StaleError, match="not erased; purge again"):
            erase_request(connection, REFERENCE, version)
        version = move(connection, REFERENCE, version, Action.CANCEL, AT)
        with pytest.raises(StaleError):
            erase_request(connection, REFERENCE, version - 1)
        erase_request(connection, REFERENCE, version)
        assert connection.execute(select(REQUESTS)).all() == []


def test_attempts_that_a_restored_database_does_not_know_are_passed(installation: Installation) -> None:
    opened(installation)
    with undone(installation) as connection:
        put(connection, installation, State.COLLECTING, attempt=3, lease_until=LATER)
        assert not pass_attempts(connection, REFERENCE, 5, AT)  # a process works on it
        assert not pass_attempts(connection, REFERENCE, 3, LATER + timedelta(seconds=1))
        assert pass_attempts(connection, REFERENCE, 5, LATER + timedelta(seconds=1))
        assert (row(connection)["attempt"], row(connection)["version"]) == (5, 2)
        put(connection, installation, State.CANCELLED, lease_until=None)
        assert not pass_attempts(connection, REFERENCE, 9, LATER)


def test_only_sealed_columns_get_another_key(installation: Installation) -> None:
    version = opened(installation)
    with undone(installation) as connection:
        with pytest.raises(TypeError, match=r"^draft, state: only sealed columns"):
            replace_sealed(connection, ["draft", "state"], {REFERENCE: [b"", b""]})
        replace_sealed(connection, ["evidence_sealed"], {REFERENCE: [b"anew"]})
        assert (row(connection)["evidence_sealed"], row(connection)["version"]) == (b"anew", version)


def test_what_an_action_would_refuse_is_refused_before_it(installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        require_possible(connection, REFERENCE, version, Action.VERIFY, AT)
        require_state(connection, REFERENCE, version, AT, {State.RECEIVED}, "this")
        put(connection, installation, State.COLLECTING, lease_until=LATER)
        require_possible(connection, REFERENCE, version, Action.FIND_NOBODY, AT)
        words = (
            f"^{REFERENCE}: send back is not possible while it is collecting and a process works on it until "
            "2026-11-02 10:30:00 UTC; possible now: cancel$"
        )
        for refused_by in (require_possible, move):
            with pytest.raises(StateError, match=words):
                refused_by(connection, REFERENCE, version, Action.SEND_BACK, AT)
        with pytest.raises(StaleError):
            require_possible(connection, REFERENCE, version + 1, Action.SEND_BACK, AT)
        with pytest.raises(StateError, match="looking is not possible while it is collecting and"):
            require_state(connection, REFERENCE, version, AT, {State.VERIFIED, State.FAILED}, "looking")
        with pytest.raises(StateError, match="this is not possible while it is collecting and a process"):
            change(connection, REFERENCE, version, AT, {State.VERIFIED}, assigned_to="bob")
        put(connection, installation, State.APPROVED, lease_until=None)
        with pytest.raises(StateError) as refused:
            require_possible(connection, REFERENCE, version, Action.VERIFY, AT)
        assert refused.value.allowed == ("send-back", "build", "refuse", "cancel")


def test_a_sign_of_life_prolongs_the_lease_and_nothing_else(installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        put(connection, installation, State.COLLECTING, lease_until=AT, attempt=1)
        before = dict(row(connection))
        assert renew_lease(connection, REFERENCE, 1, LATER)
        assert dict(row(connection)) == {**before, "lease_until": LATER}
        assert row(connection)["version"] == version


def test_only_a_complaint_about_the_request_itself_keeps_it(installation: Installation) -> None:
    other = "DSAR-20261102-00000002"
    for reference in (REFERENCE, other):
        opened(installation, reference)
    complaint = ListedComplaint(REFERENCE, 1, AT, Channel.LETTER, "ada")
    with writing(installation.engine) as connection:
        add_complaint(connection, complaint, "text", installation.vault)
        for reference in (REFERENCE, other):
            put(connection, installation, State.CLOSED, reference)
        erase_request(connection, other, 1)
        with pytest.raises(StaleError):
            erase_request(connection, REFERENCE, 1)
