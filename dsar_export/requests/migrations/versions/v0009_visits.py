"""Visits of people's browsers to the portal, and what they asked for."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Adds the tables; nobody visits yet."""
    op.create_table(
        "visits",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_visits"),
    )
    op.create_table(
        "visited_requests",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("opened_here", sa.Boolean(), nullable=False),
        sa.Column("proven_at", sa.BigInteger()),
        sa.Column("code_number", sa.Integer()),
        sa.PrimaryKeyConstraint("token_hash", "reference", name="pk_visited_requests"),
        sa.ForeignKeyConstraint(
            ["token_hash"], ["visits.token_hash"], name="fk_visited_requests_token_hash", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reference"], ["requests.reference"], name="fk_visited_requests_reference", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "portal_asks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asker_mac", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_portal_asks"),
    )
    op.create_index("ix_portal_asks_asker_mac", "portal_asks", ["asker_mac"])
    op.create_index("ix_portal_asks_at", "portal_asks", ["at"])
