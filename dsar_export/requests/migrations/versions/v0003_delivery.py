"""Links to packages, the downloads that they start, and packages that were replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Creates the tables, and adds the columns."""
    op.add_column("packages", sa.Column("size", sa.BigInteger()))
    op.add_column("packages", sa.Column("damaged_at", sa.BigInteger()))
    op.add_column("codes", sa.Column("purpose", sa.Text(), nullable=False, server_default="prove"))
    _links()
    _downloads()
    _retired_packages()


def _links() -> None:
    op.create_table(
        "download_links",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("token_hash", "reference", "right", "package")
        ),
        sa.Column("contact_index", sa.Text()),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("started", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger()),
        sa.Column("reminded_at", sa.BigInteger()),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_download_links"),
        _of_its_request("download_links"),
    )
    op.create_index("ix_download_links_reference", "download_links", ["reference"])


def _downloads() -> None:
    op.create_table(
        "downloads",
        sa.Column("download_hash", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("download_hash", name="pk_downloads"),
        sa.ForeignKeyConstraint(
            ["token_hash"], ["download_links.token_hash"], name="fk_downloads_token_hash", ondelete="CASCADE"
        ),
    )
    op.create_index("ix_downloads_token_hash", "downloads", ["token_hash"])


def _retired_packages() -> None:
    op.create_table(
        "retired_packages",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("reference", "right", "sha256")),
        sa.Column("manifest_hmac", sa.Text()),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reference", "attempt", "right", name="pk_retired_packages"),
        _of_its_request("retired_packages"),
    )
    op.create_index("ix_retired_packages_reference", "retired_packages", ["reference"])


def _of_its_request(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["reference"], ["requests.reference"], name=f"fk_{table}_reference", ondelete="CASCADE"
    )
