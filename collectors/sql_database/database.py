"""A relational database as a source."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Final

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from collectors.sql_database.dialect import Dialect, UrlError
from collectors.sql_database.failures import Failures
from collectors.sql_database.kept import KeptCatalogue
from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import RegisterError
from dsar_export.model.place import LinkTable, TablePlace
from dsar_export.model.register import Source
from dsar_export.model.source import SourceDescription

_EXPECTED: Final = "sqlite:///FILE, postgresql://…/DATABASE, mariadb://…/DATABASE or mysql://…/DATABASE"


class SqlDatabase:
    """A source of kind `sql_database`. It has a SQLAlchemy URL; a SQLite file is relative to the register's folder."""

    dataset_part = TablePlace
    link_part = LinkTable

    def __init__(self, name: str, source: Source, folder: Path) -> None:
        self._dialect = _dialect(name, source, folder)
        self._failures = Failures(name, self._dialect)
        self._timeout = source.timeout
        self._open: set[Connection] = set()
        self._kept = KeptCatalogue()

    def describe(self) -> SourceDescription:
        """All tables and views, with their columns and unique keys."""
        with self._connected() as connection, self._failures.translated("reading the table list"):
            self._dialect.begin(connection, self._timeout)
            catalogue = self._kept.at(self._dialect.catalogue_version(connection))
            if catalogue.description is None:
                catalogue.description = self._dialect.describe(connection)
            return catalogue.description

    @contextmanager
    def snapshot(self) -> Iterator[SqlSnapshot]:
        """One read transaction, which shows the database at one moment."""
        with self._connected() as connection:
            with self._failures.translated("starting the snapshot"):
                limit = self._dialect.begin(connection, self._timeout)
                as_of = self._dialect.as_of(connection)
                catalogue = self._kept.at(self._dialect.catalogue_version(connection))
            with closing(SqlSnapshot(self._failures, connection, catalogue, limit, as_of)) as snapshot:
                yield snapshot

    def cancel(self) -> None:
        """Cancels the statements that run now, at the server."""
        for connection in self._open.copy():
            self._dialect.cancel(connection)

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        with self._failures.connecting():
            connection = self._engine.connect()
        self._open.add(connection)
        try:
            yield connection
        finally:
            self._open.discard(connection)
            connection.close()

    @cached_property
    def _engine(self) -> Engine:
        """Holds no connection between uses: it has no pool."""
        return self._dialect.engine(self._timeout)


def _dialect(name: str, source: Source, folder: Path) -> Dialect:
    try:
        return _dialect_of(make_url(source.url), folder)
    except ArgumentError:
        raise RegisterError(f"sources.{name}.url: not a database URL; expected {_EXPECTED}") from None
    except UrlError as error:
        raise RegisterError(f"sources.{name}.url: {error}") from None


def _dialect_of(url: URL, folder: Path) -> Dialect:
    backend = url.get_backend_name()
    # A driver is imported only for its own databases; tests/architecture lists these imports.
    if backend == "sqlite" and url.database and url.database != ":memory:":
        from collectors.sql_database.sqlite.dialect import Sqlite  # noqa: PLC0415

        if url.query:
            raise UrlError(
                f"remove {', '.join(url.query)}: a SQLite file is opened read-only and takes no parameters"
            )
        return Sqlite((folder / url.database).resolve())
    if backend == "postgresql":
        from collectors.sql_database.postgresql.dialect import Postgresql  # noqa: PLC0415

        return Postgresql(url)
    if backend in {"mariadb", "mysql"} and url.database:
        from collectors.sql_database.mariadb.dialect import Mariadb  # noqa: PLC0415

        return Mariadb(url)
    raise UrlError(f"expected {_EXPECTED}")
