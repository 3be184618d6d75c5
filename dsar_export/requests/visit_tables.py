"""The tables of the portal: visits of people's browsers, the requests that each may see, and what it asked for."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Integer, PrimaryKeyConstraint, Table, Text

from dsar_export.requests.metadata import METADATA
from dsar_export.requests.tables import REQUESTS
from dsar_export.requests.times import Moment

VISITS: Final = Table(
    "visits",
    METADATA,
    Column("token_hash", Text, primary_key=True),
    Column("begun_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("epoch", Text, nullable=False),
)

VISITED: Final = Table(
    "visited_requests",
    METADATA,
    Column("token_hash", Text, ForeignKey(VISITS.c.token_hash, ondelete="CASCADE"), nullable=False),
    Column("reference", Text, ForeignKey(REQUESTS.c.reference, ondelete="CASCADE"), nullable=False),
    Column("opened_here", Boolean, nullable=False),
    Column("proven_at", Moment),
    Column("code_number", Integer),
    PrimaryKeyConstraint("token_hash", "reference"),
)
"""`code_number` is the code by which this very visit comes back to a request that it did not open."""

ASKS: Final = Table(
    "portal_asks",
    METADATA,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("asker_mac", Text, nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
)
