"""Who the subject is in the sources: their identifiers, how each was reached, and when it was theirs."""

from dataclasses import dataclass

from dsar_export.model.comparison import Strength
from dsar_export.model.periods import ALWAYS, Periods
from dsar_export.model.request import Identifier


@dataclass(frozen=True)
class Reached:
    """An identifier of the subject: from which other one it was reached, over which table, and when it was theirs."""

    identifier: Identifier
    periods: Periods = ALWAYS
    parent: Identifier | None = None
    over: str | None = None
    """The source and table of the link; None for an identifier that was verified or chosen."""
    strength: Strength = Strength.STRONG


@dataclass(frozen=True)
class SharedIdentifiers:
    """How many identifiers of a kind also belong to another person; rows under these alone were not searched."""

    kind: str
    count: int


@dataclass(frozen=True)
class UndecidedRows:
    """How many rows of a link lead to a value that may belong to nobody, because it is the column's default."""

    source: str
    table: str
    column: str
    count: int


@dataclass(frozen=True)
class Identity:
    """The subject's identifiers, and what their rows refer to: `known` has both, as rows are selected by either.

    `candidates` counts the people whom somebody chose among or confirmed, else 0. `unused` counts, by kind, the
    given identifiers that belong to somebody other than the person chosen.
    """

    known: tuple[Reached, ...]
    shared: tuple[SharedIdentifiers, ...] = ()
    candidates: int = 0
    unused: tuple[tuple[str, int], ...] = ()
    undecided: tuple[UndecidedRows, ...] = ()

    @property
    def own(self) -> tuple[Reached, ...]:
        """The person's own identifiers."""
        return tuple(r for r in self.known if r.strength is not Strength.REFERENCE)

    @property
    def referred(self) -> tuple[Reached, ...]:
        """What the person's rows refer to, such as an address that others may share."""
        return tuple(r for r in self.known if r.strength is Strength.REFERENCE)
