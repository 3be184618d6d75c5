"""Tables that explain codes: a key, and a text for each."""

from typing import Final

from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.source import ColumnKind, Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.credentials import is_credential
from dsar_export.register_draft.graph import Graph, Reference, facts_of, single_key
from dsar_export.register_draft.words import ends_in, is_one, names, singular, words_in

_TEXTS: Final = frozenset({ColumnKind.TEXT, ColumnKind.OTHER})
_BESIDE: Final = frozenset({ColumnKind.INSTANT, ColumnKind.LOCAL_TIME, ColumnKind.DATE, ColumnKind.BOOLEAN})
_MOST_TEXTS: Final = 2
_ADDRESSES: Final = frozenset({"address", "adresse", "adressen", "anschrift"})
_NOT_CODES: Final = (
    "tables.customers",
    "tables.users",
    "tables.staff",
    "tables.activities",
    "tables.settings",
    "tables.sessions",
    "tables.queues",
    "tables.versions",
)


def lookup_of(graph: Graph, name: str) -> CodeTable | None:
    """How a table explains codes, if that is all it does: its key, one or two texts, and else only times and marks."""
    table = graph.tables[name]
    key = single_key(table)
    if table.is_view or key is None or graph.out_of(name) or _may_name_somebody(graph, table):
        return None
    rest = [
        column for column in table.columns if column != key and facts_of(table, column).kind not in _BESIDE
    ]
    texts = [column for column in rest if facts_of(table, column).kind in _TEXTS]
    if len(texts) != len(rest) or not 0 < len(texts) <= _MOST_TEXTS or describes_people(table):
        return None
    return CodeTable(
        table=name, code=key, meaning=next((c for c in texts if names("columns.meaning", c)), texts[0])
    )


def _may_name_somebody(graph: Graph, table: Table) -> bool:
    """Whether a table is one of people or of what they do, or holds credentials, or explains nothing that we see."""
    name = name_parts(table.name)[-1]
    if any(ends_in(kind, name) for kind in _NOT_CODES) or any(
        is_credential(table.name, c) for c in table.columns
    ):
        return True
    return not graph.into(table.name) and not any(
        ends_in("columns.titles", column) for column in table.columns
    )


def describes_people(table: Table) -> bool:
    """Whether columns of a table have names such as `street` or `email`; the city of a table of cities is its name."""
    own = words_in(name_parts(table.name)[-1])
    kinds = ("columns.email", "columns.phone", "columns.human", "columns.personal")
    places = [c for c in table.columns if is_address(table.name) or not _repeats(own, c)]
    return any(names(kind, column) for kind in kinds for column in table.columns) or any(
        names("columns.address", column) for column in places
    )


def is_address(table: str) -> bool:
    """Whether a table has the name of one of addresses."""
    return (
        words_in(name_parts(table)[-1])[-1:] != ()
        and singular(words_in(name_parts(table)[-1])[-1]) in _ADDRESSES
    )


def _repeats(own: tuple[str, ...], column: str) -> bool:
    words = words_in(column)
    return bool(own) and words[: len(own)] == (*own[:-1], singular(own[-1]))


def meaning_of(graph: Graph, reference: Reference) -> CodeTable | None:
    """How the target of a reference explains its key to a reader, such as a product's name; None if nothing does."""
    lookup = lookup_of(graph, reference.target)
    if lookup is not None:
        return lookup if reference.keys == (lookup.code,) else None
    table = graph.tables[reference.target]
    if table.is_view or reference.keys != (single_key(table),):
        return None
    texts = [
        c
        for c in table.columns
        if c not in reference.keys and facts_of(table, c).kind in _TEXTS and not is_credential(table.name, c)
    ]
    meaning = next((c for c in texts if is_one("columns.meaning", c) or ends_in("columns.titles", c)), None)
    return None if meaning is None else CodeTable(table=table.name, code=reference.keys[0], meaning=meaning)
