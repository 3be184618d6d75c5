"""A revision after this program's last, as a newer program would bring it."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Adds a column."""
    op.add_column("requests", sa.Column("later", sa.Text()))
