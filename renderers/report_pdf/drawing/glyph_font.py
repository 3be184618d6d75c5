"""A font made of glyphs of other fonts, in which every code has the text that its glyph stands for.

ReportLab embeds characters. A shaped glyph is none: it stands for several, or for one of many forms of one. Readers
copy what ToUnicode says of it, a character at a time, so a glyph that stands for several characters is drawn with the
first of them, and the others draw nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from reportlab.pdfbase import pdfdoc

from renderers.report_pdf.drawing.embedded_font import to_unicode
from renderers.report_pdf.drawing.fonts import Face
from renderers.report_pdf.drawing.glyph_program import Outline, true_type

_SYMBOLIC: Final = 4  # flag of a font descriptor (PDF 32000-1, 9.8.2)


@dataclass(frozen=True)
class Part:
    """A glyph of a face, moved to the right and up, in thousandths of the font size."""

    face: Face
    glyph: int
    right: int = 0
    up: int = 0


@dataclass(frozen=True)
class Letter:
    """A text with its advance in thousandths of the font size, and what is drawn for it: nothing, or some glyphs."""

    text: str
    advance: int
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Placed:
    """A letter, and how much more than its advance the next one is away."""

    letter: Letter
    kern: int = 0

    @property
    def advance(self) -> int:
        return self.letter.advance + self.kern


def as_one(placed: Sequence[Placed], before: str) -> Placed:
    """Letters from left to right as one, with a text before theirs."""
    parts, advance = [], 0
    for each in placed:
        parts += [replace(part, right=part.right + advance) for part in each.letter.parts]
        advance += each.advance
    return Placed(Letter(before + "".join([each.letter.text for each in placed]), advance, tuple(parts)))


@dataclass
class GlyphFont:
    """The letters of one report that are no characters of a font; `name` is its name in the pages' resources."""

    name: str
    _codes: dict[Letter, int] = field(default_factory=dict)

    def shown(self, placed: Sequence[Placed], size: float) -> str:
        """The operators that select the font and show letters."""
        strings, codes = [], ""
        for each in placed:
            codes += f"{self._codes.setdefault(each.letter, len(self._codes) + 1):04x}"
            if each.kern:
                strings.append(f"<{codes}>{-each.kern}")
                codes = ""
        if not strings:
            return f"/{self.name} {size:g} Tf <{codes}> Tj"
        return f"/{self.name} {size:g} Tf [{''.join(strings)}{f'<{codes}>' if codes else ''}] TJ"

    def add_to(self, document: pdfdoc.PDFDocument, like: Face) -> None:
        """Add the font to a document, if it was used; what its glyphs do not say is as in a face."""
        if not self._codes:
            return
        name, letters = f"{self.name.upper():X<6}+NotoSans-{self.name}", list(self._codes)
        program = pdfdoc.PDFStream(content=_program(letters, like))
        program.dictionary["Length1"] = len(program.content)
        texts = pdfdoc.PDFStream(content=to_unicode(name, [None, *[each.text for each in letters]], digits=4))
        made = {
            "descriptor": _dictionary(
                Type="/FontDescriptor",
                FontName=f"/{name}",
                Flags=_SYMBOLIC,
                FontBBox=pdfdoc.PDFArray([-1000, -600, 2000, 1200]),
                ItalicAngle=0,
                Ascent=1069,
                Descent=-293,
                CapHeight=714,
                StemV=80,
                FontFile2=document.Reference(program, f"program:{name}"),
            )
        }
        made["descendant"] = _dictionary(
            Type="/Font",
            Subtype="/CIDFontType2",
            BaseFont=f"/{name}",
            CIDSystemInfo="<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>",
            CIDToGIDMap="/Identity",
            DW=0,
            W=pdfdoc.PDFArray([1, pdfdoc.PDFArray([each.advance for each in letters])]),
            FontDescriptor=document.Reference(made["descriptor"], f"descriptor:{name}"),
        )
        whole = _dictionary(
            Type="/Font",
            Subtype="/Type0",
            BaseFont=f"/{name}",
            Encoding="/Identity-H",
            DescendantFonts=pdfdoc.PDFArray([document.Reference(made["descendant"], f"descendant:{name}")]),
            ToUnicode=document.Reference(texts, f"texts:{name}"),
        )
        document.idToObject[pdfdoc.BasicFonts].dict[self.name] = document.Reference(whole, self.name)


def _dictionary(**entries: object) -> pdfdoc.PDFDictionary:
    return pdfdoc.PDFDictionary(entries)


def _program(letters: Sequence[Letter], like: Face) -> bytes:
    faces = dict.fromkeys([like, *[part.face for letter in letters for part in letter.parts]])
    outlines = [
        Outline(
            letter.advance,
            tuple((part.face.font.face, part.glyph, part.right, part.up) for part in letter.parts),
        )
        for letter in letters
    ]
    return true_type([face.font.face for face in faces], outlines)
