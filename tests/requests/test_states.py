"""The table of transitions is whole: every state can be reached, and every life can end."""

import pytest

from dsar_export.requests.states import ENDED, TRANSITIONS, Action, State, possible

EVERY_COLUMN = frozenset().union(*(way.requires for way in TRANSITIONS.values()))


def reached_from(start: State) -> set[State]:
    found, new = {start}, {start}
    while new:
        new = {way.target for way in TRANSITIONS.values() if way.sources & new} - found
        found |= new
    return found


def test_every_action_has_its_row() -> None:
    assert TRANSITIONS.keys() == set(Action)


def test_every_state_is_reached_from_the_first() -> None:
    assert reached_from(State.RECEIVED) == set(State)


@pytest.mark.parametrize("state", State)
def test_every_life_can_end_and_nothing_leads_on_from_an_end(state: State) -> None:
    assert reached_from(state) & ENDED
    if state in ENDED:
        assert reached_from(state) == {state}


def test_what_an_action_requires_is_given_by_an_earlier_one_and_never_cleared_by_itself() -> None:
    given = frozenset().union(*(way.gives for way in TRANSITIONS.values()))
    for way in TRANSITIONS.values():
        assert way.requires <= given
        assert not way.gives & way.clears


def test_nothing_is_collected_before_verification_and_nothing_built_before_approval() -> None:
    assert "verified_at" in TRANSITIONS[Action.COLLECT].requires
    assert "approved_ledger_hash" in TRANSITIONS[Action.BUILD].requires
    for action in (Action.COLLECT, Action.SEND_BACK, Action.CORRECT):
        assert "approved_ledger_hash" in TRANSITIONS[action].clears
    assert "verified_at" in TRANSITIONS[Action.CORRECT].clears


def test_staff_are_offered_only_what_is_theirs_and_possible() -> None:
    assert possible(State.COLLECTING, EVERY_COLUMN) == (Action.COLLECT, Action.CANCEL)
    assert possible(State.FAILED, ()) == (Action.CORRECT, Action.REFUSE, Action.CANCEL)
    assert Action.BUILD in possible(State.FAILED, EVERY_COLUMN)
    assert possible(State.CLOSED, EVERY_COLUMN) == ()
