"""Comparisons as SQL: they never miss a row that `dsar_export.matching` finds equal, and may find more."""

from collections.abc import Callable, Sequence
from typing import Final

import phonenumbers
from sqlalchemy import ColumnElement, false, not_, or_, true

from collectors.sql_database.dialect import Dialect
from dsar_export.model.matching import Comparison, Match
from dsar_export.model.source import ColumnKind, Selection

_LAST_DIGITS: Final = 6


def matches(
    dialect: Dialect,
    stored: ColumnElement[object],
    kind: ColumnKind,
    comparison: Comparison,
    keys: Sequence[str],
) -> ColumnElement[bool]:
    """Whether a column may fold to one of the keys."""
    if kind is ColumnKind.BYTES and comparison.match is not Match.E164:
        # They fold to hexadecimal of lower case, and an index on them serves.
        return dialect.exact(stored, kind, keys)
    if comparison.match is Match.CASEFOLD:
        return dialect.casefolded(stored, keys)
    if comparison.match is Match.E164:
        return _telephone(dialect, stored, kind, keys)
    if comparison.match is Match.HMAC:  # hexadecimal of either case, or bytes
        return dialect.casefolded(stored, keys)
    return dialect.exact(stored, kind, keys)


def tenant_of(
    dialect: Dialect,
    cell: Callable[[str], ColumnElement[object]],
    kind: Callable[[str], ColumnKind],
    tenant_column: str | None,
    tenants: Sequence[str | int],
) -> ColumnElement[bool]:
    """Whether a row is of the company that answers; true where rows name none."""
    if tenant_column is None:
        return true()
    if not tenants:
        return false()
    return dialect.exact(cell(tenant_column), kind(tenant_column), [str(t) for t in tenants])


def tenant_within(
    dialect: Dialect,
    cell: Callable[[str], ColumnElement[object]],
    kind: Callable[[str], ColumnKind],
    tenant_column: str | None,
    selection: Selection,
) -> ColumnElement[bool]:
    """Whether a row is of the company that answers, or names none that is known, so that it must be counted.

    No index serves it, and none is needed: the subject key found the few rows that it narrows down.
    """
    mine = tenant_of(dialect, cell, kind, tenant_column, selection.tenants)
    if tenant_column is None or selection.other_tenants is None or not selection.tenants:
        return mine
    others = tenant_of(dialect, cell, kind, tenant_column, selection.other_tenants)
    # Our own too: where the database compares more loosely than we do, they may be equal to another's.
    return or_(mine, cell(tenant_column).is_(None), not_(others))


def _telephone(
    dialect: Dialect, stored: ColumnElement[object], kind: ColumnKind, keys: Sequence[str]
) -> ColumnElement[bool]:
    """However a number is written, with +, 00, a trunk 0, or both as in 0044 (0)20, its last digits are the same."""
    ends: dict[int, list[str]] = {}
    for end in sorted({_national(key)[-_LAST_DIGITS:] for key in keys} - {""}):
        ends.setdefault(len(end), []).append(end)
    return or_(
        dialect.exact(stored, kind, keys), *(dialect.digits_end(stored, same) for same in ends.values())
    )


def _national(key: str) -> str:
    """The digits of a folded number that are dialled within its country; none of a text that is no number."""
    try:
        return phonenumbers.national_significant_number(phonenumbers.parse(key))
    except phonenumbers.NumberParseException:
        return ""
