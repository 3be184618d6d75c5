"""Which fields of records get a column, which share the lines below, and whether cards are better than a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil
from typing import Final

from renderers.report_pdf.drawing.columns import PAD, Column, ContentWidth, columns_for, padding, widest

TOKEN: Final = 9.0  # in font sizes; longer words may be broken
_RAGGED: Final = 0.93  # the part of a line that words fill
_MOST_LINES: Final = 9  # longer rows are easier to read as cards
_GOOD_ENOUGH: Final = 1.3  # so many lines a row need no search for better columns
_FEW: Final = (
    2  # so few records are easier to read as cards, unless each field has a column that breaks no word
)
_CARD_EXTRA: Final = 2.5  # the lines of a card's caption and the space after it
_FEWEST_SHARED: Final = 2  # a single field needs no label
_MOST_WIDTH: Final = 0.25  # wider fields get a column only if all fit
_INDENT: Final = 1.5  # in font sizes


@dataclass(frozen=True)
class FieldSample:
    """The widths of a field in points: its header, its label before a value, and its values in some records.

    A value that is missing is 0 wide.
    """

    header: ContentWidth
    label: float
    cells: tuple[ContentWidth, ...]

    @cached_property
    def content(self) -> ContentWidth:
        return widest((replace(self.header, unbroken=self.header.word), *self.cells))

    @cached_property
    def lines(self) -> tuple[float, ...]:
        return tuple(cell.line for cell in self.cells)


@dataclass(frozen=True)
class Layout:
    """The indexes of the fields with a column, of those that share the lines below, and the columns.

    If fields share the lines below, the last column is theirs.
    """

    own: tuple[int, ...]
    shared: tuple[int, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True)
class Room:
    """The space for a table: its left edge, its width, and the size of its letters."""

    x: float
    width: float
    size: float


def too_narrow(contents: Sequence[ContentWidth], room: Room) -> bool:
    """Whether the longest words of columns do not fit side by side; long tokens may be broken."""
    words = (max(min(content.word, TOKEN * room.size), content.letter) for content in contents)
    return sum(words) + len(contents) * 2 * PAD * room.size > room.width


def layout_for(fields: Sequence[FieldSample], right: frozenset[int], room: Room) -> Layout | None:
    """A low table for the sample; None if cards are lower, or if its rows would have too many lines."""
    tables = _Candidates(fields, right, room)
    best = tables.with_columns(range(len(fields)))
    if best is None or best.lines > _GOOD_ENOUGH:
        best = min(
            (each for each in (best, tables.lowest()) if each), key=lambda each: each.lines, default=None
        )
    if best is None or best.lines > min(_MOST_LINES, _card_lines(fields, room)):
        return None
    few = len(fields[0].cells) <= _FEW and (best.layout.shared or best.broken)
    return None if few else best.layout


@dataclass(frozen=True)
class _Candidate:
    """A layout, the average number of lines of its rows, and whether a column is too narrow for a word."""

    layout: Layout
    lines: float
    broken: bool


@dataclass(frozen=True)
class _Candidates:
    """Tables of the same fields with different columns."""

    fields: Sequence[FieldSample]
    right: frozenset[int]
    room: Room

    def lowest(self) -> _Candidate | None:
        """The lowest of the tables that get one column after another, first those that save most of the lines below."""
        # The first field is mostly a record's number or time.
        narrow = [at for at in range(1, len(self.fields)) if self._width(at) <= self.room.width * _MOST_WIDTH]
        narrow.sort(key=lambda at: -self._saved(at) / self._width(at))
        most = min(len(narrow), len(self.fields) - 1 - _FEWEST_SHARED)
        tables = [self.with_columns([0, *narrow[:count]]) for count in range(most, -1, -1)]
        return min((each for each in tables if each), key=lambda each: each.lines, default=None)

    def _width(self, at: int) -> float:
        return self.fields[at].content.line + padding(self.room.size, right=at in self.right)

    def _saved(self, at: int) -> float:
        """The width that a column for the field saves in the shared lines of the sample."""
        field = self.fields[at]
        return sum(field.label + line for line in field.lines if line)

    def with_columns(self, chosen: Iterable[int]) -> _Candidate | None:
        """The table in which these fields have a column; None if their words do not fit, or a header's is broken."""
        own = tuple(sorted(chosen))
        shared = tuple(at for at in range(len(self.fields)) if at not in own)
        contents = [self.fields[at].content for at in own]
        if too_narrow(contents, self.room):
            return None
        places = frozenset(place for place, at in enumerate(own) if at in self.right)
        columns = columns_for(contents, places, (self.room.x, self.room.width), self.room.size)
        if any(each.unbroken > column.room for each, column in zip(contents, columns, strict=True)):
            return None
        if shared:
            indent = min(_INDENT * self.room.size, self.room.width / 10)
            below = Column(self.room.x + indent, self.room.width - indent, self.room.size)
            columns = [*columns, replace(below, below=True)]
        return self._measured(Layout(own, shared, tuple(columns)))

    def _measured(self, layout: Layout) -> _Candidate:
        rooms = [column.room for column in layout.columns]
        fields = [self.fields[at].lines for at in layout.own]
        shared = [(self.fields[at].label, self.fields[at].lines) for at in layout.shared]
        lines = 0
        records = len(self.fields[0].lines)
        for record in range(records):
            parts = [each[record] / room for each, room in zip(fields, rooms, strict=False)]
            below = sum(label + each[record] for label, each in shared if each[record]) / rooms[-1]
            lines += _whole_lines(max(parts)) + (_whole_lines(below) if below else 0)
        contents = [self.fields[at].content for at in layout.own]
        broken = any(each.word > room for each, room in zip(contents, rooms, strict=False))
        return _Candidate(layout, lines / records, broken)


def _card_lines(fields: Sequence[FieldSample], room: Room) -> float:
    """The average number of lines of a card with two pairs of label and value side by side."""
    values = room.width / 2 * 0.7 - padding(room.size, right=False)
    lines = sum(_whole_lines(line / values) for field in fields for line in field.lines if line)
    return _CARD_EXTRA + lines / 2 / len(fields[0].lines)


def _whole_lines(lines: float) -> int:
    return 1 if lines <= 1 else ceil(lines / _RAGGED)
