"""Links to packages: kept as hashes, counted by the database, and void after a restore.

Whether a link counts is decided by one statement that looks for its hash and for all that must hold, so that a wrong
link takes as long as one that has expired, was revoked or is used up.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, select, true, update

from dsar_export.model.request import Right
from dsar_export.requests.download_tables import DOWNLOADS, LINKS
from dsar_export.requests.portal_person import PORTAL
from dsar_export.requests.states import HANDED_OUT
from dsar_export.requests.tables import PACKAGES, REQUESTS

LASTS: Final = timedelta(days=7)
MOST_DOWNLOADS: Final = 3
AGAIN_PER_DAY: Final = 3
"""How often a person may ask for another link themselves."""
AGAIN_PER_HOUR: Final = 100
"""The same over all requests."""
THEMSELVES: Final = "(the person)"
"""By whom a link is that somebody asked for who lost the last one; no member of staff has such a name."""
REMIND_AFTER: Final = timedelta(days=5)
"""How long nobody has used a link when the person is reminded of it."""
_TOKEN_BYTES: Final = 32
_RESUMED_FOR: Final = timedelta(days=1)
"""How long a download may be resumed after it was started."""


@dataclass(frozen=True)
class NewLink:
    """A link that is being made; `contact_index` finds the address that it goes to, if it goes by mail."""

    token: str = field(repr=False)
    reference: str
    right: Right
    sha256: str
    at: datetime
    by: str
    epoch: str
    contact_index: str | None = None


@dataclass(frozen=True)
class LinkedPackage:
    """A package that a link, or a download that it started, still leads to."""

    reference: str
    controller: str
    language: str
    right: Right
    file: str
    sha256: str
    size: int | None
    published_at: datetime
    expires_at: datetime
    left: int
    """How many downloads may still be started."""
    contact_index: str | None
    """Finds the address that the link went to."""


def new_token() -> str:
    """What a link or a download is known by: 256 random bits; only its hash is kept."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def add_link(connection: Connection, link: NewLink) -> None:
    """Keeps a link to a package, which then lasts for `LASTS`."""
    connection.execute(
        insert(LINKS).values(
            token_hash=_hashed(link.token),
            reference=link.reference,
            right=link.right,
            package=link.sha256,
            contact_index=link.contact_index,
            made_at=link.at,
            made_by=link.by,
            expires_at=link.at + LASTS,
            most=MOST_DOWNLOADS,
            started=0,
            epoch=link.epoch,
        )
    )


def linked_package(connection: Connection, token: str, epoch: str, at: datetime) -> LinkedPackage | None:
    """What a link leads to while it counts; nothing is changed."""
    return _one(connection, _packages().where(LINKS.c.token_hash == _hashed(token), *_counts(epoch, at)))


def held_package(connection: Connection, token: str, epoch: str, at: datetime) -> LinkedPackage | None:
    """The same, also once all downloads were started: the passphrase is still for whoever has the link."""
    return _one(connection, _packages().where(LINKS.c.token_hash == _hashed(token), *_holds(epoch, at)))


def start_download(connection: Connection, token: str, epoch: str, at: datetime, blocks: bytes) -> str | None:
    """Counts a download, and returns what it is known by; None if the link does not count, or not any more.

    `blocks` are the hashes of what it may send. Earlier links to the package are void from now on.
    """
    if linked_package(connection, token, epoch, at) is None:
        return None
    row = (LINKS.c.token_hash == _hashed(token), *_counts(epoch, at))
    if connection.execute(update(LINKS).where(*row).values(started=LINKS.c.started + 1)).rowcount != 1:
        return None
    _revoke_earlier(connection, _hashed(token), at)
    started = new_token()
    values = {"download_hash": _hashed(started), "token_hash": _hashed(token), "blocks": blocks}
    connection.execute(insert(DOWNLOADS).values(**values, started_at=at, ends_at=at + _RESUMED_FOR))
    return started


def downloaded_package(
    connection: Connection, download: str, epoch: str, at: datetime
) -> LinkedPackage | None:
    """What a started download sends, also when it is resumed: until its link expires or is revoked."""
    query = _packages().join(DOWNLOADS, DOWNLOADS.c.token_hash == LINKS.c.token_hash)
    holds = (DOWNLOADS.c.download_hash == _hashed(download), DOWNLOADS.c.ends_at > at, *_holds(epoch, at))
    return _one(connection, query.where(*holds, DOWNLOADS.c.blocks.is_not(None)))


def blocks_of(connection: Connection, download: str) -> bytes:
    """The hashes of what a started download may send; none if there is no such download."""
    query = select(DOWNLOADS.c.blocks).where(DOWNLOADS.c.download_hash == _hashed(download))
    return connection.scalar(query) or b""


@dataclass(frozen=True)
class OpenLink:
    """A link that counts: how many downloads may still be started, and until when."""

    made_at: datetime
    expires_at: datetime
    left: int
    used: int = 0
    """How many were started."""


def open_links(
    connection: Connection, epoch: str, at: datetime, reference: str | None = None
) -> Mapping[tuple[str, Right], OpenLink]:
    """The links that count, of one request or of all, by reference and right.

    Also those whose downloads were all started.
    """
    query = select(LINKS).where(*_holds(epoch, at)).order_by(LINKS.c.made_at)
    if reference is not None:
        query = query.where(LINKS.c.reference == reference)
    return {
        (row["reference"], row["right"]): OpenLink(
            row["made_at"], row["expires_at"], row["most"] - row["started"], row["started"]
        )
        for row in connection.execute(query).mappings()
    }


def unused_links(connection: Connection, epoch: str, at: datetime) -> Mapping[str, OpenLink]:
    """The newest links by mail, if nobody used them for `REMIND_AFTER` and was reminded of them, by reference.

    Nobody is reminded of a link that they fetched in the portal themselves.
    """
    later = LINKS.alias()
    newer = select(later.c.token_hash).where(
        later.c.made_by != PORTAL,
        later.c.reference == LINKS.c.reference,
        later.c.made_at > LINKS.c.made_at,
        later.c.revoked_at.is_(None),
    )
    by_mail = LINKS.c.made_by != PORTAL
    waits = (
        by_mail,
        LINKS.c.started == 0,
        LINKS.c.reminded_at.is_(None),
        LINKS.c.made_at <= at - REMIND_AFTER,
    )
    query = select(LINKS.c.reference, LINKS.c.made_at, LINKS.c.expires_at, LINKS.c.most)
    rows = connection.execute(
        query.where(*_holds(epoch, at), *waits, ~newer.exists()).order_by(LINKS.c.made_at)
    )
    return {reference: OpenLink(*link) for reference, *link in rows}


def mark_reminded(connection: Connection, reference: str, at: datetime) -> None:
    """Nobody is reminded twice of a link."""
    mine = (LINKS.c.reference == reference, LINKS.c.revoked_at.is_(None))
    connection.execute(update(LINKS).where(*mine).values(reminded_at=at))


def revoke_links(connection: Connection, reference: str, at: datetime, right: Right | None = None) -> int:
    """Makes the links of a request void, with the downloads that they started; returns how many counted until now."""
    mine = [LINKS.c.reference == reference, LINKS.c.revoked_at.is_(None)]
    if right is not None:
        mine.append(LINKS.c.right == right)
    return connection.execute(update(LINKS).where(*mine).values(revoked_at=at)).rowcount


def _revoke_earlier(connection: Connection, token_hash: str, at: datetime) -> None:
    used = LINKS.alias()
    earlier = select(used.c.token_hash).where(
        used.c.token_hash == token_hash,
        used.c.reference == LINKS.c.reference,
        used.c.right == LINKS.c.right,
        used.c.made_at > LINKS.c.made_at,
    )
    counted = (LINKS.c.revoked_at.is_(None), earlier.exists())
    connection.execute(update(LINKS).where(*counted).values(revoked_at=at))


def last_contact(connection: Connection, reference: str) -> str | None:
    """Finds the address that the last link of a request went to; None if there was no link."""
    query = select(LINKS.c.contact_index).where(LINKS.c.reference == reference)
    return connection.scalar(query.order_by(LINKS.c.made_at.desc()).limit(1))


def may_ask_again(connection: Connection, reference: str, at: datetime) -> bool:
    """Whether another link may be made because somebody lost the last one; limited also over all requests."""
    return (
        _asked_since(connection, at - timedelta(days=1), LINKS.c.reference == reference) < AGAIN_PER_DAY
        and _asked_since(connection, at - timedelta(hours=1), true()) < AGAIN_PER_HOUR
    )


def _asked_since(connection: Connection, since: datetime, chosen: ColumnElement[bool]) -> int:
    """Times, not links: a request for two rights has two links each time."""
    asked = (LINKS.c.made_by == THEMSELVES, LINKS.c.made_at > since, chosen)
    times = select(LINKS.c.reference, LINKS.c.made_at).where(*asked).distinct().subquery()
    return int(connection.scalar(select(func.count()).select_from(times)) or 0)


def _holds(epoch: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        LINKS.c.revoked_at.is_(None),
        LINKS.c.epoch == epoch,
        LINKS.c.made_at <= at,
        LINKS.c.expires_at > at,
    )


def _counts(epoch: str, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (*_holds(epoch, at), LINKS.c.started < LINKS.c.most)


def _packages() -> Select[tuple[object, ...]]:
    same = and_(
        PACKAGES.c.reference == LINKS.c.reference,
        PACKAGES.c.right == LINKS.c.right,
        PACKAGES.c.sha256 == LINKS.c.package,
        PACKAGES.c.file.is_not(None),
    )
    return (
        select(
            LINKS.c.reference,
            REQUESTS.c.controller,
            REQUESTS.c.language,
            LINKS.c.right,
            PACKAGES.c.file,
            PACKAGES.c.sha256,
            PACKAGES.c.size,
            PACKAGES.c.published_at,
            LINKS.c.expires_at,
            (LINKS.c.most - LINKS.c.started).label("left"),
            LINKS.c.contact_index,
        )
        .join_from(LINKS, PACKAGES, same)
        .join(
            REQUESTS,
            and_(REQUESTS.c.reference == LINKS.c.reference, REQUESTS.c.state.in_(sorted(HANDED_OUT))),
        )
    )


def _one(connection: Connection, query: Select[tuple[object, ...]]) -> LinkedPackage | None:
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else LinkedPackage(**row)


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
