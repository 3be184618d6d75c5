"""Keys that a table may lack only if it lists them as undecided."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from dsar_export.model.undecided import Statement, Term

_LIST: Final = "undecided"
STATEMENTS: Final = tuple(Statement)
TERMS: Final = tuple(term for term in Term if term is not Term.RECIPIENTS)
"""Those without which a dataset was never complete; who receives its data may go unsaid, which `check` warns of."""


def undecided_problems(content: Mapping[str, object], needed: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The keys of a table of the file that are neither written nor undecided, or are both, each with its problem."""
    listed = content.get(_LIST)
    undecided = [key for key in listed if isinstance(key, str)] if isinstance(listed, list) else []
    for key in needed:
        if key not in content and key not in undecided:
            yield key, f"this key is missing; add it, or list it under {_LIST}"
    for key in dict.fromkeys(undecided):
        if key in content:
            yield _LIST, f"{key!r} is decided in this file, so it must not be listed; keep one of them"
