"""What the register allows although it is called like a credential: `[innocent]` of a dataset."""

from collections.abc import Iterable, Sequence
from typing import Final

ITEM: Final = "*"
"""Any item of an array."""


class Innocents:
    """Names of columns, members and keys that pass wherever they stand, and paths that pass at their place."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        told = [tuple(map(_plain, entry.split("/"))) for entry in entries]
        self._names = frozenset(steps[0] for steps in told if len(steps) == 1)
        self._paths = frozenset(steps for steps in told if len(steps) > 1)

    def name(self, name: str) -> bool:
        """Whether the name passes by itself."""
        return name in self._names

    def at(self, path: Sequence[str]) -> bool:
        """Whether what stands there passes: a column, and the steps to a member of its JSON; items are all ITEM."""
        return path[-1] in self._names or tuple(path) in self._paths


def _plain(step: str) -> str:
    """A reference token of a JSON pointer (RFC 6901) as it is called."""
    return step.replace("~1", "/").replace("~0", "~")
