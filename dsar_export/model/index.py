"""Indexes of a source, the look-ups that need one, and what would serve a look-up."""

from dataclasses import dataclass

from dsar_export.model.comparison import Comparison


@dataclass(frozen=True)
class Index:
    """An index over all rows of a table: its columns in order, up to the first that is not a plain column."""

    columns: tuple[str, ...]
    unique: bool = False


@dataclass(frozen=True)
class Lookup:
    """Finds rows of a table by a column, in an order of further columns.

    Without a `comparison` it is a join, which compares two columns as they are. `unique` means that only a unique
    index shows the source that the rows arrive in this order.
    """

    table: str
    column: str
    comparison: Comparison | None = None
    order: tuple[str, ...] = ()
    unique: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the index that serves it, each once."""
        return tuple(dict.fromkeys((self.column, *self.order)))


@dataclass(frozen=True)
class IndexAdvice:
    """What serves a look-up, as statements that the source accepts exactly as they are.

    `by_column` is true if any index that begins with the column finds the rows. Otherwise only the statements' own
    indexes do; without statements, no index does.
    """

    statements: tuple[str, ...]
    by_column: bool = True
