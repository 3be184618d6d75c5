"""What a report is made of: plain values that say what is told, not how it looks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list without order."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Labels with what they stand for; a text may have several lines."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Grid:
    """A table; `right` are the columns of numbers, `bulk` rows are cut to a few lines."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: frozenset[int] = frozenset()
    bulk: bool = False


@dataclass(frozen=True)
class Cards:
    """Records too wide for a table: each a card of labels and values, in the labels' order."""

    title: str
    labels: tuple[str, ...]
    records: tuple[tuple[str, ...], ...]


Block = Prose | Heading | Bullets | Facts | Grid | Cards


@dataclass(frozen=True)
class Section:
    """A titled part of the report; level 1 is below level 0."""

    title: str
    level: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Report:
    """The whole report; `unprintable` is told where a character could not be shown."""

    title: str
    language: str
    author: str
    footer: str
    opening: tuple[Block, ...]
    unprintable: str
    sections: tuple[Section, ...]
