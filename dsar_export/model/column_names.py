"""Columns that are named alone or as a list, because a key may have several."""

from collections.abc import Sequence

Columns = str | tuple[str, ...]
"""A column, or several that are one key together."""


def column_names(columns: Columns) -> tuple[str, ...]:
    """Each of the columns."""
    return (columns,) if isinstance(columns, str) else columns


def require_columns(key: str, columns: Columns) -> None:
    """ValueError for a key without a column, or with one twice."""
    names = column_names(columns)
    if not names or len(set(names)) < len(names):
        raise ValueError(f"{key} must name at least one column, and each once")


def listed(names: Sequence[str]) -> str:
    """The columns as a message names them."""
    return f"column {names[0]!r}" if len(names) == 1 else f"columns {', '.join(map(repr, names))}"
