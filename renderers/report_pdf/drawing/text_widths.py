"""The widths of texts that tables share among their columns."""

from dataclasses import dataclass

from renderers.report_pdf.drawing.columns import ContentWidth
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.style import Style


@dataclass(frozen=True)
class TextWidths:
    """Measures texts in points."""

    lettering: Lettering

    def line(self, text: str, style: Style) -> float:
        """The width of the widest line."""
        if "\n" not in text:
            return self.lettering.width(text, style)
        return max(self.lettering.width(line, style) for line in text.split("\n"))

    def word(self, text: str, style: Style) -> float:
        """The width of the longest word."""
        return self.lettering.width(max(text.split(), key=len, default=""), style)

    def content(self, text: str, style: Style) -> ContentWidth:
        # No ASCII letter is wider than the font size; a single Arabic one may be as wide as ten.
        letter = 0.0 if text.isascii() else max(self.lettering.width(each, style) for each in set(text))
        line = self.line(text, style)
        return ContentWidth(line, self.word(text, style) if " " in text else line, letter)
