"""Text -> the operators that draw it: faces for each script, right to left, and what a reader copies."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from bidi import get_display
from bidi.mirror import MIRRORED
from reportlab.pdfbase.pdfdoc import PDFDocument

from renderers.report_pdf.drawing.fonts import Face, Fonts
from renderers.report_pdf.drawing.shaping import Glyph, shaped
from renderers.report_pdf.drawing.style import Style
from renderers.report_pdf.drawing.wrapping import LTR_MARK, RTL_CATEGORIES, RTL_MARK

_DIRECTION: Final = {LTR_MARK: "L", RTL_MARK: "R"}
_DIRECTIONS: Final = LTR_MARK + RTL_MARK
_NUMBERS: Final = frozenset({"AN", "EN"})
_JOINERS: Final = "\u200c\u200d"
_WITHOUT_JOINERS: Final = str.maketrans("", "", _JOINERS)
_ESCAPED: Final = str.maketrans({"(": "\\(", ")": "\\)", "\\": "\\\\"})
_ASCII: Final = 128
_MARK: Final = "\ufe0f"  # takes the direction of what it follows; the gate lets none through
_MIRRORED: Final = {mark: turned for mark, turned in MIRRORED.items() if len(mark) == len(turned) == 1}
_BRACKETS: Final = f"[{re.escape(''.join(_MIRRORED))}]"
_PAIR: Final = re.compile(f"{_MARK}(?P<turned>{_BRACKETS})|(?P<as_is>{_BRACKETS}){_MARK}")


@dataclass(frozen=True)
class _Run:
    """Characters of one face, in the order in which they are drawn."""

    face: Face
    text: str
    rtl: bool

    @property
    def glyphs(self) -> list[Glyph]:
        as_read = self.text[::-1] if self.rtl else self.text
        return shaped(self.face, as_read, rtl=self.rtl)


class _FaceCache(dict[str, Face]):
    """The face of each character that was met, for text that is set in one face where it can be."""

    def __init__(self, fonts: Fonts, base: Face) -> None:
        self._fonts = fonts
        self._base = base

    def __missing__(self, character: str) -> Face:
        face = self[character] = self._fonts.face_of(character, self._base) or self._base
        return face


@dataclass
class Lettering:
    """Sets lines of text; plain ASCII, which most are, in a tenth of the time that others take."""

    fonts: Fonts = field(default_factory=Fonts)
    document: PDFDocument = field(default_factory=lambda: PDFDocument(compression=1, invariant=1))
    _drawn: defaultdict[Face, list[str]] = field(default_factory=lambda: defaultdict(list))
    _used: defaultdict[Face, set[str]] = field(default_factory=lambda: defaultdict(set))
    _faces: dict[Face, _FaceCache] = field(default_factory=dict)
    _font_operators: dict[tuple[bool, float], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._faces |= {base: _FaceCache(self.fonts, base) for base in (self.fonts.regular, self.fonts.bold)}

    def width(self, text: str, style: Style) -> float:
        """How wide a line is, in points."""
        face = self._base(style)
        if text.isascii():
            return float(face.font.stringWidth(text, style.size))
        return sum(self._run_width(run, style.size) for run in self._runs(text, face))

    def font_operator(self, style: Style) -> str:
        """The operator that chooses a style's font; every line begins and ends with it."""
        known = style.bold, style.size
        if known not in self._font_operators:  # ReportLab takes 5 us to say it
            font = self._base(style).font
            font.splitString(" ", self.document)
            self._font_operators[known] = f"{font.getSubsetInternalName(0, self.document)} {style.size:g} Tf"
        return self._font_operators[known]

    def line(self, text: str, style: Style) -> str:
        """The operators for a line at the text's origin, which stays; its style's font has been chosen."""
        face = self._base(style)
        if text.isascii():
            self._drawn[face].append(text)
            if "(" in text or ")" in text or "\\" in text:
                text = text.translate(_ESCAPED)
            return f"({text}) Tj"
        runs, told = self._runs(text, face), text.lstrip(_DIRECTIONS)
        if "".join(run.text for run in runs) == told and not any(run.face.shaped for run in runs):
            shown = [self._codes(run.face, run.text, style.size) for run in runs]
            return " ".join([*shown, self.font_operator(style)])
        # What a reader copies or hears is the text, not its glyphs; a blank at its end need not be drawn, and would
        # stand on the left of a line that reads from the right.
        runs = self._runs(text.rstrip(" "), face)
        actual = f"/Span <</ActualText <feff{told.encode('utf-16-be').hex()}>>> BDC"
        return " ".join([actual, *self._positioned(runs, style.size), self.font_operator(style), "EMC"])

    def end_page(self) -> None:
        """Notes which letters the page had, so that no other is embedded."""
        for face, texts in self._drawn.items():
            self._used[face].update(*texts)
        self._drawn.clear()

    def finish(self) -> None:
        """Leaves out of the fonts what no page had, and adds them to the document."""
        self.end_page()
        for face in (self.fonts.regular, self.fonts.bold):
            if (state := face.font.state.get(self.document)) is not None:
                used = self._used[face]
                state.subsets[0] = [c if c >= _ASCII or chr(c) in used else 0 for c in state.subsets[0]]
        for font in self.document.delayedFonts:
            font.addObjects(self.document)

    def _base(self, style: Style) -> Face:
        return self.fonts.bold if style.bold else self.fonts.regular

    def _runs(self, text: str, base: Face) -> list[_Run]:
        faces, direction = self._faces[base], _DIRECTION.get(text[:1])
        text = text.lstrip(_DIRECTIONS)
        if direction is None and all(
            faces[character] is base for character in text
        ):  # as of all that is Latin, Greek or Cyrillic
            return [_Run(base, text, rtl=False)]
        if direction or any(unicodedata.bidirectional(c) in RTL_CATEGORIES for c in text):
            text = _visual_order(text, direction)
        runs: list[_Run] = []
        for character in text:
            last = runs[-1] if runs else None
            if last is not None and last.face.shaped and character in _JOINERS:
                runs[-1] = _Run(last.face, last.text + character, last.rtl)
                continue
            face = faces[character]
            rtl = face.rtl and unicodedata.bidirectional(character) not in _NUMBERS
            if last is not None and last.face is face and last.rtl is rtl:
                runs[-1] = _Run(face, last.text + character, rtl)
            else:
                runs.append(_Run(face, character, rtl))
        return [r if r.face.shaped else replace(r, text=r.text.translate(_WITHOUT_JOINERS)) for r in runs]

    @staticmethod
    def _run_width(run: _Run, size: float) -> float:
        if not run.face.shaped:
            return float(run.face.font.stringWidth(run.text, size))
        return sum(glyph.advance for glyph in run.glyphs) * size / 1000

    def _positioned(self, runs: list[_Run], size: float) -> Iterator[str]:
        """Runs each moved to its place, and back to the origin at the end."""
        x = there_x = there_y = 0.0
        for run in runs:
            width = self._run_width(run, size)
            for text, right, up in self._parts(run, size):
                there = (round(x + right, 2), round(up, 2))
                yield f"{there[0] - there_x:.2f} {there[1] - there_y:.2f} Td {self._codes(run.face, text, size)}"
                there_x, there_y = there
            x += width
        yield f"{-there_x:.2f} {-there_y:.2f} Td"

    @staticmethod
    def _parts(run: _Run, size: float) -> Iterator[tuple[str, float, float]]:
        """What of a run is drawn at once, and how far right of its beginning and above it."""
        if not run.face.shaped:
            yield run.text, 0.0, 0.0
            return
        pen = 0.0
        for glyph in run.glyphs:
            yield glyph.character, (pen + glyph.right) * size / 1000, glyph.up * size / 1000
            pen += glyph.advance

    def _codes(self, face: Face, text: str, size: float) -> str:
        self._drawn[face].append(text.replace("\u00a0", " "))  # as ReportLab draws it
        font, document = face.font, self.document
        return " ".join(
            f"{font.getSubsetInternalName(subset, document)} {size:g} Tf <{codes.hex()}> Tj"
            for subset, codes in font.splitString(text, document)
        )


def _visual_order(text: str, direction: str | None) -> str:
    """A line in the order that the eye meets it from the left; brackets that are read from the right are turned.

    The library does not turn them, nor say which they are: a mark put behind each is found before it in those.
    """
    marked = "".join([c + _MARK if c in _MIRRORED else c for c in text])
    return _PAIR.sub(
        lambda pair: pair["as_is"] or _MIRRORED[pair["turned"]], str(get_display(marked, base_dir=direction))
    )
