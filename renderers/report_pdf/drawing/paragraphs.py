"""Paragraphs, headings, lists and links as pieces: one per line, the first two and the last two lines together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from renderers.report_pdf.blocks import Bullets, Jump, Link, Prose
from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.flow import Draw, Piece
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.structure import BULLETED, Element, Structure
from renderers.report_pdf.drawing.style import ACCENT, SOFT, Scale, Style
from renderers.report_pdf.drawing.wrapping import wrapped

_MAX_PROSE: Final = 5_000
MAX_TITLE: Final = 200
_MAX_LINES: Final = 400
_INDENT: Final = 1.2  # in font sizes
_BULLET: Final = "\u2022"


@dataclass(frozen=True)
class Leaf:
    """The element that lines belong to, and the elements that end with the last line, inner ones first."""

    element: Element
    closes: tuple[Element, ...]


@dataclass(frozen=True)
class Paragraphs:
    """Sets running text."""

    gate: Gate
    lettering: Lettering
    structure: Structure
    scale: Scale

    def prose(self, prose: Prose, parent: Element) -> Iterator[Piece]:
        element = self.structure.open("P", parent)
        text = self.gate.clean(prose.text, _MAX_PROSE)
        yield from self._lines(text, self.scale.body, Leaf(element, (element,)))

    def heading(self, text: str, style: Style, tag: str, parent: Element) -> Iterator[Piece]:
        """A heading, kept on one page with the piece after it."""
        element = self.structure.open(tag, parent)
        title = self.gate.title(text, MAX_TITLE)
        for piece in self._lines(title, style, Leaf(element, (element,))):
            yield piece._replace(keep=True)

    def small(self, text: str, parent: Element, most: int, *, soft: bool = False) -> Iterator[Piece]:
        """A paragraph of at most `most` characters in the size of table cells."""
        element = self.structure.open("P", parent)
        style = replace(self.scale.cell, colour=SOFT) if soft else self.scale.cell
        yield from self._lines(self.gate.clean(text, most), style, Leaf(element, (element,)))

    def link(self, link: Link | Jump, parent: Element) -> Iterator[Piece]:
        """A paragraph that consists of one link."""
        paragraph = self.structure.open("P", parent)
        element = self.structure.open("Link", paragraph)
        style = replace(self.scale.body, colour=ACCENT)
        text = self.gate.title(link.text, MAX_TITLE)
        to = link.url if isinstance(link, Link) else Jump(text, link.place)
        box = (self.scale.margin, self.scale.width)
        for piece in self._lines(text, style, Leaf(element, (element, paragraph))):
            yield piece._replace(draw=linked(piece.draw, element, to, box, style.leading))

    def bullets(self, bullets: Bullets, parent: Element) -> Iterator[Piece]:
        """A list; each item is indented after its bullet."""
        return self._list(bullets.items, self.scale.body, parent, _MAX_PROSE)

    def small_bullets(self, items: Sequence[str], parent: Element, most: int) -> Iterator[Piece]:
        """A list in the size of table cells, each item of at most `most` characters."""
        return self._list(items, self.scale.cell, parent, most)

    def _list(self, items: Sequence[str], style: Style, parent: Element, most: int) -> Iterator[Piece]:
        if not items:
            return
        whole = self.structure.open("L", parent, BULLETED)
        for at, item in enumerate(items):
            entry = self.structure.open("LI", whole)
            label, body = self.structure.open("Lbl", entry), self.structure.open("LBody", entry)
            closes = (body, entry, whole) if at == len(items) - 1 else (body, entry)
            text = self.gate.clean(item, most)
            pieces = self._lines(text, style, Leaf(body, closes), style.size * _INDENT)
            first = next(pieces)
            yield first._replace(draw=self._labelled(first.draw, label, style))
            yield from pieces

    def _lines(self, text: str, style: Style, leaf: Leaf, indent: float = 0) -> Iterator[Piece]:
        lines = wrapped(text, self.scale.width - indent, self.lettering.measure(style), _MAX_LINES)
        last = len(lines) - 1
        for at, line in enumerate(lines):
            yield Piece(
                style.leading,
                self._line(
                    line, self.scale.margin + indent, style, leaf if at == last else Leaf(leaf.element, ())
                ),
                keep=at < last and at in {0, last - 1},
                before=style.before if at == 0 else 0,
                after=style.after if at == last else 0,
            )

    def _line(self, text: str, x: float, style: Style, leaf: Leaf) -> Draw:
        def draw(canvas: Canvas, top: float) -> None:
            canvas.begin_content(leaf.element)
            canvas.text([(text, x, top - style.baseline)], style)
            if leaf.closes:
                canvas.begin_artifact()
            for element in leaf.closes:
                self.structure.close(element)

        return draw

    def _labelled(self, item: Draw, label: Element, style: Style) -> Draw:
        def draw(canvas: Canvas, top: float) -> None:
            canvas.begin_content(label)
            canvas.text([(_BULLET, self.scale.margin, top - style.baseline)], style)
            canvas.begin_artifact()
            self.structure.close(label)
            item(canvas, top)

        return draw


def linked(draw: Draw, element: Element, to: str | Jump, across: tuple[float, float], height: float) -> Draw:
    """Draw the same as a link to an address or a place; `across` is the left edge and the width of the link."""
    x, width = across

    def linking(canvas: Canvas, top: float) -> None:
        canvas.link(element, (x, top - height, x + width, top), to)
        draw(canvas, top)

    return linking
