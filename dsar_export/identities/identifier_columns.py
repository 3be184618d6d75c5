"""Every column of identifiers, and the values in it that name nobody."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from dsar_export.model.source import NUMBER_KINDS, SourceDescription, Table

_ZERO: Final = frozenset("0.-{}")
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(?:\.[0-9]+)?")
_LITERAL: Final = re.compile(
    r"""\(*\s*(?:[xXbB]?'(?P<quoted>[^']*)'|"(?P<double>[^"]*)"|(?P<plain>[-+]?[0-9.]+))\s*\)*(?:::.*)?""",
    re.DOTALL,
)

Descriptions = Mapping[str, SourceDescription]
"""The description of each source that is searched, by its name."""


@dataclass(frozen=True)
class IdentifierColumn:
    """A column of identifiers of one kind; `at` is the register key that names it, `dataset` is None for a link."""

    source: str
    table: str
    column: str
    kind: str
    comparison: Comparison
    nobody: tuple[str, ...] | None
    at: str
    dataset: Dataset | None = None

    def in_table(self, descriptions: Descriptions) -> Table | None:
        return descriptions[self.source].table(self.table) if self.source in descriptions else None

    def is_key(self, descriptions: Descriptions) -> bool:
        """Whether its table has at most one row for each value."""
        table = self.in_table(descriptions)
        return table is not None and frozenset({self.column}) in table.unique_keys


def identifier_columns(register: Register, controller: str) -> Iterator[IdentifierColumn]:
    """The columns that a controller's links and subject keys name."""
    own = register.links_of(controller)
    for index, link in enumerate(register.everybody.organisation.links):
        if link in own:
            yield from _link_columns(link, f"links.{index}")
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


def _link_columns(link: Link, at: str) -> Iterator[IdentifierColumn]:
    for kind, column, comparison in (
        (link.given, link.given_column, link.comparison),
        (link.leads_to, link.leads_to_column, Comparison()),
    ):
        yield IdentifierColumn(link.source, link.at.table, column, kind, comparison, link.nobody, at)


def constant_default(column: IdentifierColumn, descriptions: Descriptions) -> str | None:
    """The column's default after folding, if it is a constant: rows without a value of their own contain it."""
    table = column.in_table(descriptions)
    facts = None if table is None else table.facts.get(column.column)
    found = None if facts is None or facts.default is None else _LITERAL.fullmatch(facts.default.strip())
    if found is None:
        return None
    text = next(part for part in found.group("quoted", "double", "plain") if part is not None)
    as_number = facts is not None and facts.kind in NUMBER_KINDS and _NUMBER.fullmatch(text)
    return folded(Decimal(text) if as_number else text, Comparison()) or None


def decide_nobody(
    columns: Iterable[IdentifierColumn], descriptions: Descriptions, known: Iterable[Identifier]
) -> bool:
    """Whether these columns have a say in which identifiers name nobody: a key, a constant default, or a known zero."""
    zeros = {identifier.kind for identifier in known if _ZERO.issuperset(identifier.value)}
    return any(
        column.is_key(descriptions)
        or (column.nobody is None and constant_default(column, descriptions) is not None)
        or column.kind in zeros
        for column in columns
    )


@dataclass(frozen=True)
class Undecided:
    """Decides whether an identifier may name nobody although the register does not list it.

    These values are a column's constant default, and zero, under which guests are often stored; both only where no row
    of the referenced table has the value.
    """

    columns: Sequence[IdentifierColumn]
    descriptions: Descriptions
    snapshots: Mapping[str, Snapshot]
    known: dict[tuple[str, str, str, str], bool] = field(default_factory=dict)
    """Whether a column has a value: a cache, small because a request meets few such values."""

    def __call__(self, identifier: Identifier) -> bool:
        """Whether a folded identifier is such a value."""
        undecided = (c for c in self.columns if c.kind == identifier.kind and c.nobody is None)
        # In a key column a value names its own row, so there is nothing to decide.
        references = [c for c in undecided if not c.is_key(self.descriptions)]
        return any(
            not self.names_somebody(column, identifier.value)
            for column in references
            if self._is_zero(column, identifier.value)
            or constant_default(column, self.descriptions) == identifier.value
        )

    def defaults(self) -> Iterator[IdentifierColumn]:
        """The columns with a default that the register must declare as nobody's or somebody's."""
        for column in self.columns:
            default = constant_default(column, self.descriptions) if column.nobody is None else None
            if default is not None and not self.names_somebody(column, default):
                yield column

    def names_somebody(self, column: IdentifierColumn, value: str) -> bool:
        """Whether a row of a table that the column refers to has the value."""
        return any(self._has(place, value) for place in _referred(column, self.columns, self.descriptions))

    def _is_zero(self, column: IdentifierColumn, value: str) -> bool:
        """Whether the value is zero and the column refers to a table that could contain it."""
        is_zero = "0" in value and set(value) <= _ZERO
        return is_zero and any(_referred(column, self.columns, self.descriptions))

    def _has(self, place: "Place", value: str) -> bool:
        if (*place, value) not in self.known:
            source = place[0]
            found = source not in self.snapshots or _has(self.snapshots[source], place, value)
            self.known[*place, value] = found
        return self.known[*place, value]


Place = tuple[str, str, str]
"""Source, table and column."""


def _referred(
    column: IdentifierColumn, columns: Sequence[IdentifierColumn], descriptions: Descriptions
) -> Iterator[Place]:
    """The columns in which an identifier is unique: the declared foreign keys, else every key of its kind."""
    table = column.in_table(descriptions)
    declared = () if table is None else tuple(table.declared_references([column.column]))
    if declared:
        yield from ((column.source, other, key) for other, (key,) in declared)
        return
    for other in columns:
        if other.kind == column.kind and other.is_key(descriptions):
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
