"""What differs from one kind of database to another."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy import ColumnElement, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursor import Cursor
from collectors.sql_database.keys import Values
from collectors.sql_database.relations import Relation
from dsar_export.errors import RegisterError
from dsar_export.model.index import IndexAdvice, Lookup
from dsar_export.model.source import ColumnKind, SourceDescription
from dsar_export.model.table_name import name_parts

NO_LARGE_OBJECTS: Final = "large_object: only PostgreSQL has large objects; remove it"
HEXADECIMAL: Final = re.compile(r"([0-9a-f]{2})+")


class UrlError(Exception):
    """A source's URL, or the connection it leads to, can't be used; the text is the reason."""


class Trouble(StrEnum):
    """The kinds of database error that are handled differently."""

    UNFIT = "the statement does not fit the database"
    LOST = "the connection was lost, or a conflict on a replica ended the transaction"
    SLOW = "the statement took too long"
    POOLED = "a connection pooler does not keep transactions"
    OTHER = "another error"


@dataclass(frozen=True)
class Failure:
    """A database error. `reason` contains no cell, and the database's own text only for UNFIT."""

    trouble: Trouble
    reason: str
    hint: str = "Has a table or column been renamed? Correct its file"


class Limit(Protocol):
    """The time limit for the source's next rows."""

    def restart(self) -> None: ...


class Dialect(Protocol):
    """One kind of database: how to open it, compare and order in it, plan statements and describe its tables."""

    @property
    def remote(self) -> bool:
        """Whether a server does the work, rather than this process."""
        ...

    def engine(self, timeout: int) -> Engine:
        """A read-only engine without a pool; `timeout` in seconds."""
        ...

    def begin(self, connection: Connection, timeout: int) -> Limit:
        """Starts the snapshot's transaction; UrlError if a setting that it needs is not in effect."""
        ...

    def as_of(self, connection: Connection) -> datetime | None:
        """The moment that the snapshot shows, if the server reports that it is behind; None for now."""
        ...

    def split(self, name: str) -> tuple[str | None, str]:
        """Splits a table's name into schema and name."""
        ...

    def exact(self, stored: ColumnElement[object], kind: ColumnKind, values: Values) -> ColumnElement[bool]:
        """Whether a column equals one of the values, character by character."""
        ...

    def casefolded(self, stored: ColumnElement[object], values: Values) -> ColumnElement[bool]:
        """Whether a column may fold to one of the values: never false if it does."""
        ...

    def digits_end_with(
        self, stored: ColumnElement[object], ends: Values, length: int
    ) -> ColumnElement[bool]:
        """Whether the digits of a column may end in one of these; the `ends` all have this length."""
        ...

    def bind_values(self, kind: ColumnKind, values: Sequence[str]) -> Sequence[object]:
        """The values to bind to a query's `IN :name` for a column of this kind."""
        ...

    def select_expression(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:
        """A column as it must be selected to arrive without loss."""
        ...

    def order_key(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:
        """A column to order by: texts byte by byte, so that every database sorts alike."""
        ...

    def join_condition(self, one: ColumnElement[object], other: ColumnElement[object]) -> ColumnElement[bool]:
        """Whether the two columns of a join are equal; their types are alike."""
        ...

    def large_object(self, number: ColumnElement[object], most: int) -> ColumnElement[object]:
        """The first `most` bytes of the large object with this number; RegisterError if the database has none."""
        ...

    def needs_scan(self, connection: Connection, statement: ExpandedState) -> bool:
        """Whether the database would scan or sort for lack of an index; plans the statement without reading a row."""
        ...

    def tables_read(self, connection: Connection, statement: ExpandedState) -> tuple[str, ...] | None:
        """The tables in a statement's plan, each as often as it is read; None if the server does not show the plan."""
        ...

    def returned_columns(self, connection: Connection, statement: ExpandedState) -> Mapping[str, bool]:
        """The columns of a statement's result, each with whether it contains moments (time stamps with a zone).

        No row is read.
        """
        ...

    def cursor(self, connection: Connection, statement: ExpandedState) -> Cursor:
        """Starts a statement and streams its rows."""
        ...

    def cancel(self, connection: Connection) -> None:
        """Cancels what runs on a connection of another thread, if anything does; raises nothing."""
        ...

    def catalogue_version(self, connection: Connection) -> bytes | None:
        """A hash that differs after every change of what `describe`, `relation`, `kinds` and planning depend on.

        None if there is none, so that nothing is kept longer than a snapshot.
        """
        ...

    def describe(self, connection: Connection) -> SourceDescription:
        """All tables and views, and the role's privileges beyond reading."""
        ...

    def relation(self, connection: Connection, table: str) -> Relation:
        """A table's properties that statements depend on; the defaults if there is no such table."""
        ...

    def kinds(self, connection: Connection, table: str) -> dict[str, ColumnKind]:
        """The kind of each column of a table."""
        ...

    def index_advice(self, connection: Connection, lookup: Lookup, kind: ColumnKind) -> IndexAdvice:
        """The indexes that serve a look-up by a column of this kind."""
        ...

    def failure(self, error: SQLAlchemyError) -> Failure:
        """Classifies an error."""
        ...

    def obstacle(self, error: Exception) -> str:
        """Why no connection was made and what to do, without a value; `{url}` stands for the URL's key."""
        ...


def hexadecimal(values: Sequence[str]) -> list[str]:
    """The values that bytes can fold to: `dsar_export.folding` compares bytes as hexadecimal."""
    return [value for value in values if HEXADECIMAL.fullmatch(value)]


def require_settings(wanted: Mapping[str, object], found: Sequence[object]) -> None:
    """UrlError if a setting differs from what was set: a pooler may send each statement to another session."""
    for (name, wanted_value), value in zip(wanted.items(), found, strict=True):
        if str(value) != str(wanted_value):
            raise UrlError(
                f"the setting {name} was set but is not in effect: a pooler or proxy in between drops or overrides it; "
                "configure it to pool by transaction or session, or use the address of the server itself"
            )


def schema_and_table(name: str) -> tuple[str | None, str]:
    """Splits a name that may begin with a schema, such as `crm.letters`; RegisterError for more parts."""
    parts = name_parts(name)
    if len(parts) > 2:
        raise RegisterError(
            f"{name!r} has more parts than a schema and a table; put a part that contains a dot in double quotes"
        )
    return (parts[0] if len(parts) == 2 else None, parts[-1])
