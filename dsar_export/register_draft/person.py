"""Which table has one row for each person: by its columns, its key, and how many tables refer to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.model.source import Table
from dsar_export.model.table_name import name_parts
from dsar_export.register.hints import nearest
from dsar_export.register_draft.graph import Graph, RowKey, facts_of, is_unique, row_key
from dsar_export.register_draft.words import ends_in, names, simple_name, singular, words_in

_PERSONAL: Final = ("columns.email", "columns.phone", "columns.login", "columns.personal", "columns.address")
_BARE: Final = frozenset({"id", "key", "uuid", "guid", "nr", "no", "number"})
_MOST_LISTED: Final = 12
_CLEARLY: Final = 2
"""How many times as many tables must refer to the first candidate as to the second."""


@dataclass(frozen=True)
class Person:
    """The table with one row for each person, what names a row, and the kind of identifier that this is."""

    table: str
    key: RowKey
    identifier: str


@dataclass(frozen=True)
class Candidate:
    """A table that may be the person's; `rank` is higher for customers than for staff, `referring` counts tables."""

    person: Person
    rank: int
    referring: int


def candidates(graph: Graph) -> tuple[Candidate, ...]:
    """Every table that has a key and columns of people, the likeliest first."""
    alike = {t.name for t in graph.tables.values() if _describes_a_person(t)}
    found = [
        Candidate(
            Person(table.name, key, identifier_of(table, key.column)), _rank(table), _referring(graph, table)
        )
        for table in graph.tables.values()
        if table.name in alike and (key := row_key(table)) is not None and not _belongs(graph, table, alike)
    ]
    return tuple(sorted(found, key=lambda c: (-c.rank, -c.referring, c.person.table)))


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
    if len(found) > 1 and not _leads(found[0], found[1]):
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
    own = words_in(name_parts(table.name)[-1]) or ("row",)
    return simple_name("_".join((*own[:-1], singular(own[-1]), *words_in(key))))


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


def _describes_a_person(table: Table) -> bool:
    """Whether a table's columns describe people: a name and two kinds of columns, or one kind and a telling name."""
    kinds = sum(any(names(kind, column) for column in table.columns) for kind in _PERSONAL)
    return not table.is_view and (kinds > 0 if _rank(table) > 0 else kinds > 1 and _has_a_name(table))


def _belongs(graph: Graph, table: Table, alike: set[str]) -> bool:
    """Whether its rows belong to people of another table, as addresses do: several rows may refer to one person."""
    return any(
        r.target in alike
        and r.target != table.name
        and not is_unique(table, r.columns)
        and not any(names("columns.acting", column) for column in r.columns)
        for r in graph.out_of(table.name)
    )


def _leads(first: Candidate, second: Candidate) -> bool:
    if first.rank != second.rank:
        return (first.rank > second.rank and first.referring > 0) or second.referring == 0
    return first.referring >= max(1, _CLEARLY * second.referring)


def _rank(table: Table) -> int:
    """1 for people to whom an organisation answers, -1 for people who work for it or with it, 0 for others."""
    name = name_parts(table.name)[-1]
    if ends_in("tables.customers", name):
        return 1
    return -1 if ends_in("tables.staff", name) else 0


def _has_a_name(table: Table) -> bool:
    return any(
        names("columns.personal", column) or words_in(column) == ("name",)
        for column in table.columns
        if facts_of(table, column).values is None
    )


def _referring(graph: Graph, table: Table) -> int:
    """How many other tables refer to it, directly or over others."""
    found, waiting = {table.name}, [table.name]
    while waiting:
        for reference in graph.into(waiting.pop()):
            if reference.table not in found:
                found.add(reference.table)
                waiting.append(reference.table)
    return len(found) - 1


def tables_of(found: Sequence[Candidate]) -> frozenset[str]:
    """The tables of candidates."""
    return frozenset(c.person.table for c in found)
