"""Which versions of rows a statement finds, where a database keeps them by itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, and_, exists, or_

from collectors.sql_database.parts import Versions
from collectors.sql_database.relations import Relation, RowVersions
from dsar_export.errors import RegisterError


@dataclass(frozen=True)
class VersionsFound:
    """What a statement says of versions: conditions, and what makes their order unique."""

    conditions: Sequence[ColumnElement[bool]] = ()
    order: Sequence[ColumnElement[object]] = ()


def kept_versions(name: str, relation: Relation) -> RowVersions:
    """The columns of a table's versions; RegisterError where it keeps none, or nobody can say of which row they are."""
    if relation.versions is None:
        raise RegisterError(
            f"history of {name!r}: the database keeps no versions of its rows; drop system_versions, "
            "or name a table WITH SYSTEM VERSIONING"
        )
    if not relation.versions.key:
        raise RegisterError(
            f"history of {name!r}: no unique key is shown, so nobody can say which versions are of one row; give it a "
            "primary key, or the account SELECT on the whole table, or say versions_left_out with a reason"
        )
    return relation.versions


def versions_found(rows: FromClause, others: FromClause, of: RowVersions, which: Versions) -> VersionsFound:
    """Versions that ended, with or without another of the same row that ended later; `others` are all versions.

    A row that was deleted and came again under its key stands in the table: what was before is an earlier version.
    """
    since, until = rows.c[of.since], rows.c[of.until]
    later = or_(others.c[of.until] > until, and_(others.c[of.until] == until, others.c[of.since] > since))
    another = exists().where(*(others.c[name] == rows.c[name] for name in of.key), later)
    found = another if which is Versions.REPLACED else ~another
    return VersionsFound((until.not_in(of.unended), found), (since, until))
