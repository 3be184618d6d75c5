"""What staff decided about a request and what they noted; reasons and notes are sealed."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from dsar_export.errors import WrongUseError
from dsar_export.model.decision import Decision, DecisionKind, Note
from dsar_export.model.refusal import AbuseProof
from dsar_export.requests.numbers import next_number
from dsar_export.requests.states import TRANSITIONS, Action, State
from dsar_export.requests.tables import DECISIONS, NOTES, REQUESTS
from dsar_export.requests.transitions import change
from dsar_export.requests.vault import Cell, Vault

_GAPS_ARE_ACCEPTED_IN: Final = frozenset({State.IN_REVIEW})
_PREPARES: Final = {
    DecisionKind.PROPOSE_REFUSAL: Action.REFUSE,
    DecisionKind.WITHDRAW_REFUSAL: Action.REFUSE,
}
"""Decisions that move nothing themselves: they are taken where the action is possible."""
_MOST_NAMED: Final = 500
"""In one statement, which takes only so many parameters."""
_OF_REQUEST: Final = (
    select(DECISIONS).where(DECISIONS.c.reference == bindparam("of_reference")).order_by(DECISIONS.c.number)
)


@dataclass(frozen=True)
class ListedDecision:
    """A decision as it stands in lists: without what is sealed."""

    kind: DecisionKind
    by: str
    at: datetime
    about: str | None


def add_decision(
    connection: Connection, reference: str, version: int, decision: Decision, vault: Vault
) -> int:
    """Records a decision before it moves the request, in a state in which it may be taken; returns the new version.

    The version rises, so that nobody approves a page that was shown before this decision.
    """
    if not decision.reason.strip():
        raise WrongUseError(f"{reference}: a decision needs a reason; write one")
    version = change(connection, reference, version, decision.at, during=_states_of(decision.kind))
    number = next_number(connection, DECISIONS, reference)
    content = json.dumps({"reason": decision.reason, "chosen": decision.chosen})
    connection.execute(
        insert(DECISIONS).values(
            reference=reference,
            number=number,
            kind=decision.kind,
            by=decision.by,
            at=decision.at,
            about=decision.about,
            ground=decision.ground,
            reason_sealed=vault.seal(content, _decision_cell(reference, number)),
            **_sealed_proof(decision.proof, reference, number, vault),
        )
    )
    return version


def decisions_of(connection: Connection, reference: str, vault: Vault) -> tuple[Decision, ...]:
    """All decisions about a request, in their order."""
    found = []
    for row in connection.execute(_OF_REQUEST, {"of_reference": reference}).mappings():
        opened = json.loads(vault.open(row["reason_sealed"], _decision_cell(reference, row["number"])))
        content = (opened["reason"], row["about"], tuple(opened["chosen"]), row["ground"])
        found.append(Decision(row["kind"], row["by"], row["at"], *content, _proof(row, vault)))
    return tuple(found)


def listed_decisions(
    connection: Connection, references: Collection[str]
) -> Mapping[str, tuple[ListedDecision, ...]]:
    """The decisions about several requests by reference, in their order; a request without any is missing."""
    columns = (DECISIONS.c.kind, DECISIONS.c.by, DECISIONS.c.at, DECISIONS.c.about)
    query = select(DECISIONS.c.reference, *columns).order_by(DECISIONS.c.reference, DECISIONS.c.number)
    wanted, found = sorted(references), dict[str, tuple[ListedDecision, ...]]()
    for start in range(0, len(wanted), _MOST_NAMED):
        some = DECISIONS.c.reference.in_(wanted[start : start + _MOST_NAMED])
        for reference, *decision in connection.execute(query.where(some)):
            found[reference] = (*found.get(reference, ()), ListedDecision(*decision))
    return found


def requests_with_decision(connection: Connection, kind: DecisionKind) -> frozenset[str]:
    """The references of all requests about which such a decision was taken."""
    return frozenset(connection.scalars(select(DECISIONS.c.reference).where(DECISIONS.c.kind == kind)))


def decisions_hash(decisions: Iterable[Decision]) -> str:
    """What an approval names: the hash of all decisions that shape the package.

    Reasons and chosen people are not in it: it stands unsealed in the row, and short texts could be guessed from it.
    """
    lines = [[d.kind, d.by, d.at.isoformat(), d.about] for d in decisions if d.kind.shapes_the_package]
    return hashlib.sha256(json.dumps(lines).encode()).hexdigest()


def verification_hash(by: str, at: datetime) -> str:
    """What a choice is about: the very verification under which several people matched."""
    return hashlib.sha256(json.dumps([by, at.isoformat()]).encode()).hexdigest()


def add_note(connection: Connection, reference: str, note: Note, vault: Vault) -> None:
    """Adds a note in any state; the version stays, because nothing is decided by it."""
    if not note.text.strip():
        raise WrongUseError(f"{reference}: the note is empty; write something")
    lock_request(connection, reference)
    number = next_number(connection, NOTES, reference)
    sealed = vault.seal(note.text, _note_cell(reference, number))
    connection.execute(
        insert(NOTES).values(reference=reference, number=number, by=note.by, at=note.at, text_sealed=sealed)
    )


def notes_of(connection: Connection, reference: str, vault: Vault) -> tuple[Note, ...]:
    """All notes about a request, in their order."""
    query = select(NOTES).where(NOTES.c.reference == reference).order_by(NOTES.c.number)
    return tuple(
        Note(row["by"], row["at"], vault.open(row["text_sealed"], _note_cell(reference, row["number"])))
        for row in connection.execute(query).mappings()
    )


def written_since(connection: Connection, by: str) -> Mapping[str, Sequence[datetime]]:
    """When somebody wrote notes after which nobody else wrote one, by reference, the oldest in front."""
    later = NOTES.alias()
    others = (later.c.reference == NOTES.c.reference, later.c.number > NOTES.c.number, later.c.by != by)
    last = select(NOTES.c.reference, NOTES.c.at).where(
        NOTES.c.by == by, ~select(later.c.number).where(*others).exists()
    )
    found: dict[str, list[datetime]] = {}
    for reference, at in connection.execute(last.order_by(NOTES.c.reference, NOTES.c.number)):
        found.setdefault(reference, []).append(at)
    return found


def _states_of(kind: DecisionKind) -> frozenset[State]:
    if kind is DecisionKind.ACCEPT_GAP:
        return _GAPS_ARE_ACCEPTED_IN
    return TRANSITIONS[_PREPARES.get(kind) or Action(kind)].sources


def lock_request(connection: Connection, reference: str) -> None:
    """Locks the request's row on PostgreSQL, so that two who number something at once get two numbers."""
    known = select(REQUESTS.c.reference).where(REQUESTS.c.reference == reference).with_for_update()
    if connection.scalar(known) is None:
        raise WrongUseError(f"no request has the reference {reference}; `request list --all` shows all")


def _sealed_proof(proof: AbuseProof | None, reference: str, number: int, vault: Vault) -> dict[str, bytes]:
    parts = {} if proof is None else {"objective": proof.objective, "subjective": proof.subjective}
    return {
        f"{part}_sealed": vault.seal(text, _decision_cell(reference, number, f"{part}_sealed"))
        for part, text in parts.items()
    }


def _proof(row: RowMapping, vault: Vault) -> AbuseProof | None:
    if row["objective_sealed"] is None:
        return None
    names = ("objective_sealed", "subjective_sealed")
    return AbuseProof(
        *(vault.open(row[name], _decision_cell(row["reference"], row["number"], name)) for name in names)
    )


def _decision_cell(reference: str, number: int, column: str = DECISIONS.c.reason_sealed.name) -> Cell:
    return Cell(DECISIONS.name, column, reference, number)


def _note_cell(reference: str, number: int) -> Cell:
    return Cell(NOTES.name, NOTES.c.text_sealed.name, reference, number)
