"""The queue of workers, the passphrase of what they build, and what collecting found the person under."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Creates the tables, and adds the column."""
    op.add_column("requests", sa.Column("passphrase_sealed", sa.LargeBinary()))
    _work()
    _found_identifiers()


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


def _found_identifiers() -> None:
    op.create_table(
        "found_identifiers",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("value_index", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reference", "value_index", name="pk_found_identifiers"),
        _of_its_request("found_identifiers"),
    )
    op.create_index("ix_found_identifiers_value_index", "found_identifiers", ["value_index"])


def _of_its_request(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["reference"], ["requests.reference"], name=f"fk_{table}_reference", ondelete="CASCADE"
    )
