"""Letters whose form and position depend on their neighbours, shaped with HarfBuzz."""

from dataclasses import dataclass
from typing import Final

import uharfbuzz

from renderers.report_pdf.drawing.fonts import Face

_FIRST_PRIVATE: Final = 0xE000


@dataclass(frozen=True)
class Glyph:
    """A glyph by its character in the font, with its advance and offset in thousandths of the font size."""

    character: str
    advance: float
    right: float
    up: float


def shaped(face: Face, text: str, *, rtl: bool) -> list[Glyph]:
    """The glyphs of a text in reading order, returned in drawing order from left to right.

    `rtl` is given, because a guess by script would be wrong for numbers: Arabic ones are read from left to right.

    ReportLab's own shaping needs fonts that are registered for the whole process, and returns the widths of glyphs
    without a character in font units.
    """
    font = face.shaper
    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    uharfbuzz.shape(font, buffer)
    scale = face.font.face._pdfScale  # ReportLab's function from font units to thousandths
    return [
        Glyph(
            _character(face, info.codepoint, scale(font.get_glyph_h_advance(info.codepoint))),
            scale(position.x_advance),
            scale(position.x_offset),
            scale(position.y_offset),
        )
        for info, position in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    ]


def _character(face: Face, glyph: int, width: float) -> str:
    """A character for a glyph: its own, or a private-use one, because ReportLab embeds characters, not glyphs."""
    if glyph not in face.characters:
        known = face.font.face
        code = next(c for c in range(_FIRST_PRIVATE, 0xF8FF) if c not in known.charToGlyph)
        known.charToGlyph[code] = glyph
        known.charWidths[code] = width
        face.characters[glyph] = code
    return chr(face.characters[glyph])
