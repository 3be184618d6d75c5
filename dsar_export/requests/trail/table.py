"""The tables of the trail: its entries, and where it begins after a pruning."""

from typing import Final

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, Table, Text

from dsar_export.requests.metadata import METADATA

# In SQLite, only INTEGER is the row's own number and holds nothing but whole numbers.
_NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")

TRAIL: Final = Table(
    "trail",
    METADATA,
    Column("number", _NUMBER, primary_key=True, autoincrement=False),
    Column("at", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reference", Text),
    Column("controller", Text),
    Column("reason_code", Text),
    Column("details", Text, nullable=False),
    Column("mac", Text, nullable=False),
    Index(None, "reference"),
)
CHECKPOINT: Final = Table(
    "trail_checkpoint",
    METADATA,
    Column(
        "slot", Integer, CheckConstraint("slot = 1", name="one_row"), primary_key=True, autoincrement=False
    ),
    Column("number", BigInteger, nullable=False),
    Column("mac", Text, nullable=False),
    Column("seal", Text, nullable=False),
)
