"""A report's values drawn as PDF: the one module that knows ReportLab."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO
from typing import Final

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Flowable, Paragraph, SimpleDocTemplate

from renderers.report_pdf.blocks import Block, Bullets, Cards, Facts, Grid, Heading, Prose, Report, Section
from renderers.report_pdf.layout import LEADING, Slab, Slabs, Typesetter, fitting
from renderers.report_pdf.text import Gate

# ReportLab keeps these for the whole process. Text is escaped, so nothing should ask for a picture from a
# path or an address; should something ask, it is refused. A85 would make each page a quarter larger.
rl_config.trustedSchemes = []
rl_config.trustedHosts = []
rl_config.useA85 = 0

_FONT: Final = "NotoSans"
_INK, _SOFT, _ACCENT, _SHADE, _RULE = map(HexColor, (0x1B1F24, 0x57606A, 0x0B3D66, 0xEAEFF4, 0xD0D7DE))
_TITLE, _SECTION, _PART, _BODY, _CELL = 20, 14, 10.5, 9, 7.5
_MARGIN: Final = 48
_FRAME_PADDING: Final = 6  # a SimpleDocTemplate pads its one frame by this much
_FOOT: Final = 26
_WIDTH: Final = A4[0] - 2 * _MARGIN
_HEIGHT: Final = A4[1] - 2 * _MARGIN
_ROOM: Final = 60
_TOTAL: Final = "pages"
_TOTAL_WIDTH: Final = 24
_MOST_PROSE: Final = 5_000
_MOST_TITLE: Final = 200


def draw(report: Report) -> bytes:
    """The report as PDF; the same report gives the same bytes."""
    gate = Gate(_glyphs())
    text = _Text(gate, Typesetter(gate, _measure, _WIDTH))
    sections = [
        flowable for n, section in enumerate(report.sections) for flowable in text.section(section, n)
    ]
    opening = [text.paragraph(report.title, _style(_TITLE, _ACCENT, after=8))]
    opening += [flowable for block in report.opening for flowable in text.block(block)]
    # Known only now: every text has been through the gate.
    unprintable = [text.paragraph(report.unprintable, _style(_BODY, _SOFT))] if gate.substituted else []
    footer = gate.title(report.footer, _MOST_TITLE)
    body = BytesIO()
    document = SimpleDocTemplate(
        body,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME_PADDING,
        rightMargin=_MARGIN - _FRAME_PADDING,
        topMargin=_MARGIN - _FRAME_PADDING,
        bottomMargin=_MARGIN - _FRAME_PADDING,
        title=gate.title(report.title, _MOST_TITLE),
        author=gate.title(report.author, _MOST_TITLE),
        lang=report.language,
        initialFontName=_FONT,
        invariant=1,
    )

    def page(canvas: Canvas, _document: object) -> None:
        _draw_footer(canvas, footer)

    document.build([*opening, *unprintable, *sections, _Total()], onFirstPage=page, onLaterPages=page)
    return body.getvalue()


@dataclass(frozen=True)
class _Text:
    """Turns blocks into flowables, all text through the gate."""

    gate: Gate
    typesetter: Typesetter

    def section(self, section: Section, number: int) -> Iterator[Flowable]:
        size = _SECTION if section.level == 0 else _SECTION - 2
        yield CondPageBreak(2 * _ROOM)
        yield _OutlineEntry(f"section-{number}", self.gate.title(section.title, _MOST_TITLE), section.level)
        yield self.paragraph(
            self.gate.title(section.title, _MOST_TITLE), _style(size, _ACCENT, before=16, after=5)
        )
        parts = [list(self.block(block)) for block in section.blocks]
        for at, (block, flowables) in enumerate(zip(section.blocks, parts, strict=True)):
            if isinstance(block, Heading):
                yield CondPageBreak(_room([f for part in parts[at + 1 : at + 3] for f in part]))
            yield from flowables

    def block(self, block: Block) -> Iterator[Flowable]:
        match block:
            case Prose(text):
                yield self.paragraph(text, _style(_BODY, _INK))
            case Heading(text):
                yield self.paragraph(text, _style(_PART, _ACCENT, before=8, after=3))
            case Bullets(items):
                for item in items:
                    yield self.paragraph(item, _style(_BODY, _INK, indent=11, after=3), bullet="•")
            case Facts():
                yield _Table(self.typesetter.facts(block))
            case Grid():
                yield _Table(self.typesetter.grid(block))
            case Cards():
                yield _Table(self.typesetter.cards(block))

    def paragraph(self, text: str, style: ParagraphStyle, bullet: str | None = None) -> Flowable:
        return Paragraph(self.gate.markup(text, _MOST_PROSE), style, bulletText=bullet)


class _Table(Flowable):  # type: ignore[misc] # ReportLab has no types
    """Slabs, page by page, under a head that is repeated."""

    def __init__(self, slabs: Slabs) -> None:
        super().__init__()
        self.slabs = slabs
        self.spaceBefore, self.spaceAfter = 2, 8

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        self.width = width
        self.height = sum(slab.height for slab in (*self.slabs.head, *self.slabs.body))
        return self.width, self.height

    def split(self, _width: float, height: float) -> list["_Table"]:
        head, body = self.slabs.head, self.slabs.body
        room = height - sum(slab.height for slab in head)
        count = fitting(body, room, at_top=height > _HEIGHT - LEADING)
        return [_Table(Slabs(head, part)) for part in (body[:count], body[count:])] if count else []

    def draw(self) -> None:
        slabs = (*self.slabs.head, *self.slabs.body)
        _draw_shapes(self.canv, slabs, self.width, self.height)
        _draw_lines(self.canv, slabs, self.height)


class _OutlineEntry(Flowable):  # type: ignore[misc] # ReportLab has no types
    """An entry of the reader's table of contents, without size."""

    def __init__(self, key: str, title: str, level: int) -> None:
        super().__init__()
        self.key, self.title, self.level = key, title, level

    def draw(self) -> None:
        self.canv.bookmarkHorizontal(self.key, 0, 0)
        self.canv.addOutlineEntry(self.title, self.key, self.level)


class _Total(Flowable):  # type: ignore[misc] # ReportLab has no types
    """Comes last, and says how many pages there are: each footer has left room for it."""

    def draw(self) -> None:
        total = str(self.canv.getPageNumber())
        self.canv.beginForm(_TOTAL, 0, -3, _TOTAL_WIDTH, _CELL + 2)
        self.canv.setFont(_FONT, _CELL)
        self.canv.setFillColor(_SOFT)
        self.canv.drawString(0, 0, total)
        self.canv.endForm()


def _room(following: Sequence[Flowable]) -> float:
    """What a heading needs on its page, so that a piece of its table stands under it."""
    table = next((f for f in following if isinstance(f, _Table)), None)
    return _ROOM if table is None else min(_ROOM + float(table.slabs.least), _HEIGHT * 0.8)


def _draw_footer(canvas: Canvas, footer: str) -> None:
    page = f"Page {canvas.getPageNumber()} of "
    right = A4[0] - _MARGIN - _TOTAL_WIDTH
    canvas.saveState()
    canvas.setFont(_FONT, _CELL)
    canvas.setFillColor(_SOFT)
    canvas.drawString(_MARGIN, _FOOT, footer)
    canvas.drawRightString(right, _FOOT, page)
    canvas.translate(right, _FOOT)
    canvas.doForm(_TOTAL)
    canvas.restoreState()


def _draw_shapes(canvas: Canvas, slabs: Sequence[Slab], width: float, top: float) -> None:
    canvas.saveState()
    canvas.setFillColor(_SHADE)
    canvas.setStrokeColor(_RULE)
    canvas.setLineWidth(0.4)
    for slab in slabs:
        bottom = top - slab.height
        if slab.shaded:
            canvas.rect(0, bottom, width, slab.height, stroke=0, fill=1)
        if slab.ruled:
            canvas.line(0, bottom, width, bottom)
        top = bottom
    canvas.restoreState()


def _draw_lines(canvas: Canvas, slabs: Sequence[Slab], top: float) -> None:
    text = canvas.beginText()
    text.setFont(_FONT, _CELL)
    text.setFillColor(_INK)
    soft = False
    for slab in slabs:
        for line in slab.lines:
            if line.soft is not soft:
                soft = line.soft
                text.setFillColor(_SOFT if soft else _INK)
            text.setTextOrigin(line.x, top - line.down)
            text.textOut(line.text)
        top -= slab.height
    canvas.drawText(text)


def _style(
    size: float, colour: HexColor, *, before: float = 0, after: float = 6, indent: float = 0
) -> ParagraphStyle:
    return ParagraphStyle(
        f"{size}",
        fontName=_FONT,
        bulletFontName=_FONT,
        fontSize=size,
        bulletFontSize=size,
        leading=size * 1.35,
        textColor=colour,
        bulletColor=colour,
        spaceBefore=before,
        spaceAfter=after,
        leftIndent=indent,
        splitLongWords=1,
    )


def _font() -> TTFont:
    # ReportLab knows fonts by name for the whole process; a second registration would only read them again.
    if _FONT not in pdfmetrics.getRegisteredFontNames():
        path = files("manimgx_fonts") / "NotoSans[wght].ttf"
        pdfmetrics.registerFont(TTFont(_FONT, str(path)))
    return pdfmetrics.getFont(_FONT)


def _glyphs() -> frozenset[int]:
    return frozenset(_font().face.charToGlyph)


def _measure(text: str) -> float:
    return float(pdfmetrics.stringWidth(text, _FONT, _CELL))
