"""A letter as a PDF: tagged like the report, with fonts for every script."""

from collections.abc import Iterator, Sequence

from dsar_export.language.catalogue import texts
from dsar_export.language.letter_words import reference_line
from dsar_export.model.letter import Letter
from renderers.report_pdf.blocks import PageFooter, Prose, Report
from renderers.report_pdf.drawing import draw


class LetterPdf:
    """Renders letters by the drawing of the report."""

    def render(self, letter: Letter) -> bytes:
        """The letter as PDF/UA-1; the same letter gives the same bytes."""
        return b"".join(draw(composed(letter)))


def composed(letter: Letter) -> Report:
    """The letter as blocks: who writes, when and about what, then the text."""
    words = texts(letter.language)
    return Report(
        title=letter.subject,
        language=letter.language,
        author=letter.sender[0],
        footer=PageFooter(
            text=f"{letter.sender[0]} · {letter.reference}",
            numbering=words.phrase("Page {page} of {pages}"),
        ),
        sections=(),
        letterhead=(
            Prose("\n".join(letter.sender)),
            Prose(f"{letter.date}\n{reference_line(letter, words)}"),
        ),
        opening=tuple(_with_its_end_together(letter.paragraphs)),
    )


def _with_its_end_together(paragraphs: Sequence[str]) -> Iterator[Prose]:
    """The paragraphs; the last, the greeting, is never alone on a page."""
    for number, text in enumerate(paragraphs, start=1):
        yield Prose(text, kept=number == len(paragraphs) - 1)
