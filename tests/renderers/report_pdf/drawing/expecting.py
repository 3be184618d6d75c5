"""The texts that a report's elements must have, in order: those of its blocks, after the gate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from renderers.report_pdf.blocks import (
    Block,
    Bullets,
    Facts,
    Families,
    Family,
    Grid,
    Group,
    Heading,
    Jump,
    Link,
    Prose,
    Records,
    Report,
    Row,
    Timeline,
)
from renderers.report_pdf.drawing.fonts import Fonts
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.paragraphs import Paragraphs
from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.records import RecordTables
from renderers.report_pdf.drawing.rows import Pen
from renderers.report_pdf.drawing.structure import Structure
from renderers.report_pdf.drawing.style import LARGE, USUAL, Scale
from tests.renderers.report_pdf.drawing.tagged import Tagged

TaggedText = tuple[str, str]


def record_tables(gate: Gate, scale: Scale) -> RecordTables:
    """What lays out the tables of records."""
    file = PdfFile()
    pen = Pen(file, Structure(file), Lettering(gate.fonts))
    paragraphs = Paragraphs(gate, pen.lettering, pen.structure, scale)
    return RecordTables(gate, pen, paragraphs, scale, lambda piece, _title: piece)


@dataclass(frozen=True)
class Expecting:
    """Expected (tag, text) pairs of the elements without children; texts without blanks."""

    gate: Gate = field(default_factory=lambda: Gate(Fonts()))

    def report(self, report: Report) -> list[TaggedText]:
        blocks = self._blocks(report.opening, 2, report)
        texts = [("H1", report.title), *blocks]
        for section in report.sections:
            texts.append((f"H{2 + section.level}", section.title))
            texts += self._blocks(section.blocks, 3 + section.level, report)
        return [(tag, self._shown(text)) for tag, text in texts]

    def _blocks(self, blocks: Sequence[Block], level: int, report: Report) -> list[TaggedText]:
        texts: list[TaggedText] = []
        below = level
        for block in blocks:
            texts += self._block(block, f"H{level}", f"H{below}", report)
            if isinstance(block, Heading):
                below = level + 1
        return texts

    def _block(self, block: Block, heading: str, below: str, report: Report) -> Iterator[TaggedText]:
        match block:
            case Prose():
                yield "P", block.text
            case Link() | Jump():
                yield "Link", block.text
            case Heading():
                yield heading, block.text
            case Bullets():
                yield from (("LBody", item) for item in block.items)
            case Facts():
                for label, value in block.pairs:
                    yield self._label(label)
                    yield ("Link", value.text) if isinstance(value, Link) else ("TD", value)
            case Grid():
                yield from self._grid(block)
            case Records() | Families():
                yield from self._record_block(block, below, LARGE if report.large_print else USUAL)
            case Timeline():
                yield "Figure", block.alternative

    def _grid(self, grid: Grid) -> Iterator[TaggedText]:
        yield from (("TH", head) for head in grid.headers)
        first = "Link" if grid.places else "TD"
        for row in grid.rows:
            yield from zip((first, *["TD"] * (len(row) - 1)), row, strict=True)

    def _record_block(self, block: Records | Families, heading: str, scale: Scale) -> Iterator[TaggedText]:
        if isinstance(block, Records):
            yield from self._records(block, heading, scale)
            return
        for family in block.families:
            yield from self._family(family, heading)

    def _records(self, block: Records, heading: str, scale: Scale) -> Iterator[TaggedText]:
        """The cells of a table, or of a card for each record: the drawing decides which."""
        rows = [
            r if isinstance(r, Group) else tuple(self.gate.clean(c, 600) for c in r) for r in block.records
        ]
        tables = record_tables(self.gate, scale)
        layout = tables.layout(block.fields, [row for row in rows if not isinstance(row, Group)][:40])
        if layout is None:
            yield from self._cards(block, rows, heading)
            return
        yield from (("TH", header) for header in tables.headers(block.fields, layout))
        for row in rows:
            if isinstance(row, Group):
                yield "TH", row.title
            else:
                yield from (("TD", cell) for cell in tables.cells(block.fields, layout, row))

    def _cards(self, block: Records, rows: list[Row | Group], heading: str) -> Iterator[TaggedText]:
        number = 0
        for row in rows:
            if isinstance(row, Group):
                yield heading, row.title
                continue
            number += 1
            yield "Caption", f"{block.title} {number}"
            held = [(label, value) for label, value in zip(block.fields.titles, row, strict=True) if value]
            for label, value in held or [(block.fields.titles[0], "")]:
                yield from (self._label(label), ("TD", value))

    def _family(self, family: Family | Group, heading: str) -> Iterator[TaggedText]:
        yield heading, family.title
        if isinstance(family, Family):
            if family.text:
                yield "P", family.text
            for title, texts in family.parts:
                yield "P", title
                yield from (("LBody", text) for text in texts)

    def _label(self, label: str) -> TaggedText:
        return ("TH" if any(self.gate.clean(label, 200).split("\n")) else "TD"), label

    def _shown(self, text: str) -> str:
        return without_blanks(self.gate.clean(text, 100_000))


def tagged_texts(read: Tagged) -> list[TaggedText]:
    """The (tag, text) pairs of a drawn report's elements without children."""
    leaves = [
        node for node in read.tree.walk() if not node.children and node.tag not in {"Lbl", "L", "Table"}
    ]
    return [(node.tag, without_blanks(node.alternative or node.text)) for node in leaves]


def without_blanks(text: str) -> str:
    """The text without blanks, so that line breaks are not compared."""
    return "".join(text.split())
