"""What readers need between the runs of a line with right-to-left text: marks that draw nothing (see ADR 23).

Each is replaced by an empty ActualText, so that screen readers and readers that it is not meant for skip it.
"""

import unicodedata
from dataclasses import dataclass, field
from typing import Final

from reportlab.pdfbase.pdfdoc import PDFDocument

from renderers.report_pdf.drawing.directions import Run, divided
from renderers.report_pdf.drawing.fonts import Face
from renderers.report_pdf.drawing.glyph_font import GlyphFont, Letter, Part, Placed, as_one
from renderers.report_pdf.drawing.wrapping import LTR_MARK, RTL_MARK

# A blank that only Firefox reads, which loses those where the next run is to the left. Alone it would drop it.
_BLANK: Final = "\u200b "
_NO_TEXT: Final = "\u200b"
_NEUTRAL: Final = "\u2060"
_VOWEL_SIGN: Final = "Mn"
_ARABIC_NUMBER: Final = "AN"
# poppler ignores the replacement of any content but a Span.
_FOR_POPPLER: Final = "Passage"
_DEPTHS: Final = 0.9, 1.2  # in font sizes: pdfium overlooks a text that is where the one before it was


@dataclass
class ReaderMarks:
    """Writes marks, in a font of their own; `face` has an outline for those that pdfium must not overlook."""

    face: Face
    _glyphs: GlyphFont = field(default_factory=lambda: GlyphFont("Marks"))

    def add_to(self, document: PDFDocument) -> None:
        self._glyphs.add_to(document, self.face)

    def before(self, run: Run, size: float, *, last: bool) -> str:
        """What prepares readers for a run; it stands at the run's left edge."""
        if not run.rtl:
            return self._mark(LTR_MARK, size)
        marks = []
        if last:  # signs at the end of a line would come first in poppler
            marks.append(self._mark(RTL_MARK, size, _FOR_POPPLER))
        if unicodedata.category(run.text[-1]) == _VOWEL_SIGN:
            # MuPDF would take a sign that comes first for the end of the line before.
            marks.append(self._glyphs.shown([Placed(Letter(" ", 0))], size))
        return " ".join([*marks, self._mark(RTL_MARK, size)])  # MuPDF takes its direction for that of signs

    def between(self, run: Run, following: Run, at: int, size: float) -> str:
        """What stands behind a run that is not the last; `at` counts the runs before it."""
        marks = []
        if following.place < run.place:
            if run.text.endswith(" ") or following.text.startswith(" "):
                marks.append(self._mark(_BLANK, size))
        elif run.rtl:
            # Without it, blanks and brackets behind right-to-left text would come before it in poppler.
            marks.append(self._mark(LTR_MARK, size, _FOR_POPPLER))
        if divided(run, following):
            marks.append(self.line_end(at + 1, size))
        return " ".join(marks)

    def line_end(self, at: int, size: float) -> str:
        """An invisible text below the line, the `at`-th: pdfium then takes what comes next for another line.

        Within a line, and it takes a row of a table for one, it exchanges the words of the direction that has fewer.
        It overlooks a text without an outline.
        """
        below = _DEPTHS[at % len(_DEPTHS)] * size
        dot = Part(self.face, self.face.glyph("."))
        shown = self._unread(Letter(_NO_TEXT, self.face.advance(dot.glyph), (dot,)), size)
        return f"0 {-below:.2f} Td 3 Tr {shown} 0 Tr 0 {below:.2f} Td"

    def _mark(self, text: str, size: float, tag: str = "Span") -> str:
        return self._unread(Letter(text, 0), size, tag)

    def _unread(self, letter: Letter, size: float, tag: str = "Span") -> str:
        return _replaced_by("", self._glyphs.shown([Placed(letter)], size), tag)


def is_arabic_number(run: Run) -> bool:
    """Whether a run has Arabic digits that are read from left to right."""
    return not run.rtl and _ARABIC_NUMBER in map(unicodedata.bidirectional, run.text)


def as_number(run: Run, placed: list[Placed], glyphs: GlyphFont, size: float) -> str:
    """Arabic digits, which MuPDF would turn, as one letter: its direction is that of its first character, a mark."""
    number = as_one(placed, _NEUTRAL)
    # The true text is outside, for screen readers and poppler; MuPDF and pdfium take the inner one.
    inner = _replaced_by(number.letter.text, glyphs.shown([number], size), _FOR_POPPLER)
    return _replaced_by(run.text, inner)


def _replaced_by(text: str, shown: str, tag: str = "Span") -> str:
    return f"/{tag} <</ActualText <feff{text.encode('utf-16-be').hex()}>>> BDC {shown} EMC"
