"""Advice on indexes: look-ups that no index of the catalogue serves, with the statements that change that."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from dsar_export.interfaces import IndexAdviser, Snapshot
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.finding import Finding
from dsar_export.model.index import Index, Lookup
from dsar_export.model.source import Probe, SourceDescription, Table
from dsar_export.model.subject_key import SubjectKey

SMALL: Final = 10_000
"""Rows that a source reads or sorts at once, whatever indexes there are."""


@dataclass(frozen=True)
class Path:
    """The look-ups that lead from a subject key to the rows of a table of the dataset, which comes first."""

    table: str
    key: int
    lookups: tuple[Lookup, ...]


@dataclass(frozen=True)
class Unserved:
    """A look-up that no index serves; without statements, no index can. `sorts` means that rows are sorted too."""

    lookup: Lookup
    statements: tuple[str, ...] = ()
    sorts: bool = False

    @property
    def column(self) -> str:
        return f"{self.lookup.table}.{self.lookup.column}"


@dataclass(frozen=True)
class Judge:
    """Judges look-ups by the catalogue, and by the source's plan where an index is hidden or on an expression."""

    description: SourceDescription
    adviser: IndexAdviser
    remote: bool

    def table(self, name: str) -> Table | None:
        """A table with indexes of its own: no view, and no table whose rows are elsewhere."""
        table = self.description.table(name)
        return None if table is None or table.is_view or table.is_foreign else table

    def is_small(self, name: str) -> bool:
        table = self.description.table(name)
        return table is not None and table.rows is not None and table.rows < SMALL

    def unserved(self, lookup: Lookup, *, scanned: bool) -> Unserved | None:
        """The look-up, if it reads the whole of a table that is not small; `scanned` if the source plans a scan."""
        table = self.table(lookup.table)
        if table is None or self.is_small(lookup.table):
            return None
        advice = self.adviser.index_advice(lookup)
        if advice.by_column:
            leads = not scanned if table.indexes is None else _leads(table.indexes, lookup.column)
            return None if leads else Unserved(lookup, advice.statements)
        if not self.remote:  # comparing every row of a file is the usual way
            return None
        return Unserved(lookup, advice.statements) if scanned or not advice.statements else None

    def unsorted(self, path: Path) -> list[Unserved]:
        """The look-ups of a path that is sorted in memory, as far as an index would keep their order."""
        tables = [(lookup, self.table(lookup.table)) for lookup in path.lookups]
        return [
            Unserved(lookup, self.adviser.index_advice(lookup).statements, sorts=True)
            for lookup, table in tables
            if table is not None and not _keeps_order(table, lookup)
        ]


def index_findings(
    where: str, dataset: Dataset, description: SourceDescription, snapshot: Snapshot, probe: Probe
) -> Iterator[Finding]:
    """Look-ups of a dataset without an index. Where rows would be sorted in this process's memory, it is no warning."""
    if not isinstance(snapshot, IndexAdviser):
        if probe.without_index:
            yield _planned(where, probe)
        return
    judge = Judge(description, snapshot, probe.remote)
    if dataset.place.query is not None:
        yield from _query_findings(where, dataset, judge, probe)
        return
    found: list[Unserved] = []
    for path in _paths(dataset, unique=not probe.remote):
        scanned = (path.table, path.key) in probe.scans
        unsorted = []
        if scanned and not probe.remote and not judge.is_small(path.table):
            unsorted = judge.unsorted(path)
            if not unsorted and not any(judge.is_small(lookup.table) for lookup in path.lookups):
                yield _sorted_nonetheless(where, path)
        found += unsorted or _unserved(judge, path, scanned=scanned)
    yield from _advice(where, "order_by", found)


def unserved_finding(where: str, key: str, each: Unserved) -> Finding:
    """The warning about one look-up."""
    if each.statements:
        problem = f"no index serves {each.column}, so the source compares every row; {_run([each])}"
    else:
        comparison = each.lookup.comparison
        exact = comparison is None or comparison.match is Match.EXACT
        why = "of the column's type" if exact else f'of match = "{comparison.match}"' if comparison else ""
        problem = (
            f"the source compares every row by {each.column}, and because {why} no index can change that; if exports "
            "take too long, name a column of text or numbers that holds the identifier in one spelling"
        )
    return Finding(where, key, problem, warning=True)


def _planned(where: str, probe: Probe) -> Finding:
    """The finding for a source that shows its plan but not its indexes."""
    problem = (
        "no index serves the order, so the source would scan the table, or sort in memory or on its disk; "
        "add an index on the subject key and order_by"
    )
    return Finding(where, "order_by", problem, warning=probe.remote)


def _sorted_nonetheless(where: str, path: Path) -> Finding:
    named = " and ".join(f"{lookup.table} ({', '.join(lookup.columns)})" for lookup in path.lookups)
    why = [
        "an index has another collation or direction than its columns",
        "old figures mislead it (run ANALYZE)",
    ]
    if len(path.lookups) > 1:
        why.insert(0, "a joined key may be null (declare it NOT NULL)")
    return Finding(
        where,
        "order_by",
        f"the source sorts rows in memory in spite of indexes on {named}: {', or '.join(why)}",
    )


def _unserved(judge: Judge, path: Path, *, scanned: bool) -> list[Unserved]:
    """The look-ups of a path without an index; a scan in the plan is first put down to what the catalogue shows."""
    by_catalogue = [u for lookup in path.lookups if (u := judge.unserved(lookup, scanned=False)) is not None]
    if by_catalogue and any(each.statements for each in by_catalogue):
        return by_catalogue
    every = [judge.unserved(lookup, scanned=scanned) for lookup in path.lookups]
    return [each for each in every if each is not None]


def _advice(where: str, key: str, found: Sequence[Unserved]) -> Iterator[Finding]:
    """One finding with every statement to run, and one for each look-up that no index can serve."""
    helped = [each for each in found if each.statements]
    if any(each.sorts for each in helped):
        yield Finding(
            where,
            key,
            f"no index serves the order, so the source would scan the table, or sort in memory; {_run(helped)}",
        )
    elif helped:
        columns = " and ".join(dict.fromkeys(each.column for each in helped))
        problem = f"no index serves {columns}, so the source would scan the table; {_run(helped)}"
        yield Finding(where, key, problem, warning=True)
    unhelped = dict.fromkeys(
        replace(e, lookup=replace(e.lookup, order=())) for e in found if not e.statements
    )
    yield from (unserved_finding(where, "subject_keys", each) for each in unhelped)


def _run(found: Sequence[Unserved]) -> str:
    return f"run: {'; '.join(dict.fromkeys(s for each in found for s in each.statements))}"


def _query_findings(where: str, dataset: Dataset, judge: Judge, probe: Probe) -> Iterator[Finding]:
    """A query's rows are also counted in its own table; only the plan shows how the query itself is read."""
    key = dataset.subject_keys[0]
    lookup = Lookup(dataset.place.table, key.column, key.comparison, dataset.place.order_by)
    sorts = probe.without_index and not probe.remote
    reads = probe.reads or ()
    small = bool(reads) and all(judge.is_small(name) for name in reads)
    found = judge.unserved(lookup, scanned=probe.counts_scan)
    unsorted = judge.unsorted(Path(lookup.table, 0, (lookup,))) if sorts and not small else []
    if found is not None or unsorted:
        yield from _advice(where, "query", [*unsorted, *([] if found is None else [found])])
    elif probe.without_index and not small:
        what = "reads a whole table or index" if probe.remote else "sorts its rows in memory"
        yield Finding(
            where,
            "query",
            f"by its plan, the query {what}: give the columns by which it joins and selects an index, and return "
            "the order's columns from one table; EXPLAIN shows where",
            warning=probe.remote,
        )


def _paths(dataset: Dataset, *, unique: bool) -> Iterator[Path]:
    """Every path of a dataset: by each subject key, to its table and to each history table."""
    place = dataset.place
    for index, key in enumerate(dataset.subject_keys):
        joined = tuple(_joined(key, unique=unique))
        own, *more = key.through[0].columns if key.through else (key.column,)
        comparison = None if key.through else key.comparison
        lookup = Lookup(place.table, own, comparison, (*more, *place.order_by))
        yield Path(place.table, index, (lookup, *joined))
        for history in place.history:
            column, *others = map(history.column, (own, *more))
            if column is not None:
                order = (*filter(None, others), *history.order_by)
                lookup = Lookup(history.table, column, comparison, order)
                yield Path(history.table, index, (lookup, *joined))


def _joined(key: SubjectKey, *, unique: bool) -> Iterator[Lookup]:
    """The look-ups in the tables of `through`. Their keys need no look-up: they are unique, so they have an index."""
    for at, step in enumerate(key.through):
        if at + 1 < len(key.through):
            column, *more = key.through[at + 1].columns
            yield Lookup(step.table, column, None, (*more, *step.keys), unique)
        else:
            yield Lookup(step.table, key.column, key.comparison, step.keys, unique)


def _leads(indexes: Sequence[Index], column: str) -> bool:
    return any(index.columns[0] == column for index in indexes)


def _keeps_order(table: Table, lookup: Lookup) -> bool:
    """Whether rows arrive in the look-up's order by an index; after a unique one, nothing is left to order."""
    wanted = lookup.columns
    for index in table.indexes or ():
        width = len(index.columns)
        if index.unique and index.columns == wanted[:width]:
            return True
        if not lookup.unique and index.columns[: len(wanted)] == wanted:
            return True
    return False
