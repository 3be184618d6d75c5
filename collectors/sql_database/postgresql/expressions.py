"""The expressions by which PostgreSQL compares texts; an index on the same expression serves them."""

from typing import Final

from sqlalchemy import Boolean, ColumnElement, Text, cast, collate, func

from dsar_export.model.source import NUMBER_KINDS, ColumnKind

# Of all others the output is compared; it depends on settings, so no index can hold it.
COMPARED_BY_TYPE: Final = NUMBER_KINDS | {
    ColumnKind.TEXT,
    ColumnKind.MONEY,
    ColumnKind.BOOLEAN,
    ColumnKind.UUID,
    ColumnKind.BYTES,
}
_NOT_ASCII: Final = "[^\\x01-\\x7F]"
# Texts that `lower` does not fold: with letters beyond ASCII, or with blanks at the start or end.
_NOT_PLAIN: Final = f"{_NOT_ASCII}|^[\\x09-\\x0D\\x1C-\\x20]|[\\x09-\\x0D\\x1C-\\x20]$"


def lowered(stored: ColumnElement[object]) -> ColumnElement[str]:
    """A text with its ASCII letters folded."""
    return func.lower(collate(cast(stored, Text), "C"))


def not_plain(stored: ColumnElement[object]) -> ColumnElement[bool]:
    """Whether a text must be compared in Python, which folds all letters."""
    return cast(stored, Text).op("~", return_type=Boolean())(_NOT_PLAIN)


def digits_at_end(stored: ColumnElement[object], number: int) -> ColumnElement[str]:
    """The last digits of a text."""
    return func.right(func.regexp_replace(cast(stored, Text), "[^0-9]", "", "g"), number)


def beyond_ascii(stored: ColumnElement[object]) -> ColumnElement[bool]:
    """Whether a text may have digits of other scripts, which are compared in Python."""
    return cast(stored, Text).op("~", return_type=Boolean())(_NOT_ASCII)
