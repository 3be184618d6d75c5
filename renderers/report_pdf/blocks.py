"""The blocks of a report: plain values with its content, not its layout.

Texts are never markup: the reader sees them as they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

CONTINUED: Final = "{record} \u2026"
"""A mark instead of words, which would need a language."""


@dataclass(frozen=True)
class Prose:
    """A paragraph; a bookmark with a text leads to it. Its end is `kept` on the page where the next block begins."""

    text: str
    bookmark: str = ""
    kept: bool = False


@dataclass(frozen=True)
class Link:
    """A paragraph or a fact that links to a web or email address. The address is the register's, never the person's."""

    text: str
    url: str


@dataclass(frozen=True)
class Jump:
    """A paragraph that leads to a place in the report: that of a section or heading."""

    text: str
    place: str


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; links lead to its place."""

    text: str
    place: str = ""


@dataclass(frozen=True)
class Bullets:
    """A bulleted list."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """Labels with their values; a value may have several lines."""

    pairs: tuple[tuple[str, str | Link], ...]


@dataclass(frozen=True)
class Grid:
    """A table; the columns at `right` are right-aligned.

    `places` has the place that the first cell of each row leads to, or is empty.
    """

    headers: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    right: frozenset[int] = frozenset()
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """A heading among records, such as their year; the bookmarks lead to it."""

    title: str


Row = tuple[str, ...]


@dataclass(frozen=True)
class Fields:
    """The fields of records: their titles, and the titles as they stand before a value on the same line.

    The fields at `right` are right-aligned.
    """

    titles: tuple[str, ...]
    labels: tuple[str, ...]
    right: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Records:
    """Records with the same fields: a table, or a card for each where a table would be hard to read.

    The title of a card is repeated as `continued` says, with the placeholder `{record}`, on each further page.
    The records are read once, while they are drawn, so they need not fit into memory. Long values are cut unless
    `whole` is set.
    """

    title: str
    fields: Fields
    records: Iterable[Row | Group]
    whole: bool = False
    continued: str = CONTINUED


@dataclass(frozen=True)
class Family:
    """A record and those that belong to it: its own values, and for each kind a title and the records, one a text."""

    title: str
    text: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Families:
    """Records, each with those that belong to it. Long texts are cut unless `whole` is set.

    The title of a record is repeated as `continued` says, with the placeholder `{record}`, on each further page.
    """

    families: Sequence[Family | Group]
    whole: bool = False
    continued: str = CONTINUED


@dataclass(frozen=True)
class Timeline:
    """A figure of the records per month (`YYYY-MM`) of several datasets; `alternative` is the same in words."""

    series: tuple[tuple[str, Mapping[str, int]], ...]
    alternative: str


Block = Prose | Link | Jump | Heading | Bullets | Facts | Grid | Records | Families | Timeline


@dataclass(frozen=True)
class Section:
    """A titled part of the report; a section of level 1 belongs to the one of level 0 before it.

    Links lead to its place.
    """

    title: str
    level: int
    blocks: tuple[Block, ...]
    place: str = ""


@dataclass(frozen=True)
class PageFooter:
    """The texts at the foot of each page; `numbering` has the placeholders `{page}` and `{pages}`."""

    text: str
    numbering: str = "Page {page} of {pages}"


@dataclass(frozen=True)
class Report:
    """The whole report; `language` is its BCP 47 tag.

    A letter is a report with a `letterhead`, which stands above the title.
    """

    title: str
    language: str
    author: str
    footer: PageFooter
    sections: tuple[Section, ...]
    opening: tuple[Block, ...] = ()
    large_print: bool = False
    letterhead: tuple[Block, ...] = ()
