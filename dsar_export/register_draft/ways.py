"""The ways from a person to the rows of each table: by their key, over other tables, and what their row points to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from dsar_export.model.source import Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.acting import acts
from dsar_export.register_draft.graph import Graph, Reference, is_unique, single_key
from dsar_export.register_draft.lookups import describes_people, lookup_of
from dsar_export.register_draft.person import Person, identifier_of, refers_one_to_one
from dsar_export.register_draft.words import ends_in, names, simple_name, telling_words

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
    with one row for each of the person's, `acting` references to a person who only did something with a row. `selves`
    are the tables of people with one row for each of the person's, theirs too.
    """

    to: Mapping[str, tuple[Way, ...]]
    pointers: tuple[Pointer, ...]
    partners: tuple[Pointer, ...]
    acting: tuple[Reference, ...]
    selves: frozenset[str]


def find_ways(graph: Graph, person: Person, people: frozenset[str]) -> Ways:
    """The ways from a person to all tables; `people` are tables of other kinds of people, to which no way leads."""
    selves = _selves(graph, person, people)
    others = people - selves
    named = _Identifiers(person)
    partners = tuple(_partners(graph, person, people, named))
    keys = {person.table: Way(person.key.column, person.identifier, person.key.tenant)}
    keys |= {p.reference.target: Way(p.reference.keys[0], p.leads_to) for p in partners}
    to: dict[str, tuple[Way, ...]] = {table: (way,) for table, way in keys.items()}
    acting: list[Reference] = []
    for table in graph.tables:
        if table not in keys and table not in others:
            direct = tuple(dict.fromkeys(_direct(graph, table, keys, acting)))
            to |= {table: direct} if direct else {}
    bounds = _Bounds(others | keys.keys(), selves | keys.keys(), _shared(graph, selves, to))
    _over_others(graph, to, bounds)
    pointers = tuple(_pointers(graph, to, others, bounds.shared, named))
    return Ways(to, pointers, partners, tuple(acting), bounds.selves)


class _Identifiers:
    """A kind of identifier for the keys of each table, so that a number of one table never selects rows of another."""

    def __init__(self, person: Person) -> None:
        self._taken = {"email": ("", ""), "phone": ("", ""), "login": ("", "")}
        self._taken[person.identifier] = (person.table, person.key.column)

    def of(self, table: Table, key: str) -> str:
        """The kind's name: the usual one, or a longer one if another table has that already."""
        place, name, n = (table.name, key), identifier_of(table, key), 1
        while self._taken.setdefault(name, place) != place:
            name = simple_name("_".join((*name_parts(table.name), key, *([str(n)] if n > 1 else []))))
            n += 1
        return name


def _selves(graph: Graph, person: Person, people: frozenset[str]) -> frozenset[str]:
    """The person's table, and those of people with one row for each row of a table found, such as their profiles."""
    found, waiting = {person.table}, [person.table]
    while waiting:
        target = waiting.pop()
        for reference in graph.into(target):
            name = reference.table
            is_new = name in people and name not in found
            if is_new and refers_one_to_one(graph, name, target) and not acts(reference):
                found.add(name)
                waiting.append(name)
    return frozenset(found)


def _partners(graph: Graph, person: Person, others: frozenset[str], named: _Identifiers) -> Iterator[Pointer]:
    """Tables of people with one row for each of the person's, such as the login of a customer."""
    table = graph.tables[person.table]
    for reference in graph.out_of(person.table):
        if reference.target in others and len(reference.columns) == 1 and is_unique(table, reference.columns):
            target = graph.tables[reference.target]
            if single_key(target) == reference.keys[0]:
                leads_to = named.of(target, reference.keys[0])
                yield Pointer(person.identifier, person.key.column, reference, leads_to)


def _shared(graph: Graph, selves: frozenset[str], to: Mapping[str, tuple[Way, ...]]) -> frozenset[str]:
    """Tables that several people share, such as companies: what belongs to one is not one person's."""
    pointed = {reference.target for name in selves for reference in graph.out_of(name)} - selves
    return frozenset(
        name
        for name in to
        if ends_in("tables.groups", name_parts(name)[-1])
        or (name in pointed and not any(_keeps_the_name(way) for way in to[name]))
    )


def _keeps_the_name(way: Way) -> bool:
    """Whether a column is called like the person's key, as that of a cart is, and not `owner_id`."""
    return simple_name(way.column) == way.identifier


def _direct(graph: Graph, table: str, keys: Mapping[str, Way], acting: list[Reference]) -> Iterator[Way]:
    for reference in graph.out_of(table):
        way = _own_key(reference, keys.get(reference.target))
        if way is not None and acts(reference):
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


@dataclass(frozen=True)
class _Bounds:
    """Tables that no way passes or reaches, those of the person's own kind, and those that no way passes."""

    never: frozenset[str]
    selves: frozenset[str]
    shared: frozenset[str]


def _over_others(graph: Graph, to: dict[str, tuple[Way, ...]], bounds: _Bounds) -> None:
    """Adds the ways of rows that name their person only through a row of another table, the shortest first."""
    level = [table for table in to if table not in bounds.never]
    for _ in range(_MOST_STEPS):
        found: dict[str, tuple[Way, ...]] = {}
        for parent in level:
            for reference in () if parent in bounds.shared else graph.into(parent):
                if reference.table in to or reference.table in bounds.never or not _is_key(graph, reference):
                    continue
                if parent in bounds.selves and acts(reference):
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


def _pointers(
    graph: Graph,
    to: Mapping[str, tuple[Way, ...]],
    others: frozenset[str],
    shared: frozenset[str],
    named: _Identifiers,
) -> Iterator[Pointer]:
    """What rows with the person's own key point to, and what an address points to; their own row points anywhere."""
    waiting = [
        (name, way.column, way.identifier)
        for name, ways in to.items()
        for way in ways
        if not way.steps and not way.where
    ]
    start, own, seen = waiting[0][0], {name for name, *_ in waiting}, set[str]()
    while waiting:
        table, given_column, given = waiting.pop(0)
        for reference in graph.out_of(table):
            target = graph.tables[reference.target]
            if target.name in others or not _can_be_pointed_to(graph, reference):
                continue
            if target.name in to and not (table == start and target.name in shared):
                continue
            if table != start and not _is_somebodys(target):
                continue
            if table not in own and not _is_somebodys(graph.tables[table]):
                continue
            leads_to = named.of(target, reference.keys[0])
            yield Pointer(given, given_column, reference, leads_to)
            if target.name not in seen:
                seen.add(target.name)
                waiting.append((target.name, reference.keys[0], leads_to))


def _is_somebodys(table: Table) -> bool:
    """Whether a row is an address, or a card or account to pay with: not a company's or an employee's row."""
    if ends_in("tables.addresses", "_".join(telling_words(name_parts(table.name)[-1]))):
        return True
    reached = ("columns.email", "columns.phone", "columns.human")
    if any(names(kind, column) for kind in reached for column in table.columns):
        return False
    return describes_people(table) and not ends_in("tables.groups", name_parts(table.name)[-1])


def _can_be_pointed_to(graph: Graph, reference: Reference) -> bool:
    return (
        len(reference.columns) == 1
        and _is_key(graph, reference)
        and not acts(reference)
        and lookup_of(graph, reference.target) is None
    )
