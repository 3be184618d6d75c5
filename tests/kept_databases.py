"""A PostgreSQL database that tests use one after another; to make one for each would take most of their time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from dsar_export.requests.metadata import METADATA
from dsar_export.requests.migrations import VERSION_TABLE
from tests.requests.installations import founded_installation
from tools.servers.postgres import PostgresServer, rows, run

_SHAPE: Final = """
SELECT 'column', attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod), attnotnull::text
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND attnum > 0
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid), ''
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index', indexrelid::regclass::text, '', pg_get_indexdef(indexrelid), ''
FROM pg_index WHERE indexrelid::regclass::text NOT LIKE 'pg_%'
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname::text, pg_get_triggerdef(oid), ''
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'schema', nspname::text, '', '', '' FROM pg_namespace WHERE nspname !~ '^pg_'
ORDER BY 1, 2, 3, 4, 5
"""
_END_OTHERS: Final = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class KeptDatabase:
    """Each test finds no revision and no row in it, and founds its installation in the tables that are there."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._made = ExitStack()
        self._url = ""
        self._shape: list[tuple[object, ...]] = []

    @contextmanager
    def database(self) -> Iterator[str]:
        """Its URL for one test; a test that leaves other tables than it found has the last use of it."""
        if not self._url:
            self._make()
        yield self._url
        run(self._url, _END_OTHERS)
        if rows(self._url, _SHAPE) == self._shape:
            self._empty()
        else:
            self.drop()

    def drop(self) -> None:
        self._made.close()
        self._url = ""

    def _make(self) -> None:
        self._url = self._made.enter_context(self._server.database("kept"))
        with TemporaryDirectory() as folder:
            founded_installation(self._url, Path(folder) / "keys.json").engine.dispose()
        self._shape = rows(self._url, _SHAPE)
        self._empty()

    def _empty(self) -> None:
        tables = [table.name for table in reversed(METADATA.sorted_tables)]
        run(self._url, "; ".join([*(f"DELETE FROM {t}" for t in tables), f"DROP TABLE {VERSION_TABLE}"]))
