"""SQLite files."""

import re
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    LargeBinary,
    and_,
    cast,
    create_engine,
    func,
    inspect,
    or_,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursor import Cursor
from collectors.sql_database.dialect import (
    NO_LARGE_OBJECTS,
    Failure,
    Limit,
    Trouble,
    UrlError,
    hexadecimal,
    require_settings,
)
from collectors.sql_database.keys import Values
from collectors.sql_database.relations import Relation
from collectors.sql_database.sqlite.catalogue import catalogue_version, read_catalogue
from collectors.sql_database.sqlite.cursor import SqliteCursor, any_text, sqlite_connection
from collectors.sql_database.sqlite.functions import OTHER_DIGITS, casefold, digits
from collectors.sql_database.sqlite.indexes import index_advice
from collectors.sql_database.sqlite.obstacles import obstacle_to
from collectors.sql_database.sqlite.plan import tables_read
from dsar_export.errors import RegisterError
from dsar_export.folding import as_text, is_number
from dsar_export.model.index import IndexAdvice, Lookup
from dsar_export.model.source import ColumnKind, SourceDescription
from dsar_export.model.table_name import name_parts, table_name

_SETTINGS: Final = {
    "query_only": 1,
    "temp_store": 2,  # in memory: a sort that spills would put plaintext on the disk
}
_ALWAYS_FILES: Final = "TEMP_STORE=0"
_READ_AS_NUMBER: Final = re.compile(r"\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*", re.ASCII)


class StatementLimit:
    """A deadline that SQLite checks while it works."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        self._until = time.monotonic() + self._seconds

    def exceeded(self) -> bool:
        return time.monotonic() > self._until


@dataclass(frozen=True)
class Sqlite:
    """A SQLite file, opened read-only."""

    file: Path
    remote: bool = False

    def engine(self, timeout: int) -> Engine:
        def connect() -> sqlite3.Connection:
            uri = f"file:{quote(str(self.file))}?mode=ro"
            raw = sqlite3.connect(
                uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
            )
            raw.text_factory = any_text
            for name, value in _SETTINGS.items():
                raw.execute(f"PRAGMA {name} = {value}")
            (encoding,) = raw.execute("PRAGMA encoding").fetchone()
            raw.create_function("dsar_casefold", 1, casefold(str(encoding)), deterministic=True)
            raw.create_function("dsar_digits", 1, digits, deterministic=True)
            raw.create_function("dsar_written", 1, as_text, deterministic=True)
            return raw

        return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    def begin(self, connection: Connection, timeout: int) -> Limit:
        _read_back(connection)
        limit = StatementLimit(timeout)
        raw = sqlite_connection(connection)
        raw.set_progress_handler(limit.exceeded, 10_000)
        raw.text_factory = str  # until SqliteCursor meets a text that is not UTF-8
        # A deferred transaction takes its snapshot at its first read, so read at once.
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        return limit

    def as_of(self, connection: Connection) -> datetime | None:  # noqa: ARG002 # a copy does not know its original
        return None

    def split(self, name: str) -> tuple[str | None, str]:
        parts = name_parts(name)
        if len(parts) > 1:
            raise RegisterError(
                f"a SQLite table has no schema; if the table's own name is {name!r}, write it in double quotes: "
                f"{table_name('.'.join(parts))}"
            )
        return None, parts[0]

    def exact(self, stored: ColumnElement[object], kind: ColumnKind, values: Values) -> ColumnElement[bool]:
        found = stored.in_(values.bound(partial(self.bind_values, kind)))
        if not values.asked(_are_misread):
            return found
        # A number column would read 07 as 7.
        return and_(found, or_(func.typeof(stored).in_(("text", "blob")), stored.in_(values.bound(_numbers))))

    def casefolded(self, stored: ColumnElement[object], values: Values) -> ColumnElement[bool]:
        raw = func.dsar_casefold(cast(stored, LargeBinary))
        equal = raw.in_(values.bound(_encoded))
        if not values.asked(lambda texts: bool(_numbers_and_blobs(texts))):
            return equal
        return or_(equal, stored.in_(values.bound(_numbers_and_blobs)))

    def digits_end_with(
        self, stored: ColumnElement[object], ends: Values, length: int
    ) -> ColumnElement[bool]:
        digits = func.dsar_digits(cast(stored, LargeBinary))
        return func.substr(digits, -length).in_(ends.bound(lambda texts: [*texts, OTHER_DIGITS]))

    def bind_values(self, kind: ColumnKind, values: Sequence[str]) -> Sequence[object]:  # noqa: ARG002 # has no types
        """In a column without a type, 1, '1' and bytes are different, so each value is bound in all these forms."""
        return [*values, *_numbers_and_blobs(values)]

    def select_expression(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:  # noqa: ARG002
        return column

    def order_key(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:  # noqa: ARG002
        return column  # byte by byte, unless the table declares another collation

    def join_condition(self, one: ColumnElement[object], other: ColumnElement[object]) -> ColumnElement[bool]:
        # A cell may have any type, and SQLite compares a text with a number as numbers: 07 equals 7.
        alike = func.typeof(one) == func.typeof(other)
        return and_(one == other, or_(alike, func.dsar_written(one) == func.dsar_written(other)))

    def large_object(self, number: ColumnElement[object], most: int) -> ColumnElement[object]:  # noqa: ARG002 # it has none
        raise RegisterError(NO_LARGE_OBJECTS)

    def needs_scan(self, connection: Connection, statement: ExpandedState) -> bool:
        parameters = tuple(statement.positional_parameters or ())
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.statement}", parameters)
        return any("TEMP B-TREE" in str(row[-1]) for row in plan)

    def tables_read(self, connection: Connection, statement: ExpandedState) -> tuple[str, ...] | None:
        return tables_read(connection, statement)

    def returned_columns(self, connection: Connection, statement: ExpandedState) -> Mapping[str, bool]:
        answer = connection.exec_driver_sql(
            f"SELECT * FROM ({statement.statement}) AS rows_found LIMIT 0",  # noqa: S608 # the register's query
            tuple(statement.positional_parameters or ()),
        )
        return {str(name): False for name, *_ in answer.cursor.description}  # without types

    def cursor(self, connection: Connection, statement: ExpandedState) -> Cursor:
        return SqliteCursor(connection, statement)

    def cancel(self, connection: Connection) -> None:
        with suppress(SQLAlchemyError, sqlite3.Error):  # it may be closed meanwhile
            sqlite_connection(connection).interrupt()

    def catalogue_version(self, connection: Connection) -> bytes | None:
        return catalogue_version(connection)

    def describe(self, connection: Connection) -> SourceDescription:
        return read_catalogue(connection)

    def relation(self, connection: Connection, table: str) -> Relation:
        return Relation(is_view=self.split(table)[1] in inspect(connection).get_view_names())

    def kinds(self, connection: Connection, table: str) -> dict[str, ColumnKind]:  # noqa: ARG002 # a cell may have any type
        return {}

    def index_advice(self, connection: Connection, lookup: Lookup, kind: ColumnKind) -> IndexAdvice:  # noqa: ARG002
        return index_advice(connection, self.split(lookup.table)[1], lookup)

    def failure(self, error: SQLAlchemyError) -> Failure:
        origin = error.orig if isinstance(error, DBAPIError) else None
        name = getattr(origin, "sqlite_errorname", None)
        if name == "SQLITE_ERROR":
            return Failure(Trouble.UNFIT, str(origin))
        if name == "SQLITE_INTERRUPT":
            return Failure(Trouble.SLOW, Trouble.SLOW)
        return Failure(Trouble.OTHER, name or type(origin or error).__name__)

    def obstacle(self, error: Exception) -> str:
        origin = error.orig if isinstance(error, DBAPIError) else error
        return obstacle_to(self.file, str(getattr(origin, "sqlite_errorname", type(origin).__name__)))


def _read_back(connection: Connection) -> None:
    """Verifies the connection's settings; UrlError if one is not in effect."""
    found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in _SETTINGS]
    require_settings(_SETTINGS, found)
    if _ALWAYS_FILES in connection.exec_driver_sql("PRAGMA compile_options").scalars():
        raise UrlError(
            "this SQLite always sorts in temporary files, which would put plaintext on the disk; use another build"
        )


def _are_misread(values: Sequence[str]) -> bool:
    return any(_READ_AS_NUMBER.fullmatch(v) and not is_number(v) for v in values)


def _encoded(values: Sequence[str]) -> list[bytes]:
    return [value.encode("utf-8", "surrogateescape") for value in values]


def _numbers_and_blobs(values: Sequence[str]) -> list[int | float | bytes]:
    return [*_numbers(values), *_blobs(values)]


def _blobs(values: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(value) for value in hexadecimal(values)]


def _numbers(values: Sequence[str]) -> list[int | float]:
    """The values that can equal a SQLite number, as numbers."""
    found: list[int | float] = []
    for value in filter(is_number, values):
        whole = "." not in value and -(2**63) <= int(value) < 2**63
        if whole or as_text(float(value)) == value:
            found.append(int(value) if whole else float(value))
    return found
