"""The faces for text: chosen by the glyphs they have, read when first needed.

All come with this package or another Python package, under the SIL Open Font License. System fonts are not used.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

import uharfbuzz

from renderers.report_pdf.drawing.embedded_font import EmbeddedFont

_OWN_FONTS: Final = "renderers.report_pdf.drawing"
_NOTO: Final = "manimgx_fonts"
_REGULAR: Final = "NotoSans[wght]"
_BOLD: Final = "NotoSans-SemiBold"
_FALLBACKS: Final = ("NotoSansSymbols[wght]", "NotoEmoji[wght]")


@dataclass(frozen=True)
class _Script:
    """The characters of a script, their font, and whether it is shaped and written from right to left."""

    first: int
    last: int
    font: str
    shaped: bool = False
    rtl: bool = False


_SCRIPTS: Final = (
    _Script(0x0530, 0x058F, "NotoSansArmenian[wght]"),
    _Script(0x0590, 0x05FF, "NotoSansHebrew[wght]", shaped=True, rtl=True),
    _Script(0x0600, 0x077F, "NotoSansArabic[wght]", shaped=True, rtl=True),
    _Script(0x08A0, 0x08FF, "NotoSansArabic[wght]", shaped=True, rtl=True),
    _Script(0x0900, 0x097F, "NotoSansDevanagari[wght]", shaped=True),
    _Script(0x0980, 0x09FF, "NotoSansBengali[wght]", shaped=True),
    _Script(0x0A00, 0x0A7F, "NotoSansGurmukhi[wght]", shaped=True),
    _Script(0x0A80, 0x0AFF, "NotoSansGujarati[wght]", shaped=True),
    _Script(0x0B00, 0x0B7F, "NotoSansOriya[wght]", shaped=True),
    _Script(0x0B80, 0x0BFF, "NotoSansTamil[wght]", shaped=True),
    _Script(0x0C00, 0x0C7F, "NotoSansTelugu[wght]", shaped=True),
    _Script(0x0C80, 0x0CFF, "NotoSansKannada[wght]", shaped=True),
    _Script(0x0D00, 0x0D7F, "NotoSansMalayalam[wght]", shaped=True),
    _Script(0x0D80, 0x0DFF, "NotoSansSinhala[wght]", shaped=True),
    _Script(0x0E00, 0x0E7F, "NotoSansThai[wght]", shaped=True),
    _Script(0x0E80, 0x0EFF, "NotoSansLao[wght]", shaped=True),
    _Script(0x1000, 0x109F, "NotoSansMyanmar[wght]", shaped=True),
    _Script(0x10A0, 0x10FF, "NotoSansGeorgian[wght]"),
    _Script(0x1100, 0x11FF, "NotoSansKR-Regular"),
    _Script(0x1200, 0x139F, "NotoSansEthiopic[wght]"),
    _Script(0x1780, 0x17FF, "NotoSansKhmer[wght]", shaped=True),
    _Script(0x2E80, 0x312F, "NotoSansSC-Regular"),
    _Script(0x3130, 0x318F, "NotoSansKR-Regular"),
    _Script(0x3190, 0x9FFF, "NotoSansSC-Regular"),
    _Script(0xAC00, 0xD7AF, "NotoSansKR-Regular"),
    _Script(0xF900, 0xFAFF, "NotoSansSC-Regular"),
    _Script(0xFB1D, 0xFB4F, "NotoSansHebrew[wght]", shaped=True, rtl=True),
    _Script(0xFB50, 0xFDFF, "NotoSansArabic[wght]", shaped=True, rtl=True),
    _Script(0xFE30, 0xFE4F, "NotoSansSC-Regular"),
    _Script(0xFE70, 0xFEFE, "NotoSansArabic[wght]", shaped=True, rtl=True),
    _Script(0xFF00, 0xFFEF, "NotoSansSC-Regular"),
)
_FIRSTS: Final = [script.first for script in _SCRIPTS]


@dataclass(frozen=True)
class _MappedFile:
    """A font file as ReportLab reads it, mapped so that only the parts in use come into memory."""

    name: str

    def read(self) -> mmap:
        with Path(self.name).open("rb") as file:
            return mmap(file.fileno(), 0, access=ACCESS_READ)


@dataclass(frozen=True, eq=False)
class Face:
    """One font; `shaped` if glyphs depend on their neighbours, `rtl` if it is read from right to left."""

    font: EmbeddedFont
    shaped: bool = False
    rtl: bool = False

    @cached_property
    def shaper(self) -> "uharfbuzz.Font":
        """The font for HarfBuzz; ReportLab's own way would read the whole file into memory."""
        return uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(self.font.face.filename)))

    def has(self, character: str) -> bool:
        return ord(character) in self.font.face.charToGlyph

    def glyph(self, character: str) -> int:
        """The number of a character's glyph; 0 if there is none."""
        return int(self.font.face.charToGlyph.get(ord(character), 0))

    def advance(self, glyph: int) -> int:
        """The advance of a glyph in thousandths of the font size."""
        return self.scaled(self.font.face.hmetrics[glyph][0])

    def scaled(self, units: int) -> int:
        """A length in font units in thousandths of the font size."""
        return round(units * 1000 / int(self.font.face.unitsPerEm))


@dataclass
class Fonts:
    """The faces of one report; each report reads its own, because ReportLab notes in them what it embeds."""

    _faces: dict[str, Face] = field(default_factory=dict)

    @cached_property
    def regular(self) -> Face:
        return self._face(_REGULAR)

    @cached_property
    def bold(self) -> Face:
        return self._face(_BOLD)

    def face_of(self, character: str, base: Face) -> Face | None:
        """The first face with the character: its script's own, then the base, then any other."""
        return next((face for face in self._candidates(character, base) if face.has(character)), None)

    def _candidates(self, character: str, base: Face) -> Iterator[Face]:
        code = ord(character)
        at = bisect_right(_FIRSTS, code) - 1
        if at >= 0 and code <= _SCRIPTS[at].last:
            script = _SCRIPTS[at]
            yield self._face(script.font, shaped=script.shaped, rtl=script.rtl)
        yield base
        yield self.regular
        if code >= 0x2000:
            for name in _FALLBACKS:
                yield self._face(name)

    def _face(self, name: str, *, shaped: bool = False, rtl: bool = False) -> Face:
        if name not in self._faces:
            mapped = _MappedFile(str(_file(name)))
            font = EmbeddedFont(name, mapped, ascii_readable=name in {_REGULAR, _BOLD})
            self._faces[name] = Face(font, shaped, rtl)
        return self._faces[name]


def _file(name: str) -> Path:
    package = files(_NOTO) if "[" in name else files(_OWN_FONTS) / "data"
    return Path(str(package / f"{name}.ttf"))
