"""Draws the states of a request into docs/requests.md, from the table of transitions.

.venv/bin/python -m tools.state_diagram
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from dsar_export.requests.states import ENDED, TRANSITIONS, Action, State

GUIDE: Final = Path(__file__).parents[1] / "docs" / "requests.md"
NOT_DRAWN: Final = frozenset({Action.CORRECT, Action.REFUSE, Action.CANCEL})
"""Possible in so many states that nobody could follow the arrows; they stand in the table only."""
_BETWEEN: Final = re.compile(r"(?<=states\.py -->\n)(.*?)(?=<!-- end of states -->)", re.DOTALL)


def drawn(text: str) -> str:
    """The guide with the diagram and the table between its two marks."""
    return _BETWEEN.sub(lambda _: f"\n```mermaid\n{diagram()}```\n\n{table()}\n", text, count=1)


def diagram() -> str:
    """A Mermaid state diagram; actions between the same two states share an arrow."""
    arrows: dict[tuple[State, State], list[str]] = {}
    for action, way in TRANSITIONS.items():
        if action not in NOT_DRAWN:
            for source in _in_order(way.sources):
                arrows.setdefault((source, way.target), []).append(_words(action))
    lines = [f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in arrows.items()]
    ends = [f"    {state} --> [*]" for state in _in_order(ENDED)]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {State.RECEIVED}: open", *lines, *ends]) + "\n"


def table() -> str:
    """Every action, the states in which it is possible, and where it leads."""
    lines = ["| action | possible while | leads to | done by |", "|---|---|---|---|"]
    for action, way in TRANSITIONS.items():
        sources = ", ".join(_words(state) for state in _in_order(way.sources))
        who = "the program" if way.by_program else "staff"
        lines.append(f"| {_words(action)} | {sources} | {_words(way.target)} | {who} |")
    return "\n".join(lines) + "\n"


def _in_order(states: Iterable[State]) -> list[State]:
    """In the order of a request's life."""
    return sorted(states, key=list(State).index)


def _words(name: State | Action) -> str:
    return name.replace("_", " ")


if __name__ == "__main__":
    GUIDE.write_text(drawn(GUIDE.read_text(encoding="utf-8")), encoding="utf-8")
