"""What each block of a package was when its download started; earlier downloads must be started again."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Adds the column."""
    op.add_column("downloads", sa.Column("blocks", sa.LargeBinary()))
