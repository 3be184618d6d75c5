"""The ways from a person to the rows of each table: by their key, over other tables, and what their row points to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dsar_export.register_draft.graph import Graph, Reference, is_unique, single_key
from dsar_export.register_draft.lookups import describes_people, lookup_of
from dsar_export.register_draft.person import Person, identifier_of
from dsar_export.register_draft.words import names

_MOST_STEPS: Final = 4


@dataclass(frozen=True)
class Way:
    """How a table's rows name their person: a column with an identifier, in the last table of the steps.

    `tenant` is the column beside it with the company, if several companies share the tables.
    """

    column: str
    identifier: str
    tenant: str | None = None
    steps: tuple[Reference, ...] = ()
    where: Mapping[str, str] = field(default_factory=dict, hash=False)
    guessed: bool = False


@dataclass(frozen=True)
class Pointer:
    """What rows of a person point to: the rows of `target` with these keys, perhaps shared with others."""

    given: str
    given_column: str
    reference: Reference
    leads_to: str


@dataclass(frozen=True)
class Ways:
    """What leads from the person to each table.

    `to` has the ways to each table's rows, `pointers` what the person's rows point to, `partners` the links to tables
    with one row for each of the person's, `acting` references to a person who only did something with a row.
    """

    to: Mapping[str, tuple[Way, ...]]
    pointers: tuple[Pointer, ...]
    partners: tuple[Pointer, ...]
    acting: tuple[Reference, ...]


def find_ways(graph: Graph, person: Person, people: frozenset[str]) -> Ways:
    """The ways from a person to all tables; `people` are tables of other kinds of people, to which no way leads."""
    others = people - {person.table}
    partners = tuple(_partners(graph, person, others))
    keys = {person.table: Way(person.key.column, person.identifier, person.key.tenant)}
    keys |= {p.reference.target: Way(p.reference.keys[0], p.leads_to) for p in partners}
    to: dict[str, tuple[Way, ...]] = {table: (way,) for table, way in keys.items()}
    acting: list[Reference] = []
    for table in graph.tables:
        if table not in keys and table not in others:
            direct = tuple(dict.fromkeys(_direct(graph, table, keys, acting)))
            to |= {table: direct} if direct else {}
    _over_others(graph, to, others | set(keys))
    pointers = tuple(_pointers(graph, to, others))
    return Ways(to, pointers, partners, tuple(acting))


def _partners(graph: Graph, person: Person, others: frozenset[str]) -> Iterator[Pointer]:
    """Tables of people with one row for each of the person's, such as the login of a customer."""
    table = graph.tables[person.table]
    for reference in graph.out_of(person.table):
        if reference.target in others and len(reference.columns) == 1 and is_unique(table, reference.columns):
            target = graph.tables[reference.target]
            if single_key(target) == reference.keys[0]:
                yield Pointer(
                    person.identifier, person.key.column, reference, identifier_of(target, reference.keys[0])
                )


def _direct(graph: Graph, table: str, keys: Mapping[str, Way], acting: list[Reference]) -> Iterator[Way]:
    for reference in graph.out_of(table):
        way = _own_key(reference, keys.get(reference.target))
        if way is not None and names("columns.acting", way.column):
            acting.append(reference)
        elif way is not None:
            yield way


def _own_key(reference: Reference, way: Way | None) -> Way | None:
    """The way to rows that refer to a person by their whole key; None if the reference is to anything else."""
    held = dict(zip(reference.keys, reference.columns, strict=True))
    if way is None or way.column not in held or not held.keys() <= {way.column, way.tenant}:
        return None
    tenant = None if way.tenant is None else held.get(way.tenant)
    return Way(held[way.column], way.identifier, tenant, guessed=reference.guessed)


def _over_others(graph: Graph, to: dict[str, tuple[Way, ...]], never: frozenset[str] | set[str]) -> None:
    """Adds the ways of rows that name their person only through a row of another table, the shortest first."""
    level = [table for table in to if table not in never]
    for _ in range(_MOST_STEPS):
        found: dict[str, tuple[Way, ...]] = {}
        for parent in level:
            for reference in graph.into(parent):
                if reference.table in to or reference.table in never or not _is_key(graph, reference):
                    continue
                longer = tuple(_longer(reference, way) for way in to[parent])
                found[reference.table] = (*found.get(reference.table, ()), *longer)
        to |= found
        level = list(found)


def _longer(reference: Reference, way: Way) -> Way:
    return replace(way, steps=(reference, *way.steps), guessed=way.guessed or reference.guessed)


def _is_key(graph: Graph, reference: Reference) -> bool:
    """Whether the reference names one row of its target."""
    return is_unique(graph.tables[reference.target], reference.keys)


def _pointers(graph: Graph, to: Mapping[str, tuple[Way, ...]], others: frozenset[str]) -> Iterator[Pointer]:
    """What rows with the person's own key point to, and what that points to; the person's own row points anywhere."""
    waiting = [
        (name, way.column, way.identifier)
        for name, ways in to.items()
        for way in ways
        if not way.steps and not way.where
    ]
    start, seen = waiting[0][0], set[str]()
    while waiting:
        table, given_column, given = waiting.pop(0)
        for reference in graph.out_of(table):
            if (
                reference.target in to
                or reference.target in others
                or not _can_be_pointed_to(graph, reference)
            ):
                continue
            if table != start and table not in seen and not describes_people(graph.tables[reference.target]):
                continue
            leads_to = identifier_of(graph.tables[reference.target], reference.keys[0])
            yield Pointer(given, given_column, reference, leads_to)
            if reference.target not in seen:
                seen.add(reference.target)
                waiting.append((reference.target, reference.keys[0], leads_to))


def _can_be_pointed_to(graph: Graph, reference: Reference) -> bool:
    return (
        len(reference.columns) == 1
        and _is_key(graph, reference)
        and not names("columns.acting", reference.columns[0])
        and lookup_of(graph, reference.target) is None
    )
