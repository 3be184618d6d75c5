"""Mail that waits to be sent: sealed, taken by one sender at a time, and wiped as soon as nobody tries it again."""

import json
import secrets
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    MappingResult,
    RowMapping,
    and_,
    delete,
    insert,
    or_,
    select,
    update,
)

from dsar_export.folding import folded
from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.mail import NOT_SENT, Mail, MailKind, MailState, Posted, Postmark, PostResult
from dsar_export.requests.tables import OUTBOX, REQUESTS
from dsar_export.requests.vault import Cell, Vault

LEASE: Final = timedelta(minutes=15)
"""Longer than one attempt may take, with all its timeouts."""
BACKOFF: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
"""How long to wait after each attempt; from the last one on, always as long."""
_EMAIL: Final = "email"
_AS_ADDRESS: Final = Comparison(Match.CASEFOLD)
_ID_BYTES: Final = 16
TRIED: Final = frozenset({MailState.WAITING, MailState.PERHAPS_SENT})
"""The states of mail that is sent as long as it has not ended."""
_FREE: Final[Mapping[str, object]] = {"lease_until": None}

_Values = Mapping[str, object]


@dataclass(frozen=True)
class ClaimedMail:
    """A mail that this process alone may send now; `attempt` tells its attempts apart."""

    mail_id: str
    reference: str | None
    kind: MailKind
    attempt: int
    created_at: datetime
    mail_sealed: bytes = field(repr=False)

    @property
    def postmark(self) -> Postmark:
        return Postmark(self.mail_id, self.created_at)


@dataclass(frozen=True)
class ListedMail:
    """A mail as it stands in lists, without its text and address."""

    mail_id: str
    reference: str | None
    controller: str | None
    kind: MailKind
    state: MailState
    created_at: datetime
    expires_at: datetime
    attempts: int
    not_before: datetime | None = None
    ended_at: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True)
class Envelope:
    """What is known of a mail without opening it."""

    kind: MailKind
    reference: str | None
    created_at: datetime
    expires_at: datetime


def queue(connection: Connection, vault: Vault, mail: Mail, envelope: Envelope) -> str:
    """Puts a mail into the outbox, in the transaction of what it is about; returns its id."""
    mail_id = secrets.token_hex(_ID_BYTES)
    page = [] if mail.html is None else [mail.html]
    content = json.dumps([mail.to, mail.subject, mail.text, mail.language, *page])
    connection.execute(
        insert(OUTBOX).values(
            id=mail_id,
            reference=envelope.reference,
            kind=envelope.kind,
            state=MailState.WAITING,
            mail_sealed=vault.seal(content, mail_cell(mail_id)),
            contact_index=contact_index(vault, mail.to),
            created_at=envelope.created_at,
            expires_at=envelope.expires_at,
            attempts=0,
            copies=0,
        )
    )
    return mail_id


def mail_waits(connection: Connection, at: datetime) -> bool:
    """Whether a mail can be sent now."""
    return connection.scalar(select(OUTBOX.c.id).where(_free(at)).limit(1)) is not None


def _free(at: datetime) -> ColumnElement[bool]:
    return and_(
        OUTBOX.c.state.in_(sorted(TRIED)),
        OUTBOX.c.mail_sealed.is_not(None),
        OUTBOX.c.lease_until.is_(None),
        or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= at),
        OUTBOX.c.expires_at > at,
    )


def claim(connection: Connection, at: datetime) -> ClaimedMail | None:
    """Takes the mail that has waited longest, under a lease; None if nothing can be sent now."""
    free = _free(at)
    first = select(OUTBOX.c.id).where(free).order_by(OUTBOX.c.created_at, OUTBOX.c.id).limit(1)
    statement = (
        update(OUTBOX)
        .where(OUTBOX.c.id == first.with_for_update(skip_locked=True).scalar_subquery(), free)
        .values(attempts=OUTBOX.c.attempts + 1, lease_until=at + LEASE)
        .returning(OUTBOX)
    )
    row = connection.execute(statement).mappings().one_or_none()
    if row is None:
        return None
    return ClaimedMail(
        row["id"], row["reference"], row["kind"], row["attempts"], row["created_at"], row["mail_sealed"]
    )


def open_mail(vault: Vault, claimed: ClaimedMail) -> Mail:
    """The mail itself; TamperedError if it was changed, or is another row's."""
    return Mail(*json.loads(vault.open(claimed.mail_sealed, mail_cell(claimed.mail_id))))


def settle(
    connection: Connection, claimed: ClaimedMail, result: PostResult, at: datetime
) -> MailState | None:
    """Records how an attempt ended; returns how the mail ended, or None if it is tried again.

    From a process that lost its lease only a success still counts: it is true, whoever tries the mail meanwhile.
    """
    row = _locked(connection, OUTBOX.c.id == claimed.mail_id).one_or_none()
    if row is None:  # sent by another process, or erased with its request
        return None
    if result.posted is Posted.SENT:
        return _write(connection, row, _end(MailState.SENT, at))
    if row["lease_until"] is None or row["attempts"] != claimed.attempt:
        return None
    match result.posted:
        case Posted.REFUSED:
            values = _end(MailState.REFUSED, at, result.code)
        case Posted.PERHAPS_SENT:
            values = _after_copy(row, at, result.code)
        case _:
            values = _try_again(row, at, result.code)
    return _write(connection, row, values)


def end_overdue(connection: Connection, at: datetime) -> tuple[ListedMail, ...]:
    """Ends what was tried long enough, and takes over what a process left that died; returns what has ended.

    Nobody knows how far such a process came: its mail was perhaps sent.
    """
    ended = set()
    for row in _locked(connection, OUTBOX.c.lease_until < at).all():
        if _write(connection, row, _after_copy(row, at, "interrupted")):
            ended.add(row["id"])
    over = (OUTBOX.c.expires_at <= at, OUTBOX.c.lease_until.is_(None), OUTBOX.c.ended_at.is_(None))
    for row in _locked(connection, *over).all():
        state = MailState.GIVEN_UP if row["attempts"] else MailState.EXPIRED
        _write(connection, row, _end(MailState.PERHAPS_SENT if row["copies"] else state, at, row["failure"]))
        ended.add(row["id"])
    return list_mails(connection, ids=ended) if ended else ()


def doubt_all(connection: Connection, at: datetime) -> tuple[ListedMail, ...]:
    """After a backup was restored: whatever waits in it was perhaps sent since; returns what has ended by that."""
    waiting = _locked(connection, OUTBOX.c.ended_at.is_(None)).all()
    ended = {row["id"] for row in waiting if _write(connection, row, _after_copy(row, at, "restored"))}
    return list_mails(connection, ids=ended) if ended else ()


def list_mails(
    connection: Connection,
    *,
    reference: str | None = None,
    states: Set[MailState] = frozenset(MailState),
    ids: Set[str] | None = None,
) -> tuple[ListedMail, ...]:
    """The mails that fit, the oldest in front."""
    conditions: list[ColumnElement[bool]] = [OUTBOX.c.state.in_(sorted(states))]
    if reference is not None:
        conditions.append(OUTBOX.c.reference == reference)
    if ids is not None:
        conditions.append(OUTBOX.c.id.in_(sorted(ids)))
    query = (
        select(OUTBOX, REQUESTS.c.controller)
        .outerjoin(REQUESTS, OUTBOX.c.reference == REQUESTS.c.reference)
        .where(*conditions)
        .order_by(OUTBOX.c.created_at, OUTBOX.c.id)
    )
    return tuple(map(_listed, connection.execute(query).mappings()))


def erase_mails(connection: Connection, before: datetime) -> int:
    """Erases mails that belong to no request and ended before a moment; the others go with their requests."""
    over = (OUTBOX.c.reference.is_(None), OUTBOX.c.ended_at < before)
    return connection.execute(delete(OUTBOX).where(*over)).rowcount


def unsent_mails(connection: Connection, reference: str) -> tuple[ListedMail, ...]:
    """The mails about a request that ended without being sent, as far as anybody knows."""
    found = list_mails(connection, reference=reference, states=NOT_SENT)
    return tuple(mail for mail in found if mail.ended_at is not None)


def contact_index(vault: Vault, address: str) -> str:
    """What finds the mails to one address again, however it is written, without containing it."""
    return vault.blind_index(_EMAIL, folded(address, _AS_ADDRESS))


def mail_cell(mail_id: str) -> Cell:
    """The place of a sealed mail."""
    return Cell(OUTBOX.name, OUTBOX.c.mail_sealed.name, mail_id)


def _locked(connection: Connection, *conditions: ColumnElement[bool]) -> MappingResult:
    """The mails that are not certainly settled; on PostgreSQL others wait for this transaction to change them."""
    query = select(OUTBOX).where(OUTBOX.c.state.in_(sorted(TRIED)), *conditions)
    return connection.execute(query.order_by(OUTBOX.c.id).with_for_update()).mappings()


def _write(connection: Connection, row: RowMapping, values: _Values) -> MailState | None:
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == row["id"]).values(values))
    return MailState(str(values["state"])) if "ended_at" in values else None


def _end(state: MailState, at: datetime, failure: str | None = None) -> _Values:
    return {
        **_FREE,
        "state": state,
        "ended_at": at,
        "failure": failure,
        "mail_sealed": None,
        "not_before": None,
    }


def _after_copy(row: RowMapping, at: datetime, failure: str | None) -> _Values:
    """After an attempt that perhaps sent a copy: the mail is tried once more at most, or ends."""
    copies = row["copies"] + 1
    if copies >= row["kind"].copies:
        return {**_end(MailState.PERHAPS_SENT, at, failure), "copies": copies}
    return {**_try_again(row, at, failure, copies), "copies": copies}


def _try_again(row: RowMapping, at: datetime, failure: str | None, copies: int = 0) -> _Values:
    then = at + BACKOFF[min(max(row["attempts"], 1), len(BACKOFF)) - 1]
    perhaps = bool(copies or row["copies"])
    if then >= row["expires_at"]:
        return _end(MailState.PERHAPS_SENT if perhaps else MailState.GIVEN_UP, at, failure)
    state = MailState.PERHAPS_SENT if perhaps else MailState.WAITING
    return {**_FREE, "state": state, "not_before": then, "failure": failure}


def _listed(row: RowMapping) -> ListedMail:
    names = [name for name in ListedMail.__dataclass_fields__ if name != "mail_id"]
    return ListedMail(mail_id=row["id"], **{name: row[name] for name in names})
