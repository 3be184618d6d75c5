"""Small tables that only explain codes: a key, and one text for each."""

from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.source import ColumnKind
from dsar_export.register_draft.graph import Graph, facts_of, single_key
from dsar_export.register_draft.words import names, words_in

_TEXTS = frozenset({ColumnKind.TEXT, ColumnKind.OTHER})
_TIMES = frozenset({ColumnKind.INSTANT, ColumnKind.LOCAL_TIME, ColumnKind.DATE, ColumnKind.BOOLEAN})


def lookup_of(graph: Graph, name: str) -> CodeTable | None:
    """How a table explains codes, if that is all it does: its key, one text, and nothing else but times and marks."""
    table = graph.tables[name]
    key = single_key(table)
    if table.is_view or key is None or graph.out_of(name):
        return None
    rest = [column for column in table.columns if column != key and facts_of(table, column).kind not in _TIMES]
    texts = [column for column in rest if facts_of(table, column).kind in _TEXTS]
    if len(texts) != len(rest) or not texts:
        return None
    meaning = next((column for column in texts if names("columns.meaning", column)), texts[0])
    return CodeTable(table=name, code=key, meaning=meaning) if len(texts) <= 2 or _is_named(meaning) and len(texts) == 2 else None


def _is_named(column: str) -> bool:
    return len(words_in(column)) == 1
