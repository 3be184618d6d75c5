"""The tables of accounts: what somebody signs in to the pages with, sessions, and tries."""

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, LargeBinary, Table, Text

from dsar_export.requests.metadata import METADATA
from dsar_export.requests.tables import PEOPLE
from dsar_export.requests.times import Moment

ACCOUNTS: Final = Table(
    "accounts",
    METADATA,
    Column("person", Text, ForeignKey(PEOPLE.c.name), primary_key=True),
    Column("password_sealed", LargeBinary, nullable=False),
    Column("totp_sealed", LargeBinary, nullable=False),
    Column("totp_step", BigInteger),
    Column("tries", Integer, nullable=False),
    Column("locked_until", Moment),
    Column("made_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)

SESSIONS: Final = Table(
    "staff_sessions",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("person", Text, ForeignKey(PEOPLE.c.name), nullable=False, index=True),
    Column("login_mac", Text),
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("proven_at", Moment, nullable=False),
    Column("epoch", Text, nullable=False),
)

LOGINS: Final = Table(
    "logins",
    METADATA,
    Column("person", Text, ForeignKey(PEOPLE.c.name), primary_key=True),
    Column("login_mac", Text, nullable=False, unique=True),
    Column("bound_at", Moment, nullable=False),
)
"""Which account at the identity provider is whose; as a keyed hash, which names no account."""

LOGIN_STARTS: Final = Table(
    "login_starts",
    METADATA,
    Column("state_hash", Text, primary_key=True),
    Column("browser_hash", Text, nullable=False),
    Column("session_hash", Text),
    Column("way_on", Text, nullable=False),
    Column("begun_at", Moment, nullable=False),
)
"""Browsers that were led to the provider, and have not come back yet."""

TRIES: Final = Table(
    "sign_in_tries",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("sender_mac", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False),
)
