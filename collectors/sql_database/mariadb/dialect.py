"""MariaDB and MySQL through PyMySQL."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Double,
    Engine,
    LargeBinary,
    and_,
    cast,
    collate,
    false,
    func,
    literal_column,
    or_,
    type_coerce,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql.compiler import ExpandedState
from sqlalchemy.types import NullType, String

from collectors.sql_database.cursor import Cursor, ResultCursor
from collectors.sql_database.dialect import (
    HEXADECIMAL,
    NO_LARGE_OBJECTS,
    Failure,
    Limit,
    Trouble,
    schema_and_table,
)
from collectors.sql_database.keys import Values
from collectors.sql_database.mariadb.catalogue import read_catalogue, read_kinds, tables_in_note
from collectors.sql_database.mariadb.connection import (
    TIMESTAMP,
    SocketLimit,
    code_of,
    kill_query,
    open_engine,
    read_back,
    refuse_parameters,
    timed_out,
)
from collectors.sql_database.mariadb.indexes import index_advice
from collectors.sql_database.mariadb.obstacles import obstacle_to
from collectors.sql_database.mariadb.relations import read_relation
from collectors.sql_database.relations import Relation
from dsar_export.errors import RegisterError
from dsar_export.folding import is_number
from dsar_export.model.index import IndexAdvice, Lookup
from dsar_export.model.source import NUMBER_KINDS, ColumnKind, SourceDescription

_BLANK: Final = r"[[:space:]\x1C-\x1F]"  # what Python strips: the separators are no space to the server
_NOT_TEXT: Final = NUMBER_KINDS | {ColumnKind.UUID, ColumnKind.BYTES}
# No such database, table, column or function; access denied; ambiguous name; collations that can't be compared.
_INVALID_STATEMENT: Final = frozenset(
    {1044, 1046, 1049, 1052, 1054, 1064, 1142, 1143, 1146, 1267, 1271, 1305, 1356, 1370}
)
_SLOW: Final = frozenset({1969, 3024})
# 1412: a table was altered after the snapshot began.
_LOST: Final = frozenset({1053, 1412, 1927, 2006, 2013, 2055, 4031})
_NO_PLAN: Final = 1345


@dataclass(frozen=True)
class Mariadb:
    """A MariaDB or MySQL server. The account needs SELECT and nothing else."""

    url: URL
    remote: bool = True

    def __post_init__(self) -> None:
        refuse_parameters(self.url)

    def engine(self, timeout: int) -> Engine:
        return open_engine(self.url, timeout)

    def begin(self, connection: Connection, timeout: int) -> Limit:  # noqa: ARG002 # set when connecting
        connection.exec_driver_sql("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")
        read_back(connection)
        return SocketLimit()

    def as_of(self, connection: Connection) -> datetime | None:  # noqa: ARG002 # a replica does not show it
        return None

    def split(self, name: str) -> tuple[str | None, str]:
        return schema_and_table(name)

    def exact(self, stored: ColumnElement[object], kind: ColumnKind, values: Values) -> ColumnElement[bool]:
        change = partial(self.bind_values, kind)
        if not values.asked(lambda texts: bool(change(texts))):
            return false()
        if kind in _NOT_TEXT:
            return stored.in_(values.bound(change))
        if kind is ColumnKind.INSTANT:  # as the server writes them, without the offset that we add
            values = values.changed(lambda texts: [text.removesuffix("+00:00") for text in texts])
        same = _bytes(stored).in_(values.bound(_encoded))
        # A comparison under the column's collation can use an index. It ignores case and trailing spaces, but finds
        # everything that is equal byte by byte. Characters that the column's character set lacks would cause an error.
        if kind is ColumnKind.TEXT and values.asked(lambda texts: all(map(str.isascii, texts))):
            return and_(stored.in_(values.bound(change)), same)
        return same

    def casefolded(self, stored: ColumnElement[object], values: Values) -> ColumnElement[bool]:
        lower = func.lower(collate(_text(stored), "utf8mb4_bin"))
        ascii_values = values.changed(lambda texts: [text for text in texts if text.isascii()])
        # Text that is not ASCII is compared in Python, which folds all letters; bytes are compared as hexadecimal.
        return or_(
            cast(lower, LargeBinary).in_(ascii_values.bound(_encoded)),
            _beyond_ascii(stored),
            _text(stored).regexp_match(rf"^{_BLANK}|{_BLANK}$"),
            func.lower(func.hex(stored)).in_(ascii_values.bound(list)),
        )

    def digits_end_with(
        self, stored: ColumnElement[object], ends: Values, length: int
    ) -> ColumnElement[bool]:
        digits = func.regexp_replace(_text(stored), "[^0-9]", "")
        # Other scripts have digits too; those are compared in Python.
        return or_(func.right(digits, length).in_(ends.bound(list)), _beyond_ascii(stored))

    def bind_values(self, kind: ColumnKind, values: Sequence[str]) -> Sequence[object]:
        """The values to bind. A number column gets only numbers, because the server takes any other text for 0."""
        if kind is ColumnKind.INTEGER:
            whole = [int(v) for v in values if is_number(v) and "." not in v]
            return [v for v in whole if -(2**63) <= v < 2**64]
        if kind in NUMBER_KINDS:
            return [Decimal(v) for v in values if is_number(v)]
        if kind in {ColumnKind.UUID, ColumnKind.BYTES}:
            return [found for value in values if (found := _from_hexadecimal(value)) is not None]
        return list(values)

    def select_expression(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:
        # The server returns only six digits of a FLOAT, but all digits of a DOUBLE.
        return type_coerce(cast(column, Double), NullType()) if kind is ColumnKind.SINGLE else column

    def order_key(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:
        return type_coerce(_bytes(column), NullType()) if kind is ColumnKind.TEXT else column

    def join_condition(self, one: ColumnElement[object], other: ColumnElement[object]) -> ColumnElement[bool]:
        return one == other

    def large_object(self, number: ColumnElement[object], most: int) -> ColumnElement[object]:  # noqa: ARG002 # only PostgreSQL has them
        raise RegisterError(NO_LARGE_OBJECTS)

    def needs_scan(self, connection: Connection, statement: ExpandedState) -> bool:
        try:
            plan = connection.exec_driver_sql(f"EXPLAIN {statement.statement}", statement.parameters)
            return any(map(_is_scan, plan.mappings().all()))
        except DBAPIError as error:
            if code_of(error.orig) != _NO_PLAN:
                raise
        # The server hides the plan from an account that may read a view but not the tables behind it. The
        # statement below still checks the names.
        connection.exec_driver_sql(
            f"SELECT * FROM ({statement.statement}) AS planned LIMIT 0",  # noqa: S608 # our own statement
            statement.parameters,
        )
        return False

    def tables_read(self, connection: Connection, statement: ExpandedState) -> tuple[str, ...] | None:
        extended = "EXTENDED " if connection.dialect.is_mariadb else ""  # type: ignore[attr-defined] # MySQL dialect only
        try:
            connection.exec_driver_sql(f"EXPLAIN {extended}{statement.statement}", statement.parameters)
        except DBAPIError as error:
            if code_of(error.orig) != _NO_PLAN:
                raise
            return None
        return tables_in_note(connection)

    def returned_columns(self, connection: Connection, statement: ExpandedState) -> Mapping[str, bool]:
        answer = connection.exec_driver_sql(
            f"SELECT * FROM ({statement.statement}) AS rows_found LIMIT 0",  # noqa: S608 # the register's query
            statement.parameters,
        )
        described = answer.cursor.description
        return {str(name): code == TIMESTAMP for name, code, *_ in described}

    def cursor(self, connection: Connection, statement: ExpandedState) -> Cursor:
        options = {"stream_results": True}
        result = connection.exec_driver_sql(
            statement.statement, statement.parameters, execution_options=options
        )
        return ResultCursor(result)

    def cancel(self, connection: Connection) -> None:
        kill_query(connection)

    def catalogue_version(self, connection: Connection) -> bytes | None:  # noqa: ARG002 # a change leaves no mark
        return None

    def describe(self, connection: Connection) -> SourceDescription:
        return read_catalogue(connection)

    def relation(self, connection: Connection, table: str) -> Relation:
        return read_relation(connection, *self.split(table))

    def kinds(self, connection: Connection, table: str) -> dict[str, ColumnKind]:
        return read_kinds(connection, *self.split(table))

    def index_advice(self, connection: Connection, lookup: Lookup, kind: ColumnKind) -> IndexAdvice:
        return index_advice(connection, self.split(lookup.table), lookup, kind)

    def failure(self, error: SQLAlchemyError) -> Failure:
        origin = error.orig if isinstance(error, DBAPIError) else None
        code = code_of(origin)
        if code in _INVALID_STATEMENT and origin is not None:
            return Failure(Trouble.UNFIT, str(origin.args[-1]))
        if code in _SLOW or timed_out(origin):
            return Failure(Trouble.SLOW, Trouble.SLOW)
        invalidated = isinstance(error, DBAPIError) and error.connection_invalidated
        if code in _LOST or invalidated:
            return Failure(Trouble.LOST, f"{Trouble.LOST} ({code})")
        return Failure(Trouble.OTHER, str(code) if code else type(origin or error).__name__)

    def obstacle(self, error: Exception) -> str:
        origin = error.orig if isinstance(error, DBAPIError) else error
        return obstacle_to(origin, code_of(origin) if isinstance(error, DBAPIError) else 0, self.url)


def _text(stored: ColumnElement[object]) -> ColumnElement[str]:
    """A cell as UTF-8, whatever its character set or type."""
    return func.convert(stored.op("USING")(literal_column("utf8mb4")), type_=String())


def _bytes(stored: ColumnElement[object]) -> ColumnElement[bytes]:
    return cast(_text(stored), LargeBinary)


def _beyond_ascii(stored: ColumnElement[object]) -> ColumnElement[bool]:
    text = _text(stored)
    return func.length(text) != func.char_length(text)


def _encoded(values: Sequence[str]) -> Sequence[bytes]:
    """The values as the server stores them, in bytes; values with surrogates that are no escaped bytes are left out."""
    found = []
    for value in values:
        with suppress(UnicodeEncodeError):
            found.append(value.encode("utf-8", "surrogateescape"))
    return found


def _from_hexadecimal(value: str) -> bytes | None:
    if HEXADECIMAL.fullmatch(value):
        return bytes.fromhex(value)
    return None


def _is_scan(step: Mapping[Any, Any]) -> bool:
    """Whether a step reads a whole table or index and no index could help; `<derived2>` is an intermediate result."""
    whole = str(step["type"]).upper().endswith(("ALL", "INDEX"))
    return whole and step["possible_keys"] is None and not str(step["table"]).startswith("<")
