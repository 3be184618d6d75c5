"""Letters whose form and position depend on their neighbours, shaped with HarfBuzz."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import uharfbuzz

from renderers.report_pdf.drawing.fonts import Face
from renderers.report_pdf.drawing.glyph_font import Letter, Part, Placed

JOINERS: Final = "\u200c\u200d"
"""Characters that decide whether others are drawn as one; they themselves draw nothing."""
_MARK: Final = "Mn"
_NARROW: Final = frozenset({_MARK, "Cf"})  # joiners are Cf


@dataclass(frozen=True)
class _Cluster:
    """Characters that are drawn as one, and the glyphs that draw them, from the left."""

    text: str
    advance: int
    parts: tuple[Part, ...]

    @property
    def is_mark(self) -> bool:
        return all(unicodedata.category(character) == _MARK for character in self.text)

    def joined(self, right: "_Cluster", text: str) -> "_Cluster":
        moved = tuple(Part(p.face, p.glyph, p.right + self.advance, p.up) for p in right.parts)
        return _Cluster(text, self.advance + right.advance, (*self.parts, *moved))


def shaped(face: Face, text: str, *, rtl: bool) -> list[Placed]:
    """The letters of a text in reading order, returned in drawing order from left to right.

    `rtl` is given, because a guess by script would be wrong for numbers: Arabic ones are read from left to right.
    """
    clusters = _with_marks(_clusters(face, text, rtl=rtl), rtl=rtl)
    return with_joiners([placed for cluster in clusters for placed in _letters(face, cluster, rtl=rtl)])


def with_joiners(placed: Sequence[Placed]) -> list[Placed]:
    """Joiners become part of the next text, because Firefox leaves them out where they stand alone."""
    joined: list[Placed] = []
    waiting = ""
    for each in placed:
        letter = each.letter
        if letter.text in JOINERS and not each.advance:
            waiting += letter.text
            continue
        if waiting:
            letter, waiting = Letter(waiting + letter.text, letter.advance, letter.parts), ""
        joined.append(Placed(letter, each.kern))
    return [*joined, Placed(Letter(waiting, 0))] if waiting else joined


def _clusters(face: Face, text: str, *, rtl: bool) -> Iterator[_Cluster]:
    buffer = uharfbuzz.Buffer()
    buffer.add_codepoints([ord(character) for character in text])  # so that clusters are places in the text
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if rtl else "ltr"
    buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
    uharfbuzz.shape(face.shaper, buffer)
    glyphs = list(zip(buffer.glyph_infos, buffer.glyph_positions, strict=True))
    starts = sorted({info.cluster for info, _ in glyphs})
    ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
    for start, drawn in groupby(glyphs, key=lambda each: each[0].cluster):
        pen, parts = 0, []
        for info, position in drawn:
            right, up = face.scaled(position.x_offset), face.scaled(position.y_offset)
            parts.append(Part(face, info.codepoint, pen + right, up))
            pen += face.scaled(position.x_advance)
        yield _Cluster(text[start : ends[start]], pen, tuple(parts))


def _with_marks(clusters: Iterator[_Cluster], *, rtl: bool) -> Iterator[_Cluster]:
    """Marks that take room are joined with their letters: Firefox does not count the width of a mark."""
    before: _Cluster | None = None
    for each in clusters:
        if before is None:
            before = each
        elif rtl and before.is_mark and before.advance:
            before = before.joined(each, each.text + before.text)
        elif not rtl and each.is_mark and each.advance:
            before = before.joined(each, before.text + each.text)
        else:
            yield before
            before = each
    if before is not None:
        yield before


def _letters(face: Face, cluster: _Cluster, *, rtl: bool) -> Iterator[Placed]:
    """One letter for each character: the first that takes room draws them all, and they share the advance."""
    if len(cluster.text) == len(cluster.parts) == 1 and cluster.advance:
        own = face.advance(cluster.parts[0].glyph)
        yield Placed(Letter(cluster.text, own, cluster.parts), cluster.advance - own)
        return
    texts = cluster.text[::-1] if rtl else cluster.text
    wide = [at for at, character in enumerate(texts) if unicodedata.category(character) not in _NARROW] or [0]
    share, rest = divmod(cluster.advance, len(wide))
    for at, character in enumerate(texts):
        first = at == wide[0]
        advance = share + (rest if first else 0) if at in wide else 0
        yield Placed(Letter(character, advance, cluster.parts if first else ()))
