"""Text -> the operators that draw it, so that readers copy the text in the order in which it was typed.

Each reader takes the text of a page from its glyphs and reorders right-to-left ones by rules of its own: see ADR 23.
All come out with the stored order if right-to-left letters are shown from left to right, as they are seen, run after
run in the order of reading.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Final

from reportlab.pdfbase.pdfdoc import PDFDocument

from renderers.report_pdf.drawing.directions import MIRRORED, Run, base_is_rtl, directed
from renderers.report_pdf.drawing.fonts import Face, Fonts
from renderers.report_pdf.drawing.glyph_font import GlyphFont, Letter, Part, Placed
from renderers.report_pdf.drawing.reader_marks import ReaderMarks, as_number, is_arabic_number
from renderers.report_pdf.drawing.shaping import JOINERS, shaped, with_joiners
from renderers.report_pdf.drawing.style import Style
from renderers.report_pdf.drawing.wrapping import LTR_MARK, RTL_MARK, Measure, is_right_to_left

_DIRECTIONS: Final = LTR_MARK + RTL_MARK
_WITHOUT_JOINERS: Final = str.maketrans("", "", JOINERS)
_ESCAPED: Final = str.maketrans({"(": "\\(", ")": "\\)", "\\": "\\\\"})
_ASCII: Final = 128
_FIRST_SUBSET: Final = 256
_NO_PLAIN: Final = frozenset(f"\u00a0{JOINERS}{_DIRECTIONS}")
_REMEMBERED: Final = 256  # lines
_MEASURED: Final = 1024  # texts of a style
_NARROW_BLANK: Final = Placed(Letter(" ", 0))


@dataclass(frozen=True)
class _Piece:
    """Characters of one face and direction, as they are read."""

    face: Face
    text: str
    rtl: bool = False

    @cached_property
    def placed(self) -> list[Placed]:
        """The letters from left to right, if they are no plain characters of their font."""
        if self.face.shaped:
            return shaped(self.face, self.text, rtl=self.rtl)
        seen = self.text[::-1] if self.rtl else self.text
        return with_joiners([self._plain(character) for character in seen])

    @property
    def plain(self) -> bool:
        """Whether it can be shown as characters of its font."""
        return not (self.rtl or self.face.shaped or any(joiner in self.text for joiner in JOINERS))

    def _plain(self, character: str) -> Placed:
        if character in JOINERS:
            return Placed(Letter(character, 0))
        glyph = self.face.glyph(MIRRORED.get(character, character) if self.rtl else character)
        return Placed(Letter(character, self.face.advance(glyph), (Part(self.face, glyph),)))

    def width(self, size: float) -> float:
        if not self.face.shaped:
            return float(self.face.font.stringWidth(self.text.translate(_WITHOUT_JOINERS), size))
        return sum(each.advance for each in self.placed) * size / 1000


@dataclass(frozen=True)
class _Part:
    """A run of a line with its pieces, as they are read."""

    run: Run
    pieces: list[_Piece]

    @property
    def plain(self) -> bool:
        """Whether it is shown as characters of fonts; else all its letters are of one font, also the plain ones."""
        return all(piece.plain for piece in self.pieces)

    @property
    def placed(self) -> list[Placed]:
        pieces = reversed(self.pieces) if self.run.rtl else self.pieces
        return [each for piece in pieces for each in piece.placed]

    def width(self, size: float) -> float:
        return sum(piece.width(size) for piece in self.pieces)


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
    _measures: dict[tuple[bool, float], Measure] = field(default_factory=dict)
    _font_operators: dict[tuple[bool, float], str] = field(default_factory=dict)
    _glyphs: GlyphFont = field(default_factory=lambda: GlyphFont("Glyphs"))
    _marks: ReaderMarks = field(init=False)
    _parts: Callable[[str, Face], list[_Part]] = field(init=False)

    def __post_init__(self) -> None:
        self._marks = ReaderMarks(self.fonts.regular)
        for base in (self.fonts.regular, self.fonts.bold):
            self._faces[base] = _FaceCache(self.fonts, base)
            self._plain[base] = _PlainLetters()
        self._parts = lru_cache(_REMEMBERED)(self._read_parts)  # a line is drawn after it was measured

    def measure(self, style: Style) -> Measure:
        """The width of a line in points; recent ones are remembered, because words occur again and again."""
        key = style.bold, style.size
        if key not in self._measures:
            self._measures[key] = lru_cache(_MEASURED)(partial(self._width, self._base(style), style.size))
        return self._measures[key]

    def width(self, text: str, style: Style) -> float:
        """The width of a line in points."""
        return self.measure(style)(text)

    def _width(self, face: Face, size: float, text: str) -> float:
        if text.isascii() or self._plain[face].letters.issuperset(text):
            return float(face.font.stringWidth(text, size))
        return sum(part.width(size) for part in self._parts(text, face))

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
        parts = self._parts(text, face)
        if any(part.run.rtl for part in parts):
            # The blank that ends a line would stand left of a right-to-left one; there it is shown without width.
            parts, ends = self._parts(text.rstrip(" "), face), text.endswith(" ")
            shown = [
                *self._directed(parts, style.size),
                *([self._glyphs.shown([_NARROW_BLANK], style.size)] if ends else []),
            ]
        else:
            shown = [self._shown(part, style.size) for part in parts]
            if all(part.plain for part in parts):
                self._note_plain(face, text)
        return " ".join([*shown, self.font_operator(style)])

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
        self._glyphs.add_to(self.document, self.fonts.regular)
        self._marks.add_to(self.document)

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

    def _read_parts(self, text: str, base: Face) -> list[_Part]:
        """The runs of a line, as they are read."""
        faces, direction = self._faces[base], text[:1]
        text = text.lstrip(_DIRECTIONS)
        # The usual case: Latin, Greek and Cyrillic need only the base face.
        if direction not in _DIRECTIONS and all(faces[character] is base for character in text):
            return [_Part(Run(text, rtl=False, place=0), [_Piece(base, text)])]
        if is_right_to_left(text):
            runs = directed(text, rtl=_is_rtl(direction, text))
        else:
            runs = [Run(text, rtl=False, place=0)]
        return [_Part(run, self._pieces(run, faces)) for run in runs]

    @staticmethod
    def _pieces(run: Run, faces: _FaceCache) -> list[_Piece]:
        pieces: list[_Piece] = []
        for character in run.text:
            last = pieces[-1] if pieces else None
            face = faces[MIRRORED.get(character, character) if run.rtl else character]
            joins = last is not None and last.face.shaped and character in JOINERS
            if last is not None and (joins or last.face is face):
                pieces[-1] = _Piece(last.face, last.text + character, run.rtl)
            else:
                pieces.append(_Piece(face, character, run.rtl))
        return pieces

    def _directed(self, parts: Sequence[_Part], size: float) -> Iterator[str]:
        """The runs in the order of reading, each moved to its position, and a move back to the origin."""
        x = 0.0
        yield self._marks.line_end(0, size)
        for at, (part, following, left) in enumerate(
            zip(parts, [*parts[1:], None], _lefts(parts, size), strict=True)
        ):
            yield f"{left - x:.2f} 0 Td {self._marks.before(part.run, size, last=following is None)}"
            shown = self._shown(part, size)
            yield f"/ReversedChars BMC {shown} EMC" if part.run.rtl else shown
            if following is not None:
                yield self._marks.between(part.run, following.run, at, size)
            x = left
        yield f"{-x:.2f} 0 Td {self._marks.line_end(len(parts), size)}"

    def _shown(self, part: _Part, size: float) -> str:
        if part.plain:
            return " ".join([self._codes(piece.face, piece.text, size) for piece in part.pieces])
        if is_arabic_number(part.run):
            return as_number(part.run, part.placed, self._glyphs, size)
        return self._glyphs.shown(part.placed, size)

    def _codes(self, face: Face, text: str, size: float) -> str:
        self._drawn[face].append(text.replace("\u00a0", " "))  # ReportLab draws it as a space
        font, document = face.font, self.document
        return " ".join(
            f"{font.getSubsetInternalName(subset, document)} {size:g} Tf <{codes.hex()}> Tj"
            for subset, codes in font.splitString(text, document)
        )


def _is_rtl(direction: str, text: str) -> bool:
    return direction == RTL_MARK if direction in _DIRECTIONS else base_is_rtl(text)


def _lefts(parts: Sequence[_Part], size: float) -> list[float]:
    """The left edge of each run, rounded."""
    lefts, x = {}, 0.0
    for part in sorted(parts, key=lambda each: each.run.place):
        lefts[part.run.place] = x
        x += part.width(size)
    return [round(lefts[part.run.place], 2) for part in parts]
