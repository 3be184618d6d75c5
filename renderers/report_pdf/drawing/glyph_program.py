"""The program of a TrueType font whose glyphs are put together from glyphs of other fonts (OpenType 1.9)."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from reportlab.pdfbase.ttfonts import TTFontMaker

from renderers.report_pdf.drawing.font_tables import QuickFace

_WORDS: Final = 0x0001  # flags of a component
_OFFSETS: Final = 0x0002
_SCALE: Final = 0x0008
_MORE: Final = 0x0020
_SCALES: Final = 0x0040
_MATRIX: Final = 0x0080
_UNSCALED: Final = 0x1000  # the offsets
_HEAD: Final = struct.Struct(">hhhhh")  # the number of contours and the box, at the start of a glyph
_COMPONENT: Final = struct.Struct(">HHhhh")
_UNITS: Final = 1000  # to the em
_ONE: Final = 0x4000  # of a scale
_LONG_OFFSETS: Final = 1
_FLAGS: Final = _WORDS | _OFFSETS | _SCALE | _UNSCALED
_MAX: Final = 0xFFFF

Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class Outline:
    """The advance of a glyph and its components: a glyph of a font, moved to the right and up."""

    advance: int
    components: tuple[tuple[QuickFace, int, int, int], ...]


@dataclass
class _Glyphs:
    """The glyphs of the new font: first those that are asked for, then those that they consist of."""

    outlines: Sequence[Outline]
    copied: dict[tuple[QuickFace, int], int] = field(default_factory=dict)
    pending: list[tuple[QuickFace, int]] = field(default_factory=list)

    def all(self) -> list[tuple[int, bytes]]:
        """The advance and the data of each glyph; the first is that of missing characters, which is not used."""
        made = [(0, b""), *[(outline.advance, self._composed(outline)) for outline in self.outlines]]
        for face, glyph in self.pending:  # grows meanwhile
            made.append((0, self._copy(face, glyph)))
        return made

    def number(self, face: QuickFace, glyph: int) -> int:
        if (face, glyph) not in self.copied:
            self.copied[face, glyph] = 1 + len(self.outlines) + len(self.pending)
            self.pending.append((face, glyph))
        return self.copied[face, glyph]

    def _composed(self, outline: Outline) -> bytes:
        parts = [each for each in outline.components if each[0].glyph_data(each[1])]
        if not parts:
            return b""
        boxes = [_moved(_scaled(_box(face.glyph_data(g)), face), right, up) for face, g, right, up in parts]
        more = [_MORE] * (len(parts) - 1) + [0]
        return _HEAD.pack(-1, *_united(boxes)) + b"".join(
            [
                _COMPONENT.pack(_FLAGS | flag, self.number(face, glyph), right, up, _scale(face, _ONE))
                for (face, glyph, right, up), flag in zip(parts, more, strict=True)
            ]
        )

    def _copy(self, face: QuickFace, glyph: int) -> bytes:
        """A glyph's data; in a composed glyph, the numbers of its components are those of the new font."""
        data = bytearray(face.glyph_data(glyph))
        for at in _components(data):
            (component,) = struct.unpack_from(">H", data, at)
            struct.pack_into(">H", data, at, self.number(face, component))
        return bytes(data)


def true_type(faces: Sequence[QuickFace], outlines: Sequence[Outline]) -> bytes:
    """The program; its first glyph is empty, and the others are the outlines in their order.

    The program has 1000 units to the em. It has no map of characters, because its codes are its glyphs.
    """
    glyphs = _Glyphs(outlines).all()
    boxes = [_box(data) for _, data in glyphs]
    maker = TTFontMaker()
    maker.add("head", _head(faces[0], _united(boxes)))
    maker.add("hhea", _patched(faces[0].get_table("hhea"), 34, len(glyphs)))
    maker.add("maxp", _limits(faces, outlines, len(glyphs)))
    maker.add(
        "hmtx", b"".join([struct.pack(">Hh", a, box[0]) for (a, _), box in zip(glyphs, boxes, strict=True)])
    )
    padded = [data + bytes(-len(data) % 4) for _, data in glyphs]
    offsets = [0, *accumulate(map(len, padded))]
    maker.add("loca", struct.pack(f">{len(offsets)}I", *offsets))
    maker.add("glyf", b"".join(padded))
    return bytes(maker.makeStream())


def _head(face: QuickFace, box: Box) -> bytes:
    table = _patched(_patched(face.get_table("head"), 50, _LONG_OFFSETS), 18, _UNITS)
    return table[:36] + struct.pack(">hhhh", *box) + table[44:]


def _limits(faces: Sequence[QuickFace], outlines: Sequence[Outline], glyphs: int) -> bytes:
    """The greatest numbers of what is in a glyph: those of the fonts, more for composed glyphs."""
    most = max([1, *[len(outline.components) for outline in outlines]])
    tables = [struct.unpack(">I14H", face.get_table("maxp")[:32]) for face in faces]
    limits = [max(numbers) for numbers in zip(*tables, strict=True)]
    points, contours = max(limits[2], limits[4]), max(limits[3], limits[5])
    limits[1], limits[4], limits[5] = glyphs, min(most * points, _MAX), min(most * contours, _MAX)
    limits[13], limits[14] = max(limits[13], most), limits[14] + 1
    return struct.pack(">I14H", *limits)


def _components(data: bytes | bytearray) -> Iterator[int]:
    """The places of the numbers of a composed glyph's components."""
    if not data or _HEAD.unpack_from(data)[0] >= 0:
        return
    at, flags = _HEAD.size, _MORE
    while flags & _MORE:
        (flags,) = struct.unpack_from(">H", data, at)
        yield at + 2
        at += 4 + (4 if flags & _WORDS else 2)
        at += 2 if flags & _SCALE else 4 if flags & _SCALES else 8 if flags & _MATRIX else 0


def _box(data: bytes) -> Box:
    return _HEAD.unpack_from(data)[1:] if data else (0, 0, 0, 0)


def _scale(face: QuickFace, units: int) -> int:
    return round(units * _UNITS / int(face.unitsPerEm))


def _scaled(box: Box, face: QuickFace) -> Box:
    left, bottom, right, top = (_scale(face, side) for side in box)
    return left, bottom, right, top


def _moved(box: Box, right: int, up: int) -> Box:
    return box[0] + right, box[1] + up, box[2] + right, box[3] + up


def _united(boxes: Sequence[Box]) -> Box:
    left, bottom, right, top = zip(*boxes, strict=True)
    return min(left), min(bottom), max(right), max(top)


def _patched(table: bytes, at: int, number: int) -> bytes:
    return table[:at] + struct.pack(">H", number) + table[at + 2 :]
