"""A report -> a PDF, in pieces as its pages are finished; the same report gives the same bytes."""

from collections.abc import Iterator, Sequence
from typing import Final

from reportlab.pdfbase import pdfdoc

from renderers.report_pdf.blocks import (
    Block,
    Bullets,
    Facts,
    Families,
    Grid,
    Heading,
    Jump,
    Link,
    Prose,
    Records,
    Report,
    Section,
    Timeline,
)
from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.flow import Flow, Piece
from renderers.report_pdf.drawing.foot import FooterDrawer
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.metadata import Metadata, Ways, write_catalogue, write_information
from renderers.report_pdf.drawing.outline import Bookmark, write_outlines
from renderers.report_pdf.drawing.paragraphs import MAX_TITLE, Paragraphs
from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.places import write_places
from renderers.report_pdf.drawing.records import RecordTables
from renderers.report_pdf.drawing.rows import Pen
from renderers.report_pdf.drawing.structure import Element, Structure
from renderers.report_pdf.drawing.style import LARGE, LETTER, USUAL, Scale
from renderers.report_pdf.drawing.tables import Tables
from renderers.report_pdf.drawing.timeline import Timelines

_RECORDS_LEVEL: Final = 2


def draw(report: Report) -> Iterator[bytes]:
    """Draw the report as PDF/UA-1 and PDF/A-2a; rows are read as they are drawn, and pages are not kept in memory."""
    return _Drawing(_scale_of(report)).pieces(report)


class _Drawing:
    """One report while it is drawn."""

    def __init__(self, scale: Scale) -> None:
        self._scale = scale
        self._file = PdfFile()
        self._lettering = Lettering()
        self._gate = Gate(self._lettering.fonts)
        self._structure = Structure(self._file)
        self._canvas = Canvas(self._file, self._structure, self._lettering)
        self._tables = Tables(self._gate, Pen(self._file, self._structure, self._lettering), scale)
        self._paragraphs = Paragraphs(self._gate, self._lettering, self._structure, scale)
        self._records = RecordTables(
            self._gate, self._tables.pen, self._paragraphs, scale, self._bookmarked_among_records
        )
        self._timelines = Timelines(self._gate, self._lettering, self._structure, scale)
        self._bookmarks: list[Bookmark] = []
        self._places: dict[str, tuple[int, float]] = {}

    def pieces(self, report: Report) -> Iterator[bytes]:
        """The bytes of the file, page by page."""
        foot = FooterDrawer(self._gate, self._lettering, self._scale, report.footer, self._file.reserve())

        def end_page() -> None:
            foot.draw(self._canvas)
            self._canvas.end_page()

        flow = Flow(self._canvas, self._scale.margin, end_page)
        for _ in flow.place(self._report_pieces(report)):
            yield self._file.take()
        flow.finish()
        self._finish(report, foot)
        yield self._file.take()

    def _report_pieces(self, report: Report) -> Iterator[Piece]:
        root = self._structure.root
        yield from self._blocks(report.letterhead, "H2")
        yield from self._paragraphs.heading(report.title, self._scale.title, "H1", root)
        yield from self._blocks(report.opening, "H2")
        next_levels = [*(section.level for section in report.sections[1:]), 0]
        for section, next_level in zip(report.sections, next_levels, strict=False):
            pieces = self._section(section)
            introduces = next_level > section.level and not _has_table(section)
            yield from _kept_with_next(pieces, soft=True) if introduces else pieces

    def _section(self, section: Section) -> Iterator[Piece]:
        root, deep = self._structure.root, section.level
        style = self._scale.part if deep else self._scale.section
        pieces = self._paragraphs.heading(section.title, style, f"H{2 + deep}", root)
        heading = self._placed(pieces, section.place)
        yield self._bookmarked(next(heading), section.title, section.level)
        yield from heading
        yield from self._blocks(section.blocks, f"H{3 + deep}")

    def _blocks(self, blocks: Sequence[Block], heading: str) -> Iterator[Piece]:
        root, within = self._structure.root, heading
        for at, block in enumerate(blocks):
            pieces = self._block(block, within if isinstance(block, Records | Families) else heading, root)
            if isinstance(block, Heading):
                within = _below(heading)
            yield from _kept_with_next(pieces) if _introduces(blocks[at:]) else pieces

    def _block(self, block: Block, heading: str, parent: Element) -> Iterator[Piece]:
        match block:
            case Prose():
                yield from self._prose(block, parent)
            case Link() | Jump():
                yield from self._paragraphs.link(block, parent)
            case Heading():
                pieces = self._paragraphs.heading(block.text, self._scale.heading, heading, parent)
                yield from self._placed(pieces, block.place)
            case Bullets():
                yield from self._paragraphs.bullets(block, parent)
            case Facts():
                yield from self._tables.facts(block, parent)
            case Grid():
                yield from self._tables.grid(block, parent)
            case Records():
                yield from self._records.records(block, parent, heading)
            case Families():
                yield from self._records.families(block, parent, heading)
            case Timeline():
                yield from self._timelines.timeline(block, parent)

    def _prose(self, prose: Prose, parent: Element) -> Iterator[Piece]:
        pieces = self._paragraphs.prose(prose, parent)
        if prose.bookmark:
            yield self._bookmarked_among_records(next(pieces), prose.bookmark)
        yield from pieces

    def _placed(self, pieces: Iterator[Piece], place: str) -> Iterator[Piece]:
        """The same pieces; links to the place lead to the first one."""
        if place:
            piece = next(pieces)

            def draw(canvas: Canvas, top: float) -> None:
                self._places[place] = canvas.page, top
                piece.draw(canvas, top)

            yield piece._replace(draw=draw)
        yield from pieces

    def _bookmarked(self, piece: Piece, title: str, level: int) -> Piece:
        shown = self._gate.title(title, MAX_TITLE)

        def draw(canvas: Canvas, top: float) -> None:
            self._bookmarks.append(Bookmark(shown, level, canvas.page, top))
            piece.draw(canvas, top)

        return piece._replace(draw=draw)

    def _bookmarked_among_records(self, piece: Piece, title: str) -> Piece:
        return self._bookmarked(piece, title, _RECORDS_LEVEL)

    def _finish(self, report: Report, foot: FooterDrawer) -> None:
        file, canvas = self._file, self._canvas
        foot.finish(file, len(canvas.pages), canvas.resources)
        self._lettering.finish()
        self._put_fonts(foot.form_object)
        canvas.finish()
        title, author = (self._gate.title(text, MAX_TITLE) for text in (report.title, report.author))
        metadata = Metadata(title, author, report.language)
        bookmarks = write_outlines(file, self._bookmarks)
        ways = Ways(bookmarks, write_places(file, self._places))
        root = write_catalogue(file, metadata, canvas.tree, self._structure.finish(), ways)
        file.finish(root, write_information(file, metadata))

    def _put_fonts(self, form: int) -> None:
        """Write the font objects that ReportLab made, under object numbers of this file."""
        document, file = self._lettering.document, self._file
        names = [name for name in document.idToObject if name != pdfdoc.BasicFonts]
        for name in names:
            document.idToObjectNumberAndVersion[name] = (file.reserve(), 0)
        for name in names:
            self._put_font_object(document.idToObjectNumberAndVersion[name][0], document.idToObject[name])
        fonts = document.idToObject[pdfdoc.BasicFonts].format(document)
        file.put(self._canvas.resources, b"<</Font %s/XObject<</Total %d 0 R>>>>" % (fonts, form))

    def _put_font_object(self, number: int, made: pdfdoc.PDFObject) -> None:
        document = self._lettering.document
        if isinstance(made, pdfdoc.PDFStream):
            lengths = b"".join(b"/%s %d" % (k.encode(), v) for k, v in made.dictionary.dict.items())
            content = made.content if isinstance(made.content, bytes) else made.content.encode("latin-1")
            self._file.put_stream(number, lengths, content)
        else:
            self._file.put(number, bytes(pdfdoc.format(made, document, toplevel=1)))


def _scale_of(report: Report) -> Scale:
    usual = LETTER if report.letterhead else USUAL
    return LARGE if report.large_print else usual


def _has_table(section: Section) -> bool:
    return any(isinstance(block, Grid | Records | Families) for block in section.blocks)


def _introduces(blocks: Sequence[Block]) -> bool:
    """Whether the first block is a paragraph about what follows it, at once or after one more paragraph."""
    first, *others = blocks
    if not isinstance(first, Prose) or not others:
        return False
    if first.kept:
        return True
    if isinstance(others[0], Prose):
        return isinstance(others[1] if len(others) > 1 else None, Records | Families)
    return isinstance(others[0], Bullets | Facts | Grid | Records | Families | Timeline)


def _kept_with_next(pieces: Iterator[Piece], *, soft: bool = False) -> Iterator[Piece]:
    """Keep the last piece on the page where the table or subsection that it introduces begins."""
    *first, last = pieces
    yield from first
    yield last._replace(keep=True, soft=soft)


def _below(heading: str) -> str:
    """The tag of the headings below one such as H4."""
    return f"H{int(heading[1:]) + 1}"
