"""The footer of each page: the report that the page belongs to, and `Page x of y`."""

from dataclasses import dataclass
from typing import Final

from renderers.report_pdf.blocks import PageFooter
from renderers.report_pdf.drawing.canvas import Canvas
from renderers.report_pdf.drawing.gate import Gate
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.style import PAGE_WIDTH, Scale
from renderers.report_pdf.drawing.wrapping import wrapped

_MAX_TEXT: Final = 120
_WIDEST_PAGE_COUNT: Final = "00000"
_BASELINE: Final = 0.55  # as a fraction of the margin


@dataclass(frozen=True)
class FooterDrawer:
    """Draws page footers. The page count is known only at the end, so it is a form XObject, which is written last."""

    gate: Gate
    lettering: Lettering
    scale: Scale
    words: PageFooter
    form_object: int

    def draw(self, canvas: Canvas) -> None:
        """Draw the footer of the page that is about to end."""
        style, margin = self.scale.foot, self.scale.margin
        y = margin * _BASELINE
        before, _, after = self.words.numbering.partition("{pages}")
        number = str(len(canvas.pages) + 1)
        numbering = self.gate.title(before, _MAX_TEXT).replace("{page}", number) + " "
        rest = self.gate.title(after, _MAX_TEXT).replace("{page}", number)
        count_x = PAGE_WIDTH - margin - self._width(_WIDEST_PAGE_COUNT) - self._width(rest)
        room = count_x - margin - self._width(numbering) - 2 * style.size
        (footer,) = wrapped(self.gate.title(self.words.text, _MAX_TEXT), room, self._width, 1)
        canvas.begin_artifact()
        canvas.operators("EMC /Artifact <</Type/Pagination/Subtype/Footer>> BDC")
        lines = [(footer, margin, y), (numbering, count_x - self._width(numbering), y)]
        if rest:
            lines.append((rest, count_x + self._width(_WIDEST_PAGE_COUNT), y))
        canvas.text(lines, style)
        canvas.operators(f"q 1 0 0 1 {count_x:.2f} {y:.2f} cm /Total Do Q EMC /Artifact BMC")

    def finish(self, file: PdfFile, pages: int, resources: int) -> None:
        """Write the number of pages into its form."""
        style = self.scale.foot
        shown = self.lettering.line(str(pages), style)
        content = f"BT {style.colour} rg {self.lettering.font_operator(style)} {shown} ET"
        box = f"0 {-style.size:.2f} {self._width(_WIDEST_PAGE_COUNT):.2f} {style.size:.2f}".encode()
        dictionary = b"/Type/XObject/Subtype/Form/BBox[%s]/Resources %d 0 R" % (box, resources)
        file.put_stream(self.form_object, dictionary, content.encode("ascii"))

    def _width(self, text: str) -> float:
        return self.lettering.width(text, self.scale.foot)
