"""A font's tables, each read in one go: ReportLab reads them number by number, which is slow."""

import sys
from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from reportlab.pdfbase.ttfonts import TTFontFace, TTFontFile

_SPACE: Final = 0x20
_NO_BREAK_SPACE: Final = 0xA0
_SEGMENTS: Final = 4  # the two formats of "cmap" in our fonts (OpenType 1.9)
_GROUPS: Final = 12


@dataclass(frozen=True)
class _Metrics:
    """Advance and bearing of each glyph; the last glyphs have only bearings and share the last advance."""

    numbers: "array[int]"
    whole: int

    def __getitem__(self, glyph: int) -> tuple[int, int]:
        at = 2 * min(glyph, self.whole - 1)
        return self.numbers[at], self.numbers[at + 1 if glyph < self.whole else self.whole + glyph]

    def advances(self, scale: Callable[[int], float], glyphs: int) -> list[float]:
        scaled = [scale(advance) for advance in self.numbers[: 2 * self.whole : 2]]
        return scaled + scaled[-1:] * (glyphs - self.whole)


class QuickFace(TTFontFace):  # type: ignore[misc] # ReportLab has no types
    """A font face with everything that ReportLab reads, except `glyphToChar`; large tables are read in one go."""

    def extractInfo(self, charInfo: int = 1) -> None:  # noqa: N802, N803 - ReportLab's names
        glyphs = _glyphs(self) if charInfo else None
        if glyphs is None:
            super().extractInfo(charInfo)
            return
        super().extractInfo(0)
        if _SPACE in glyphs:
            glyphs[_NO_BREAK_SPACE] = glyphs[_SPACE]
        metrics = _Metrics(_numbers("H", self.get_table("hmtx")), _uint16(self, "hhea", 34))
        advances = metrics.advances(self._pdfScale, self.numGlyphs)
        self.charToGlyph, self.hmetrics = glyphs, metrics
        self.defaultWidth = advances[0]
        self.charWidths = {code: advances[glyph] for code, glyph in glyphs.items()}
        self.glyphPos = _glyph_offsets(self)

    def glyph_data(self, glyph: int) -> bytes:
        """The outline of a glyph as it stands in the file; empty if it draws nothing."""
        start = self.get_table_pos("glyf")[0]
        return bytes(self._ttf_data[start + self.glyphPos[glyph] : start + self.glyphPos[glyph + 1]])


def _glyphs(font: TTFontFile) -> dict[int, int] | None:
    """The glyph of each character from the last map, as in ReportLab; None if the map has another format."""
    count = _uint16(font, "cmap", 2)
    whole = font.get_table("cmap")
    table = whole[_numbers("I", whole[8 * count : 8 * count + 4])[0] :]
    form = _numbers("H", table[:2])[0]
    if form == _GROUPS:
        numbers = _numbers("I", table[: 16 + 12 * _numbers("I", table[12:16])[0]])[4:]
        groups = zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
        return {
            code: glyph + code - first for first, last, glyph in groups for code in range(first, last + 1)
        }
    if form == _SEGMENTS:
        return _from_segments(_numbers("H", table[: _numbers("H", table[2:4])[0]]))
    return None


def _from_segments(table: "array[int]") -> dict[int, int]:
    count = table[3] // 2
    lasts, firsts = table[7 : 7 + count], table[8 + count : 8 + 2 * count]
    deltas, offsets = table[8 + 2 * count : 8 + 3 * count], table[8 + 3 * count : 8 + 4 * count]
    glyphs: dict[int, int] = {}
    for at, (first, last, delta, offset) in enumerate(zip(firsts, lasts, deltas, offsets, strict=True)):
        codes = range(first, last + 1)
        if offset:
            begin = 8 + 3 * count + at + offset // 2
            listed = table[begin : begin + len(codes)]
            glyphs.update(zip(codes, [glyph and (glyph + delta) & 0xFFFF for glyph in listed], strict=False))
        else:
            begin = (first + delta) & 0xFFFF
            glyphs.update(zip(codes, range(begin, begin + len(codes)), strict=True))
    return glyphs


def _glyph_offsets(font: TTFontFile) -> "array[int] | list[int]":
    """The offset of each glyph in the glyph table."""
    if _uint16(font, "head", 50):
        return _numbers("I", font.get_table("loca"))
    return [2 * place for place in _numbers("H", font.get_table("loca"))]


def _uint16(font: TTFontFile, table: str, at: int) -> int:
    return int(font.get_ushort(font.get_table_pos(table)[0] + at))


def _numbers(kind: str, table: bytes) -> "array[int]":
    numbers = array(kind, table[: len(table) // array(kind).itemsize * array(kind).itemsize])
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
