"""Tokens of the API, and the answers that it repeats."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "api_tokens",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("token_hash", "person", "scopes")),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_api_tokens"),
        sa.ForeignKeyConstraint(["person"], ["people.name"], name="fk_api_tokens_person"),
        sa.UniqueConstraint("person", name="uq_api_tokens_person"),
    )
    op.create_table(
        "api_answers",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("key_hash", "asked_hash")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("answer_sealed", sa.LargeBinary()),
        sa.PrimaryKeyConstraint("key_hash", name="pk_api_answers"),
    )
    op.create_index("ix_api_answers_at", "api_answers", ["at"])
