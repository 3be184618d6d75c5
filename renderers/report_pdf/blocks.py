"""What a report is made of: plain values that say what is told, not how it looks.

Texts are never markup: what stands in them is what the reader sees.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    text: str


@dataclass(frozen=True)
class Link:
    """A paragraph or a fact that leads to an address on the web or for email; the register's, never the person's."""

    text: str
    url: str


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

    pairs: tuple[tuple[str, str | Link], ...]


@dataclass(frozen=True)
class Grid:
    """A table; `right` are the columns of numbers, `bulk` rows are cut to a few lines.

    The rows are drawn as they come and once, so they may be more than memory holds.
    """

    heads: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]
    right: frozenset[int] = frozenset()
    bulk: bool = False


@dataclass(frozen=True)
class Cards:
    """Records too wide for a table: each a card of labels and values, in the labels' order; drawn as they come.

    Long values are cut unless they are wanted `whole`.
    """

    title: str
    labels: tuple[str, ...]
    records: Iterable[tuple[str, ...]]
    whole: bool = False


@dataclass(frozen=True)
class Timeline:
    """Records a month (`YYYY-MM`) of several datasets as a figure; `alternative` says the same in words."""

    series: tuple[tuple[str, Mapping[str, int]], ...]
    alternative: str


Block = Prose | Link | Heading | Bullets | Facts | Grid | Cards | Timeline


@dataclass(frozen=True)
class Section:
    """A titled part of the report; level 1 is below level 0."""

    title: str
    level: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class PageWords:
    """What stands at the foot of each page, in the report's language; `of` has `{page}` and `{pages}`."""

    footer: str
    of: str = "Page {page} of {pages}"


@dataclass(frozen=True)
class Report:
    """The whole report; `language` is its BCP 47 tag."""

    title: str
    language: str
    author: str
    page: PageWords
    sections: tuple[Section, ...]
    opening: tuple[Block, ...] = ()
    large_print: bool = False
