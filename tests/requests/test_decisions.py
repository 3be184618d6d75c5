"""Decisions are recorded where they may be taken; each makes what was seen before it stale."""

import hashlib
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from dsar_export.errors import StaleError, StateError, WrongUseError
from dsar_export.model.decision import Decision, DecisionKind, Note
from dsar_export.model.refusal import AbuseProof
from dsar_export.requests.database import reading, writing
from dsar_export.requests.decisions import (
    ListedDecision,
    add_decision,
    add_note,
    decisions_hash,
    decisions_of,
    listed_decisions,
    notes_of,
    requests_with_decision,
    verification_hash,
)
from dsar_export.requests.installation import Installation
from dsar_export.requests.states import TRANSITIONS, Action, State
from dsar_export.requests.tables import DECISIONS, NOTES
from dsar_export.requests.transitions import move
from dsar_export.requests.vault import Cell
from tests.replacing import replace
from tests.requests.installations import AT, LATER, REFERENCE, opened, put

ACCEPTED = Decision(DecisionKind.ACCEPT_GAP, "ada", AT, "the archive burnt down", about="gap-1")
NOWHERE = "DSAR-20260101-00000000"


def possible_in(kind: DecisionKind) -> frozenset[State]:
    if kind is DecisionKind.ACCEPT_GAP:
        return frozenset({State.IN_REVIEW})
    return TRANSITIONS[Action.REFUSE if kind.endswith("_refusal") else Action(kind)].sources


def test_decisions_come_back_in_their_order(installation: Installation) -> None:
    version = opened(installation)
    second = replace(ACCEPTED, by="bob", at=LATER, about="gap-2", chosen=("C-1",))
    with writing(installation.engine) as connection:
        put(connection, installation, State.IN_REVIEW)
        version = add_decision(connection, REFERENCE, version, ACCEPTED, installation.vault)
        assert add_decision(connection, REFERENCE, version, second, installation.vault) == version + 1
    with reading(installation.engine) as connection:
        assert decisions_of(connection, REFERENCE, installation.vault) == (ACCEPTED, second)


@pytest.mark.parametrize("kind", DecisionKind)
def test_a_decision_is_taken_in_its_states_only(kind: DecisionKind, installation: Installation) -> None:
    version = opened(installation)
    for state in State:
        with installation.engine.connect() as connection:
            put(connection, installation, state)
            decision = replace(ACCEPTED, kind=kind)
            if state in possible_in(kind):
                add_decision(connection, REFERENCE, version, decision, installation.vault)
            else:
                with pytest.raises(StateError):
                    add_decision(connection, REFERENCE, version, decision, installation.vault)
            connection.rollback()


def test_an_approval_of_a_page_from_before_a_decision_is_stale(installation: Installation) -> None:
    version = opened(installation)
    with writing(installation.engine) as connection:
        put(connection, installation, State.IN_REVIEW)
        add_decision(connection, REFERENCE, version, ACCEPTED, installation.vault)
    with pytest.raises(StaleError), writing(installation.engine) as connection:
        move(
            connection,
            REFERENCE,
            version,
            Action.APPROVE,
            LATER,
            approved_ledger_hash="l",
            approved_decisions_hash="d",
            approved_by="bob",
        )


def test_a_decision_without_a_reason_is_refused(installation: Installation) -> None:
    version = opened(installation)
    with pytest.raises(WrongUseError, match="needs a reason"), writing(installation.engine) as connection:
        add_decision(connection, REFERENCE, version, replace(ACCEPTED, reason=" "), installation.vault)


def test_the_hash_changes_with_every_decision_that_shapes_the_package() -> None:
    chose = replace(ACCEPTED, kind=DecisionKind.CHOOSE, chosen=("C-1",))
    different = [
        (), (ACCEPTED,), (ACCEPTED, ACCEPTED), (chose,), (ACCEPTED, chose), (chose, ACCEPTED),
        (replace(ACCEPTED, by="bob"),), (replace(ACCEPTED, at=LATER),), (replace(ACCEPTED, about="gap-2"),),
    ]  # fmt: skip
    assert len({decisions_hash(decisions) for decisions in different}) == len(different)


@pytest.mark.parametrize("kind", [DecisionKind.APPROVE, DecisionKind.SEND_BACK, DecisionKind.REFUSE])
def test_the_hash_does_not_change_with_what_only_moves_the_request(kind: DecisionKind) -> None:
    assert decisions_hash((ACCEPTED, replace(ACCEPTED, kind=kind))) == decisions_hash((ACCEPTED,))


def test_the_hash_shows_no_reason_and_nobody_chosen() -> None:
    other = replace(ACCEPTED, reason="another", chosen=("C-2",))
    assert decisions_hash((other,)) == decisions_hash((ACCEPTED,))


def test_notes_come_back_in_their_order_and_make_nothing_stale(installation: Installation) -> None:
    version = opened(installation)
    notes = (Note("ada", AT, "called"), Note("bob", LATER, "called again"))
    with writing(installation.engine) as connection:
        for note in notes:
            add_note(connection, REFERENCE, note, installation.vault)
        move(connection, REFERENCE, version, Action.CANCEL, LATER)
        assert notes_of(connection, REFERENCE, installation.vault) == notes


def test_of_two_notes_at_the_same_time_the_second_waits_for_the_first(installation: Installation) -> None:
    opened(installation)
    notes = (Note("ada", AT, "called"), Note("bob", AT, "called too"))

    def add(note: Note) -> None:
        with writing(installation.engine) as connection:
            add_note(connection, REFERENCE, note, installation.vault)

    with ThreadPoolExecutor(1) as thread:
        with writing(installation.engine) as connection:
            add_note(connection, REFERENCE, notes[0], installation.vault)
            second = thread.submit(add, notes[1])
            time.sleep(0.3)
            assert not second.done()
        second.result()
    with reading(installation.engine) as connection:
        assert notes_of(connection, REFERENCE, installation.vault) == notes


@pytest.mark.parametrize(("reference", "text"), [(REFERENCE, " "), (NOWHERE, "called")])
def test_an_empty_note_and_one_about_nothing_are_refused(
    reference: str, text: str, installation: Installation
) -> None:
    opened(installation)
    with (
        pytest.raises(WrongUseError, match=r"the note is empty|no request has"),
        writing(installation.engine) as connection,
    ):
        add_note(connection, reference, Note("ada", AT, text), installation.vault)


def test_a_refusal_keeps_its_ground_and_both_parts_of_its_proof_each_sealed_to_its_place(
    installation: Installation,
) -> None:
    version = opened(installation)
    proof = AbuseProof("sold on", "said so")
    refusal = Decision(DecisionKind.PROPOSE_REFUSAL, "ada", AT, "sealed too", ground="abusive", proof=proof)
    note = Note("ada", AT, "called back")
    with writing(installation.engine) as connection:
        add_decision(connection, REFERENCE, version, refusal, installation.vault)
        add_note(connection, REFERENCE, note, installation.vault)
        (row,) = connection.execute(select(DECISIONS)).mappings()
        (written,) = connection.execute(select(NOTES)).mappings()
    with reading(installation.engine) as connection:
        assert decisions_of(connection, REFERENCE, installation.vault) == (refusal,)
        assert notes_of(connection, REFERENCE, installation.vault) == (note,)
    opens = installation.vault.open
    assert opens(row["objective_sealed"], Cell("decisions", "objective_sealed", REFERENCE, 1)) == "sold on"
    assert opens(row["subjective_sealed"], Cell("decisions", "subjective_sealed", REFERENCE, 1)) == "said so"
    assert "sealed too" in opens(row["reason_sealed"], Cell("decisions", "reason_sealed", REFERENCE, 1))
    assert opens(written["text_sealed"], Cell("notes", "text_sealed", REFERENCE, 1)) == "called back"


def test_decisions_are_listed_for_many_requests(installation: Installation) -> None:
    references = [f"DSAR-20261102-{number:08}" for number in range(1, 4)]
    for reference in references:
        opened(installation, reference)
    gap, sent_back = ACCEPTED, replace(ACCEPTED, kind=DecisionKind.SEND_BACK, by="bob", at=LATER)
    with writing(installation.engine) as connection:
        for reference in references[:2]:
            put(connection, installation, State.IN_REVIEW, reference)
            add_decision(connection, reference, 1, gap, installation.vault)
        add_decision(connection, references[1], 2, sent_back, installation.vault)
        listed = ListedDecision(DecisionKind.ACCEPT_GAP, "ada", AT, "gap-1")
        both = (listed, ListedDecision(DecisionKind.SEND_BACK, "bob", LATER, "gap-1"))
        many = [*references, *(f"DSAR-20260101-{number:08}" for number in range(498))]
        for wanted in (references, many, [*many, "DSAR-20270101-00000001"]):
            found = listed_decisions(connection, wanted)
            assert found == {references[0]: (listed,), references[1]: both}
        assert listed_decisions(connection, references[1:]) == {references[1]: both}
        assert requests_with_decision(connection, DecisionKind.ACCEPT_GAP) == {*references[:2]}
        assert requests_with_decision(connection, DecisionKind.SEND_BACK) == {references[1]}


def test_another_verification_has_another_hash() -> None:
    hashes = {verification_hash(by, at) for by in ("ada", "bob") for at in (AT, LATER)}
    assert len(hashes) == 4
    assert (
        verification_hash("ada", AT)
        == hashlib.sha256(b'["ada", "2026-11-02T09:30:00.123456+00:00"]').hexdigest()
    )
