"""The ways from a person to each table: as a tree in the terminal, and as a Mermaid flowchart."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.tree import Tree

from dsar_export.cli import terminal
from dsar_export.errors import NotWritableError, why_unreadable
from dsar_export.register_check.ways import WayKind, Ways

_ARROWS: Final = {
    WayKind.LEADS: "-->",
    WayKind.SHOWN: "-.->",
    WayKind.POINTS: "==>",
    WayKind.SELECTS: "-->",
}


def show_ways(found: Sequence[Ways]) -> None:
    """Prints a tree for each kind of people, then the tables to which no way leads."""
    for ways in found:
        tree, shown = Tree(ways.subject), {ways.subject}
        _grow(tree, ways, ways.subject, shown)
        for kind in _apart(ways):
            shown.add(kind)
            _grow(tree.add(f"{kind} (nothing leads here from {ways.subject})"), ways, kind, shown)
        terminal.print_tree(tree)
    unread = dict(pair for ways in found for pair in ways.unread)
    if unread:
        terminal.print_table(("table without a way", "why"), list(unread.items()))


def write_graph(file: Path, found: Sequence[Ways]) -> None:
    """Writes the ways as a Mermaid flowchart; NotWritableError."""
    try:
        file.write_text("\n".join(_mermaid(found)) + "\n", encoding="utf-8")
    except OSError as error:
        raise NotWritableError(
            f"{file}: can't be written ({why_unreadable(error)}); name another file"
        ) from None


def ways_as_json(found: Sequence[Ways]) -> list[dict[str, object]]:
    """The ways as `--json` shows them, one object for each kind of people."""
    return [
        {"subject": ways.subject, "ways": [vars(way) for way in ways.ways], "unread": dict(ways.unread)}
        for ways in found
    ]


def _grow(tree: Tree, ways: Ways, kind: str, shown: set[str]) -> None:
    """Adds what a kind of identifier leads to; what stands elsewhere in the tree is not repeated."""
    for way in ways.from_(kind):
        if way.kind is WayKind.SELECTS:
            tree.add(f"{way.end}: {way.table} by {way.by}")
        elif way.end == ways.subject:
            continue  # the way back
        elif way.end in shown:
            tree.add(f"{way.kind} {way.end} by {way.by} (shown elsewhere)")
        else:
            shown.add(way.end)
            _grow(tree.add(f"{way.kind} {way.end} by {way.by}"), ways, way.end, shown)


def _apart(ways: Ways) -> list[str]:
    """The kinds from which ways begin, but to which none leads from the subject."""
    reached, waiting = {ways.subject}, [ways.subject]
    while waiting:
        for way in ways.from_(waiting.pop()):
            if way.table is None and way.end not in reached:
                reached.add(way.end)
                waiting.append(way.end)
    return [kind for kind in dict.fromkeys(way.start for way in ways.ways) if kind not in reached]


def _mermaid(found: Sequence[Ways]) -> Iterator[str]:
    yield "flowchart LR"
    nodes: dict[tuple[int, str | None, str], str] = {}
    for number, ways in enumerate(found):
        nodes |= {key: f"n{len(nodes) + n}" for n, key in enumerate(_nodes(number, ways))}
        for (group, table, name), node in nodes.items():
            if group == number:
                yield f"  {node}{_shape(ways, table, name)}"
        for way in ways.ways:
            start, end = nodes[number, None, way.start], nodes[number, way.table, way.end]
            yield f"  {start} {_ARROWS[way.kind]}|{_text(way.by)}| {end}"
    unread = dict(pair for ways in found for pair in ways.unread)
    for number, (table, reason) in enumerate(unread.items()):
        yield f"  left{number}[{_text(f'{table}: {reason}')}]:::left"
    yield "  classDef left stroke-dasharray: 4"


def _nodes(number: int, ways: Ways) -> dict[tuple[int, str | None, str], None]:
    """The kinds of identifier and the datasets with their tables, each once."""
    kinds = [ways.subject, *(way.start for way in ways.ways)]
    ends = [(number, way.table, way.end) for way in ways.ways]
    return dict.fromkeys([*((number, None, kind) for kind in kinds), *ends])


def _shape(ways: Ways, table: str | None, name: str) -> str:
    if table is not None:
        return f"[{_text(f'{table} -> {name}')}]"
    return f"([{_text(name)}])" if name == ways.subject else f"({_text(name)})"


def _text(text: str) -> str:
    """A quoted text; Mermaid writes a quote inside as an entity."""
    return '"' + text.replace('"', "#quot;").replace("<", "#lt;") + '"'
