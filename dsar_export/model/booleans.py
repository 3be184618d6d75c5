"""The ways in which databases and registers write booleans."""

from collections.abc import Mapping, Sequence
from typing import Final

SPELLINGS: Final[Mapping[bool, Sequence[str]]] = {True: ("1", "true", "t"), False: ("0", "false", "f")}


def boolean(text: str) -> bool | None:
    """The boolean that a text spells, in any case; None if it spells none."""
    return next((truth for truth, texts in SPELLINGS.items() if text.lower() in texts), None)
