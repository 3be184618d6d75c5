"""Webhooks, and what waits to be sent to them."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "webhooks",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "controllers", "states")),
        sa.Column("url_sealed", sa.LargeBinary()),
        sa.Column("secret_sealed", sa.LargeBinary()),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("name", name="pk_webhooks"),
    )
    op.create_table(
        "webhook_messages",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("id", "webhook", "reference", "body")),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger()),
        sa.Column("parked_at", sa.BigInteger()),
        sa.Column("failure", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_messages"),
        sa.ForeignKeyConstraint(["webhook"], ["webhooks.name"], name="fk_webhook_messages_webhook"),
        sa.ForeignKeyConstraint(
            ["reference"], ["requests.reference"], name="fk_webhook_messages_reference", ondelete="CASCADE"
        ),
    )
    for column in ("webhook", "reference", "not_before"):
        op.create_index(f"ix_webhook_messages_{column}", "webhook_messages", [column])
