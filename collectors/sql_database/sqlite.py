"""SQLite files."""

import re
import sqlite3
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Float,
    Inspector,
    Integer,
    LargeBinary,
    Numeric,
    String,
    cast,
    create_engine,
    func,
    inspect,
    or_,
)
from sqlalchemy.exc import DBAPIError, SAWarning, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursors import Cursor
from collectors.sql_database.dialect import NO_LARGE_OBJECTS, Failure, Limit, Trouble, hexadecimal
from collectors.sql_database.relations import Relation
from collectors.sql_database.sqlite_cursor import SqliteCursor, any_text, sqlite_connection
from dsar_export.errors import RegisterError
from dsar_export.model.source import ColumnFacts, ColumnKind, SourceDescription, Table
from dsar_export.model.table_name import name_parts, table_name

_DECLARED: Final[Sequence[tuple[type[object], ColumnKind]]] = (
    (Integer, ColumnKind.INTEGER),
    (Float, ColumnKind.FLOAT),
    (Numeric, ColumnKind.DECIMAL),
    (String, ColumnKind.TEXT),
    (LargeBinary, ColumnKind.BYTES),
)
_OTHER_DIGITS: Final = "?"
_WHOLE: Final = re.compile(r"-?(0|[1-9][0-9]{0,18})")


class StatementLimit:
    """SQLite asks while it works whether it should go on."""

    def __init__(self, seconds: int) -> None:
        self._seconds = seconds
        self.restart()

    def restart(self) -> None:
        self._until = time.monotonic() + self._seconds

    def exceeded(self) -> bool:
        return time.monotonic() > self._until


@dataclass(frozen=True)
class Sqlite:
    """A file that is opened read-only."""

    file: Path
    remote: bool = False

    def engine(self, timeout: int) -> Engine:
        def connect() -> sqlite3.Connection:
            uri = f"file:{quote(str(self.file))}?mode=ro"
            raw = sqlite3.connect(
                uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
            )
            raw.text_factory = any_text
            raw.execute("PRAGMA query_only = ON")
            (encoding,) = raw.execute("PRAGMA encoding").fetchone()
            raw.create_function("dsar_casefold", 1, _casefold(str(encoding)), deterministic=True)
            raw.create_function("dsar_digits", 1, _digits, deterministic=True)
            raw.execute("PRAGMA temp_store = MEMORY")  # a sort that spills would put plaintext on the disk
            return raw

        return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    def begin(self, connection: Connection, timeout: int) -> Limit:
        limit = StatementLimit(timeout)
        raw = sqlite_connection(connection)
        raw.set_progress_handler(limit.exceeded, 10_000)
        raw.text_factory = str  # until a text is met that needs another way
        # A deferred transaction has its snapshot from its first read on, so read at once.
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
        return limit

    def as_of(self, connection: Connection) -> datetime | None:  # noqa: ARG002 # a copy knows of no other
        return None

    def split(self, name: str) -> tuple[str | None, str]:
        parts = name_parts(name)
        if len(parts) > 1:
            raise RegisterError(
                f"a table of SQLite has no schema; if its own name is {name!r}, write it in double quotes: "
                f"{table_name('.'.join(parts))}"
            )
        return None, parts[0]

    def exact(
        self, stored: ColumnElement[object], kind: ColumnKind, values: Sequence[str]
    ) -> ColumnElement[bool]:
        return stored.in_(self.bound(kind, values))

    def casefolded(self, stored: ColumnElement[object], values: Sequence[str]) -> ColumnElement[bool]:
        raw = func.dsar_casefold(cast(stored, LargeBinary))
        folded = raw.in_([value.encode("utf-8", "surrogateescape") for value in values])
        blobs = _blobs(values)
        return or_(folded, stored.in_(blobs)) if blobs else folded

    def digits_end(self, stored: ColumnElement[object], ends: Sequence[str]) -> ColumnElement[bool]:
        digits = func.dsar_digits(cast(stored, LargeBinary))
        return func.substr(digits, -len(ends[0])).in_([*ends, _OTHER_DIGITS])

    def bound(self, kind: ColumnKind, values: Sequence[str]) -> Sequence[object]:  # noqa: ARG002 # has no types
        """A column without a type compares 1, '1' and bytes as different, so values are bound as all of them."""
        whole = [n for v in values if _WHOLE.fullmatch(v) and -(2**63) <= (n := int(v)) < 2**63]
        return [*values, *whole, *_blobs(values)]

    def ordered(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:  # noqa: ARG002
        return column  # byte by byte, unless the table says otherwise

    def large_object(self, number: ColumnElement[object], most: int) -> ColumnElement[object]:  # noqa: ARG002 # it has none
        raise RegisterError(NO_LARGE_OBJECTS)

    def unserved(self, connection: Connection, statement: ExpandedState) -> bool:
        parameters = tuple(statement.positional_parameters or ())
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.statement}", parameters)
        return any("TEMP B-TREE" in str(row[-1]) for row in plan)

    def cursor(self, connection: Connection, statement: ExpandedState) -> Cursor:
        return SqliteCursor(connection, statement)

    def describe(self, connection: Connection) -> SourceDescription:
        inspector = inspect(connection)
        tables = [_table(inspector, name) for name in inspector.get_table_names()]
        views = [_view(inspector, name) for name in inspector.get_view_names()]
        return SourceDescription((*tables, *views))

    def relation(self, connection: Connection, table: str) -> Relation:
        return Relation(is_view=self.split(table)[1] in inspect(connection).get_view_names())

    def kinds(self, connection: Connection, table: str) -> dict[str, ColumnKind]:  # noqa: ARG002 # any cell may hold anything
        return {}

    def failure(self, error: SQLAlchemyError) -> Failure:
        origin = error.orig if isinstance(error, DBAPIError) else None
        name = getattr(origin, "sqlite_errorname", None)
        if name == "SQLITE_ERROR":
            return Failure(Trouble.UNFIT, str(origin))
        if name == "SQLITE_INTERRUPT":
            return Failure(Trouble.SLOW, Trouble.SLOW)
        return Failure(Trouble.OTHER, name or type(origin or error).__name__)


def _blobs(values: Sequence[str]) -> list[bytes]:
    return [bytes.fromhex(value) for value in hexadecimal(values)]


def _casefold(encoding: str) -> Callable[[object], bytes | None]:
    """SQLite's own lower() knows ASCII only; bytes in and out, so that undecodable text can't stop a scan."""
    errors = "surrogateescape" if encoding == "UTF-8" else "surrogatepass"

    def fold(raw: object) -> bytes | None:
        if not isinstance(raw, bytes):
            return None
        return raw.decode(encoding, errors).casefold().encode("utf-8", errors)

    return fold


def _digits(raw: object) -> str | None:
    """The digits of a text; of one with other scripts' signs, perhaps their digits, a sign for that."""
    if not isinstance(raw, bytes):
        return None
    # In UTF-16 a digit is the same byte beside a zero.
    return re.sub(rb"[^0-9]", b"", raw).decode("ascii") if raw.isascii() else _OTHER_DIGITS


def _facts(inspector: Inspector, name: str) -> dict[str, ColumnFacts]:
    return {c["name"]: ColumnFacts(_kind(c["type"]), c["default"]) for c in inspector.get_columns(name)}


def _kind(declared: object) -> ColumnKind:
    """What a column is declared to hold; a cell may hold anything else."""
    found = (kind for types, kind in _DECLARED if isinstance(declared, types))
    return next(found, ColumnKind.OTHER)


def _view(inspector: Inspector, name: str) -> Table:
    facts = _facts(inspector, name)
    return Table(table_name(name), tuple(facts), (), is_view=True, facts=facts)


def _table(inspector: Inspector, name: str) -> Table:
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
    declared = inspector.get_foreign_keys(name)
    single = [k for k in declared if len(k["constrained_columns"]) == len(k["referred_columns"]) == 1]
    foreign = tuple(
        (k["constrained_columns"][0], table_name(k["referred_table"]), k["referred_columns"][0])
        for k in single
    )
    facts = _facts(inspector, name)
    keys_found = tuple(sorted(unique, key=sorted))
    return Table(table_name(name), tuple(facts), keys_found, foreign_keys=foreign, facts=facts)
