"""The links of a draft: from what people write from to their key and back, and to what their rows point to."""

from collections.abc import Iterator
from typing import Final

from dsar_export.model.credential import looks_like_credential
from dsar_export.model.source import ColumnKind
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.datasets import no_where
from dsar_export.register_draft.graph import Graph, RowKey, facts_of, is_unique
from dsar_export.register_draft.person import Person
from dsar_export.register_draft.shape import Line
from dsar_export.register_draft.ways import Pointer, Ways
from dsar_export.register_draft.words import ends_in, is_one, names, words_in

CONTACTS: Final = ("email", "phone", "login")


def links_of(graph: Graph, source: str, person: Person, ways: Ways) -> tuple[tuple[Line, ...], ...]:
    """The lines of each link, each link once."""
    found = [
        *(link for place in _places(graph, person, ways) for link in _contacts(graph, source, place)),
        *(link for partner in ways.partners for link in _both_ways(source, partner)),
        *(_pointer(graph, source, pointer) for pointer in ways.pointers),
    ]
    return tuple(link for at, link in enumerate(found) if link not in found[:at])


def contact_columns(graph: Graph, table: str) -> Iterator[tuple[str, str]]:
    """The kind of identifier and the column of each address, number and login in a table."""
    known = graph.tables[table]
    for kind in CONTACTS:
        for column in known.columns:
            if facts_of(known, column).kind in {ColumnKind.TEXT, ColumnKind.OTHER} and _is_contact(
                kind, column
            ):
                yield kind, column


def _is_contact(kind: str, column: str) -> bool:
    """Whether a column holds what people themself write from or sign in with."""
    own = words_in(column)
    while len(own) > 1 and is_one("columns.which", own[-1]) and not ends_in(f"columns.{kind}", "_".join(own)):
        own = own[:-1]
    return (
        ends_in(f"columns.{kind}", "_".join(own))
        and not names("columns.unproven", column)
        and not names("columns.of_others", column)
        and not looks_like_credential(column)
    )


def _places(graph: Graph, person: Person, ways: Ways) -> Iterator[Person]:
    """Where the person's addresses stand: in their own row, their login, their profile, and tables of addresses."""
    yield person
    for partner in ways.partners:
        yield Person(partner.reference.target, RowKey(partner.reference.keys[0]), partner.leads_to)
    for name, found in ways.to.items():
        way = found[0]
        single = len(found) == 1 and not way.steps and way.tenant is None and way.identifier not in CONTACTS
        own = name in ways.selves and is_unique(graph.tables[name], (way.column,))
        if single and not way.guessed and name != person.table and (own or _is_of_contacts(name)):
            yield Person(name, RowKey(way.column), way.identifier)


def _is_of_contacts(table: str) -> bool:
    return any(ends_in(f"columns.{kind}", name_parts(table)[-1]) for kind in CONTACTS)


def _contacts(graph: Graph, source: str, person: Person) -> Iterator[tuple[Line, ...]]:
    for kind, column in contact_columns(graph, person.table):
        match = (Line("match", "casefold"),) if kind != "phone" else (Line("match", "exact", _PHONES),)
        key = person.key
        if kind == person.identifier:
            continue
        tenant = () if key.tenant is None else (Line("tenant_column", key.tenant),)
        yield (*_link(kind, person.identifier, source, person.table, column, key.column), *match, *tenant)
        yield (*_link(person.identifier, kind, source, person.table, key.column, column), *tenant)


_PHONES: Final = 'numbers in any spelling: match = "e164", region = "GB" (your country)'


def _link(
    given: str, leads_to: str, source: str, table: str, given_column: str, leads_to_column: str
) -> tuple[Line, ...]:
    return (
        Line("given", given),
        Line("leads_to", leads_to),
        Line("source", source),
        Line("table", table),
        Line("given_column", given_column),
        Line("leads_to_column", leads_to_column),
    )


def _both_ways(source: str, partner: Pointer) -> Iterator[tuple[Line, ...]]:
    reference = partner.reference
    own, other = partner.given_column, reference.columns[0]
    yield _link(partner.given, partner.leads_to, source, reference.table, own, other)
    yield _link(partner.leads_to, partner.given, source, reference.table, other, own)


def _pointer(graph: Graph, source: str, pointer: Pointer) -> tuple[Line, ...]:
    reference = pointer.reference
    column = reference.columns[0]
    reason = no_where(graph.tables[reference.table], column, reference.target)
    return (
        *_link(pointer.given, pointer.leads_to, source, reference.table, pointer.given_column, column),
        Line("strength", "reference", f"what the rows point to in {reference.target}, shared or not"),
        *((Line("no_where", reason),) if reason is not None else ()),
    )
