"""The texts that a report's elements must have, in order: those of its blocks, after the gate."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from renderers.report_pdf.blocks import (
    Block,
    Bullets,
    Cards,
    Facts,
    Grid,
    Heading,
    Link,
    Prose,
    Report,
    Timeline,
)
from renderers.report_pdf.drawing.fonts import Fonts
from renderers.report_pdf.drawing.gate import Gate
from tests.renderers.report_pdf.drawing.tagged import Tagged

TaggedText = tuple[str, str]


@dataclass(frozen=True)
class Expecting:
    """Expected (tag, text) pairs of the elements without children; texts without blanks."""

    gate: Gate = field(default_factory=lambda: Gate(Fonts()))

    def report(self, report: Report) -> list[TaggedText]:
        blocks = list(chain.from_iterable(self._block(block, "H2") for block in report.opening))
        texts = [("H1", report.title), *blocks]
        for section in report.sections:
            texts.append((f"H{2 + section.level}", section.title))
            for block in section.blocks:
                texts += self._block(block, f"H{3 + section.level}")
        return [(tag, self._shown(text)) for tag, text in texts]

    def _block(self, block: Block, heading: str) -> Iterator[TaggedText]:
        match block:
            case Prose():
                yield "P", block.text
            case Link():
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
                yield from (("TH", head) for head in block.headers)
                yield from (("TD", cell) for row in block.rows for cell in row)
            case Cards():
                yield from self._cards(block)
            case Timeline():
                yield "Figure", block.alternative

    def _cards(self, cards: Cards) -> Iterator[TaggedText]:
        for number, record in enumerate(cards.records, start=1):
            yield "Caption", f"{cards.title} {number}"
            held = [(label, value) for label, value in zip(cards.labels, record, strict=True) if value]
            for label, value in held or [(cards.labels[0], "")]:
                yield from (self._label(label), ("TD", value))

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
