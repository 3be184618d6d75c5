"""Tables that explain codes: a key, and a text for each."""

from typing import Final

from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.source import ColumnKind, Table
from dsar_export.register_draft.graph import Graph, Reference, facts_of, single_key
from dsar_export.register_draft.words import ends_in, is_one, names

_TEXTS: Final = frozenset({ColumnKind.TEXT, ColumnKind.OTHER})
_BESIDE: Final = frozenset({ColumnKind.INSTANT, ColumnKind.LOCAL_TIME, ColumnKind.DATE, ColumnKind.BOOLEAN})
_MOST_TEXTS: Final = 2


def lookup_of(graph: Graph, name: str) -> CodeTable | None:
    """How a table explains codes, if that is all it does: its key, one or two texts, and else only times and marks."""
    table = graph.tables[name]
    key = single_key(table)
    if table.is_view or key is None or graph.out_of(name):
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


def describes_people(table: Table) -> bool:
    """Whether columns of a table have names such as `street` or `email`."""
    kinds = ("columns.email", "columns.phone", "columns.personal", "columns.address")
    return any(
        names(kind, column) for kind in kinds for column in table.columns if not is_one(kind, table.name)
    )


def meaning_of(graph: Graph, reference: Reference) -> CodeTable | None:
    """How the target of a reference explains its key to a reader, such as a product's name; None if nothing does."""
    lookup = lookup_of(graph, reference.target)
    if lookup is not None:
        return lookup if reference.keys == (lookup.code,) else None
    table = graph.tables[reference.target]
    if table.is_view or reference.keys != (single_key(table),):
        return None
    texts = [c for c in table.columns if c not in reference.keys and facts_of(table, c).kind in _TEXTS]
    meaning = next((c for c in texts if is_one("columns.meaning", c) or ends_in("columns.titles", c)), None)
    return None if meaning is None else CodeTable(table=table.name, code=reference.keys[0], meaning=meaning)
