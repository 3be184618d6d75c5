"""Complaints about requests, in every state of theirs; a complaint changes nothing of its request."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from dsar_export.errors import WrongUseError
from dsar_export.model.complaint import Complaint, ComplaintOutcome, ListedComplaint
from dsar_export.requests.decisions import lock_request
from dsar_export.requests.numbers import next_number
from dsar_export.requests.tables import COMPLAINTS
from dsar_export.requests.vault import Cell, Vault

_LISTED: Final = tuple(COMPLAINTS.c[name] for name in ListedComplaint.__dataclass_fields__)
_OPEN: Final = COMPLAINTS.c.answered_at.is_(None)


def lock_and_number(connection: Connection, reference: str) -> int:
    """The number of a request's next complaint."""
    lock_request(connection, reference)
    return next_number(connection, COMPLAINTS, reference)


def add_complaint(connection: Connection, listed: ListedComplaint, text: str, vault: Vault) -> None:
    """Adds a complaint under its number; the request's version stays, because nothing is decided by it."""
    if not text.strip():
        raise WrongUseError(
            f"{listed.reference}: the complaint is empty; write what the person complains about"
        )
    values = {name: getattr(listed, name) for name in ListedComplaint.__dataclass_fields__}
    sealed = vault.seal(text, _cell(listed.reference, listed.number, "text_sealed"))
    connection.execute(insert(COMPLAINTS).values(**values, text_sealed=sealed))


def acknowledge_complaint(connection: Connection, complaint: ListedComplaint, by: str, at: datetime) -> None:
    """Records once that the person knows of its arrival."""
    waits = (_OPEN, COMPLAINTS.c.acknowledged_at.is_(None))
    statement = update(COMPLAINTS).where(*_is(complaint), *waits)
    if connection.execute(statement.values(acknowledged_at=at, acknowledged_by=by)).rowcount != 1:
        raise WrongUseError(
            f"{complaint.reference}: complaint {complaint.number} was acknowledged or answered already; "
            "nothing was changed"
        )


def answer_complaint(
    connection: Connection,
    complaint: ListedComplaint,
    answer: tuple[str, datetime, str],
    vault: Vault,
    outcome: ComplaintOutcome | None = None,
) -> None:
    """Records the outcome once: by whom, when, its text, and whether the person was right."""
    by, at, text = answer
    if not text.strip():
        raise WrongUseError(
            f"{complaint.reference}: the answer is empty; write what the person is informed of"
        )
    sealed = vault.seal(text, _cell(complaint.reference, complaint.number, "answer_sealed"))
    statement = update(COMPLAINTS).where(*_is(complaint), _OPEN)
    values = {"answered_at": at, "answered_by": by, "outcome": outcome, "answer_sealed": sealed}
    if connection.execute(statement.values(values)).rowcount != 1:
        raise WrongUseError(
            f"{complaint.reference}: complaint {complaint.number} is answered already; nothing was changed"
        )


def complaints_of(connection: Connection, reference: str, vault: Vault) -> tuple[Complaint, ...]:
    """All complaints about a request, in their order."""
    query = select(COMPLAINTS).where(COMPLAINTS.c.reference == reference).order_by(COMPLAINTS.c.number)
    found = []
    for row in connection.execute(query).mappings():
        listed = ListedComplaint(**{column.name: row[column.name] for column in _LISTED})
        text, answer = (
            None if row[name] is None else vault.open(row[name], _cell(reference, listed.number, name))
            for name in ("text_sealed", "answer_sealed")
        )
        found.append(Complaint(listed, text or "", answer))
    return tuple(found)


def open_complaints(connection: Connection) -> tuple[ListedComplaint, ...]:
    """All complaints that have no answer, those that came first in front."""
    order = (COMPLAINTS.c.received_at, COMPLAINTS.c.reference, COMPLAINTS.c.number)
    query = select(*_LISTED).where(_OPEN).order_by(*order)
    return tuple(ListedComplaint(**row) for row in connection.execute(query).mappings())


def last_answers(connection: Connection) -> Mapping[str, datetime]:
    """When the last complaint about each request was answered, by its reference."""
    last = func.max(COMPLAINTS.c.answered_at).label("answered_at")
    query = select(COMPLAINTS.c.reference, last).where(~_OPEN).group_by(COMPLAINTS.c.reference)
    return {row["reference"]: row["answered_at"] for row in connection.execute(query).mappings()}


def complained_about(complaints: Collection[ListedComplaint]) -> frozenset[str]:
    """The references of the requests that complaints are about."""
    return frozenset(complaint.reference for complaint in complaints)


def _is(complaint: ListedComplaint) -> tuple[ColumnElement[bool], ...]:
    return COMPLAINTS.c.reference == complaint.reference, COMPLAINTS.c.number == complaint.number


def _cell(reference: str, number: int, column: str) -> Cell:
    return Cell(COMPLAINTS.name, column, reference, number)
