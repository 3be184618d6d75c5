"""Finds collations that sort differently from when PostgreSQL created its indexes."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

# Since version 15; before that, the server did not record the version of a database's own collation.
_RECORDED: Final = """
SELECT count(*) FROM pg_catalog.pg_attribute
WHERE attrelid = 'pg_catalog.pg_database'::regclass AND attname = 'datcollversion'
"""
_OUTDATED_DATABASE: Final = """
SELECT d.datname::text FROM pg_catalog.pg_database d
WHERE d.datname = current_database() AND d.datcollversion <> pg_database_collation_actual_version(d.oid)
"""
# In the catalogue, an index has columns of its own, with their collations.
_OUTDATED_COLUMNS: Final = """
SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname)
FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
WHERE l.collversion <> pg_collation_actual_version(l.oid) AND l.oid IN (
  SELECT a.attcollation FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
  WHERE s.nspname !~ '^pg_' AND s.nspname <> 'information_schema')
ORDER BY 1
"""
_REPAIR: Final = (
    "the server's library sorts texts differently from when {what} was created, so indexes on text may miss rows; "
    "run REINDEX DATABASE, then ALTER {what} REFRESH COLLATION VERSION"
)


def outdated_collations(connection: Connection) -> Iterator[str]:
    """Yields a message for each outdated collation: the database's own, and those of columns and indexes."""
    if connection.exec_driver_sql(_RECORDED).scalar_one():
        for (name,) in connection.exec_driver_sql(_OUTDATED_DATABASE):
            yield _REPAIR.format(what=f"DATABASE {_quoted(str(name))}")
    for (name,) in connection.exec_driver_sql(_OUTDATED_COLUMNS):
        yield _REPAIR.format(what=f"COLLATION {name}")


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))
