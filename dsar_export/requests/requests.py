"""Requests as they are taken in, read and listed. What changes them afterwards is in transitions.py."""

from collections.abc import Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, insert, select

from dsar_export.errors import WrongUseError
from dsar_export.model.intake import Channel, NewRequest, Subject
from dsar_export.model.request import Right
from dsar_export.requests.identifiers import insert_identifiers
from dsar_export.requests.states import ENDED, State
from dsar_export.requests.subject_text import subject_in, subject_text
from dsar_export.requests.tables import IDENTIFIERS, REQUESTS
from dsar_export.requests.vault import Cell, Vault

FIRST_VERSION: Final = 1


@dataclass(frozen=True)
class ListedRequest:
    """A request as it stands in lists: nothing in it is sealed, and nothing names the person."""

    reference: str
    version: int
    state: State
    rights: tuple[Right, ...]
    controller: str
    language: str
    channel: Channel
    received_at: datetime
    opened_at: datetime
    opened_by: str
    changed_at: datetime
    subject: str | None = None
    """The kind of people that it is about, if the register names any."""
    assigned_to: str | None = None
    group_reference: str | None = None
    verified_by: str | None = None
    verified_at: datetime | None = None
    corrected_by: str | None = None
    mandate_by: str | None = None
    collected_by: str | None = None
    draft: str | None = None
    ledger_hash: str | None = None
    approved_ledger_hash: str | None = None
    approved_decisions_hash: str | None = None
    approved_by: str | None = None
    refusal_proposed_at: datetime | None = None
    """Since when a proposal to refuse it waits for a second person; any step of the request voids it."""
    attempt: int = 0
    lease_until: datetime | None = None
    failed_step: str | None = None
    ended_at: datetime | None = None
    hold_until: datetime | None = None
    identity_asked_at: datetime | None = None
    fee_asked_at: datetime | None = None
    fee_paid_at: datetime | None = None
    extended_at: datetime | None = None
    extended_by: str | None = None

    def held_at(self, at: datetime) -> bool:
        """Whether a hold defers that anything of it is erased."""
        return self.hold_until is not None and self.hold_until > at

    def worked_on_at(self, at: datetime) -> bool:
        """Whether a process collects or builds under a lease that has not ended."""
        return self.lease_until is not None and self.lease_until >= at


@dataclass(frozen=True)
class StoredRequest:
    """A request with what the vault opened."""

    listed: ListedRequest
    subject: Subject
    evidence: str | None = field(default=None, repr=False)
    hold_reason: str | None = field(default=None, repr=False)
    extension_reason: str | None = field(default=None, repr=False)
    draft_key_sealed: bytes | None = field(default=None, repr=False)
    """The Draft's own key, wrapped by the key file."""
    passphrase_sealed: bytes | None = field(default=None, repr=False)
    """What opens the packages, until somebody has seen it."""


@dataclass(frozen=True)
class Filters:
    """Which requests are listed; without any, all that have not ended."""

    states: Set[State] = frozenset(State) - ENDED
    controllers: Set[str] | None = None
    assigned_to: str | None = None
    group_reference: str | None = None
    references: Set[str] | None = None
    same_person_as: str | None = None
    """The reference of a request: those that share an identifier with it, without itself."""


_LISTED: Final = tuple(REQUESTS.c[name] for name in ListedRequest.__dataclass_fields__)
_ONE: Final = select(REQUESTS).where(REQUESTS.c.reference == bindparam("of_reference"))


def open_request(connection: Connection, new: NewRequest, vault: Vault) -> int:
    """Takes a request in and returns its version."""
    if not new.identifiers:
        raise WrongUseError("a request needs an identifier of the person, such as an email address; add one")
    if not new.rights:
        raise WrongUseError(f"a request asks for a right; name one or more of: {', '.join(Right)}")
    subject = Subject(tuple(given.identifier for given in new.identifiers), new.mandate, new.handed_on)
    connection.execute(
        insert(REQUESTS).values(
            reference=new.reference,
            version=FIRST_VERSION,
            state=State.RECEIVED,
            rights=new.rights,
            controller=new.controller,
            subject=new.subject,
            language=new.language,
            channel=new.channel,
            received_at=new.received_at,
            opened_at=new.opened_at,
            opened_by=new.opened_by,
            changed_at=new.opened_at,
            group_reference=new.group_reference,
            attempt=0,
            subject_sealed=vault.seal(subject_text(subject), request_cell(new.reference, "subject_sealed")),
        )
    )
    insert_identifiers(connection, new.reference, new.identifiers, vault)
    return FIRST_VERSION


def read_request(connection: Connection, reference: str, vault: Vault) -> StoredRequest:
    """A request with its sealed columns; WrongUseError if nobody knows the reference."""
    row = connection.execute(_ONE, {"of_reference": reference}).mappings().one_or_none()
    if row is None:
        raise WrongUseError(f"no request has the reference {reference}; `request list --all` shows all")
    subject = vault.open(row["subject_sealed"], request_cell(reference, "subject_sealed"))
    return StoredRequest(
        listed=_listed(row),
        subject=subject_in(subject),
        evidence=_opened(row, "evidence_sealed", vault),
        hold_reason=_opened(row, "hold_reason_sealed", vault),
        extension_reason=_opened(row, "extension_reason_sealed", vault),
        draft_key_sealed=row["draft_key_sealed"],
        passphrase_sealed=row["passphrase_sealed"],
    )


def list_requests(connection: Connection, filters: Filters) -> tuple[ListedRequest, ...]:
    """The requests that fit, those that came first in front."""
    query = select(*_LISTED).where(*_conditions(filters))
    ordered = query.order_by(REQUESTS.c.received_at, REQUESTS.c.reference)
    return tuple(map(_listed, connection.execute(ordered).mappings()))


def requests_at_work(connection: Connection, at: datetime) -> tuple[str, ...]:
    """The references of the requests that a process works on."""
    query = select(REQUESTS.c.reference).where(REQUESTS.c.lease_until >= at).order_by(REQUESTS.c.reference)
    return tuple(connection.scalars(query))


def passphrases_waiting(connection: Connection) -> frozenset[str]:
    """The references of the requests whose passphrase nobody has seen yet."""
    return frozenset(
        connection.scalars(select(REQUESTS.c.reference).where(REQUESTS.c.passphrase_sealed.is_not(None)))
    )


def request_cell(reference: str, column: str) -> Cell:
    """The place of a sealed column in the request's own row."""
    return Cell(REQUESTS.name, column, reference)


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [REQUESTS.c.state.in_(sorted(filters.states))]
    if filters.controllers is not None:
        conditions.append(REQUESTS.c.controller.in_(sorted(filters.controllers)))
    if filters.assigned_to is not None:
        conditions.append(REQUESTS.c.assigned_to == filters.assigned_to)
    if filters.group_reference is not None:
        conditions.append(REQUESTS.c.group_reference == filters.group_reference)
    if filters.references is not None:
        conditions.append(REQUESTS.c.reference.in_(sorted(filters.references)))
    if filters.same_person_as is not None:
        own = select(IDENTIFIERS.c.value_index).where(IDENTIFIERS.c.reference == filters.same_person_as)
        sharing = select(IDENTIFIERS.c.reference).where(IDENTIFIERS.c.value_index.in_(own))
        conditions.append(REQUESTS.c.reference.in_(sharing))
        conditions.append(REQUESTS.c.reference != filters.same_person_as)
    return conditions


def _listed(row: RowMapping) -> ListedRequest:
    return ListedRequest(**{column.name: row[column.name] for column in _LISTED})


def _opened(row: RowMapping, column: str, vault: Vault) -> str | None:
    sealed = row[column]
    return None if sealed is None else vault.open(sealed, request_cell(row["reference"], column))
