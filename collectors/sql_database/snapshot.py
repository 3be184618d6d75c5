"""One moment of a database."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, literal_column, select
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.batches import batches
from collectors.sql_database.chunks import (
    FIRST_STEP,
    Step,
    as_decimal,
    bounded,
    converted,
    each_once,
    small_enough,
    step_of,
)
from collectors.sql_database.codes import CodeReader
from collectors.sql_database.cursor import Cursor, Rows
from collectors.sql_database.dialect import Limit
from collectors.sql_database.failures import Failures
from collectors.sql_database.kept import Catalogue
from collectors.sql_database.parts import Part, parts_of
from collectors.sql_database.prepared import Prepared
from collectors.sql_database.queries import explained
from collectors.sql_database.statements import LARGE_OBJECT_BYTES, Statement
from dsar_export.errors import RegisterError
from dsar_export.folding import Fold, equals_constant
from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.index import IndexAdvice, Lookup
from dsar_export.model.link import Link
from dsar_export.model.source import Chunk, ColumnKind, LinkRow, Probe, Selection
from dsar_export.model.subject_key import SubjectKey


class SqlSnapshot:
    """Reads links, codes and rows in one transaction."""

    def __init__(
        self,
        failures: Failures,
        connection: Connection,
        catalogue: Catalogue,
        limit: Limit,
        as_of: datetime | None = None,
    ) -> None:
        self._failures = failures
        self._dialect = failures.dialect
        self._connection = connection
        self._limit = limit
        self._as_of = as_of
        self._cursors: list[Cursor] = []
        self._folds: dict[Comparison, Fold] = {}
        self._catalogue = catalogue
        self._prepared = Prepared(connection, failures.dialect, catalogue)
        failures.rows_delivered = False

    def close(self) -> None:
        """Closes the cursors of unfinished reads before their connection is closed."""
        for cursor in self._cursors:
            cursor.close()

    def as_of(self) -> datetime | None:
        """The moment that the database shows, if it reports that it is behind; None for now."""
        return self._as_of

    def probe(self, selection: Selection) -> Probe:
        """Has the database plan the selection; RegisterError if a table or column does not exist."""
        dataset = selection.dataset
        what = f"dataset {dataset.name!r}"
        with explained(dataset.place.query):
            return self._catalogue.probes.of(
                dataset, (what, selection.tenants), lambda: self._probe(selection, what)
            )

    def _probe(self, selection: Selection, what: str) -> Probe:
        dataset = selection.dataset
        self._refuse_views(selection, what)
        # Without other tenants, the tenant condition is always true, so the plan must find rows by the subject key:
        # an export reads rows of unknown tenants too, so an index on the tenant does not help.
        selection = replace(selection, other_tenants=())
        scans = {
            (dataset.place.table if part.history is None else part.history.table, index)
            for part in parts_of(dataset)
            for index in range(len(dataset.subject_keys))
            if self._planned(self._rows_of(selection, index, self._samples_of(dataset, index), part), what)
        }
        for codes in (f.codes_from for f in dataset.fields.values() if f.codes_from is not None):
            self._code_reader.plan(codes)
        reads, instants = self._query_facts(selection, what)
        counts_scan = False
        if dataset.place.query is not None:
            with self._failures.translated(what):
                counts = self._prepared.counts(selection, self._samples_of(dataset, 0))
            counts_scan = self._planned(counts, what)
        return Probe(bool(scans), self._dialect.remote, reads, instants, frozenset(scans), counts_scan)

    def probe_link(self, link: Link, tenants: tuple[str | int, ...]) -> Probe:
        """Has the database plan the link; RegisterError if a table or column does not exist."""
        what = _link_label(link)

        def probe() -> Probe:
            with self._failures.translated(what):  # looks up the kinds of the columns
                statement = self._prepared.link(link, _samples(link), tenants)
            return Probe(self._planned(statement, what), remote=self._dialect.remote)

        return self._catalogue.probes.of(link, (what, tenants), probe)

    def index_advice(self, lookup: Lookup) -> IndexAdvice:
        """The indexes that serve a look-up."""
        with self._failures.translated(f"the indexes of {lookup.table!r}"):
            kind = self._prepared.kinds_of(lookup.table).get(lookup.column, ColumnKind.OTHER)
            return self._dialect.index_advice(self._connection, lookup, kind)

    def resolve(self, link: Link, keys: Collection[str], tenants: tuple[str | int, ...]) -> Iterator[LinkRow]:
        """The rows of a link; comparisons that a database can only approximate are repeated here."""
        what = _link_label(link)
        self.probe_link(link, tenants)  # so that a renamed column is a RegisterError
        with self._failures.translated(what):
            kinds = self._prepared.kinds_of(link.at.table)
        read = (link.given_column, link.leads_to_column, "", "", *link.where)
        decimals = {at: as_decimal for at, name in enumerate(read) if kinds.get(name) is ColumnKind.DECIMAL}
        fold = self._fold(link.comparison)
        for batch in batches(sorted(keys)):
            wanted = frozenset(batch)
            # Not DISTINCT: a case-insensitive collation would drop one of two spellings.
            returned: set[tuple[object, ...]] = set()
            for step in self._fetched(self._prepared.link(link, batch, tenants), what):
                for row in converted(step.rows, decimals):
                    # Not repaired here: the caller must notice if the database's exact comparison was not exact.
                    equal = link.match is Match.EXACT or fold(row[0]) in wanted
                    if (
                        equal
                        and row not in returned
                        and all(map(equals_constant, row[4:], link.where.values()))
                    ):
                        returned.add(row)
                        yield LinkRow(row[0], row[1], row[2], row[3], row[4:])

    def codes(self, selection: Selection, field: str) -> Mapping[str, object]:
        """The meanings of a field's codes, at least of those that occur; RegisterError if they are ambiguous."""
        return self._code_reader.meanings(selection, field)

    def chunks(self, selection: Selection) -> Iterator[Chunk]:
        """The selection's rows: from its table by each subject key, then from its history."""
        for part in parts_of(selection.dataset):
            for index, keys in enumerate(selection.keys):
                for batch in batches(keys):
                    steps = self._rows_by_key(selection, index, batch, part)
                    if selection.dataset.large_objects:
                        steps = small_enough(steps, selection.dataset, LARGE_OBJECT_BYTES)
                    for chunk in bounded(steps):
                        self._failures.rows_delivered = True
                        yield Chunk(chunk, index, earlier_version=part.earlier, deleted=part.deleted)

    def counts(self, selection: Selection) -> Iterator[tuple[tuple[object, ...], int]]:
        """Counts the rows that the key of a dataset with a query finds in its own table, grouped by owner cells."""
        what = f"dataset {selection.dataset.name!r}"
        for batch in batches(selection.keys[0]):
            with self._failures.translated(what):
                statement = self._prepared.counts(selection, batch)
                conversions = self._prepared.conversions(selection, Part())
            for step in self._fetched(statement, what):
                for *cells, count in converted(step.rows, conversions):
                    yield tuple(cells), int(str(count))

    def sample(self, table: str, columns: Sequence[str], rows: int) -> Sequence[tuple[object, ...]]:
        """A few rows of a table, in any order."""
        what = f"a sample of {table!r}"
        with self._failures.translated(what):
            read = self._prepared.statements.table(table, columns)
        statement = select(*(read.cell(name) for name in columns)).limit(literal_column(str(rows)))
        return [tuple(row) for step in self._fetched(statement, what) for row in step.rows]

    def _rows_by_key(
        self, selection: Selection, index: int, keys: Sequence[str], part: Part
    ) -> Iterator[Step]:
        dataset = selection.dataset
        what = f"dataset {dataset.name!r}"
        steps = self._fetched(self._rows_of(selection, index, keys, part), what)
        with self._failures.translated(what):
            conversions = self._prepared.conversions(selection, part)
        if conversions:
            steps = (Step(converted(step.rows, conversions), step.size) for step in steps)
        key, at = dataset.subject_keys[index], dataset.owner_places[index]
        if key.constants and dataset.place.query is None:
            steps = (Step(_with_constants(step.rows, at, key), step.size) for step in steps)
        comparison = key.comparison
        if dataset.place.query is not None:
            yield from each_once(steps, dataset)
        elif comparison.match is Match.EXACT:
            yield from steps
        else:
            wanted, fold = frozenset(keys), self._fold(comparison)
            for step in steps:
                rows = [row for row in step.rows if fold(row[at]) in wanted]
                yield Step(rows, step.size)

    def _rows_of(self, selection: Selection, index: int, keys: Sequence[str], part: Part) -> ExpandedState:
        with self._failures.translated(f"dataset {selection.dataset.name!r}"):
            return self._prepared.rows(selection, index, keys, part)

    def _query_facts(self, selection: Selection, what: str) -> tuple[tuple[str, ...] | None, frozenset[str]]:
        dataset, dialect = selection.dataset, self._dialect
        if dataset.place.query is None:
            return (), frozenset()
        with self._failures.translated(what, preparing=True):
            statement = self._prepared.unjoined(dataset, self._samples_of(dataset, 0))
            return dialect.tables_read(self._connection, statement), dialect.instant_columns(
                self._connection, statement
            )

    def _samples_of(self, dataset: Dataset, index: int) -> Sequence[str]:
        key = dataset.subject_keys[index]
        kinds = self._prepared.kinds_of(key.through[-1].table if key.through else dataset.place.table)
        return _samples(key, kinds.get(key.column, ColumnKind.OTHER))

    def _refuse_views(self, selection: Selection, what: str) -> None:
        dataset = selection.dataset
        for name in (dataset.place.table, *(h.table for h in dataset.place.history)):
            with self._failures.translated(what):
                is_view = self._prepared.relation_of(name).is_view
            if is_view:
                raise RegisterError(
                    f"{what}: {name!r} is a view, so none of its columns proves who a row belongs to; "
                    "name the table that the rows come from, put the rest in the dataset's query, and set key"
                )

    def _fold(self, comparison: Comparison) -> Fold:
        return self._folds.setdefault(comparison, Fold(comparison))

    @property
    def _code_reader(self) -> CodeReader:
        return CodeReader(
            self._failures, self._prepared.statements, self._planned, self._fetched, self._rows_by_key
        )

    def _planned(self, statement: Statement | ExpandedState, what: str) -> bool:
        self._limit.restart()
        with self._failures.translated(what, preparing=True):
            return self._dialect.needs_scan(self._connection, self._prepared.compiled(statement))

    def _fetched(self, statement: Statement | ExpandedState, what: str) -> Iterator[Step]:
        """Streams rows in steps; every error names the source and what was being read."""
        with self._failures.translated(what):
            self._limit.restart()
            cursor = self._dialect.cursor(self._connection, self._prepared.compiled(statement))
            self._cursors.append(cursor)
        size = FIRST_STEP
        while True:
            with self._failures.translated(what):
                self._limit.restart()
                rows = cursor.fetchmany(size)
                if not rows:
                    self._cursors.remove(cursor)
                    cursor.close()
                    return
                step = step_of(rows)
                size = step.next_size(cursor.step)
            yield step


def _link_label(link: Link) -> str:
    return f"link from {link.given!r} to {link.leads_to!r}"


def _with_constants(rows: Rows, at: int, key: SubjectKey) -> Rows:
    """The rows with the key's constants. A case-insensitive collation also finds rows that belong to someone else."""
    return [row for row in rows if all(map(equals_constant, row[at + 2 : at + key.width], key.constants))]


def _samples(key: SubjectKey | Link, kind: ColumnKind = ColumnKind.OTHER) -> Sequence[str]:
    """Two keys to plan with. With one, all rows have the same key, and the plan would not need a sort."""
    if key.match is Match.HMAC:  # a bytes column accepts only hexadecimal
        return ("0" * 64, "1" * 64)
    if kind in {ColumnKind.UUID, ColumnKind.BYTES}:
        return ("0" * 32, "1" * 32)
    return ("+12025550100", "+12025550101") if key.match is Match.E164 else ("0", "1")
