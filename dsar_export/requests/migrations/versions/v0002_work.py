"""The queue of workers, and the passphrase of what they build."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the tables, and adds the column."""
    op.add_column("requests", sa.Column("passphrase_sealed", sa.LargeBinary()))
    _work()


def _work() -> None:
    op.create_table(
        "work",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("heavy", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger()),
        sa.Column("parked_at", sa.BigInteger()),
        *(
            sa.Column(name, sa.Text())
            for name in ("failure", "checkpoint", "checkpoint_hash", "step", "dataset")
        ),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("signs", sa.BigInteger(), nullable=False),
        sa.Column("alive_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("reference", name="pk_work"),
        _of_its_request("work"),
    )
    op.create_index("ix_work_due_at", "work", ["due_at"])
    op.create_table(
        "source_places",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference", "source", name="pk_source_places"),
        _of_its_request("source_places"),
    )
    op.create_index("ix_source_places_source", "source_places", ["source"])
    op.create_table(
        "workers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("alive_at", sa.BigInteger(), nullable=False),
        sa.Column("software", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )


def _of_its_request(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["reference"], ["requests.reference"], name=f"fk_{table}_reference", ondelete="CASCADE"
    )
