"""Selects row versions in tables whose versions the database keeps by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_

from collectors.sql_database.parts import Versions
from collectors.sql_database.relations import Relation, RowVersions
from dsar_export.errors import RegisterError


@dataclass(frozen=True)
class VersionFilter:
    """The conditions that select versions, and the columns that make their order unique."""

    conditions: Sequence[ColumnElement[bool]] = ()
    order: Sequence[ColumnElement[object]] = ()


def row_versions(name: str, relation: Relation) -> RowVersions:
    """A table's version columns; RegisterError if it keeps no versions, or no unique key assigns them to rows."""
    if relation.versions is None:
        raise RegisterError(
            f"history of {name!r}: the database keeps no versions of its rows; remove system_versions, "
            "or name a table WITH SYSTEM VERSIONING"
        )
    if not relation.versions.key:
        raise RegisterError(
            f"history of {name!r}: no unique key is visible, so its versions can't be assigned to rows; add a primary "
            "key, grant the account SELECT on the whole table, or leave the versions out with versions_left_out"
        )
    return relation.versions


def version_filter(
    rows: FromClause, others: FromClause, columns: RowVersions, which: Versions
) -> VersionFilter:
    """Selects versions that have ended: those that a later version of the same row replaced, or the last ones.

    `others` are all versions of the table. If a deleted row was inserted again under the same key, it is in the table
    today, so all its earlier versions count as replaced.
    """
    since, until = rows.c[columns.since], rows.c[columns.until]
    later = or_(
        others.c[columns.until] > until,
        and_(others.c[columns.until] == until, others.c[columns.since] > since),
    )
    replaced = exists().where(*(others.c[name] == rows.c[name] for name in columns.key), later)
    found = replaced if which is Versions.REPLACED else ~replaced
    return VersionFilter((until.not_in(columns.open_ends), found), (since, until))
