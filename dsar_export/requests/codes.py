"""Codes that prove who asks, or reveal a passphrase: kept as a keyed hash, counted, and void after a restore."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from sqlalchemy import ColumnElement, Connection, RowMapping, func, insert, or_, select, update

from dsar_export.model.delivery import CodePurpose
from dsar_export.requests.numbers import next_number
from dsar_export.requests.portal_person import PORTAL
from dsar_export.requests.tables import CODES

LASTS: Final = timedelta(minutes=15)
TRIES: Final = 5
PER_HOUR: Final = 3
"""Codes for one person, over all requests and for whatever purpose."""
PER_DAY: Final = 6
PER_SENDER_AND_HOUR: Final[Mapping[CodePurpose, int]] = MappingProxyType(
    {CodePurpose.PROVE: 20, CodePurpose.REVEAL: 200, CodePurpose.RETURN: 0}
)
"""All codes that people ask for on the pages of their links have one sender."""
PORTAL_PER_HOUR: Final = 9
"""Codes that anybody asks for in the portal for one person and one purpose, counted apart from all others.

Whoever knows nothing but an address can ask for codes to it there, and must not use up those of staff and of links.
"""
PORTAL_PER_DAY: Final = 18
PORTAL_PER_SENDER_AND_HOUR: Final = 2000


@dataclass(frozen=True)
class SentCode:
    """A code that is on its way; `contact_index` and `found_by_index` find its address and identifier, if known."""

    reference: str
    code_mac: str = field(repr=False)
    contact_index: str
    found_by_index: str
    sender: str
    epoch: str
    at: datetime
    purpose: CodePurpose = CodePurpose.PROVE


def store_code(connection: Connection, sent: SentCode) -> int:
    """Stores a code, which makes earlier ones of the request for the same purpose void, and returns its number."""
    number = next_number(connection, CODES, sent.reference)
    connection.execute(
        insert(CODES).values(
            reference=sent.reference,
            number=number,
            code_mac=sent.code_mac,
            contact_index=sent.contact_index,
            found_by_index=sent.found_by_index,
            sender=sent.sender,
            epoch=sent.epoch,
            sent_at=sent.at,
            expires_at=sent.at + LASTS,
            tries=0,
            purpose=sent.purpose,
        )
    )
    return number


def may_send(
    connection: Connection,
    indexes: Collection[str],
    sender: str,
    at: datetime,
    purpose: CodePurpose = CodePurpose.PROVE,
) -> bool:
    """Whether another code may go to this person, and from this sender; a clock that was set back changes nothing."""
    person = or_(CODES.c.contact_index.in_(indexes), CODES.c.found_by_index.in_(indexes))
    theirs = (CODES.c.sender == sender) & (CODES.c.purpose == purpose)
    alike: ColumnElement[bool] = theirs
    if sender == PORTAL:
        limits = PORTAL_PER_HOUR, PORTAL_PER_DAY, PORTAL_PER_SENDER_AND_HOUR
    else:
        alike, limits = CODES.c.sender != PORTAL, (PER_HOUR, PER_DAY, PER_SENDER_AND_HOUR[purpose])
    per_hour, per_day, of_sender = limits
    return (
        _sent_since(connection, person & alike, at - timedelta(hours=1)) < per_hour
        and _sent_since(connection, person & alike, at - timedelta(days=1)) < per_day
        and _sent_since(connection, theirs, at - timedelta(hours=1)) < of_sender
    )


@dataclass(frozen=True)
class LastCode:
    """The newest code of a request, without what it is."""

    number: int
    sent_at: datetime
    expires_at: datetime
    tries: int
    sender: str
    used_at: datetime | None
    contact_index: str
    found_by_index: str


def last_code(
    connection: Connection, reference: str, purpose: CodePurpose = CodePurpose.PROVE
) -> LastCode | None:
    """The newest code of a request for a purpose, which alone counts."""
    row = _last(connection, reference, purpose)
    return None if row is None else _listed(row)


def void_codes(connection: Connection, at: datetime) -> Mapping[str, datetime]:
    """The requests whose newest proving code was not used, and its time or tries are over; and since when."""
    newest = select(CODES.c.reference, func.max(CODES.c.number).label("number"))
    last = newest.where(CODES.c.purpose == CodePurpose.PROVE).group_by(CODES.c.reference).subquery()
    same = (CODES.c.reference == last.c.reference) & (CODES.c.number == last.c.number)
    void = (CODES.c.used_at.is_(None), or_(CODES.c.expires_at <= at, CODES.c.tries >= TRIES))
    query = select(CODES.c.reference, CODES.c.expires_at).join(last, same).where(*void)
    return {reference: min(expires_at, at) for reference, expires_at in connection.execute(query)}


def tried_code(
    connection: Connection,
    reference: str,
    code_mac: str,
    epoch: str,
    at: datetime,
    purpose: CodePurpose = CodePurpose.PROVE,
) -> LastCode | None:
    """The code, if it is this one and still counts; each call is one of its tries, however many come at once.

    It counts until it is marked as used.
    """
    last = last_code(connection, reference, purpose)
    return None if last is None else _tried(connection, reference, last, (code_mac, epoch, at))


def tried_code_of(
    connection: Connection, reference: str, number: int, code_mac: str, epoch: str, at: datetime
) -> LastCode | None:
    """The same for one code by its number, whether or not others were sent for the request since."""
    mine = (CODES.c.reference == reference, CODES.c.number == number)
    row = connection.execute(select(CODES).where(*mine)).mappings().one_or_none()
    return None if row is None else _tried(connection, reference, _listed(row), (code_mac, epoch, at))


def _tried(
    connection: Connection, reference: str, last: LastCode, entered: tuple[str, str, datetime]
) -> LastCode | None:
    code_mac, epoch, at = entered
    row = (CODES.c.reference == reference, CODES.c.number == last.number)
    counts = (
        CODES.c.tries < TRIES,
        CODES.c.used_at.is_(None),
        CODES.c.epoch == epoch,
        CODES.c.sent_at <= at,
        CODES.c.expires_at > at,
    )
    # Counted before it is compared: of many guesses at once, no more than these are.
    tried = update(CODES).where(*row, *counts).values(tries=CODES.c.tries + 1)
    if connection.execute(tried).rowcount != 1:
        return None
    stored = connection.scalar(select(CODES.c.code_mac).where(*row))
    if not hmac.compare_digest(str(stored), code_mac):
        return None
    return last


def mark_used(connection: Connection, reference: str, code: LastCode, at: datetime) -> None:
    """A code that proved something counts no more."""
    row = (CODES.c.reference == reference, CODES.c.number == code.number)
    connection.execute(update(CODES).where(*row).values(used_at=at))


def senders_without_answer(connection: Connection, indexes: Collection[str]) -> frozenset[str]:
    """Who sent codes that prove to a person that did not come back, in any request whose newest code did not."""
    person = or_(CODES.c.contact_index.in_(indexes), CODES.c.found_by_index.in_(indexes))
    query = select(CODES.c.reference, CODES.c.sender, CODES.c.used_at).order_by(CODES.c.number)
    query = query.where(person, CODES.c.purpose == CodePurpose.PROVE)
    senders: dict[str, set[str]] = {}
    for reference, sender, used_at in connection.execute(query):
        if used_at is None:
            senders.setdefault(reference, set()).add(sender)
        else:
            senders.pop(reference, None)
    return frozenset(sender for each in senders.values() for sender in each)


def _sent_since(connection: Connection, chosen: ColumnElement[bool], since: datetime) -> int:
    query = select(func.count()).select_from(CODES).where(chosen, CODES.c.sent_at > since)
    return int(connection.scalar(query) or 0)


def _last(connection: Connection, reference: str, purpose: CodePurpose) -> RowMapping | None:
    mine = (CODES.c.reference == reference, CODES.c.purpose == purpose)
    query = select(CODES).where(*mine).order_by(CODES.c.number.desc()).limit(1)
    return connection.execute(query).mappings().one_or_none()


def _listed(row: RowMapping) -> LastCode:
    return LastCode(**{name: row[name] for name in LastCode.__dataclass_fields__})


def contact_of_used(connection: Connection, reference: str, number: int) -> str | None:
    """What finds the address of one code by its number, if that code was used; None for any other."""
    mine = (CODES.c.reference == reference, CODES.c.number == number, CODES.c.used_at.is_not(None))
    return connection.scalar(select(CODES.c.contact_index).where(*mine))


def used_contacts(connection: Connection, reference: str) -> frozenset[str]:
    """What finds the addresses whose codes proved who asks, for this request."""
    used = (
        CODES.c.reference == reference,
        CODES.c.purpose == CodePurpose.PROVE,
        CODES.c.used_at.is_not(None),
    )
    return frozenset(connection.scalars(select(CODES.c.contact_index).where(*used)))
