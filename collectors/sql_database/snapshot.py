"""One moment of a database."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import Connection, TextClause
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.batches import batches
from collectors.sql_database.chunks import (
    FIRST_STEP,
    Step,
    bounded,
    each_once,
    small_enough,
    step_of,
    with_numbers,
)
from collectors.sql_database.codes import CodeReader
from collectors.sql_database.cursor import Cursor, Rows
from collectors.sql_database.dialect import Limit
from collectors.sql_database.failures import Reading
from collectors.sql_database.parts import Part, parts_of
from collectors.sql_database.queries import query_alone, query_statement
from collectors.sql_database.relations import Relation
from collectors.sql_database.statements import LARGE_OBJECT_BYTES, Statement, Statements
from dsar_export.errors import RegisterError, WrongUseError
from dsar_export.folding import equals_constant, folded
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.link import Link
from dsar_export.model.source import Chunk, ColumnKind, LinkRow, Probe, Selection
from dsar_export.model.subject_key import SubjectKey


class SqlSnapshot:
    """Reads links, codes and rows in one transaction."""

    def __init__(
        self, reading: Reading, connection: Connection, limit: Limit, as_of: datetime | None = None
    ) -> None:
        self._reading = reading
        self._connection = connection
        self._limit = limit
        self._as_of = as_of
        self._cursors: list[Cursor] = []
        self._kinds: dict[str, Mapping[str, ColumnKind]] = {}
        self._relations: dict[str, Relation] = {}
        self._statements = Statements(reading.dialect, self._kinds_of, self._relation_of)
        reading.used = False

    def close(self) -> None:
        """Closes the cursors of readings that were broken off, before their connection goes."""
        for cursor in self._cursors:
            cursor.close()

    def as_of(self) -> datetime | None:
        """The moment that the database says it shows, where it is an earlier one."""
        return self._as_of

    def probe(self, selection: Selection) -> Probe:
        """Has the database plan the selection; RegisterError where a table or column is not there."""
        dataset = selection.dataset
        what = f"dataset {dataset.name!r}"
        self._refuse_views(selection, what)
        # The company narrows down what the key found, and nobody's rows are read too: it is no way to them.
        selection = replace(selection, other_tenants=())
        unserved = [
            self._planned(
                self._rows_of(selection, index, self._samples_of(dataset, index), part),
                what,
            )
            for part in parts_of(dataset)
            for index in range(len(dataset.subject_keys))
        ]
        for codes in (f.codes_from for f in dataset.fields.values() if f.codes_from is not None):
            self._code_reader.plan(codes)
        reads, instants = self._of_query(selection, what)
        return Probe(any(unserved), self._reading.dialect.remote, reads, instants)

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:
        """Has the database plan the link; RegisterError where a table or column is not there."""
        what = _link_named(link)
        with self._reading.of(what):  # it asks what the columns hold
            statement = self._statements.link(link, _samples(link), tenants)
        return Probe(self._planned(statement, what), remote=self._reading.dialect.remote)

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        """The rows of a link; what a database can only narrow down is compared here."""
        what = _link_named(link)
        self.probe_link(link, tenants)  # a renamed column is the register's fault
        with self._reading.of(what):
            kinds = self._kinds_of(link.table)
        read = (link.given_column, link.leads_to_column, "", "", *link.where)
        decimals = [at for at, name in enumerate(read) if kinds.get(name) is ColumnKind.DECIMAL]
        for batch in batches(sorted(keys)):
            wanted = frozenset(batch)
            # Not DISTINCT: a collation that knows no case would drop one spelling of two.
            returned: set[tuple[object, ...]] = set()
            for step in self._fetched(self._statements.link(link, batch, tenants), what):
                for row in with_numbers(step.rows, decimals):
                    # An exact comparison that was not exact is left to the caller to see, not mended.
                    equal = link.match is Match.EXACT or folded(row[0], link.comparison) in wanted
                    if (
                        equal
                        and row not in returned
                        and all(map(equals_constant, row[4:], link.where.values()))
                    ):
                        returned.add(row)
                        yield LinkRow(row[0], row[1], row[2], row[3], row[4:])

    def codes(self, selection: Selection, field: str) -> Mapping[str, object]:
        """What a field's codes mean, at least those that occur; RegisterError for a table that is none of codes."""
        return self._code_reader.meanings(selection, field)

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The selection's rows: of its table by each subject key, then of its history."""
        for part in parts_of(selection.dataset):
            for index, keys in enumerate(selection.keys):
                for batch in batches(keys):
                    steps = self._found(selection, index, batch, part)
                    if selection.dataset.large_objects:
                        steps = small_enough(steps, selection.dataset, LARGE_OBJECT_BYTES)
                    for chunk in bounded(steps):
                        self._reading.used = True
                        yield Chunk(chunk, index, earlier_version=part.earlier, deleted=part.deleted)

    def counts(self, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
        """How many rows of its own table the key of a dataset with a query finds, by the cells that say whose."""
        what = f"dataset {selection.dataset.name!r}"
        for batch in batches(selection.keys[0]):
            with self._reading.of(what):
                statement = self._statements.counts(selection, batch)
                decimals = self._statements.decimals(selection)
            for step in self._fetched(statement, what):
                for *cells, count in with_numbers(step.rows, decimals):
                    yield tuple(cells), int(str(count))

    def open_attachment(self, reference: str) -> AbstractContextManager[BinaryIO]:  # noqa: ARG002
        """A database holds no files."""
        raise WrongUseError(f"source {self._reading.source!r} has no attachments")

    def _found(self, selection: Selection, index: int, keys: Sequence[str], part: Part) -> Iterator[Step]:
        dataset = selection.dataset
        what = f"dataset {dataset.name!r}"
        steps = self._fetched(self._rows_of(selection, index, keys, part), what)
        with self._reading.of(what):
            decimals = self._statements.decimals(selection, part.history)
        if decimals:
            steps = (Step(with_numbers(step.rows, decimals), step.size) for step in steps)
        key, at = dataset.subject_keys[index], dataset.owner_places[index]
        if key.constants and dataset.query is None:
            steps = (Step(_holding(step.rows, at, key), step.size) for step in steps)
        comparison = key.comparison
        if dataset.query is not None:
            yield from each_once(steps, dataset)
        elif comparison.match is Match.EXACT:
            yield from steps
        else:
            wanted = frozenset(keys)
            for step in steps:
                rows = [row for row in step.rows if folded(row[at], comparison) in wanted]
                yield Step(rows, step.size)

    def _rows_of(self, selection: Selection, index: int, keys: Sequence[str], part: Part) -> Statement:
        with self._reading.of(f"dataset {selection.dataset.name!r}"):
            if selection.dataset.query is not None:
                return query_statement(self._statements, selection, keys)
            return self._statements.rows(selection, index, keys, part)

    def _of_query(self, selection: Selection, what: str) -> tuple[tuple[str, ...] | None, frozenset[str]]:
        dataset, dialect = selection.dataset, self._reading.dialect
        if dataset.query is None:
            return (), frozenset()
        with self._reading.of(what, plan=True):
            asked = query_alone(self._statements, dataset, self._samples_of(dataset, 0))
            statement = self._compiled(asked)
            return dialect.reads(self._connection, statement), dialect.instants(self._connection, statement)

    def _samples_of(self, dataset: Dataset, index: int) -> Sequence[str]:
        key = dataset.subject_keys[index]
        kinds = self._kinds_of(key.through[-1].table if key.through else dataset.table)
        return _samples(key, kinds.get(key.column, ColumnKind.OTHER))

    def _kinds_of(self, table: str) -> Mapping[str, ColumnKind]:
        if table not in self._kinds:
            self._kinds[table] = self._reading.dialect.kinds(self._connection, table)
        return self._kinds[table]

    def _relation_of(self, table: str) -> Relation:
        if table not in self._relations:
            self._relations[table] = self._reading.dialect.relation(self._connection, table)
        return self._relations[table]

    def _refuse_views(self, selection: Selection, what: str) -> None:
        dataset = selection.dataset
        for name in (dataset.table, *(h.table for h in dataset.history)):
            with self._reading.of(what):
                is_view = self._relation_of(name).is_view
            if is_view:
                raise RegisterError(
                    f"{what}: {name!r} is a view, so no column of it proves whose a row is; "
                    "name the table that the rows are from, and say the rest as its query, with key"
                )

    @property
    def _code_reader(self) -> CodeReader:
        return CodeReader(self._reading, self._statements, self._planned, self._fetched, self._found)

    def _planned(self, statement: Statement, what: str) -> bool:
        self._limit.restart()
        with self._reading.of(what, plan=True):
            return self._reading.dialect.unserved(self._connection, self._compiled(statement))

    def _compiled(self, statement: Statement | TextClause) -> ExpandedState:
        return statement.compile(self._connection).construct_expanded_state()

    def _fetched(self, statement: Statement, what: str) -> Iterator[Step]:
        """Steps of rows as they come; every failure names the source and what was read."""
        with self._reading.of(what):
            self._limit.restart()
            cursor = self._reading.dialect.cursor(self._connection, self._compiled(statement))
            self._cursors.append(cursor)
        size = FIRST_STEP
        while True:
            with self._reading.of(what):
                self._limit.restart()
                rows = cursor.fetchmany(size)
                if not rows:
                    self._cursors.remove(cursor)
                    cursor.close()
                    return
                step = step_of(rows)
                size = step.following(cursor.step)
            yield step


def _link_named(link: Link) -> str:
    return f"link from {link.given!r} to {link.leads_to!r}"


def _holding(rows: Rows, at: int, key: SubjectKey) -> Rows:
    """The rows that hold the key's constants: a collation may know no case, and then they are somebody else's."""
    return [row for row in rows if all(map(equals_constant, row[at + 2 : at + key.width], key.constants))]


def _samples(holder: SubjectKey | Link, kind: ColumnKind = ColumnKind.OTHER) -> Sequence[str]:
    """Two keys to plan with: with one, a database need not sort, as all rows are of equal key."""
    if holder.match is Match.HMAC:  # a column of bytes takes nothing else
        return ("0" * 64, "1" * 64)
    if kind in {ColumnKind.UUID, ColumnKind.BYTES}:
        return ("0" * 32, "1" * 32)
    return ("+12025550100", "+12025550101") if holder.match is Match.E164 else ("0", "1")
