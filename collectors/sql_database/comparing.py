"""Comparisons as SQL. They find every row that `dsar_export.folding` considers equal, and may find more."""

import re
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import partial
from typing import Final

import phonenumbers
from sqlalchemy import ColumnElement, false, not_, or_, true

from collectors.sql_database.dialect import Dialect
from collectors.sql_database.keys import Constants, Values
from dsar_export.folding import folded, spellings
from dsar_export.model.comparison import Comparison, Constant, Match
from dsar_export.model.source import NUMBER_KINDS, ColumnKind, Selection

LAST_DIGITS: Final = 6
_IN_ONE_SPELLING: Final = NUMBER_KINDS | {ColumnKind.UUID, ColumnKind.BYTES, ColumnKind.INSTANT}
_UUID: Final = re.compile(r"([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})")
_LONG_HEXADECIMAL: Final = re.compile(r"[0-9a-f]{16,}")


class Way(Enum):
    """How a database looks for keys in a column."""

    EXACT = auto()
    FOLDED = auto()
    LAST_DIGITS = auto()
    EVERY_ROW = auto()


def way_of(kind: ColumnKind, comparison: Comparison | None) -> Way:
    """The way in which `matches` finds keys in a column of this kind; a join is exact."""
    if comparison is not None and comparison.match is Match.E164:
        # The texts of these end in digits that are not dialled.
        return Way.EVERY_ROW if kind in NUMBER_KINDS - {ColumnKind.INTEGER} else Way.LAST_DIGITS
    if comparison is None or comparison.match is Match.EXACT or kind in _IN_ONE_SPELLING:
        return Way.EXACT
    return Way.FOLDED  # a hash is hexadecimal in either case, or bytes


def matches(
    dialect: Dialect,
    stored: ColumnElement[object],
    kind: ColumnKind,
    comparison: Comparison,
    keys: Values,
) -> ColumnElement[bool]:
    """Whether a column may fold to one of the keys."""
    match way_of(kind, comparison):
        case Way.EVERY_ROW:
            return true()
        case Way.LAST_DIGITS:
            return _telephone(dialect, stored, kind, keys)
        case Way.FOLDED:
            return dialect.casefolded(stored, keys.changed(stored_forms))
        case Way.EXACT:  # in one spelling if possible, so that an index can be used
            return dialect.exact(
                stored, kind, keys if kind in _IN_ONE_SPELLING else keys.changed(stored_forms)
            )


def stored_forms(keys: Sequence[str]) -> list[str]:
    """The keys as texts may store them: hexadecimal also in capitals, a UUID also with hyphens, braces or a prefix."""
    found: list[str] = []
    for key in keys:
        found.append(key)
        if _LONG_HEXADECIMAL.fullmatch(key) is None:
            continue
        found.append(key.upper())
        if (parts := _UUID.fullmatch(key)) is not None:
            uuid = "-".join(parts.groups())
            forms = (uuid, f"{{{uuid}}}", f"urn:uuid:{uuid}")
            found += [*forms, *(form.upper() for form in forms), f"urn:uuid:{uuid.upper()}"]
    return list(dict.fromkeys(found))


def equals_constant(
    dialect: Dialect, stored: ColumnElement[object], kind: ColumnKind, constant: Constant
) -> ColumnElement[bool]:
    """Whether a column equals a constant of the register's `where`."""
    texts = [*spellings(constant), *(folded(text, Comparison()) for text in spellings(constant))]
    return dialect.exact(stored, kind, Constants(stored_forms(list(dict.fromkeys(texts)))))


def has_tenant(
    dialect: Dialect,
    cell: Callable[[str], ColumnElement[object]],
    kind: Callable[[str], ColumnKind],
    tenant_column: str | None,
    tenants: Sequence[str | int],
) -> ColumnElement[bool]:
    """Whether a row's tenant is one of these; true if the table has no tenant column."""
    if tenant_column is None:
        return true()
    if not tenants:
        return false()
    return or_(
        *(equals_constant(dialect, cell(tenant_column), kind(tenant_column), tenant) for tenant in tenants)
    )


def has_own_or_unknown_tenant(
    dialect: Dialect,
    cell: Callable[[str], ColumnElement[object]],
    kind: Callable[[str], ColumnKind],
    tenant_column: str | None,
    selection: Selection,
) -> ColumnElement[bool]:
    """Whether a row's tenant is the answering company, or missing or unknown, so that the row must be counted.

    No index can be used, and none is needed: the subject key has already narrowed the rows down to a few.
    """
    mine = has_tenant(dialect, cell, kind, tenant_column, selection.tenants)
    if tenant_column is None or selection.other_tenants is None or not selection.tenants:
        return mine
    others = has_tenant(dialect, cell, kind, tenant_column, selection.other_tenants)
    # `mine` is needed: the database may compare more loosely than we do, and take our tenant for another company's.
    return or_(mine, cell(tenant_column).is_(None), not_(others))


def _telephone(
    dialect: Dialect, stored: ColumnElement[object], kind: ColumnKind, keys: Values
) -> ColumnElement[bool]:
    """Compares last digits, which every notation has in common: +, 00, a trunk 0, or both as in 0044 (0)20."""
    lengths = keys.asked(lambda values: tuple(sorted({len(end) for end in _ends(values)})))
    return or_(
        dialect.exact(stored, kind, keys),
        *(
            dialect.digits_end_with(stored, keys.changed(partial(_ends_of, length)), length)
            for length in lengths
        ),
    )


def _ends(keys: Sequence[str]) -> Sequence[str]:
    return sorted({_dialled(key)[-LAST_DIGITS:] for key in keys} - {""})


def _ends_of(length: int, keys: Sequence[str]) -> Sequence[str]:
    return [end for end in _ends(keys) if len(end) == length]


def _dialled(key: str) -> str:
    """The digits that end a folded number in every notation; those of its extension come last."""
    try:
        number = phonenumbers.parse(key)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.national_significant_number(number) + (number.extension or "")
