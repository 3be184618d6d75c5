"""One request: who asks, for what, and on what evidence."""

import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

_DIGITS: Final = re.compile(r"([0-9]+)")
_LETTERS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no two look alike


def new_reference(at: datetime, kind: str = "DSAR") -> str:
    """The date and 40 random bits: nothing that identifies the person."""
    return f"{kind}-{at:%Y%m%d}-" + "".join(secrets.choice(_LETTERS) for _ in range(8))


class Right(StrEnum):
    """The right that is exercised."""

    ACCESS = "access"
    PORTABILITY = "portability"


def in_order(rights: Iterable[Right]) -> tuple[Right, ...]:
    """Each of these rights once, in the order of `Right`."""
    named = frozenset(rights)
    return tuple(right for right in Right if right in named)


@dataclass(frozen=True)
class Identifier:
    """How a source knows a person. Its value is personal data and does not belong in any message.

    Numbers in values sort as numbers: C-9 comes before C-10.
    """

    kind: str
    value: str

    def __lt__(self, other: "Identifier") -> bool:
        return self._order < other._order

    @property
    def _order(self) -> tuple[str, tuple[str, ...], tuple[tuple[int, str], ...], str]:
        parts = _DIGITS.split(self.value)  # texts and digits in turn
        digits = [(len(d), d) for d in (part.lstrip("0") for part in parts[1::2])]
        return self.kind, tuple(parts[::2]), tuple(digits), self.value

    def __repr__(self) -> str:
        return f"Identifier(kind={self.kind!r})"


@dataclass(frozen=True)
class Verification:
    """Who established that the requester is the subject, when, and on what evidence."""

    by: str
    evidence: str
    at: datetime


@dataclass(frozen=True)
class SubjectRequest:
    """A verified request, ready to be answered.

    `chosen` holds the subject keys that a member of staff chose because several people were found.
    """

    reference: str
    right: Right
    controller: str
    identifiers: tuple[Identifier, ...]
    verification: Verification
    chosen: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    """The only datasets that an agent's mandate covers; all, if there are none."""


def in_scope(dataset: str, scope: Collection[str]) -> bool:
    """Whether a mandate covers a dataset; one without a scope covers all."""
    return not scope or dataset in scope
