"""The ways from a person to each table: as a tree in the terminal, and as a Mermaid flowchart."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from rich.tree import Tree

from dsar_export.cli import terminal
from dsar_export.errors import NotWritableError, why_unreadable
from dsar_export.register_check.ways import Way, WayKind, Ways

_ARROWS: Final = {
    WayKind.LEADS: "-->",
    WayKind.SHOWN: "-.->",
    WayKind.POINTS: "==>",
    WayKind.SELECTS: "-->",
}


def show_ways(found: Sequence[Ways]) -> None:
    """Prints a tree for each kind of people, then the tables to which no way leads."""
    console = terminal.out()
    for ways in found:
        tree = Tree(ways.subject)
        _grow(tree, ways, ways.subject, {ways.subject})
        for kind in _apart(ways):
            _grow(tree.add(f"{kind} (nothing leads here from {ways.subject})"), ways, kind, {kind})
        console.print(tree)
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


def _grow(tree: Tree, ways: Ways, kind: str, above: set[str]) -> None:
    for way in ways.from_(kind):
        if way.kind is WayKind.SELECTS:
            tree.add(f"{way.end}: {way.table} by {way.by}")
        elif way.end in above:
            continue  # the way back
        else:
            _grow(tree.add(f"{way.kind} {way.end} by {way.by}"), ways, way.end, above | {way.end})


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
    for number, ways in enumerate(found):
        kinds = dict.fromkeys([ways.subject, *(way.start for way in ways.ways)])
        kinds |= dict.fromkeys(way.end for way in ways.ways if way.table is None)
        for kind in kinds:
            shape = ("([", "])") if kind == ways.subject else ("(", ")")
            yield f"  {_node(number, kind)}{shape[0]}{_text(kind)}{shape[1]}"
        for way in ways.ways:
            yield _edge(number, way)
    for table, reason in dict(pair for ways in found for pair in ways.unread).items():
        yield f"  {_node('left', table)}[{_text(f'{table}: {reason}')}]:::left"
    yield "  classDef left stroke-dasharray: 4"


def _edge(number: int, way: Way) -> str:
    arrow, end = _ARROWS[way.kind], _node(number, way.end)
    if way.table is not None:
        end = f"{_node(number, f'dataset {way.end}')}[{_text(f'{way.table} -> {way.end}')}]"
    return f"  {_node(number, way.start)} {arrow}|{_text(way.by)}| {end}"


def _node(number: object, name: str) -> str:
    """An id that Mermaid accepts, different for every name."""
    plain = re.sub(r"\W", "_", name)
    return f"n{number}_{plain}" if plain == name else f"n{number}_{plain}_{name.encode().hex()}"


def _text(text: str) -> str:
    """A quoted text; Mermaid writes a quote inside as an entity."""
    return '"' + text.replace('"', "#quot;").replace("<", "#lt;") + '"'
