"""Every column that holds identifiers, and the values in it that name nobody."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from dsar_export.folding import as_text, folded
from dsar_export.interfaces import Snapshot
from dsar_export.model.comparison import Comparison
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.place import LinkTable
from dsar_export.model.register import Register
from dsar_export.model.request import Identifier
from dsar_export.model.source import ColumnKind, SourceDescription, Table

_ZERO: Final = frozenset("0.-{}")
_NUMBERS: Final = frozenset({ColumnKind.INTEGER, ColumnKind.DECIMAL, ColumnKind.FLOAT})
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_LITERAL: Final = re.compile(
    r"""\(*\s*(?:[xXbB]?'(?P<quoted>[^']*)'|"(?P<double>[^"]*)"|(?P<plain>[-+]?[0-9.]+))\s*\)*(?:::.*)?""",
    re.DOTALL,
)

Held = Mapping[str, SourceDescription]
"""What each source holds."""


@dataclass(frozen=True)
class IdentifierColumn:
    """A column of identifiers of one kind, and the key of the register that names it; `dataset` is None for a link."""

    source: str
    table: str
    column: str
    kind: str
    comparison: Comparison
    nobody: tuple[str, ...] | None
    at: str
    dataset: Dataset | None = None

    def in_table(self, held: Held) -> Table | None:
        return held[self.source].table(self.table) if self.source in held else None

    def is_key(self, held: Held) -> bool:
        """Whether its table has at most one row for each value."""
        table = self.in_table(held)
        return table is not None and frozenset({self.column}) in table.unique_keys


def identifier_columns(register: Register, controller: str) -> Iterator[IdentifierColumn]:
    """The columns of a controller's links and subject keys."""
    own = register.links_of(controller)
    for index, link in enumerate(register.organisation.links):
        if link in own:
            yield from _of_link(link, f"links.{index}")
    for dataset in register.datasets_of(controller):
        for index, key in enumerate(dataset.subject_keys):
            table = key.through[-1].table if key.through else dataset.place.table
            yield IdentifierColumn(
                dataset.source,
                table,
                key.column,
                key.identifier,
                key.comparison,
                key.nobody,
                f"subject_keys.{index}",
                dataset,
            )


def _of_link(link: Link, at: str) -> Iterator[IdentifierColumn]:
    for kind, column, comparison in (
        (link.given, link.given_column, link.comparison),
        (link.leads_to, link.leads_to_column, Comparison()),
    ):
        yield IdentifierColumn(link.source, link.at.table, column, kind, comparison, link.nobody, at)


def constant_default(column: IdentifierColumn, held: Held) -> str | None:
    """What the column's default folds to, where it is a constant: it stands in the rows of all who have no other."""
    table = column.in_table(held)
    facts = None if table is None else table.facts.get(column.column)
    found = None if facts is None or facts.default is None else _LITERAL.fullmatch(facts.default.strip())
    if found is None:
        return None
    text = next(part for part in found.group("quoted", "double", "plain") if part is not None)
    as_number = facts is not None and facts.kind in _NUMBERS and _NUMBER.fullmatch(text)
    return folded(Decimal(text) if as_number else text, Comparison()) or None


@dataclass(frozen=True)
class Undecided:
    """Values that may name nobody, and on which no register decided.

    These are a column's constant default, and zeros, which guests are stored as without any default; and only where
    no row of the referred table has them.
    """

    columns: Sequence[IdentifierColumn]
    held: Held
    snapshots: Mapping[str, Snapshot]
    known: dict[tuple[str, str, str, str], bool] = field(default_factory=dict)
    """Whether a column has a value: asked once, as a request meets few such values."""

    def __call__(self, identifier: Identifier) -> bool:
        """Whether a folded identifier is such a value."""
        undecided = (c for c in self.columns if c.kind == identifier.kind and c.nobody is None)
        own = [c for c in undecided if not c.is_key(self.held)]  # where it is the row's own, the row says so
        return any(
            not self.is_somebodys(column, identifier.value)
            for column in own
            if self._is_zero(column, identifier.value)
            or constant_default(column, self.held) == identifier.value
        )

    def defaults(self) -> Iterator[IdentifierColumn]:
        """The columns with a default on which the register must decide."""
        for column in self.columns:
            default = constant_default(column, self.held) if column.nobody is None else None
            if default is not None and not self.is_somebodys(column, default):
                yield column

    def is_somebodys(self, column: IdentifierColumn, value: str) -> bool:
        """Whether a row of the table that the column refers to has the value."""
        return any(self._has(place, value) for place in _referred(column, self.columns, self.held))

    def _is_zero(self, column: IdentifierColumn, value: str) -> bool:
        """Whether the value is a zero, and the column refers to a table that could have a row of it."""
        is_zero = "0" in value and set(value) <= _ZERO
        return is_zero and any(_referred(column, self.columns, self.held))

    def _has(self, place: "Place", value: str) -> bool:
        if (*place, value) not in self.known:
            source = place[0]
            found = source not in self.snapshots or _has(self.snapshots[source], place, value)
            self.known[*place, value] = found
        return self.known[*place, value]


Place = tuple[str, str, str]
"""A source, a table of it, and a column."""


def _referred(column: IdentifierColumn, columns: Sequence[IdentifierColumn], held: Held) -> Iterator[Place]:
    """Where an identifier stands once: what the source declares, else every key of its kind in the register."""
    table = column.in_table(held)
    declared = [(t, c) for own, t, c in (table.foreign_keys if table else ()) if own == column.column]
    if declared:
        yield from ((column.source, *target) for target in declared)
        return
    for other in columns:
        if other.kind == column.kind and other.is_key(held):
            yield other.source, other.table, other.column


def _has(snapshot: Snapshot, place: Place, value: str) -> bool:
    source, table, column = place
    link = Link(
        given="-",
        leads_to="-",
        source=source,
        at=LinkTable(table=table),
        given_column=column,
        leads_to_column=column,
    )
    return any(as_text(row.given) for row in snapshot.resolve(link, {value}, ()))
