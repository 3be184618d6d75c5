"""The statements, built from the register's names; values are bound, never formatted in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from sqlalchemy import ColumnClause, ColumnElement, FromClause, Select, column, func, null, select

from collectors.sql_database.comparing import holding, matches, tenant_of, tenant_within
from collectors.sql_database.dialect import Dialect
from collectors.sql_database.parts import Part
from collectors.sql_database.relations import Relation, table_clause
from collectors.sql_database.versions import VersionsFound, kept_versions, versions_found
from dsar_export.model.comparison import Constant
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link, Validity
from dsar_export.model.place import HistoryTable
from dsar_export.model.source import ColumnKind, Selection
from dsar_export.model.subject_key import SubjectKey

Statement = Select[*tuple[object, ...]]
LARGE_OBJECT_BYTES: Final = 16 * 1024 * 1024
NOTHING: Final = cast("ColumnElement[object]", null())
Kinds = Callable[[str], Mapping[str, ColumnKind]]
"""What the columns of a table hold."""
Relations = Callable[[str], Relation]
"""What a statement must know of a table."""


@dataclass(frozen=True)
class Holder:
    """A table as it stands in a statement; a history table may name columns otherwise, or lack them."""

    rows: FromClause
    table: str
    kinds: Mapping[str, ColumnKind]
    history: HistoryTable | None = None

    def cell(self, name: str) -> ColumnElement[object]:
        here = self._here(name)
        return NOTHING if here is None else self.rows.c[here]

    def kind(self, name: str) -> ColumnKind:
        return self.kinds.get(self._here(name) or "", ColumnKind.OTHER)

    def aliased(self, name: str) -> "Holder":
        return replace(self, rows=self.rows.alias(name))

    def _here(self, name: str) -> str | None:
        return name if self.history is None else self.history.column(name)


@dataclass(frozen=True)
class Way:
    """The way from a row to its subject key: the joins, the tables from the row's own to the last, and the order."""

    joins: Sequence[tuple[FromClause, ColumnElement[bool]]]
    tables: Sequence[Holder]
    order: Sequence[ColumnElement[object]]

    @property
    def end(self) -> Holder:
        return self.tables[-1]


@dataclass(frozen=True)
class Statements:
    """Builds statements for one database."""

    dialect: Dialect
    kinds: Kinds
    relations: Relations

    def link(self, link: Link, keys: Sequence[str], tenants: Sequence[str | int]) -> Statement:
        """Given and reached identifier, and from when until when they are linked."""
        holder = self.holder(link.at.table, link.columns)
        valid = link.valid or Validity()
        times = [NOTHING if name is None else holder.cell(name) for name in (valid.since, valid.until)]
        given = holder.cell(link.given_column)
        found = matches(self.dialect, given, holder.kind(link.given_column), link.comparison, keys)
        mine = tenant_of(self.dialect, holder.cell, holder.kind, link.tenant_column, tenants)
        ends = [self._as_read(holder, name) for name in (link.given_column, link.leads_to_column)]
        cells = (*ends, *times, *(holder.cell(name) for name in link.where))
        held = conditions(self.dialect, [(holder, name, constant) for name, constant in link.where.items()])
        return select(*(c.label(f"c{n}") for n, c in enumerate(cells))).where(found, mine, *held)

    def rows(self, selection: Selection, index: int, keys: Sequence[str], part: Part) -> Statement:
        """The rows that one subject key finds in a part of the dataset, as `Chunk` has them.

        `keys` are some of the selection's, folded.
        """
        dataset, history = selection.dataset, part.history
        own = self._own(dataset, history)
        ways = [self._way(own, key, n) for n, key in enumerate(dataset.subject_keys)]
        joined = own.rows
        for n, way in enumerate(ways):
            for beyond, condition in way.joins:
                # Only the key that finds the row must be there: a row may have no recipient, and a sender.
                joined = joined.join(beyond, condition, isouter=n != index)
        owners = [
            cell
            for way, key in zip(ways, dataset.subject_keys, strict=True)
            for cell in self.owner_cells(way.tables, key)
        ]
        cells = [*owners, *(self.cell(dataset, name, own.cell(name)) for name in dataset.columns)]
        order = dataset.place.order_by if history is None else history.order_by
        versions = self._versions(own, part)
        return (
            select(*(cell.label(f"c{n}") for n, cell in enumerate(cells)))
            .select_from(joined)
            .where(*self.found(ways[index].tables, dataset.subject_keys[index], keys, selection))
            .where(*versions.conditions)
            .order_by(*ways[index].order, *self._by(replace(own, history=None), order), *versions.order)
        )

    def cell(self, dataset: Dataset, name: str, stored: ColumnElement[object]) -> ColumnElement[object]:
        """A cell as a record has it: of a large object its bytes, and one more than are allowed."""
        if name not in dataset.large_objects:
            return stored
        return self.dialect.large_object(stored, LARGE_OBJECT_BYTES + 1)

    def holder(self, name: str, columns: Sequence[str], history: HistoryTable | None = None) -> Holder:
        """A table with the columns that a statement names."""
        every = history is not None and history.system_versions
        relation = self.relations(name)
        kept = kept_versions(name, relation) if every else None
        named = [*columns, *(() if kept is None else (*kept.key, kept.since, kept.until))]
        here: list[ColumnClause[object]] = [column(c) for c in dict.fromkeys(named)]
        rows = table_clause(self.dialect.split(name), here, relation, versions=every)
        return Holder(rows, name, self.kinds(name), history)

    def _own(self, dataset: Dataset, history: HistoryTable | None) -> Holder:
        first = [
            name
            for key in dataset.subject_keys
            for name in (
                *((key.through[0].column,) if key.through else _subject_columns(key)),
                *_condition_columns(key, 0),
            )
        ]
        names = [*dataset.columns, *first]
        if history is None:
            return self.holder(dataset.place.table, [*names, *dataset.place.order_by])
        here = [there for name in names if (there := history.column(name)) is not None]
        return self.holder(history.table, [*here, *history.order_by], history)

    def _versions(self, own: Holder, part: Part) -> VersionsFound:
        if part.versions is None:
            return VersionsFound()
        others = self.holder(own.table, [], part.history).aliased("others")
        return versions_found(
            own.rows, others.rows, kept_versions(own.table, self.relations(own.table)), part.versions
        )

    def _way(self, own: Holder, key: SubjectKey, number: int) -> Way:
        tables, joins, order = [own], [], list[ColumnElement[object]]()
        for place, step in enumerate(key.through):
            following = key.through[place + 1 : place + 2]
            names = [step.key, *((following[0].column,) if following else _subject_columns(key))]
            names += _condition_columns(key, place + 1)
            beyond = self.holder(step.table, names).aliased(f"way_{number}_{place}")
            joins.append(
                (beyond.rows, self.dialect.joined(tables[-1].cell(step.column), beyond.cell(step.key)))
            )
            order = [*self._by(beyond, [step.key]), *order]
            tables.append(beyond)
        return Way(joins, tables, [*self._by(tables[-1], [key.column]), *order])

    def found(
        self, tables: Sequence[Holder], key: SubjectKey, keys: Sequence[str], selection: Selection
    ) -> Sequence[ColumnElement[bool]]:
        """Whether a row may be found by a key, as far as a database compares; `tables` are those of its way."""
        end = tables[-1]
        found = matches(self.dialect, end.cell(key.column), end.kind(key.column), key.comparison, keys)
        held = [(tables[at], column, constant) for at, column, constant in key.conditions()]
        mine = tenant_within(self.dialect, end.cell, end.kind, key.tenant_column, selection)
        return (found, mine, *conditions(self.dialect, held))

    def owner_cells(self, tables: Sequence[Holder], key: SubjectKey) -> list[ColumnElement[object]]:
        """The cells that say whose row it is: subject key, tenant, and what must hold constants."""
        end = tables[-1]
        tenant = NOTHING if key.tenant_column is None else end.cell(key.tenant_column)
        held = [tables[at].cell(column) for at, column, _ in key.conditions()]
        return [self._as_read(end, key.column), tenant, *held]

    def counts(self, selection: Selection, keys: Sequence[str]) -> Statement:
        """How many rows of a dataset's own table its one subject key finds, by the cells that say whose they are."""
        dataset = selection.dataset
        key, own = dataset.subject_keys[0], self._own(dataset, None)
        cells = self.owner_cells([own], key)
        names = [*_subject_columns(key), *_condition_columns(key, 0)]
        grouped = [
            c for name in dict.fromkeys(names) for c in (own.cell(name), *self._by(own, [name]))
        ]  # no collation may take two texts for one
        return (
            select(*(cell.label(f"c{n}") for n, cell in enumerate(cells)), func.count().label("n"))
            .select_from(own.rows)
            .where(*self.found([own], key, keys, selection))
            .group_by(*grouped)
        )

    def decimals(self, selection: Selection, history: HistoryTable | None = None) -> list[int]:
        """The places of owner cells that come as the text of a decimal number."""
        own = self._own(selection.dataset, history)
        places: list[int] = []
        for n, key in enumerate(selection.dataset.subject_keys):
            tables = self._way(own, key, n).tables
            held = [(tables[-1], key.column), (tables[-1], key.tenant_column or "")]
            held += [(tables[at], column) for at, column, _ in key.conditions()]
            first = selection.dataset.owner_places[n]
            kinds = [table.kind(name) for table, name in held]
            places += [first + at for at, kind in enumerate(kinds) if kind is ColumnKind.DECIMAL]
        return places

    def _as_read(self, holder: Holder, name: str) -> ColumnElement[object]:
        return self.dialect.as_read(holder.cell(name), holder.kind(name))

    def _by(self, holder: Holder, names: Sequence[str]) -> list[ColumnElement[object]]:
        return [self.dialect.ordered(holder.cell(name), holder.kind(name)) for name in names]


def conditions(
    dialect: Dialect, held: Sequence[tuple[Holder, str, Constant]]
) -> Sequence[ColumnElement[bool]]:
    """Whether columns hold the constants of the register."""
    return [holding(dialect, table.cell(name), table.kind(name), constant) for table, name, constant in held]


def _subject_columns(key: SubjectKey) -> tuple[str, ...]:
    return (key.column,) if key.tenant_column is None else (key.column, key.tenant_column)


def _condition_columns(key: SubjectKey, place: int) -> list[str]:
    return [column for at, column, _ in key.conditions() if at == place]
