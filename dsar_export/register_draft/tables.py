"""Why no dataset reads a table: its reason, or `undecided` with what speaks for it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from dsar_export.model.source import Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.columns import UNDECIDED
from dsar_export.register_draft.graph import Graph
from dsar_export.register_draft.lookups import describes_people, lookup_of
from dsar_export.register_draft.shape import Line, Toml
from dsar_export.register_draft.ways import Ways
from dsar_export.register_draft.words import ends_in, is_one, names, words_in

NOT_DECIDED: Final = "It was not decided yet whether it holds your data."
_SHADOWS: Final = (
    "data",
    "idx",
    "content",
    "docsize",
    "config",
    "segments",
    "segdir",
    "stat",
    "node",
    "parent",
    "rowid",
)


def left_out_tables(
    graph: Graph, ways: Ways, people: frozenset[str], read: frozenset[str]
) -> tuple[Line, ...]:
    """A line of `left_out` for each table and view that no dataset reads."""
    shadows = frozenset(_shadows(graph))
    impersonal = _impersonal(graph, frozenset(ways.to) | people | read)
    return tuple(
        _line(graph, table, ways, people, impersonal, shadows)
        for table in graph.tables.values()
        if table.name not in read
    )


def _line(
    graph: Graph,
    table: Table,
    ways: Ways,
    people: frozenset[str],
    impersonal: frozenset[str],
    shadows: frozenset[str],
) -> Line:
    name = name_parts(table.name)[-1]
    if table.is_view:
        return _left(
            table, "copied_elsewhere", "It shows rows of the tables, in another form.", "a view; a guess"
        )
    if table.name in shadows:
        return _left(table, "copied_elsewhere", "The words of another table, kept for searching.")
    if is_one("tables.migrations", name):
        return _left(table, "not_personal", "It says in which version the database itself is.")
    if lookup_of(graph, table.name) is not None:
        return _left(table, "not_personal", "It explains codes.", "a guess")
    if table.name in impersonal:
        return _left(table, "not_personal", "It says nothing about a person.", "a guess")
    return _left(table, UNDECIDED, NOT_DECIDED, _marked(table, ways, people))


def is_not_personal(line: Line) -> bool:
    """Whether a line says that a table names nobody."""
    return isinstance(line.value, Mapping) and line.value["reason"] == "not_personal"


def outside(table: Table) -> Line:
    """The line of a table in a schema that was not drafted."""
    return _left(table, UNDECIDED, NOT_DECIDED, "in a schema that was not drafted")


def _left(table: Table, reason: str, note: str, remark: str | None = None) -> Line:
    value: Toml = {"reason": reason, "note": note}
    return Line(table.name, value, remark)


def _marked(table: Table, ways: Ways, people: frozenset[str]) -> str:
    name = name_parts(table.name)[-1]
    if table.name in people:
        return "people of another kind: draft them with --person, or leave the table out with a reason"
    acting = sorted({r.columns[0] for r in ways.acting if r.table == table.name})
    if acting:
        return f"{', '.join(acting)} may only name who did something with a row"
    if ends_in("tables.sessions", name):
        return "sessions: what they hold may open an account"
    if ends_in("tables.queues", name):
        return "work in progress of a program: it may hold copies of people's data"
    return "no key leads from the person to its rows"


def _impersonal(graph: Graph, never: frozenset[str]) -> frozenset[str]:
    """Tables without a column about people that others refer to, and those that only connect such tables."""
    plain = {
        name
        for name, table in graph.tables.items()
        if name not in never and not table.is_view and not _may_be_personal(table)
    }
    found = {name for name in plain if graph.into(name)}
    return frozenset(found | {n for n in plain - found if _only_connects(graph, n, found)})


def _may_be_personal(table: Table) -> bool:
    name = name_parts(table.name)[-1]
    hidden = any(ends_in(kind, name) for kind in ("tables.sessions", "tables.queues", "tables.versions"))
    return (
        hidden
        or describes_people(table)
        or any(
            names("columns.free_text", column) or names("columns.login", column) for column in table.columns
        )
    )


def _only_connects(graph: Graph, name: str, found: set[str]) -> bool:
    targets = {reference.target for reference in graph.out_of(name)}
    return len(targets) > 1 and targets <= found


def _shadows(graph: Graph) -> Iterator[str]:
    """The tables of a full-text index: several with the same name before `_data`, `_idx` and the like."""
    by_stem: dict[str, list[str]] = {}
    for name in graph.tables:
        stem, _, ending = name.rpartition("_")
        if stem and ending in _SHADOWS:
            by_stem.setdefault(stem, []).append(name)
    for stem, found in by_stem.items():
        if len(found) > 2 and (stem in graph.tables or _is_search(found)):
            yield from found
            yield from (stem,) if stem in graph.tables else ()


def _is_search(found: Sequence[str]) -> bool:
    return any({"fts", "search"} & {*words_in(name)} for name in found)
