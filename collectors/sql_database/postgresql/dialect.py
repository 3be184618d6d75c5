"""PostgreSQL through psycopg."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from psycopg.types import TypeInfo
from sqlalchemy import (
    URL,
    ColumnElement,
    Connection,
    Engine,
    Numeric,
    String,
    Text,
    and_,
    cast,
    collate,
    create_engine,
    event,
    false,
    func,
    or_,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import OID
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.compiler import ExpandedState
from sqlalchemy.types import NullType

from collectors.sql_database.cursor import Cursor
from collectors.sql_database.dialect import Failure, Limit, hexadecimal, schema_and_table
from collectors.sql_database.index_statements import IndexWriter
from collectors.sql_database.keys import Values
from collectors.sql_database.postgresql.catalogue import read_catalogue, read_kinds, read_relation, read_roots
from collectors.sql_database.postgresql.cursor import PostgresqlCursor, cancel, psycopg_connection
from collectors.sql_database.postgresql.expressions import (
    COMPARED_BY_TYPE,
    beyond_ascii,
    digits_at_end,
    lowered,
    not_plain,
)
from collectors.sql_database.postgresql.failures import failure_of
from collectors.sql_database.postgresql.indexes import index_advice
from collectors.sql_database.postgresql.loaders import OWN_ARRAYS, load_arrays_of, load_as_text
from collectors.sql_database.postgresql.obstacles import obstacle_to
from collectors.sql_database.postgresql.session import (
    connect_parameters,
    options_of,
    refuse_parameters,
    server_of,
    set_and_read_back,
)
from collectors.sql_database.postgresql.standby import standby_as_of
from collectors.sql_database.postgresql.version import catalogue_version
from collectors.sql_database.relations import Relation
from dsar_export.folding import is_number
from dsar_export.model.index import IndexAdvice, Lookup
from dsar_export.model.source import ColumnKind, SourceDescription

_LARGEST_REAL: Final = 3e38
_TIMESTAMPTZ: Final = 1184  # the number of the type
_BOOLEANS: Final = frozenset({"1", "true", "t", "0", "false", "f"})
# Perhaps no partition matches the sample keys; pruning would then hide all of them from the plan.
_UNPRUNED: Final = """SELECT set_config('enable_partition_pruning', %(pruned)s, true),
  set_config('constraint_exclusion', %(excluded)s, true)"""
_SCANS_AND_JOINS: Final = """SELECT set_config('enable_seqscan', %(how)s, true),
  set_config('enable_hashjoin', %(how)s, true), set_config('enable_mergejoin', %(how)s, true)"""


class ServerLimit:
    """Does nothing: the server itself limits every statement and every fetch."""

    def restart(self) -> None: ...


@dataclass(frozen=True)
class Postgresql:
    """A PostgreSQL server. The role needs CONNECT, USAGE and SELECT and nothing else."""

    url: URL
    remote: bool = True

    def __post_init__(self) -> None:
        refuse_parameters(self.url)

    def engine(self, timeout: int) -> Engine:
        engine = create_engine(
            server_of(self.url),
            poolclass=NullPool,
            hide_parameters=True,
            use_native_hstore=False,  # it would return a dictionary and cost a query
            isolation_level="REPEATABLE READ",
            execution_options={"postgresql_readonly": True},
            connect_args=connect_parameters(self.url, timeout),
        )
        event.listen(engine, "connect", load_as_text)
        return engine

    def begin(self, connection: Connection, timeout: int) -> Limit:
        # The first statement takes the snapshot.
        set_and_read_back(connection, options_of(self.url), timeout)
        for name, oid, array, delimiter in connection.exec_driver_sql(OWN_ARRAYS).all():
            info = TypeInfo(str(name), oid, array, delimiter=str(delimiter))
            load_arrays_of(psycopg_connection(connection), info)
        return ServerLimit()

    def as_of(self, connection: Connection) -> datetime | None:
        return standby_as_of(connection)

    def split(self, name: str) -> tuple[str | None, str]:
        return schema_and_table(name)

    def exact(self, stored: ColumnElement[object], kind: ColumnKind, values: Values) -> ColumnElement[bool]:
        change = _as_bytes if kind is ColumnKind.BYTES else partial(self.bind_values, kind)
        if not values.asked(lambda texts: bool(change(texts))):
            return false()
        bound = values.bound(change)
        if kind is ColumnKind.MONEY:
            stored = cast(stored, Numeric)
        if kind in COMPARED_BY_TYPE:
            return stored.in_(bound)
        # A cast of `inet` to text has more than its output, so `format` is used; it would write null as an empty text.
        return and_(stored.is_not(None), func.format("%s", stored).in_(bound))

    def casefolded(self, stored: ColumnElement[object], values: Values) -> ColumnElement[bool]:
        ascii_values = values.bound(partial(self.bind_values, ColumnKind.TEXT))
        return or_(lowered(stored).in_(ascii_values), not_plain(stored))

    def digits_end_with(
        self, stored: ColumnElement[object], ends: Values, length: int
    ) -> ColumnElement[bool]:
        return or_(digits_at_end(stored, length).in_(ends.bound(list, String())), beyond_ascii(stored))

    def bind_values(self, kind: ColumnKind, values: Sequence[str]) -> Sequence[object]:
        """A number column gets only values that are numbers, because the server refuses others."""
        if kind is ColumnKind.INTEGER:
            return [v for v in values if is_number(v) and "." not in v and -(2**63) <= int(v) < 2**63]
        if kind in {ColumnKind.DECIMAL, ColumnKind.FLOAT, ColumnKind.MONEY}:
            return [v for v in values if is_number(v) and abs(float(v)) < _LARGEST_REAL]
        if kind is ColumnKind.BOOLEAN:
            return [value for value in values if value in _BOOLEANS]
        if kind is ColumnKind.UUID:  # UUIDs fold to their digits
            return [value for value in hexadecimal(values) if len(value) == 32]
        if kind is ColumnKind.BYTES:  # for a query that compares the bytes, and for one that encodes them
            return [*hexadecimal(values), *_as_bytes(values)]
        return [value for value in values if "\0" not in value]  # PostgreSQL has no such texts

    def select_expression(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:
        # As text it has a currency sign and separators of the server's lc_monetary.
        return type_coerce(cast(column, Numeric), NullType()) if kind is ColumnKind.MONEY else column

    def order_key(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:
        if kind is not ColumnKind.TEXT:
            return column
        return type_coerce(collate(type_coerce(column, Text), "C"), NullType())

    def join_condition(self, one: ColumnElement[object], other: ColumnElement[object]) -> ColumnElement[bool]:
        return one == other

    def large_object(self, number: ColumnElement[object], most: int) -> ColumnElement[object]:
        return func.lo_get(cast(number, OID), 0, most)

    def needs_scan(self, connection: Connection, statement: ExpandedState) -> bool:
        # Nested, because a statement that can't be planned would abort the whole transaction.
        with connection.begin_nested():
            # Small tables are scanned even with an index. With scans disabled, only a statement without an index scans.
            connection.exec_driver_sql(_SCANS_AND_JOINS, {"how": "off"})
            plan = connection.exec_driver_sql(
                f"EXPLAIN (FORMAT JSON) {statement.statement}", statement.parameters
            ).scalar_one()
            connection.exec_driver_sql(_SCANS_AND_JOINS, {"how": "on"})
        return any(map(_is_scan, _nodes(json.loads(str(plan))[0]["Plan"])))

    def tables_read(self, connection: Connection, statement: ExpandedState) -> tuple[str, ...] | None:
        with connection.begin_nested():
            connection.exec_driver_sql(_UNPRUNED, {"pruned": "off", "excluded": "off"})
            plan = connection.exec_driver_sql(
                f"EXPLAIN (VERBOSE, FORMAT JSON) {statement.statement}", statement.parameters
            ).scalar_one()
            connection.exec_driver_sql(_UNPRUNED, {"pruned": "on", "excluded": "partition"})
        nodes = list(_nodes(json.loads(str(plan))[0]["Plan"]))
        found = [(str(n["Schema"]), str(n["Relation Name"])) for n in nodes if "Relation Name" in n]
        return read_roots(connection, found)

    def returned_columns(self, connection: Connection, statement: ExpandedState) -> Mapping[str, bool]:
        with connection.begin_nested():
            answer = connection.exec_driver_sql(
                f"SELECT * FROM ({statement.statement}) AS rows_found LIMIT 0",  # noqa: S608 # the register's
                statement.parameters,
            )
            described = answer.cursor.description
            return {str(name): code == _TIMESTAMPTZ for name, code, *_ in described}

    def cursor(self, connection: Connection, statement: ExpandedState) -> Cursor:
        return PostgresqlCursor(connection, statement)

    def cancel(self, connection: Connection) -> None:
        cancel(connection)

    def catalogue_version(self, connection: Connection) -> bytes | None:
        return catalogue_version(connection)

    def describe(self, connection: Connection) -> SourceDescription:
        return read_catalogue(connection)

    def relation(self, connection: Connection, table: str) -> Relation:
        return read_relation(connection, *self.split(table))

    def kinds(self, connection: Connection, table: str) -> dict[str, ColumnKind]:
        return read_kinds(connection, *self.split(table))

    def index_advice(self, connection: Connection, lookup: Lookup, kind: ColumnKind) -> IndexAdvice:
        return index_advice(IndexWriter(connection, self.split(lookup.table)), lookup, kind)

    def failure(self, error: SQLAlchemyError) -> Failure:
        return failure_of(error)

    def obstacle(self, error: Exception) -> str:
        return obstacle_to(error.orig if isinstance(error, DBAPIError) else error)


def _as_bytes(values: Sequence[str]) -> list[str]:
    return [f"\\x{value}" for value in hexadecimal(values)]


def _nodes(plan: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    yield plan
    inner = plan.get("Plans", [])
    for node in inner if isinstance(inner, list) else []:
        yield from _nodes(node)


def _is_scan(node: Mapping[str, object]) -> bool:
    """Whether a node reads a whole table or index. A bitmap without a condition comes from an index WHERE …"""
    how = node["Node Type"]
    return how == "Seq Scan" or (how in {"Index Scan", "Index Only Scan"} and "Index Cond" not in node)
