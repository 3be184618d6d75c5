"""Runs the migrations; apart, because Alembic is imported more slowly than most commands do their work."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade_to_newest(connection: Connection) -> None:
    """Runs what is missing, in the caller's transaction."""
    made = config()
    made.attributes["connection"] = connection
    command.upgrade(made, "head")


def config() -> Config:
    """Where the scripts lie."""
    made = Config()
    made.set_main_option("script_location", f"{__package__}:.")
    return made
