"""The requests of one controller as a source of the person's data, without the request that is answered.

A request that was never proven to be the person's may be somebody else's attempt: only what it says about the person
is shown of it. Names of staff are never shown.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Engine, select

from dsar_export.folding import NOBODY
from dsar_export.model.complaint import Complaint
from dsar_export.model.decision import Decision
from dsar_export.model.link import Link
from dsar_export.model.source import (
    CHUNK_ROWS,
    Chunk,
    ColumnFacts,
    ColumnKind,
    LinkRow,
    Selection,
    SourceDescription,
    Table,
)
from dsar_export.requests.complaints import complaints_of
from dsar_export.requests.database import reading
from dsar_export.requests.decisions import decisions_of, notes_of
from dsar_export.requests.identifiers import StoredIdentifier, identifiers_of
from dsar_export.requests.requests import StoredRequest, read_request
from dsar_export.requests.tables import IDENTIFIERS, REQUESTS
from dsar_export.requests.vault import Vault

TABLE: Final = "data_requests"
COLUMNS: Final[Mapping[str, ColumnKind]] = {
    "request_id": ColumnKind.TEXT,
    "received_at": ColumnKind.INSTANT,
    "asked_for": ColumnKind.TEXT,
    "channel": ColumnKind.TEXT,
    "identifiers": ColumnKind.JSON,
    "agent": ColumnKind.TEXT,
    "also_asked_for": ColumnKind.JSON,
    "state": ColumnKind.TEXT,
    "proof": ColumnKind.TEXT,
    "proof_seen": ColumnKind.TEXT,
    "verified_at": ColumnKind.INSTANT,
    "decisions": ColumnKind.JSON,
    "staff_notes": ColumnKind.JSON,
    "complaints": ColumnKind.JSON,
    "ended_at": ColumnKind.INSTANT,
}
"""The columns of the source, which are the fields of the built-in schema too; beside them, one for each identifier."""


@dataclass(frozen=True)
class EarlierRequests:
    """Reads the requests of a controller, except `answered`; `kinds` are the kinds of identifiers that find them.

    If the register has several kinds of people, only requests about people of the kind `subject`, or of before then: an
    identifier may stand for somebody else among people of another kind.
    """

    engine: Engine
    vault: Vault
    controller: str
    answered: str
    kinds: tuple[str, ...]
    subject: str | None = None

    def describe(self) -> SourceDescription:
        """One table, in which identifiers of each kind have a column."""
        facts = {name: ColumnFacts(kind) for name, kind in COLUMNS.items()}
        keys = (frozenset({"request_id"}),)
        return SourceDescription((Table(TABLE, (*COLUMNS, *self.kinds), keys, facts=facts),))

    @contextmanager
    def snapshot(self) -> Iterator["EarlierRequestsSnapshot"]:
        """All requests as one transaction sees them."""
        with reading(self.engine) as connection:
            yield EarlierRequestsSnapshot(self, connection)


@dataclass(frozen=True)
class EarlierRequestsSnapshot:
    """The requests as they are when the Draft is collected."""

    source: EarlierRequests
    connection: Connection

    def as_of(self) -> datetime | None:
        return None

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The requests that name one of the identifiers, by reference; those of each kind in turn."""
        vault, dataset = self.source.vault, selection.dataset
        kinds = [key.identifier for key in dataset.subject_keys]
        wanted = [
            {vault.blind_index(kind, value) for value in values if value != NOBODY}
            for kind, values in zip(kinds, selection.keys, strict=True)
        ]
        for number, indexes in enumerate(wanted):
            references = self._references(indexes)
            for start in range(0, len(references), CHUNK_ROWS):
                some = references[start : start + CHUNK_ROWS]
                rows = [self._row(reference, wanted, dataset.columns) for reference in some]
                yield Chunk(rows, number)

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:  # noqa: ARG002
        """Requests link no identifiers: what somebody wrote into one proves nothing."""
        return iter(())

    def _references(self, indexes: Collection[str]) -> list[str]:
        naming = select(IDENTIFIERS.c.reference).where(IDENTIFIERS.c.value_index.in_(sorted(indexes)))
        query = select(REQUESTS.c.reference).where(
            REQUESTS.c.reference.in_(naming),
            REQUESTS.c.controller == self.source.controller,
            REQUESTS.c.reference != self.source.answered,
        )
        if self.source.subject is not None:
            theirs = REQUESTS.c.subject == self.source.subject
            query = query.where(theirs | REQUESTS.c.subject.is_(None))
        return list(self.connection.scalars(query.order_by(REQUESTS.c.reference)))

    def _row(self, reference: str, wanted: list[set[str]], columns: Collection[str]) -> tuple[object, ...]:
        vault = self.source.vault
        request = read_request(self.connection, reference, vault)
        stored = identifiers_of(self.connection, reference, vault)
        owners = [cell for indexes in wanted for cell in (_naming(stored, indexes), None)]
        matching = [i for i in stored if any(i.value_index in indexes for indexes in wanted)]
        proven = any(i.proven_by is not None for i in matching)
        cells = {**_facts(request), **_identifiers(stored if proven else matching)}
        if proven:
            cells |= _texts(request, stored) | self._staff_texts(reference)
        return (*owners, *(cells.get(name) for name in columns))

    def _staff_texts(self, reference: str) -> dict[str, object]:
        vault = self.source.vault
        decisions = decisions_of(self.connection, reference, vault)
        notes = notes_of(self.connection, reference, vault)
        complaints = complaints_of(self.connection, reference, vault)
        return {
            "decisions": _json([_decided(decision) for decision in decisions]),
            "staff_notes": _json([f"{_at(note.at)} {note.text}" for note in notes]),
            "complaints": _json([line for complaint in complaints for line in _complained(complaint)]),
        }


def _naming(stored: Collection[StoredIdentifier], indexes: set[str]) -> str | None:
    """The request's own spelling of an identifier of the person; None if it names none of this kind."""
    return next((i.identifier.value for i in stored if i.value_index in indexes), None)


def _facts(request: StoredRequest) -> dict[str, object]:
    listed = request.listed
    return {
        "request_id": listed.reference,
        "received_at": listed.received_at,
        "asked_for": "both" if len(listed.rights) > 1 else listed.rights[0].value,
        "channel": listed.channel.value,
        "state": listed.state.value,
        "verified_at": listed.verified_at,
        "ended_at": listed.ended_at,
    }


def _identifiers(stored: Collection[StoredIdentifier]) -> dict[str, object]:
    return {"identifiers": _json([f"{i.identifier.kind}: {i.identifier.value}" for i in stored])}


def _texts(request: StoredRequest, stored: Collection[StoredIdentifier]) -> dict[str, object]:
    subject = request.subject
    handed_on = [f"{h.right}: {h.contact}, {_at(h.at)}" for h in subject.handed_on]
    return {
        "agent": None if subject.mandate is None else subject.mandate.agent,
        "also_asked_for": _json(handed_on),
        "proof": ", ".join(dict.fromkeys(i.proven_by for i in stored if i.proven_by is not None)),
        "proof_seen": request.evidence,
    }


def _decided(decision: Decision) -> str:
    proof = decision.proof
    texts = (decision.reason, *(() if proof is None else (proof.objective, proof.subjective)))
    return f"{_at(decision.at)} {decision.kind.replace('_', ' ')}: {' / '.join(texts)}"


def _complained(complaint: Complaint) -> Iterator[str]:
    listed = complaint.listed
    yield f"{_at(listed.received_at)} complaint {listed.number}: {complaint.text}"
    if listed.acknowledged_at is not None:
        yield f"{_at(listed.acknowledged_at)} complaint {listed.number} acknowledged"
    if listed.answered_at is not None:
        outcome = "" if listed.outcome is None else f" ({listed.outcome.replace('_', ' ')})"
        yield f"{_at(listed.answered_at)} answer to complaint {listed.number}{outcome}: {complaint.answer}"


def _json(texts: list[str]) -> str | None:
    return json.dumps(texts) if texts else None


def _at(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
