"""Whether a PostgreSQL server sorts texts as it did when it made its indexes."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection

# Since version 15; before, the server kept no version of a database's own collation.
_KEPT: Final = """
SELECT count(*) FROM pg_catalog.pg_attribute
WHERE attrelid = 'pg_catalog.pg_database'::regclass AND attname = 'datcollversion'
"""
_OF_THE_DATABASE: Final = """
SELECT d.datname::text FROM pg_catalog.pg_database d
WHERE d.datname = current_database() AND d.datcollversion <> pg_database_collation_actual_version(d.oid)
"""
# An index has columns of its own in the catalogue, with their collations.
_OF_COLUMNS: Final = """
SELECT quote_ident(n.nspname) || '.' || quote_ident(l.collname)
FROM pg_catalog.pg_collation l JOIN pg_catalog.pg_namespace n ON n.oid = l.collnamespace
WHERE l.collversion <> pg_collation_actual_version(l.oid) AND l.oid IN (
  SELECT a.attcollation FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
  WHERE s.nspname !~ '^pg_' AND s.nspname <> 'information_schema')
ORDER BY 1
"""
_UNSOUND: Final = (
    "the server's library sorts texts by other rules than when {what} was made, so indexes on text may miss rows: "
    "REINDEX DATABASE, then ALTER {what} REFRESH COLLATION VERSION"
)


def outdated_collations(connection: Connection) -> Iterator[str]:
    """What to do about the database's own collation and about those that its columns and indexes name."""
    if connection.exec_driver_sql(_KEPT).scalar_one():
        for (name,) in connection.exec_driver_sql(_OF_THE_DATABASE):
            yield _UNSOUND.format(what=f"DATABASE {_quoted(str(name))}")
    for (name,) in connection.exec_driver_sql(_OF_COLUMNS):
        yield _UNSOUND.format(what=f"COLLATION {name}")


def _quoted(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""'))
