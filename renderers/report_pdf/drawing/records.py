"""Records as tables, as cards, and with the records that belong to them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from typing import Final

from renderers.report_pdf.blocks import Families, Family, Fields, Group, Records, Row
from renderers.report_pdf.drawing.cards import (
    LABEL_TEXT,
    NO_LIMITS,
    CardTables,
    Limits,
    closed,
    continuation,
    shaded_line,
)
from renderers.report_pdf.drawing.flow import Piece
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.paragraphs import Paragraphs
from renderers.report_pdf.drawing.record_layout import FieldSample, Layout, Room, layout_for
from renderers.report_pdf.drawing.rows import Pen, Rows
from renderers.report_pdf.drawing.structure import Element
from renderers.report_pdf.drawing.style import Scale
from renderers.report_pdf.drawing.text_widths import TextWidths

_SAMPLE: Final = 40
_MEASURED: Final = 600
_BULK: Final = Limits(600, 40)
_FAMILY_TEXT: Final = 5_000
_BEFORE_FAMILY: Final = 6.0
_SEPARATOR: Final = " \u00b7 "

Bookmarked = Callable[[Piece, str], Piece]
"""Adds a bookmark with a title to a piece."""


@dataclass(frozen=True)
class RecordTables:
    """Sets records; in the methods, `heading` is the tag of their headings."""

    gate: Gate
    pen: Pen
    paragraphs: Paragraphs
    scale: Scale
    bookmarked: Bookmarked

    def records(self, block: Records, parent: Element, heading: str) -> Iterator[Piece]:
        """A table of the records, or a card for each."""
        limits = NO_LIMITS if block.whole else _BULK
        rows = (self._clean(row, limits) for row in block.records)
        sample = list(islice(rows, _SAMPLE))
        layout = self.layout(block.fields, [row for row in sample if not isinstance(row, Group)])
        if layout is None:
            yield from self._cards(block, chain(sample, rows), parent, heading)
        else:
            table = _Table(self, block.fields, layout, limits.lines)
            yield from table.pieces(chain(sample, rows), parent)

    def families(self, block: Families, parent: Element, heading: str) -> Iterator[Piece]:
        """Each record with its own values in a paragraph, and a list for each kind that belongs to it."""
        most = NO_LIMITS.text if block.whole else _FAMILY_TEXT
        continued = self.gate.title(block.continued, LABEL_TEXT)
        for family in block.families:
            if isinstance(family, Group):
                yield from self._group(family, parent, heading)
            else:
                title = self.gate.title(family.title, LABEL_TEXT)
                element = self.pen.structure.open(heading, parent)
                bar = shaded_line(title, element, self.pen, self.scale)
                yield bar._replace(keep=True, before=_BEFORE_FAMILY * self.scale.ratio)
                again = continuation(title, continued, self.pen, self.scale)
                for piece in self._family(family, most, parent):
                    yield piece._replace(header=again)

    def _family(self, family: Family, most: int, parent: Element) -> Iterator[Piece]:
        """What stands below the title of a record."""
        if family.text:
            yield from self.paragraphs.small(family.text, parent, most)
        for title, texts in family.parts:
            for piece in self.paragraphs.small(title, parent, LABEL_TEXT, soft=True):
                yield piece._replace(keep=True)
            yield from self.paragraphs.small_bullets(texts, parent, most)

    def _clean(self, row: Row | Group, limits: Limits) -> Row | Group:
        return row if isinstance(row, Group) else tuple(self.gate.clean(cell, limits.text) for cell in row)

    def layout(self, fields: Fields, sample: Sequence[Row]) -> Layout | None:
        """The columns for the records of the sample and others like them; None if cards are better."""
        if not sample:
            return None
        style, bold = self.scale.cell, replace(self.scale.cell, bold=True)
        widths = TextWidths(self.pen.lettering)
        samples = []
        for at, (title, label) in enumerate(zip(fields.titles, fields.labels, strict=True)):
            samples.append(
                FieldSample(
                    header=widths.content(self.gate.clean(title, LABEL_TEXT), bold),
                    label=widths.line(self._label(label) + _SEPARATOR, style),
                    cells=tuple(widths.content(row[at][:_MEASURED], style) for row in sample),
                )
            )
        room = Room(self.scale.margin, self.scale.width, style.size)
        return layout_for(samples, fields.right, room)

    def headers(self, fields: Fields, layout: Layout) -> list[str]:
        """The header of each column."""
        titles = [self.gate.clean(title, LABEL_TEXT) for title in fields.titles]
        headers = [titles[at] for at in layout.own]
        return [*headers, _SEPARATOR.join(titles[at] for at in layout.shared)] if layout.shared else headers

    def cells(self, fields: Fields, layout: Layout, row: Row) -> list[str]:
        """The text of each column for a record; the fields that share one stand after their labels."""
        cells = [row[at] for at in layout.own]
        shared = (f"{self._label(fields.labels[at])}{row[at]}" for at in layout.shared if row[at])
        return [*cells, _SEPARATOR.join(shared)] if layout.shared else cells

    def _label(self, label: str) -> str:
        return f"{self.gate.title(label, LABEL_TEXT)} "

    def _cards(
        self, block: Records, rows: Iterable[Row | Group], parent: Element, heading: str
    ) -> Iterator[Piece]:
        cards = CardTables(self.gate, self.pen, self.scale, block.fields.titles, block.continued)
        limits = NO_LIMITS if block.whole else _BULK
        numbers = count(1)
        for row in rows:
            if isinstance(row, Group):
                yield from self._group(row, parent, heading)
            else:
                yield from cards.card(f"{block.title} {next(numbers)}", row, parent, limits)

    def _group(self, group: Group, parent: Element, heading: str) -> Iterator[Piece]:
        pieces = self.paragraphs.heading(group.title, self.scale.heading, heading, parent)
        yield self.bookmarked(next(pieces), group.title)
        yield from pieces


@dataclass(frozen=True)
class _Table:
    """A table of records with a layout, for any number of records."""

    tables: RecordTables
    fields: Fields
    layout: Layout
    lines: int

    def pieces(self, rows: Iterable[Row | Group], parent: Element) -> Iterator[Piece]:
        pen, scale = self.tables.pen, self.tables.scale
        table = pen.structure.open("Table", parent)
        headers = self.tables.headers(self.fields, self.layout)
        columns = Rows(pen, self.layout.columns, scale.cell)
        columns = replace(columns, header=columns.repeated_header(headers))
        yield columns.header_row(table, headers)
        for row in rows:
            if isinstance(row, Group):
                title = self.tables.gate.title(row.title, LABEL_TEXT)
                yield self.tables.bookmarked(columns.group_row(table, title), title)
            else:
                cells = self.tables.cells(self.fields, self.layout, row)
                yield from columns.row(table, cells, self.lines)
        yield closed(table, pen, scale)
