"""The register's own words: which texts of it a person reads, and their translations."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final


@dataclass(frozen=True)
class _Mark:
    """Marks a text that the report shows to the person in the report's language."""


MARK: Final = _Mark()
Words = Annotated[str, MARK]
"""A text in the person's words; names and addresses are no such texts."""


class Translated(str):
    """A text that is in the report's language already, so that no catalogue translates it once more."""

    __slots__ = ()


@dataclass(frozen=True)
class Translations:
    """The translations of a register's words into one language, from the file under `translations`."""

    words: Mapping[str, str]
    """Each translated text with its translation."""
    lines: Mapping[str, int]
    """Each text of the file with its line, whether it is translated or not."""
