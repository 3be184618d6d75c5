"""What the controller writes to the person about a request: the kinds of letters, and one letter as plain text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from dsar_export.model.message import is_british


class LetterKind(StrEnum):
    """What a letter is for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    """The request arrived, and its answer is due on a day."""
    QUESTION = "question"
    """Something must be known before the request can be answered."""
    EXTENSION = "extension"
    """The answer takes longer than a month, and why."""
    REFUSAL = "refusal"
    """The request is refused, why, and what the person can do about it."""
    GAP = "gap"
    """Some of the data could not be read."""
    DELIVERY = "delivery"
    """The answer is here, and how to open it."""
    COMPLAINT = "complaint"
    """A complaint arrived."""
    NOTHING_HELD = "nothing_held"
    """Nobody was found: what was searched, and that there is nothing to disclose."""
    OUTCOME = "outcome"
    """What became of a complaint, why, and what follows."""


@dataclass(frozen=True)
class Letter:
    """One letter. Its texts are plain: nobody interprets them as markup or as a template again."""

    kind: LetterKind
    language: str
    """The BCP 47 tag of its texts."""
    sender: tuple[str, ...]
    """The lines of whoever writes: the controller with its address and contact."""
    date: str
    reference: str
    subject: str = field(repr=False)
    """On one line."""
    paragraphs: tuple[str, ...] = field(repr=False)
    """A paragraph may have several lines."""


@dataclass(frozen=True)
class Placeholders:
    """The names in braces that a template of one kind may have, and those without which it says too little."""

    known: frozenset[str]
    needed: frozenset[str]


COMPLAINT_TO_US: Final = "complaint_to_us"
ON_BEHALF: Final = "on_behalf"
_EVERYWHERE: Final = frozenset({
    "reference", "received", "rights", ON_BEHALF, "controller", "contact",
    "authority", "authority_url", "authority_when", "court", "gdpr", COMPLAINT_TO_US,
})  # fmt: skip


def _placeholders(more: str = "", *, needed: str = "") -> Placeholders:
    required = frozenset(needed.split())
    return Placeholders(_EVERYWHERE | required | frozenset(more.split()), required)


PLACEHOLDERS: Final[Mapping[LetterKind, Placeholders]] = MappingProxyType(
    {
        LetterKind.ACKNOWLEDGEMENT: _placeholders("due_reason identity", needed="received due"),
        LetterKind.QUESTION: _placeholders(needed="question time_limit"),
        LetterKind.EXTENSION: _placeholders("due_reason extend_by", needed="reason due"),
        LetterKind.REFUSAL: _placeholders("ground", needed="reason authority authority_url court"),
        LetterKind.GAP: _placeholders("due", needed="gaps next"),
        LetterKind.DELIVERY: _placeholders(needed="packages"),
        LetterKind.COMPLAINT: _placeholders(needed="complained authority authority_url"),
        LetterKind.NOTHING_HELD: _placeholders(
            "searched_with not_searched", needed="searched authority authority_url court"
        ),
        LetterKind.OUTCOME: _placeholders(
            "follows", needed="complained outcome reason authority authority_url court"
        ),
    }
)
"""What templates of each kind may name. A refusal also needs `complaint_to_us` where the law of a controller does."""


def needs_complaint_to_us(kind: LetterKind, country: str) -> bool:
    """Whether a letter must name the right to complain to the controller: a refusal in Britain must."""
    return kind is LetterKind.REFUSAL and is_british(country)
