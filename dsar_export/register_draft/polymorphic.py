"""Rows that name their owner by a type and a number: Rails' `commentable_type` beside `commentable_id`."""

from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.model.half_key import GENERIC, names_a_type
from dsar_export.model.source import ColumnKind, Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.graph import Graph, facts_of
from dsar_export.register_draft.person import Person
from dsar_export.register_draft.ways import Way, Ways
from dsar_export.register_draft.words import ends_in, singular, words_in

_ANY_TABLE: Final = frozenset(GENERIC.split("|"))


def polymorphic_ways(graph: Graph, ways: Ways, person: Person) -> Mapping[str, tuple[Way, ...]]:
    """The ways to tables with such a pair of columns, and no other way; the type is spelled as Rails does, a guess."""
    kind = facts_of(graph.tables[person.table], person.key.column).kind
    pointed = {pointer.reference.target for pointer in ways.pointers}
    found = {
        table.name: tuple(
            Way(column, person.identifier, where={beside: _class_name(person.table)}, guessed=True)
            for column, beside in _pairs(graph, table, kind)
        )
        for table in graph.tables.values()
        if table.name not in ways.to and table.name not in pointed and not table.is_view
    }
    return {name: pairs for name, pairs in found.items() if pairs}


def _pairs(graph: Graph, table: Table, kind: ColumnKind) -> Iterator[tuple[str, str]]:
    """A column with a number, and the text column that names the table, with the same words before their last."""
    types = {
        words_in(name)[:-1]: name
        for name in table.columns
        if names_a_type(name) and ends_in("columns.type_endings", name)
    }
    known = {column for reference in graph.out_of(table.name) for column in reference.columns}
    for column in table.columns:
        words = words_in(column)
        if column in known or not _is_open(words):
            continue
        beside = types.get(words[:-1]) if words[-1:] in {("id",), ("uuid",), ("key",)} else None
        if beside is None or not words[:-1] or facts_of(table, column).kind not in {kind, ColumnKind.TEXT}:
            continue
        if facts_of(table, beside).kind in {ColumnKind.TEXT, ColumnKind.OTHER}:
            yield column, beside


def _is_open(words: tuple[str, ...]) -> bool:
    """Whether the word before `id` may stand for any table: `commentable`, `owner`, but not `payment`."""
    return len(words) == 2 and (words[0].endswith("able") or words[0] in _ANY_TABLE)


def _class_name(table: str) -> str:
    own = words_in(name_parts(table)[-1])
    return "".join(word.capitalize() for word in (*own[:-1], singular(own[-1])))
