"""Text -> the operators that draw it: faces by script, right-to-left text, and the text that readers copy."""

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
from renderers.report_pdf.drawing.wrapping import LTR_MARK, RTL_MARK, is_right_to_left

_DIRECTION: Final = {LTR_MARK: "L", RTL_MARK: "R"}
_DIRECTIONS: Final = LTR_MARK + RTL_MARK
_NUMBERS: Final = frozenset({"AN", "EN"})
_JOINERS: Final = "\u200c\u200d"
_WITHOUT_JOINERS: Final = str.maketrans("", "", _JOINERS)
_ESCAPED: Final = str.maketrans({"(": "\\(", ")": "\\)", "\\": "\\\\"})
_ASCII: Final = 128
_FIRST_SUBSET: Final = 256
_NO_PLAIN: Final = frozenset("\u00a0\u200c\u200d\u200e\u200f")
_MARK: Final = "\ufe0f"  # takes the direction of the character before it; the gate lets none through
_MIRRORED: Final = {mark: mirrored for mark, mirrored in MIRRORED.items() if len(mark) == len(mirrored) == 1}
_BRACKETS: Final = f"[{re.escape(''.join(_MIRRORED))}]"
_PAIR: Final = re.compile(f"{_MARK}(?P<mirrored>{_BRACKETS})|(?P<as_is>{_BRACKETS}){_MARK}")


@dataclass(frozen=True)
class _Run:
    """Characters of one face, in drawing order."""

    face: Face
    text: str
    rtl: bool

    @property
    def glyphs(self) -> list[Glyph]:
        as_read = self.text[::-1] if self.rtl else self.text
        return shaped(self.face, as_read, rtl=self.rtl)


class _FaceCache(dict[str, Face]):
    """A cache of the face of each character, with the base face wherever possible."""

    def __init__(self, fonts: Fonts, base: Face) -> None:
        self._fonts = fonts
        self._base = base

    def __missing__(self, character: str) -> Face:
        face = self[character] = self._fonts.face_of(character, self._base) or self._base
        return face


@dataclass
class _PlainLetters:
    """Letters that can be drawn as they are, as one string without change of font, with their codes in the font."""

    letters: set[str] = field(default_factory=lambda: {chr(code) for code in range(0x20, 0x7F)})
    codes: dict[int, int] = field(default_factory=dict)


@dataclass
class Lettering:
    """Sets lines of text, with fast paths for plain ASCII, which most lines are, and other letters of the base font."""

    fonts: Fonts = field(default_factory=Fonts)
    document: PDFDocument = field(default_factory=lambda: PDFDocument(compression=1, invariant=1))
    _drawn: defaultdict[Face, list[str]] = field(default_factory=lambda: defaultdict(list))
    _used: defaultdict[Face, set[str]] = field(default_factory=lambda: defaultdict(set))
    _faces: dict[Face, _FaceCache] = field(default_factory=dict)
    _plain: dict[Face, _PlainLetters] = field(default_factory=dict)
    _font_operators: dict[tuple[bool, float], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for base in (self.fonts.regular, self.fonts.bold):
            self._faces[base] = _FaceCache(self.fonts, base)
            self._plain[base] = _PlainLetters()

    def width(self, text: str, style: Style) -> float:
        """The width of a line in points."""
        face = self._base(style)
        if text.isascii() or self._plain[face].letters.issuperset(text):
            return float(face.font.stringWidth(text, style.size))
        return sum(self._run_width(run, style.size) for run in self._runs(text, face))

    def font_operator(self, style: Style) -> str:
        """The operator that selects a style's font; it is in force at the start and end of every line."""
        key = style.bold, style.size
        if key not in self._font_operators:  # ReportLab is slow to find it
            font = self._base(style).font
            font.splitString(" ", self.document)
            self._font_operators[key] = f"{font.getSubsetInternalName(0, self.document)} {style.size:g} Tf"
        return self._font_operators[key]

    def line(self, text: str, style: Style) -> str:
        """The operators for a line at the text origin, which they restore; the style's font must be selected."""
        face = self._base(style)
        if text.isascii():
            self._drawn[face].append(text)
            if "(" in text or ")" in text or "\\" in text:
                text = text.translate(_ESCAPED)
            return f"({text}) Tj"
        plain = self._plain[face]
        if plain.letters.issuperset(text):
            self._drawn[face].append(text)
            return f"<{text.translate(plain.codes).encode('latin-1').hex()}> Tj"
        runs, logical = self._runs(text, face), text.lstrip(_DIRECTIONS)
        if "".join(run.text for run in runs) == logical and not any(run.face.shaped for run in runs):
            shown = [self._codes(run.face, run.text, style.size) for run in runs]
            self._note_plain(face, text)
            return " ".join([*shown, self.font_operator(style)])
        # Users copy and hear the text, not its glyphs. A blank at its end need not be drawn; in a right-to-left line
        # it would be at the left.
        runs = self._runs(text.rstrip(" "), face)
        actual = f"/Span <</ActualText <feff{logical.encode('utf-16-be').hex()}>>> BDC"
        return " ".join([actual, *self._positioned(runs, style.size), self.font_operator(style), "EMC"])

    def end_page(self) -> None:
        """Note the letters of the page, so that only used letters are embedded."""
        for face, texts in self._drawn.items():
            self._used[face].update(*texts)
        self._drawn.clear()

    def finish(self) -> None:
        """Remove the unused letters from the fonts and add the fonts to the document."""
        self.end_page()
        for face in (self.fonts.regular, self.fonts.bold):
            if (state := face.font.state.get(self.document)) is not None:
                used = self._used[face]
                state.subsets[0] = [c if c >= _ASCII or chr(c) in used else 0 for c in state.subsets[0]]
        for font in self.document.delayedFonts:
            font.addObjects(self.document)

    def _note_plain(self, base: Face, text: str) -> None:
        """Note the letters of a text that the first subset of the base font has, such as ä and é."""
        if not all(self._faces[base][character] is base for character in text):
            return
        assigned = base.font.state[self.document].assignments
        for character in set(text) - _NO_PLAIN:
            if (code := assigned[ord(character)]) < _FIRST_SUBSET:
                self._plain[base].letters.add(character)
                self._plain[base].codes[ord(character)] = code

    def _base(self, style: Style) -> Face:
        return self.fonts.bold if style.bold else self.fonts.regular

    def _runs(self, text: str, base: Face) -> list[_Run]:
        faces, direction = self._faces[base], _DIRECTION.get(text[:1])
        text = text.lstrip(_DIRECTIONS)
        # The usual case: Latin, Greek and Cyrillic need only the base face.
        if direction is None and all(faces[character] is base for character in text):
            return [_Run(base, text, rtl=False)]
        if direction or is_right_to_left(text):
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
        """The runs, each moved to its position, and a move back to the origin."""
        x = at_x = at_y = 0.0
        for run in runs:
            width = self._run_width(run, size)
            for text, right, up in self._parts(run, size):
                place = (round(x + right, 2), round(up, 2))
                yield f"{place[0] - at_x:.2f} {place[1] - at_y:.2f} Td {self._codes(run.face, text, size)}"
                at_x, at_y = place
            x += width
        yield f"{-at_x:.2f} {-at_y:.2f} Td"

    @staticmethod
    def _parts(run: _Run, size: float) -> Iterator[tuple[str, float, float]]:
        """The parts of a run that are drawn in one go, each with its offset to the right and up."""
        if not run.face.shaped:
            yield run.text, 0.0, 0.0
            return
        pen = 0.0
        for glyph in run.glyphs:
            yield glyph.character, (pen + glyph.right) * size / 1000, glyph.up * size / 1000
            pen += glyph.advance

    def _codes(self, face: Face, text: str, size: float) -> str:
        self._drawn[face].append(text.replace("\u00a0", " "))  # ReportLab draws it as a space
        font, document = face.font, self.document
        return " ".join(
            f"{font.getSubsetInternalName(subset, document)} {size:g} Tf <{codes.hex()}> Tj"
            for subset, codes in font.splitString(text, document)
        )


def _visual_order(text: str, direction: str | None) -> str:
    """A line in visual order, from the left; brackets in right-to-left text are mirrored.

    The library neither mirrors brackets nor reports which are right to left. So a mark is put behind each bracket:
    in right-to-left text it ends up before it.
    """
    marked = "".join([c + _MARK if c in _MIRRORED else c for c in text])
    return _PAIR.sub(
        lambda pair: pair["as_is"] or _MIRRORED[pair["mirrored"]],
        str(get_display(marked, base_dir=direction)),
    )
