"""The ways from a kind of people to its tables as a tree of short texts."""

from collections.abc import Iterator
from dataclasses import dataclass

from dsar_export.register_check.ways import WayKind, Ways


@dataclass(frozen=True)
class Branch:
    """A text with what follows from it."""

    text: str
    branches: tuple["Branch", ...] = ()


def tree_of(ways: Ways) -> Branch:
    """The tree from the subject on; kinds to which nothing leads from there come last."""
    shown = {ways.subject}
    branches = list(_grown(ways, ways.subject, shown))
    for kind in _apart(ways):
        shown.add(kind)
        text = f"{kind} (nothing leads here from {ways.subject})"
        branches.append(Branch(text, tuple(_grown(ways, kind, shown))))
    return Branch(ways.subject, tuple(branches))


def _grown(ways: Ways, kind: str, shown: set[str]) -> Iterator[Branch]:
    """What a kind of identifier leads to; what stands elsewhere in the tree is not repeated."""
    for way in ways.from_(kind):
        if way.kind is WayKind.SELECTS:
            yield Branch(f"{way.end}: {way.table} by {way.by}")
        elif way.end == ways.subject:
            continue  # the way back
        elif way.end in shown:
            yield Branch(f"{way.kind} {way.end} by {way.by} (shown elsewhere)")
        else:
            shown.add(way.end)
            yield Branch(f"{way.kind} {way.end} by {way.by}", tuple(_grown(ways, way.end, shown)))


def _apart(ways: Ways) -> list[str]:
    """The kinds from which ways begin, but to which none leads from the subject."""
    reached, waiting = {ways.subject}, [ways.subject]
    while waiting:
        for way in ways.from_(waiting.pop()):
            if way.table is None and way.end not in reached:
                reached.add(way.end)
                waiting.append(way.end)
    return [kind for kind in dict.fromkeys(way.start for way in ways.ways) if kind not in reached]
