"""Accounts at an identity provider, by which staff sign in too; sessions are of people, and all end once."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Makes the table of sessions anew, as SQLite changes no foreign key, and adds the others."""
    op.drop_table("staff_sessions")
    op.create_table(
        "staff_sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("login_mac", sa.Text()),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("proven_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_staff_sessions"),
        sa.ForeignKeyConstraint(["person"], ["people.name"], name="fk_staff_sessions_person"),
    )
    op.create_index("ix_staff_sessions_person", "staff_sessions", ["person"])
    op.create_table(
        "logins",
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("login_mac", sa.Text(), nullable=False),
        sa.Column("bound_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_logins"),
        sa.UniqueConstraint("login_mac", name="uq_logins_login_mac"),
        sa.ForeignKeyConstraint(["person"], ["people.name"], name="fk_logins_person"),
    )
    op.create_table(
        "login_starts",
        sa.Column("state_hash", sa.Text(), nullable=False),
        sa.Column("browser_hash", sa.Text(), nullable=False),
        sa.Column("session_hash", sa.Text()),
        sa.Column("way_on", sa.Text(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name="pk_login_starts"),
    )
