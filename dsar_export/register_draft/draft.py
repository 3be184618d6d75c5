"""A source's catalogue -> a register that mentions all of it: datasets, links, and what is left out or undecided."""

from collections.abc import Mapping
from dataclasses import dataclass

from dsar_export.model.source import SourceDescription
from dsar_export.register_draft.columns import ColumnReader
from dsar_export.register_draft.datasets import DatasetWriter, dataset_names
from dsar_export.register_draft.graph import Graph, Reference, read_graph
from dsar_export.register_draft.links import contact_columns, links_of
from dsar_export.register_draft.person import Candidate, Person, find_person, tables_of
from dsar_export.register_draft.polymorphic import polymorphic_ways
from dsar_export.register_draft.shape import DraftedDataset, DraftedRegister
from dsar_export.register_draft.tables import left_out_tables
from dsar_export.register_draft.ways import Way, Ways, find_ways
from dsar_export.register_draft.words import simple_name


@dataclass(frozen=True)
class Wishes:
    """What staff say beforehand: the person's table, the time zone of local times, and the schemas to draft."""

    person: str | None = None
    zone: str | None = None
    schemas: tuple[str, ...] = ()


def draft_register(description: SourceDescription, source: str, wishes: Wishes) -> DraftedRegister:
    """Drafts the register of one source; WrongUseError and SubjectAmbiguousError if its people are not found."""
    graph = read_graph(description)
    person, others = find_person(graph, wishes.person)
    people = tables_of(others)
    ways = find_ways(graph, person, people)
    to = {**ways.to, **_by_address(graph, ways, people), **polymorphic_ways(graph, ways, person)}
    pointed = _pointed(ways)
    writer = _writer(graph, source, wishes.zone, [*to, *(t for t in pointed if t not in to)])
    datasets = tuple(
        writer.dataset(graph.tables[table], found, _remarks(table, ways, graph))
        for table, found in {**to, **pointed}.items()
    )
    read = frozenset(dataset.table for dataset in datasets)
    return DraftedRegister(
        subject=person.identifier,
        datasets=_in_order(datasets, person),
        links=links_of(graph, source, person, ways),
        left_out=left_out_tables(graph, ways, people, read),
        remarks=_other_people(person, others),
    )


def _writer(graph: Graph, source: str, zone: str | None, tables: list[str]) -> DatasetWriter:
    names = dataset_names(tables)
    targets = {
        (reference.target, reference.keys[0]): f"{names[reference.target]}.{simple_name(reference.keys[0])}"
        for reference in graph.references
        if reference.target in names and len(reference.keys) == 1 and not reference.guessed
    }
    return DatasetWriter(graph, source, names, ColumnReader(graph, zone, targets))


def _by_address(graph: Graph, ways: Ways, people: frozenset[str]) -> Mapping[str, tuple[Way, ...]]:
    """Tables that know people by their email address alone, such as a newsletter's."""
    start = next(iter(ways.to))
    if not any(kind == "email" for kind, _ in contact_columns(graph, start)):
        return {}
    pointed = {pointer.reference.target for pointer in ways.pointers}
    found: dict[str, tuple[Way, ...]] = {}
    for table in graph.tables.values():
        if table.is_view or table.name in ways.to or table.name in people or table.name in pointed:
            continue
        columns = [column for kind, column in contact_columns(graph, table.name) if kind == "email"]
        if columns:
            found[table.name] = tuple(Way(column, "email", guessed=True) for column in columns)
    return found


def _pointed(ways: Ways) -> Mapping[str, tuple[Way, ...]]:
    return {p.reference.target: (Way(p.reference.keys[0], p.leads_to),) for p in ways.pointers}


def _remarks(table: str, ways: Ways, graph: Graph) -> tuple[str, ...]:
    """What whoever reads the file should decide."""
    return (
        *(f"{r.columns[0]} may only name who did something with the row, so it does not select rows" for r in ways.acting if r.table == table),
        *(f"{_columns(r)} refers to another row of the table: that row is not this person's by it" for r in graph.out_of(table) if r.target == table),
    )


def _columns(reference: Reference) -> str:
    return ", ".join(reference.columns)


def _in_order(datasets: tuple[DraftedDataset, ...], person: Person) -> tuple[DraftedDataset, ...]:
    """The person's own table first."""
    return tuple(sorted(datasets, key=lambda dataset: dataset.table != person.table))


def _other_people(person: Person, others: tuple[Candidate, ...]) -> tuple[str, ...]:
    """Comments with the tables that may hold people too."""
    return tuple(
        f"{c.person.table} may hold people too: --person {c.person.table}"
        for c in others
        if c.person.table != person.table
    )
