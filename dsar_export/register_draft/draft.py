"""A source's catalogue -> a register that mentions all of it: datasets, links, and what is left out or undecided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dsar_export.model.source import SourceDescription, Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.columns import ColumnReader, field_names
from dsar_export.register_draft.credentials import is_withheld
from dsar_export.register_draft.datasets import DatasetWriter, dataset_names
from dsar_export.register_draft.graph import Graph, Reference, read_graph
from dsar_export.register_draft.links import contact_columns, links_of
from dsar_export.register_draft.look import Seen
from dsar_export.register_draft.person import Candidate, Person, find_person, tables_of
from dsar_export.register_draft.polymorphic import polymorphic_ways
from dsar_export.register_draft.shape import DraftedDataset, DraftedRegister
from dsar_export.register_draft.tables import is_not_personal, left_out_tables, outside
from dsar_export.register_draft.ways import Way, Ways, find_ways


@dataclass(frozen=True)
class Wishes:
    """What staff say beforehand: the person's table, the time zone of local times, and the schemas to draft."""

    person: str | None = None
    zone: str | None = None
    schemas: tuple[str, ...] = ()


def draft_register(
    description: SourceDescription, source: str, wishes: Wishes, seen: Seen | None = None
) -> DraftedRegister:
    """Drafts the register of one source; `seen` has what a look at values showed.

    Raises WrongUseError and SubjectAmbiguousError if its people are not found.
    """
    drafted, elsewhere = _split(description, wishes.schemas)
    graph = read_graph(drafted)
    person, others = find_person(graph, wishes.person)
    people = tables_of(others)
    ways = find_ways(graph, person, people)
    to = {**ways.to, **_by_address(graph, ways, person, people), **polymorphic_ways(graph, ways, person)}
    pointed = _pointed(ways)
    read = frozenset([*to, *pointed])
    left_out = left_out_tables(graph, ways, people, read)
    explaining = frozenset(line.key for line in left_out if is_not_personal(line))
    names = dataset_names([*to, *(table for table in pointed if table not in to)])
    columns = ColumnReader(graph, wishes.zone, _targets(graph, names), explaining, seen or {})
    writer = DatasetWriter(graph, source, names, columns)
    datasets = tuple(
        writer.dataset(graph.tables[table], found, (*_remarks(table, ways, graph), *_remarks_of_types(found)))
        for table, found in _merged(to, pointed).items()
    )
    return DraftedRegister(
        subject=person.identifier,
        tenant=person.key.tenant,
        datasets=_in_order(datasets, person),
        links=links_of(graph, source, person, ways),
        left_out=(*left_out, *map(outside, elsewhere)),
        remarks=_other_people(person, others),
    )


def _split(
    description: SourceDescription, schemas: tuple[str, ...]
) -> tuple[SourceDescription, tuple[Table, ...]]:
    """The source with the tables of these schemas only, all without any, and the tables elsewhere."""
    if not schemas:
        return description, ()
    own = tuple(t for t in description.tables if _schema_of(t, description) in schemas)
    return replace(description, tables=own), tuple(t for t in description.tables if t not in own)


def _schema_of(table: Table, description: SourceDescription) -> str | None:
    parts = name_parts(table.name)
    return description.schema if len(parts) == 1 else parts[0]


def _targets(graph: Graph, names: Mapping[str, str]) -> Mapping[tuple[str, str], str]:
    """The `dataset.field` of each column to which a reference of one column leads, if a dataset has it."""
    return {
        (r.target, r.keys[0]): f"{names[r.target]}.{field_names(graph.tables[r.target])[r.keys[0]]}"
        for r in graph.references
        if r.target in names and len(r.keys) == 1
        if not is_withheld(graph.tables[r.target], r.keys[0])
    }


def _by_address(
    graph: Graph, ways: Ways, person: Person, people: frozenset[str]
) -> Mapping[str, tuple[Way, ...]]:
    """Tables that know people by their email address alone, such as a newsletter's."""
    own = (kind for table in ways.selves for kind, _ in contact_columns(graph, table))
    if "email" not in own:
        return {}
    pointed = {pointer.reference.target for pointer in ways.pointers}
    found: dict[str, tuple[Way, ...]] = {}
    for table in graph.tables.values():
        if table.is_view or table.name in ways.to or table.name in people or table.name in pointed:
            continue
        columns = [column for kind, column in contact_columns(graph, table.name) if kind == "email"]
        tenant = person.key.tenant if person.key.tenant in table.columns else None
        if columns:
            found[table.name] = tuple(Way(column, "email", tenant, guessed=True) for column in columns)
    return found


def _merged(
    to: Mapping[str, tuple[Way, ...]], pointed: Mapping[str, tuple[Way, ...]]
) -> Mapping[str, tuple[Way, ...]]:
    return {name: (*to.get(name, ()), *pointed.get(name, ())) for name in dict.fromkeys([*to, *pointed])}


def _pointed(ways: Ways) -> Mapping[str, tuple[Way, ...]]:
    return {p.reference.target: (Way(p.reference.keys[0], p.leads_to),) for p in ways.pointers}


def _remarks(table: str, ways: Ways, graph: Graph) -> tuple[str, ...]:
    """What whoever reads the file should decide."""
    acting = [
        f"{_columns(r)} may only name who did something with the row, so it does not select rows"
        for r in ways.acting
        if r.table == table
    ]
    itself = [
        f"{_columns(r)} refers to another row of the table: that row is not this person's by it"
        for r in graph.out_of(table)
        if r.target == table
    ]
    return (*acting, *itself)


def _remarks_of_types(ways: Sequence[Way]) -> tuple[str, ...]:
    """What to decide about rows that name their owner's table in a column."""
    types = sorted({f"{column} = {value!r}" for way in ways for column, value in way.where.items()})
    return tuple(
        f"{each} is a guess at how it is stored; rows of other types may be this person's too"
        for each in types
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
