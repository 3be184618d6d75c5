"""Names that the register allows although they look like credentials: `[innocent]` of a dataset."""

from collections.abc import Iterable, Sequence
from typing import Final

ITEM: Final = "*"
"""Stands for any item of an array."""


class Innocents:
    """Names of columns, members and keys that are allowed anywhere, and paths that are allowed in one place."""

    def __init__(self, entries: Iterable[str] = ()) -> None:
        paths = [tuple(map(_unescaped, entry.split("/"))) for entry in entries]
        self._names = frozenset(path[0] for path in paths if len(path) == 1)
        self._paths = frozenset(path for path in paths if len(path) > 1)

    def name(self, name: str) -> bool:
        """Whether the name is allowed anywhere."""
        return name in self._names

    def at(self, path: Sequence[str]) -> bool:
        """Whether a path is allowed: a column and the steps to a member of its JSON, with ITEM for array items."""
        return path[-1] in self._names or tuple(path) in self._paths


def _unescaped(step: str) -> str:
    """A reference token of a JSON pointer (RFC 6901) without its escapes."""
    return step.replace("~1", "/").replace("~0", "~")
