"""The kind of people that a request is about."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Adds the column; requests of before name none."""
    op.add_column("requests", sa.Column("subject", sa.Text()))
