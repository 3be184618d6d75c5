"""SQL statements, built from the register's names. Values are bound as parameters, never formatted into the text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, cast

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    column,
    func,
    null,
    select,
    type_coerce,
)
from sqlalchemy import cast as cast_sql
from sqlalchemy.types import NullType

from collectors.sql_database.chunks import Conversion, as_decimal, as_single
from collectors.sql_database.comparing import equals_constant, has_own_or_unknown_tenant, has_tenant, matches
from collectors.sql_database.dialect import Dialect
from collectors.sql_database.keys import Values
from collectors.sql_database.parts import Part
from collectors.sql_database.relations import Relation, table_clause
from collectors.sql_database.versions import VersionFilter, row_versions, version_filter
from dsar_export.folding import REGION_END
from dsar_export.model.comparison import Constant
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link, Validity
from dsar_export.model.place import HistoryTable
from dsar_export.model.source import ColumnKind, Selection
from dsar_export.model.subject_key import SubjectKey

Statement = Select[*tuple[object, ...]]
LARGE_OBJECT_BYTES: Final = 16 * 1024 * 1024
_READ_AS_TEXT: Final = frozenset({ColumnKind.DECIMAL, ColumnKind.MONEY})
NULL: Final = cast("ColumnElement[object]", null())
ColumnKindLookup = Callable[[str], Mapping[str, ColumnKind]]
"""Returns the kind of each column of the table with this name."""
RelationLookup = Callable[[str], Relation]
"""Returns the properties of the table with this name that statements depend on."""


@dataclass(frozen=True)
class StatementTable:
    """A table in a statement. Columns go by the dataset's names, which a history table may rename or lack."""

    rows: FromClause
    name: str
    kinds: Mapping[str, ColumnKind]
    history: HistoryTable | None = None

    def cell(self, name: str) -> ColumnElement[object]:
        stored = self._stored_name(name)
        return NULL if stored is None else self.rows.c[stored]

    def kind(self, name: str) -> ColumnKind:
        return self.kinds.get(self._stored_name(name) or "", ColumnKind.OTHER)

    def aliased(self, name: str) -> "StatementTable":
        return replace(self, rows=self.rows.alias(name))

    def _stored_name(self, name: str) -> str | None:
        return name if self.history is None else self.history.column(name)


@dataclass(frozen=True)
class JoinPath:
    """The joins from a dataset's own table to the table that has the subject key.

    `tables` begins with the own table and ends with the subject key's. `order` sorts by the subject key, then by the
    keys of the joins from there back to the own table.
    """

    joins: Sequence[tuple[FromClause, ColumnElement[bool]]]
    tables: Sequence[StatementTable]
    order: Sequence[ColumnElement[object]]

    @property
    def end(self) -> StatementTable:
        return self.tables[-1]


@dataclass(frozen=True)
class Statements:
    """Builds statements for one database."""

    dialect: Dialect
    kinds: ColumnKindLookup
    relations: RelationLookup

    def link(self, link: Link, keys: Values, tenants: Sequence[str | int]) -> Statement:
        """Selects a link's given and reached identifiers, start and end of its validity, and its `where` columns."""
        table = self.table(link.at.table, link.columns)
        valid = link.valid or Validity()
        times = [NULL if name is None else table.cell(name) for name in (valid.since, valid.until)]
        given = table.cell(link.given_column)
        found = matches(self.dialect, given, table.kind(link.given_column), link.comparison, keys)
        tenant = has_tenant(self.dialect, table.cell, table.kind, link.tenant_column, tenants)
        given_cell = self._with_region(table, link.given_column, link.region_column)
        ends = [given_cell, self._as_read(table, link.leads_to_column)]
        cells = (*ends, *times, *(table.cell(name) for name in link.where))
        constants = constant_conditions(
            self.dialect, [(table, name, constant) for name, constant in link.where.items()]
        )
        return select(*(c.label(f"c{n}") for n, c in enumerate(cells))).where(found, tenant, *constants)

    def rows(self, selection: Selection, index: int, keys: Values, part: Part) -> Statement:
        """Selects the rows that one subject key finds in a part of the dataset, with the columns of a `Chunk`.

        `keys` are a batch of the selection's folded keys.
        """
        dataset, history = selection.dataset, part.history
        own = self._own_table(dataset, history)
        paths = [self._join_path(own, key, n) for n, key in enumerate(dataset.subject_keys)]
        joined = own.rows
        for n, path in enumerate(paths):
            for beyond, condition in path.joins:
                # Only the key that finds the row needs its joins: a row may have a sender but no recipient.
                joined = joined.join(beyond, condition, isouter=n != index)
        owners = [
            cell
            for path, key in zip(paths, dataset.subject_keys, strict=True)
            for cell in self.owner_cells(path.tables, key)
        ]
        cells = [*owners, *(self.cell(dataset, name, self._as_read(own, name)) for name in dataset.columns)]
        order = dataset.place.order_by if history is None else history.order_by
        versions = self._versions(own, part)
        return (
            select(*(cell.label(f"c{n}") for n, cell in enumerate(cells)))
            .select_from(joined)
            .where(*self.key_conditions(paths[index].tables, dataset.subject_keys[index], keys, selection))
            .where(*versions.conditions)
            .order_by(*paths[index].order, *self._by(replace(own, history=None), order), *versions.order)
        )

    def cell(self, dataset: Dataset, name: str, stored: ColumnElement[object]) -> ColumnElement[object]:
        """A cell as a record has it: for a large object its bytes, up to one more than the limit."""
        if name not in dataset.large_objects:
            return stored
        return self.dialect.large_object(stored, LARGE_OBJECT_BYTES + 1)

    def table(self, name: str, columns: Sequence[str], history: HistoryTable | None = None) -> StatementTable:
        """A table, with the columns that a statement uses."""
        every = history is not None and history.system_versions
        relation = self.relations(name)
        kept = row_versions(name, relation) if every else None
        names = [*columns, *(() if kept is None else (*kept.key, kept.since, kept.until))]
        clauses: list[ColumnClause[object]] = [column(c) for c in dict.fromkeys(names)]
        rows = table_clause(self.dialect.split(name), clauses, relation, versions=every)
        return StatementTable(rows, name, self.kinds(name), history)

    def _own_table(self, dataset: Dataset, history: HistoryTable | None) -> StatementTable:
        key_columns = [
            name
            for key in dataset.subject_keys
            for name in (
                *(key.through[0].columns if key.through else _subject_columns(key)),
                *_condition_columns(key, 0),
            )
        ]
        names = [*dataset.columns, *key_columns]
        if history is None:
            return self.table(dataset.place.table, [*names, *dataset.place.order_by])
        stored = [stored_name for name in names if (stored_name := history.column(name)) is not None]
        return self.table(history.table, [*stored, *history.order_by], history)

    def _versions(self, own: StatementTable, part: Part) -> VersionFilter:
        if part.versions is None:
            return VersionFilter()
        others = self.table(own.name, [], part.history).aliased("others")
        return version_filter(
            own.rows, others.rows, row_versions(own.name, self.relations(own.name)), part.versions
        )

    def _join_path(self, own: StatementTable, key: SubjectKey, number: int) -> JoinPath:
        tables, joins, order = [own], [], list[ColumnElement[object]]()
        for place, step in enumerate(key.through):
            following = key.through[place + 1 : place + 2]
            names = [*step.keys, *(following[0].columns if following else _subject_columns(key))]
            names += _condition_columns(key, place + 1)
            beyond = self.table(step.table, names).aliased(f"join_{number}_{place}")
            alike = (
                self.dialect.join_condition(tables[-1].cell(name), beyond.cell(other))
                for name, other in zip(step.columns, step.keys, strict=True)
            )
            joins.append((beyond.rows, and_(*alike)))
            order = [*self._by(beyond, step.keys), *order]
            tables.append(beyond)
        return JoinPath(joins, tables, [*self._by(tables[-1], [key.column]), *order])

    def key_conditions(
        self, tables: Sequence[StatementTable], key: SubjectKey, keys: Values, selection: Selection
    ) -> Sequence[ColumnElement[bool]]:
        """The conditions that find a key's rows, and perhaps others: databases may compare more loosely than we do.

        `tables` are those of the key's JoinPath.
        """
        end = tables[-1]
        found = matches(self.dialect, end.cell(key.column), end.kind(key.column), key.comparison, keys)
        constants = [(tables[at], column, constant) for at, column, constant in key.conditions()]
        tenant = has_own_or_unknown_tenant(self.dialect, end.cell, end.kind, key.tenant_column, selection)
        return (found, tenant, *constant_conditions(self.dialect, constants))

    def owner_cells(self, tables: Sequence[StatementTable], key: SubjectKey) -> list[ColumnElement[object]]:
        """The cells that show who owns a row: subject key, tenant, and the columns that must equal constants."""
        end = tables[-1]
        tenant = NULL if key.tenant_column is None else end.cell(key.tenant_column)
        constants = [tables[at].cell(column) for at, column, _ in key.conditions()]
        return [self._with_region(end, key.column, key.region_column), tenant, *constants]

    def counts(self, selection: Selection, keys: Values) -> Statement:
        """Counts the rows that the one subject key finds in the dataset's own table, grouped by their owner cells."""
        dataset = selection.dataset
        key, own = dataset.subject_keys[0], self._own_table(dataset, None)
        cells = self.owner_cells([own], key)
        names = [*_subject_columns(key), *_condition_columns(key, 0)]
        grouped = [
            c for name in dict.fromkeys(names) for c in (own.cell(name), *self._by(own, [name]))
        ]  # so that no collation merges two texts into one group
        return (
            select(*(cell.label(f"c{n}") for n, cell in enumerate(cells)), func.count().label("n"))
            .select_from(own.rows)
            .where(*self.key_conditions([own], key, keys, selection))
            .group_by(*grouped)
        )

    def conversions(
        self, selection: Selection, history: HistoryTable | None = None
    ) -> Mapping[int, Conversion]:
        """What happens to cells of rows as drivers return them, by place: owner cells compare as numbers."""
        own = self._own_table(selection.dataset, history)
        columns = enumerate(selection.dataset.columns, start=selection.dataset.owner_width)
        single = {
            at: as_single
            for at, name in columns
            if own.kind(name) is ColumnKind.SINGLE and selection.dataset.place.query is None
        }
        places: list[int] = []
        for n, key in enumerate(selection.dataset.subject_keys):
            tables = self._join_path(own, key, n).tables
            owner_columns = [(tables[-1], key.column), (tables[-1], key.tenant_column or "")]
            owner_columns += [(tables[at], column) for at, column, _ in key.conditions()]
            first = selection.dataset.owner_places[n]
            kinds = [table.kind(name) for table, name in owner_columns]
            places += [first + at for at, kind in enumerate(kinds) if kind in _READ_AS_TEXT]
        return {**dict.fromkeys(places, as_decimal), **single}

    def _with_region(
        self, table: StatementTable, name: str, region_column: str | None
    ) -> ColumnElement[object]:
        """An identifier's cell; a telephone number after its row's region, if the register names its column."""
        if region_column is None:
            return self._as_read(table, name)
        region = func.coalesce(cast_sql(table.cell(region_column), String), "")
        return type_coerce(region + REGION_END + cast_sql(table.cell(name), String), NullType())

    def _as_read(self, table: StatementTable, name: str) -> ColumnElement[object]:
        return self.dialect.select_expression(table.cell(name), table.kind(name))

    def _by(self, table: StatementTable, names: Sequence[str]) -> list[ColumnElement[object]]:
        return [self.dialect.order_key(table.cell(name), table.kind(name)) for name in names]


def constant_conditions(
    dialect: Dialect, constants: Sequence[tuple[StatementTable, str, Constant]]
) -> Sequence[ColumnElement[bool]]:
    """Whether columns equal the register's constants."""
    return [
        equals_constant(dialect, table.cell(name), table.kind(name), constant)
        for table, name, constant in constants
    ]


def _subject_columns(key: SubjectKey) -> tuple[str, ...]:
    return tuple(c for c in (key.column, key.tenant_column, key.region_column) if c is not None)


def _condition_columns(key: SubjectKey, place: int) -> list[str]:
    return [column for at, column, _ in key.conditions() if at == place]
