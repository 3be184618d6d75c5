"""Every column that holds identifiers, and the values in it that name nobody."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.interfaces import Snapshot
from dsar_export.matching import folded, written
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.matching import Comparison
from dsar_export.model.register import Register
from dsar_export.model.source import SourceDescription, Table

_ZEROS: Final = re.compile(r"[-0.]*0[-0.]*")
_LITERAL: Final = re.compile(r"""\(*\s*([xX]?)(['"]?)([-0-9.]+)\2\s*\)*(?:::.*)?""", re.DOTALL)

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
            table = key.through[-1].table if key.through else dataset.table
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
        yield IdentifierColumn(link.source, link.table, column, kind, comparison, link.nobody, at)


def zero_default(column: IdentifierColumn, held: Held) -> str | None:
    """What the column's default folds to, where that is a zero: it stands in the rows of all who have no other."""
    table = column.in_table(held)
    facts = None if table is None else table.facts.get(column.column)
    found = None if facts is None or facts.default is None else _LITERAL.fullmatch(facts.default.strip())
    if found is None or not _ZEROS.fullmatch(found[3]):
        return None
    written_out = found[1] or len(found[3]) > 16  # bytes, or the UUID of zeros only; else a number
    return folded(found[3] if written_out else "0", Comparison())


def undecided_columns_of(
    columns: Sequence[IdentifierColumn], held: Held, snapshots: Mapping[str, Snapshot]
) -> Iterator[tuple[IdentifierColumn, str]]:
    """Columns with a zero as their default that no row of the referred table has, and no register decided on."""
    known: dict[tuple[str, str, str, str], bool] = {}
    for column in columns:
        zero = zero_default(column, held) if column.nobody is None else None
        if zero is None:
            continue
        referred = list(_referred(column, columns, held))
        for place in referred:
            if (*place, zero) not in known:
                known[*place, zero] = place[0] not in snapshots or _has(snapshots[place[0]], place, zero)
        if not any(known[*place, zero] for place in referred):
            yield column, zero


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
        given="-", leads_to="-", source=source, table=table, given_column=column, leads_to_column=column
    )
    return any(written(row.given) for row in snapshot.resolve(link, {value}, ()))
