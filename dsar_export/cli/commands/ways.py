"""The ways from a person to each table: as a tree in the terminal, and as a Mermaid flowchart."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.tree import Tree

from dsar_export.cli import terminal
from dsar_export.errors import NotWritableError, why_unreadable
from dsar_export.register_check.ways import WayKind, Ways
from dsar_export.register_check.ways_tree import Branch, tree_of

_ARROWS: Final = {
    WayKind.LEADS: "-->",
    WayKind.SHOWN: "-.->",
    WayKind.POINTS: "==>",
    WayKind.SELECTS: "-->",
}


def show_ways(found: Sequence[Ways]) -> None:
    """Prints a tree for each kind of people, then the tables to which no way leads."""
    for ways in found:
        tree = tree_of(ways)
        terminal.print_tree(_grow(Tree(tree.text), tree))
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


def _grow(tree: Tree, branch: Branch) -> Tree:
    for each in branch.branches:
        _grow(tree.add(each.text), each)
    return tree


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
