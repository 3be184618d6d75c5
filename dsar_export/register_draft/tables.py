"""Why no dataset reads a table: its reason, or `undecided` with what speaks for it."""

from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.model.source import Table
from dsar_export.model.table_name import name_parts
from dsar_export.register_draft.columns import UNDECIDED
from dsar_export.register_draft.graph import Graph
from dsar_export.register_draft.lookups import describes_people, lookup_of
from dsar_export.register_draft.person import refers_one_to_one
from dsar_export.register_draft.shape import Line, Toml
from dsar_export.register_draft.ways import Ways
from dsar_export.register_draft.words import ends_in, is_one, names

_PEOPLE: Final = ("tables.customers", "tables.users", "tables.staff")
_PERSONAL: Final = (
    *("columns.free_text", "columns.login", "columns.visit"),
    *_PEOPLE,
    "columns.acting",
)
_HIDDEN: Final = ("tables.sessions", "tables.queues", "tables.versions", "tables.activities")
NOT_DECIDED: Final = "It was not decided yet whether it holds your data."
_SHADOWS: Final = (
    (frozenset({"data", "idx", "config"}), frozenset({"content", "docsize"})),
    (frozenset({"segments", "segdir"}), frozenset({"content", "docsize", "stat"})),
    (frozenset({"node", "parent", "rowid"}), frozenset[str]()),
)
"""The endings that the tables of SQLite's FTS5, FTS4 and R*Tree always have, and those that they may have."""


def left_out_tables(
    graph: Graph, ways: Ways, people: frozenset[str], read: frozenset[str]
) -> tuple[Line, ...]:
    """A line of `left_out` for each table and view that no dataset reads."""
    shadows = frozenset(_shadows(graph))
    acting = {reference.table for reference in ways.acting}
    impersonal = _impersonal(graph, people, frozenset([*ways.to, *people, *read, *acting]))
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
        return _left(table, "not_personal", "A program keeps it about itself, such as its version.")
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


def _impersonal(graph: Graph, people: frozenset[str], never: frozenset[str]) -> frozenset[str]:
    """Tables without a column about people that others refer to, and those that only connect such tables."""
    plain = {
        name
        for name, table in graph.tables.items()
        if name not in never and not table.is_view and not _may_be_personal(table)
        if not any(refers_one_to_one(graph, name, r.target) for r in graph.out_of(name) if r.target in people)
    }
    found = {name for name in plain if graph.into(name)}
    return frozenset(found | {n for n in plain - found if _only_connects(graph, n, found)})


def _may_be_personal(table: Table) -> bool:
    name = name_parts(table.name)[-1]
    declared = {column for key in table.foreign_keys for column in key.columns}
    own = [column for column in table.columns if column not in {*declared, *table.primary_key}]
    return (
        any(ends_in(kind, name) for kind in (*_HIDDEN, *_PEOPLE))
        or describes_people(table)
        or any(names(kind, column) for kind in _PERSONAL for column in own)
    )


def _only_connects(graph: Graph, name: str, found: set[str]) -> bool:
    targets = {reference.target for reference in graph.out_of(name)}
    return len(targets) > 1 and targets <= found


def _shadows(graph: Graph) -> Iterator[str]:
    """The tables in which a virtual one for searching keeps its words, and itself if it keeps no texts.

    A virtual table with its own texts or places may be the only one that has them, so it is left to decide.
    """
    endings: dict[str, set[str]] = {}
    for name in graph.tables:
        stem, _, ending = name.rpartition("_")
        endings.setdefault(stem, set()).add(ending)
    for stem, found in endings.items():
        if stem in graph.tables:
            for always, perhaps in _SHADOWS:
                if always <= found:
                    yield from (f"{stem}_{ending}" for ending in found & (always | perhaps))
                    yield from (stem,) if "content" in perhaps - found else ()
