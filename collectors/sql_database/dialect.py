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
from collectors.sql_database.relations import Relation
from dsar_export.errors import RegisterError
from dsar_export.model.source import ColumnKind, SourceDescription
from dsar_export.model.table_name import name_parts

NO_LARGE_OBJECTS: Final = "large_object: only PostgreSQL has large objects; drop it"
HEXADECIMAL: Final = re.compile(r"([0-9a-f]{2})+")


class UrlError(Exception):
    """A source's URL can't be used as it is, or what stands behind it does not do what it must; the text says why."""


class Trouble(StrEnum):
    """What an error means to whoever reads."""

    UNFIT = "the statement does not fit the database"
    LOST = "the connection was lost, or a replica's conflict ended the transaction"
    SLOW = "the statement took too long"
    POOLED = "a pooler that keeps no transaction stands between"
    OTHER = "another error"


@dataclass(frozen=True)
class Failure:
    """An error of the database; `told` holds no cell, and for all but UNFIT no text of the database."""

    trouble: Trouble
    told: str
    hint: str = "Has a table or column been renamed? Correct its file"


class Limit(Protocol):
    """How long the source may take for its next rows."""

    def restart(self) -> None: ...


class Dialect(Protocol):
    """One kind of database: how it is opened, compared in, ordered, planned and described."""

    @property
    def remote(self) -> bool:
        """Whether a server does the work, not this process."""
        ...

    def engine(self, timeout: int) -> Engine:
        """A read-only engine without a pool; `timeout` in seconds."""
        ...

    def begin(self, connection: Connection, timeout: int) -> Limit:
        """Starts the transaction that is the snapshot; UrlError where a setting that it needs does not hold in it."""
        ...

    def as_of(self, connection: Connection) -> datetime | None:
        """The moment that the snapshot shows, where the server says that it is an earlier one."""
        ...

    def split(self, name: str) -> tuple[str | None, str]:
        """A table's name as schema and name."""
        ...

    def exact(
        self, stored: ColumnElement[object], kind: ColumnKind, values: Sequence[str]
    ) -> ColumnElement[bool]:
        """Whether a column is one of the values, character by character."""
        ...

    def casefolded(self, stored: ColumnElement[object], values: Sequence[str]) -> ColumnElement[bool]:
        """Whether a column folds to one of the values, or perhaps does; never false where it does."""
        ...

    def digits_end(self, stored: ColumnElement[object], ends: Sequence[str]) -> ColumnElement[bool]:
        """Whether the digits of a column end in one of these, all of one length, or perhaps do."""
        ...

    def bound(self, kind: ColumnKind, values: Sequence[str]) -> Sequence[object]:
        """Values as a query's `IN :name` takes them for a column of this kind."""
        ...

    def as_read(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:
        """An identifier's column as it is selected, so that nothing of it is lost on the way."""
        ...

    def ordered(self, column: ColumnElement[object], kind: ColumnKind) -> ColumnElement[object]:
        """A column to order by: texts byte by byte, alike in every database."""
        ...

    def joined(self, one: ColumnElement[object], other: ColumnElement[object]) -> ColumnElement[bool]:
        """Whether the columns of a step hold the same; they are of like types."""
        ...

    def large_object(self, number: ColumnElement[object], most: int) -> ColumnElement[object]:
        """The first bytes of the large object of a number; RegisterError where there are none."""
        ...

    def unserved(self, connection: Connection, statement: ExpandedState) -> bool:
        """Plans a statement without reading a row, and tells whether no index serves it."""
        ...

    def reads(self, connection: Connection, statement: ExpandedState) -> tuple[str, ...] | None:
        """The tables that a statement reads, by its plan and as often as it does; None where that is not shown."""
        ...

    def instants(self, connection: Connection, statement: ExpandedState) -> frozenset[str]:
        """The columns of a statement's result that hold moments; no row is read."""
        ...

    def cursor(self, connection: Connection, statement: ExpandedState) -> Cursor:
        """The rows of a statement."""
        ...

    def describe(self, connection: Connection) -> SourceDescription:
        """All tables and views, and what the role may do beyond reading."""
        ...

    def relation(self, connection: Connection, table: str) -> Relation:
        """What a statement must know of a table; nothing of one that is not there."""
        ...

    def kinds(self, connection: Connection, table: str) -> dict[str, ColumnKind]:
        """What the columns of a table hold."""
        ...

    def failure(self, error: SQLAlchemyError) -> Failure:
        """What an error means."""
        ...


def hexadecimal(values: Sequence[str]) -> list[str]:
    """Those of the values that bytes fold to: `dsar_export.folding` compares bytes as hexadecimal."""
    return [value for value in values if HEXADECIMAL.fullmatch(value)]


def refuse_unheld(wanted: Mapping[str, object], found: Sequence[object]) -> None:
    """UrlError where a setting is not what the session was set to: a pooler may send each statement elsewhere."""
    for (name, value), held in zip(wanted.items(), found, strict=True):
        if str(held) != str(value):
            raise UrlError(
                f"the setting {name} was set and does not hold: what stands between keeps no session, or overrules "
                "it; have it pool by transaction or session, or name the server itself"
            )


def schema_and_table(name: str) -> tuple[str | None, str]:
    """A name that may begin with a schema, as `crm.letters`; RegisterError for more parts."""
    parts = name_parts(name)
    if len(parts) > 2:
        raise RegisterError(
            f"{name!r} has more parts than a schema and a table; write one that holds a dot in double quotes"
        )
    return (parts[0] if len(parts) == 2 else None, parts[-1])
