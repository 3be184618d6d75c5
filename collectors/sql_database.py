"""Reads a relational database through SQLAlchemy Core: read-only, one snapshot, one pass, bounded chunks."""

import sqlite3
import time
import warnings
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote

from sqlalchemy import Connection, CursorResult, Engine, Inspector, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SAWarning, SQLAlchemyError
from sqlalchemy.pool import NullPool

from collectors.sql_chunks import bounded, each_once
from collectors.sql_statements import Statement, link_statement, selection_statement
from dsar_export.errors import RegisterError, SourceUnreadableError, WrongUseError
from dsar_export.interfaces import Snapshot
from dsar_export.model.register import Link, Source
from dsar_export.model.request import Identifier
from dsar_export.model.source import (
    Chunk,
    Probe,
    Selection,
    SourceDescription,
    Table,
)

BATCH: Final = 500  # identifiers in one statement; databases limit how many parameters it may have
STEP: Final = 25  # rows fetched before their bytes are counted: 250 rows of 1 MB would be no small chunk


class SqlDatabase:
    """A source of kind `sql_database`; its URL is `sqlite:///FILE`, relative to the register's folder."""

    def __init__(self, name: str, source: Source, folder: Path) -> None:
        self._name = name
        self._file = _sqlite_file(name, source, folder)
        self._timeout = source.timeout

    def describe(self) -> SourceDescription:
        """All tables and views with columns and unique keys."""
        with self._connected() as (connection, _), self._readable("its tables"):
            inspector = inspect(connection)
            tables = [_table(inspector, name, is_view=False) for name in inspector.get_table_names()]
            views = [_table(inspector, name, is_view=True) for name in inspector.get_view_names()]
        return SourceDescription((*tables, *views))

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One read transaction; everything read in it is of one moment."""
        with self._connected() as (connection, limit):
            with self._readable("a snapshot"):
                # A deferred transaction has its snapshot from its first read on, so read at once.
                connection.exec_driver_sql("BEGIN")
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
            with closing(SqlSnapshot(self._name, connection, limit)) as snapshot:
                yield snapshot

    @contextmanager
    def _connected(self) -> Iterator[tuple[Connection, "StatementLimit"]]:
        engine = _read_only_engine(self._file, self._timeout)
        with self._readable("a connection"):
            connection = engine.connect()
            raw = connection.connection.driver_connection
        try:
            limit = StatementLimit(self._timeout)
            if isinstance(raw, sqlite3.Connection):
                raw.set_progress_handler(limit.exceeded, 10_000)
            yield connection, limit
        finally:
            connection.close()
            engine.dispose()

    def _readable(self, what: str) -> AbstractContextManager[None]:
        return readable(self._name, what)


class StatementLimit:
    """How long the source may take for its next rows; SQLite asks while it works."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        self._until = time.monotonic() + self._seconds

    def exceeded(self) -> bool:
        return time.monotonic() > self._until


class SqlSnapshot:
    """One moment of a database."""

    def __init__(self, source: str, connection: Connection, limit: StatementLimit) -> None:
        self._source = source
        self._connection = connection
        self._limit = limit
        self._results: list[CursorResult[*tuple[object, ...]]] = []

    def close(self) -> None:
        """Closes the cursors of readings that were broken off, before their connection goes."""
        for result in self._results:
            result.close()

    def probe(self, selection: Selection) -> Probe:
        """Has the database plan the selection; RegisterError where a table or column is not there."""
        name = selection.dataset.name
        # Two keys: with one, a database need not sort, as all rows are of equal key.
        statement = selection_statement(selection, ["", "-"])
        with readable(self._source, f"dataset {name!r}"):
            views = inspect(self._connection).get_view_names()
        if selection.dataset.table in views:
            raise RegisterError(
                f"dataset {name!r}: {selection.dataset.table!r} is a view, so no column of it proves whose a row is; "
                "name the table that the rows are from, and say the rest as its query, with key"
            )
        steps = self._plan(statement, f"dataset {name!r}")
        return Probe(sorts_without_index=any("TEMP B-TREE" in step for step in steps))

    def resolve(self, link: Link, identifiers: Collection[Identifier]) -> frozenset[Identifier]:
        """Follows one link; RegisterError where the database compares more loosely than the link says."""
        folded = {link.match.fold(i.value) for i in identifiers if i.kind == link.given}
        found: set[Identifier] = set()
        what = f"link from {link.given!r} to {link.leads_to!r}"
        self._plan(link_statement(link, [""]), what)  # a renamed column is the register's fault
        for batch in _batches(sorted(folded)):
            for rows in self._rows(link_statement(link, batch), what):
                if any(link.match.fold(str(given)) not in folded for given, _ in rows):
                    raise RegisterError(
                        f"source {self._source!r} compares the {what} more loosely than {link.match!r}: "
                        "say casefold in the register, or give the identifier as the source writes it"
                    )
                found.update(
                    Identifier(link.leads_to, str(reached)) for _, reached in rows if reached is not None
                )
        return frozenset(found)

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The selection's rows; one statement for every BATCH identifiers."""
        name = f"dataset {selection.dataset.name!r}"
        for batch in _batches(selection.keys()):
            rows = self._rows(selection_statement(selection, batch), name)
            yield from bounded(
                rows if selection.dataset.query is None else each_once(rows, selection.dataset)
            )

    def open_attachment(self, reference: str) -> AbstractContextManager[BinaryIO]:  # noqa: ARG002
        """A database holds no files."""
        raise WrongUseError(f"source {self._source!r} has no attachments")

    def _plan(self, statement: Statement, what: str) -> list[str]:
        compiled = statement.compile(self._connection).construct_expanded_state()
        parameters = tuple(compiled.positional_parameters or ())
        self._limit.restart()
        with readable(self._source, what, plan=True):
            plan = self._connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled.statement}", parameters)
            return [str(row[-1]) for row in plan]

    def _rows(self, statement: Statement, what: str) -> Iterator[Sequence[tuple[object, ...]]]:
        """Steps of rows off a server-side cursor; every failure names the source and what was read."""
        with readable(self._source, what):
            self._limit.restart()
            streamed = self._connection.execution_options(stream_results=True, max_row_buffer=STEP)
            result = streamed.execute(statement)
            self._results.append(result)
        while True:
            with readable(self._source, what):
                self._limit.restart()
                rows = result.fetchmany(STEP)
            if not rows:
                self._results.remove(result)
                return
            yield rows


@contextmanager
def readable(source: str, what: str, *, plan: bool = False) -> Iterator[None]:
    """Turns a database's errors into ours, without its text: it may quote the data.

    The one text that is passed on is of a statement that could not be prepared, as no row was read.
    """
    try:
        yield
    except UnicodeEncodeError:  # an identifier that came out of the source as bytes that are no text
        raise SourceUnreadableError(
            f"source {source!r} could not be read: {what}: an identifier is no Unicode text"
        ) from None
    except SQLAlchemyError as error:
        origin = error.orig if isinstance(error, DBAPIError) else None
        code = getattr(origin, "sqlite_errorname", None)
        if code == "SQLITE_ERROR" and plan:
            raise RegisterError(
                f"{what} does not fit source {source!r}: {origin}. Has a table or column been renamed? "
                f"Correct its file, then run dsar-export check"
            ) from None
        reason = {"SQLITE_INTERRUPT": "the statement took too long"}.get(
            code or "", code or type(error).__name__
        )
        raise SourceUnreadableError(f"source {source!r} could not be read: {what}: {reason}") from None


def _batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


def _sqlite_file(name: str, source: Source, folder: Path) -> Path:
    try:
        url = make_url(source.url)
    except ArgumentError:
        raise RegisterError(f"sources.{name}.url: not a database URL; expected sqlite:///FILE") from None
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise RegisterError(f"sources.{name}.url: this version reads sqlite:///FILE")
    return (folder / url.database).resolve()


def _read_only_engine(file: Path, timeout: int) -> Engine:
    def connect() -> sqlite3.Connection:
        uri = f"file:{quote(str(file))}?mode=ro"
        raw = sqlite3.connect(uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False)
        raw.text_factory = _decode
        raw.execute("PRAGMA query_only = ON")
        (encoding,) = raw.execute("PRAGMA encoding").fetchone()
        raw.create_function("dsar_casefold", 1, _casefold(str(encoding)), deterministic=True)
        raw.execute("PRAGMA temp_store = MEMORY")  # a sort that spills would put plaintext on the disk
        return raw

    return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)


def _decode(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


def _casefold(encoding: str) -> Callable[[object], bytes | None]:
    """SQLite's own lower() knows ASCII only; bytes in and out, so that undecodable text can't stop a scan."""
    errors = "surrogateescape" if encoding == "UTF-8" else "surrogatepass"

    def fold(raw: object) -> bytes | None:
        if not isinstance(raw, bytes):
            return None
        return raw.decode(encoding, errors).casefold().encode("utf-8", errors)

    return fold


def _table(inspector: Inspector, name: str, *, is_view: bool) -> Table:
    columns = tuple(c["name"] for c in inspector.get_columns(name))
    if is_view:
        return Table(name, columns, (), is_view=True)
    with warnings.catch_warnings():  # an index on an expression is passed over, which is all the same here
        warnings.simplefilter("ignore", SAWarning)
        keys: list[list[str | None]] = [list(inspector.get_pk_constraint(name)["constrained_columns"])]
        keys += [list(key["column_names"]) for key in inspector.get_unique_constraints(name)]
        # An index WHERE … promises nothing about the other rows.
        whole = [
            i for i in inspector.get_indexes(name) if i.get("dialect_options", {}).get("sqlite_where") is None
        ]
        keys += [index["column_names"] for index in whole if index["unique"]]
    unique = {frozenset(map(str, key)) for key in keys if key and None not in key}
    return Table(name, columns, tuple(sorted(unique, key=sorted)))
