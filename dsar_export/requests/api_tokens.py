"""Tokens of other systems: kept as hashes, expiring, and void after a restore.

Each is a person without a user account, by a name that no colleague can have; whoever disables that person revokes it.
"""

import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, insert, or_, select

from dsar_export.errors import WrongUseError
from dsar_export.model.api import ApiToken, Scope
from dsar_export.requests.installation import epoch
from dsar_export.requests.people import grants_ever
from dsar_export.requests.tables import PEOPLE
from dsar_export.requests.token_tables import TOKENS

PREFIX: Final = "api:"
"""No colleague's name has a colon."""
_BYTES: Final = 32


def new_api_token() -> str:
    """256 random bits, with a word in front by which a leaked one is found."""
    return f"dsar_{secrets.token_urlsafe(_BYTES)}"


def add_token(connection: Connection, token: str, made: ApiToken) -> None:
    """Keeps a token with the person that it stands for; WrongUseError if there was one of this name."""
    if connection.scalar(select(PEOPLE.c.name).where(PEOPLE.c.name == made.person)) is not None:
        raise WrongUseError(
            f"there is, or was, a token {made.person.removeprefix(PREFIX)!r}, and its name stays in what was done by "
            "it; choose another name"
        )
    connection.execute(insert(PEOPLE).values(name=made.person))
    connection.execute(
        insert(TOKENS).values(
            token_hash=_hashed(token),
            person=made.person,
            scopes=made.scopes,
            made_at=made.made_at,
            made_by=made.made_by,
            expires_at=made.expires_at,
            epoch=epoch(connection),
        )
    )


def scopes_of(connection: Connection, token: str, at: datetime) -> tuple[str, frozenset[Scope]] | None:
    """The person of a token that counts, and its scopes; one that is wrong, expired or revoked takes as long."""
    query = (
        select(TOKENS.c.person, TOKENS.c.scopes)
        .join(PEOPLE)
        .where(
            TOKENS.c.token_hash == _hashed(token),
            TOKENS.c.epoch == epoch(connection),
            TOKENS.c.expires_at > at,
            or_(PEOPLE.c.disabled_at.is_(None), PEOPLE.c.disabled_at > at),
        )
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else (row[0], row[1])


def tokens(connection: Connection) -> tuple[ApiToken, ...]:
    """All that were ever made, by name; those of before a restore count as revoked then."""
    controllers: dict[str, dict[str, None]] = {}
    for one in grants_ever(connection):
        controllers.setdefault(one.person, {})[one.controller] = None
    query = select(TOKENS, PEOPLE.c.disabled_at).join(PEOPLE).order_by(TOKENS.c.person)
    now = epoch(connection)
    return tuple(
        ApiToken(
            row["person"],
            row["scopes"],
            tuple(controllers.get(row["person"], ())),
            row["made_at"],
            row["made_by"],
            row["expires_at"],
            row["disabled_at"] or (None if row["epoch"] == now else row["made_at"]),
        )
        for row in connection.execute(query).mappings()
    )


def _hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
