"""Which table has one row for each person: by its columns, its key, and how many tables refer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.model.credential import looks_like_credential
from dsar_export.model.source import Table
from dsar_export.model.table_name import name_parts
from dsar_export.register.hints import nearest
from dsar_export.register_draft.acting import acts
from dsar_export.register_draft.graph import Graph, Reference, RowKey, is_unique, row_key
from dsar_export.register_draft.words import ends_in, names, simple_name, singular, telling_words

_PERSONAL: Final = (
    "columns.email",
    "columns.phone",
    "columns.login",
    "columns.human",
    "columns.address",
)
_BARE: Final = frozenset(
    {"id", "key", "uuid", "guid", "nr", "no", "number", "entity_id", "row_id", "record_id", "object_id"}
)
_MOST_LISTED: Final = 12
_CLEARLY: Final = 2
"""How many times as many tables must refer to the first candidate as to the second."""


@dataclass(frozen=True)
class Person:
    """The table with one row for each person, what names a row, and the kind of identifier that this is."""

    table: str
    key: RowKey
    identifier: str


@dataclass(frozen=True, order=True)
class Likeness:
    """How much a table is one of people: `rank` by its name, and `human` if only human beings have its columns."""

    rank: int
    human: bool


@dataclass(frozen=True)
class Candidate:
    """A table that may be the person's; `referring` counts the tables that lead to it."""

    person: Person
    likeness: Likeness
    referring: int


def candidates(graph: Graph) -> tuple[Candidate, ...]:
    """Every table that has a key and columns of people, the likeliest first."""
    alike = {t.name: like for t in graph.tables.values() if (like := _likeness(t)) is not None}
    found = [
        Candidate(
            Person(table.name, key, identifier_of(table, key.column)), like, _referring(graph, table, alike)
        )
        for table in graph.tables.values()
        if (like := alike.get(table.name)) is not None
        and (key := row_key(table)) is not None
        and not _belongs(graph, table, alike)
    ]
    return tuple(
        sorted(found, key=lambda c: (-c.likeness.rank, not c.likeness.human, -c.referring, c.person.table))
    )


def find_person(graph: Graph, named: str | None) -> tuple[Person, tuple[Candidate, ...]]:
    """The person's table, and the candidates that were not taken.

    `named` is the table that staff name. Raises WrongUseError if it does not exist or has no key, or if no table is
    one of people, and SubjectAmbiguousError with the candidates if none leads clearly.
    """
    found = candidates(graph)
    if named is not None:
        person = _named(graph, named)
        return person, tuple(c for c in found if c.person.table != person.table)
    if not found:
        raise WrongUseError(
            "no table looks like one of people, with a key of one column and columns such as email or last name; "
            "name it with --person TABLE"
        )
    if not all(_leads(graph, found[0], other) for other in found[1:]):
        listed = ", ".join(
            f"{c.person.table} ({c.referring} tables lead to it)" for c in found[:_MOST_LISTED]
        )
        raise SubjectAmbiguousError(
            f"{len(found)} tables may have one row for each person, and none leads clearly: {listed}. Nothing was "
            "written. Name the right one with --person TABLE"
        )
    return found[0].person, found[1:]


def identifier_of(table: Table, key: str) -> str:
    """What the key of a table's rows is called: `customer_id` for `customers.id`, `crm_no` for `contacts.crm_no`."""
    if simple_name(key) not in _BARE:
        return simple_name(key)
    own = telling_words(name_parts(table.name)[-1]) or ("row",)
    return simple_name("_".join((*own[:-1], singular(own[-1]), simple_name(key))))


def refers_one_to_one(graph: Graph, table: str, target: str) -> bool:
    """Whether each row of a table belongs to one row of the other, as a profile does to a user."""
    own = graph.tables[table]
    return any(
        r.target == target and is_unique(own, r.columns) and is_unique(graph.tables[target], r.keys)
        for r in graph.out_of(table)
    )


def _named(graph: Graph, named: str) -> Person:
    table = graph.description.table(named)
    if table is None:
        known = sorted(name for name, each in graph.tables.items() if not each.is_view)
        raise WrongUseError(f"--person: there is no table {named!r}; {nearest(named, known)}")
    key = row_key(table)
    if key is None:
        raise WrongUseError(
            f"--person: table {table.name!r} has no key of one column that is never null, so its rows can't stand for "
            "people; name another table"
        )
    return Person(table.name, key, identifier_of(table, key.column))


def _likeness(table: Table) -> Likeness | None:
    """How much a table is one of people; None if nothing, or only a place's address, speaks for it."""
    rank = _rank(table)
    signs_in = rank > 0 and any(map(looks_like_credential, table.columns))
    called = rank == 1 and not ends_in("tables.accounts", _telling(table))
    like = Likeness(rank, is_human(table) or signs_in or called)
    kinds = sum(any(names(kind, column) for column in table.columns) for kind in _PERSONAL)
    nobody = any(ends_in(kind, _telling(table)) for kind in ("tables.addresses", "tables.sessions"))
    if table.is_view or kinds == 0 or nobody:
        return None
    return like if like.rank != 0 or (like.human and kinds > 1) else None


def is_human(table: Table) -> bool:
    """Whether a table has columns that only human beings have, such as a last name."""
    return any(names("columns.human", column) or names("columns.login", column) for column in table.columns)


def _belongs(graph: Graph, table: Table, alike: Mapping[str, Likeness]) -> bool:
    """Whether its rows belong to people of another table, as addresses do: several rows may refer to one person."""
    return any(
        (other := alike.get(r.target)) is not None
        and r.target != table.name
        and (other >= alike[table.name] or _is_role_of(graph, r, alike))
        and (alike[table.name].rank >= 0 or other.rank < 0)
        and not is_unique(table, r.columns)
        and not acts(r)
        for r in graph.out_of(table.name)
    )


def _is_role_of(graph: Graph, reference: Reference, alike: Mapping[str, Likeness]) -> bool:
    """Whether a table such as customers only says in which role people of another table come."""
    own, other = alike[reference.table], alike[reference.target]
    back = any(r.target == reference.table for r in graph.out_of(reference.target))
    return other.human and other.rank > 0 and not own.human and not back


def _leads(graph: Graph, first: Candidate, second: Candidate) -> bool:
    """Whether the first is clearly the likelier table; tables with one row for each of the other's are one."""
    pair = (first.person.table, second.person.table)
    if refers_one_to_one(graph, *pair) or refers_one_to_one(graph, *pair[::-1]):
        return True
    if first.likeness.rank > second.likeness.rank:
        least = second.referring if second.likeness.rank > 0 else min(1, second.referring)
        return first.referring >= least
    times = 1 if first.likeness.human > second.likeness.human else _CLEARLY
    return first.referring >= max(1, times * second.referring)


def _rank(table: Table) -> int:
    """2 for customers, 1 for people of any kind, -1 for people who work there or with it, 0 for others."""
    name = _telling(table)
    if names("tables.staff", name):
        return -1
    return 2 if ends_in("tables.customers", name) else int(ends_in("tables.users", name))


def _telling(table: Table) -> str:
    return "_".join(telling_words(name_parts(table.name)[-1]))


def _referring(graph: Graph, table: Table, alike: Mapping[str, Likeness]) -> int:
    """How many other tables refer to it, directly or over others, but not over those of other people."""
    found, waiting = {table.name}, [table.name]
    while waiting:
        for reference in graph.into(waiting.pop()):
            if reference.table not in found and not acts(reference):
                found.add(reference.table)
                waiting += [] if reference.table in alike else [reference.table]
    return len(found) - 1


def tables_of(found: Sequence[Candidate]) -> frozenset[str]:
    """The tables of candidates."""
    return frozenset(c.person.table for c in found)
