"""Alembic runs this for each command; the caller has opened the connection and its transaction."""

from alembic import context

from dsar_export.requests.migrations import VERSION_TABLE

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE)
with context.begin_transaction():
    context.run_migrations()
