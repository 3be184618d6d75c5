"""A font as ReportLab embeds it, with a ToUnicode map that is correct for every character."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final
from weakref import WeakKeyDictionary

from reportlab.pdfbase.ttfonts import TTEncoding, TTFont

from renderers.report_pdf.drawing.font_tables import QuickFace

_MAX_PER_BLOCK: Final = 100  # PDF 32000-1, 9.10.3
_MAP: Final = "toUnicodeCMap:"


class EmbeddedFont(TTFont):  # type: ignore[misc] # ReportLab has no types
    """ReportLab's font with a `QuickFace`; `file` is a path or an object with `name` and `read`."""

    def __init__(self, name: str, file: object, *, ascii_readable: bool) -> None:
        # The attributes that TTFont.__init__ of ReportLab 5.1 sets, with a face of our own.
        self.fontName = name
        self.face = QuickFace(file)
        self.encoding = TTEncoding()
        self.state: WeakKeyDictionary[object, Any] = WeakKeyDictionary()
        self._asciiReadable = ascii_readable
        self.shapable = False

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - ReportLab's name
        """Add the font to a document and replace its ToUnicode maps.

        ReportLab's own maps are wrong above U+FFFF: they contain a code point instead of UTF-16, so a copied emoji
        becomes another text. They also map unused codes to U+0000, which PDF/UA-1 (7.21.7) forbids.
        """
        subsets = list(self.state[doc].subsets)
        known = set(doc.idToObject)
        super().addObjects(doc)
        maps = [name for name in doc.idToObject if name.startswith(_MAP) and name not in known]
        for name, subset in zip(maps, subsets, strict=True):
            texts = [chr(character) if character else None for character in subset]
            doc.idToObject[name].content = to_unicode(name.removeprefix(_MAP), texts)


def to_unicode(name: str, texts: Sequence[str | None], *, digits: int = 2) -> str:
    """The CMap from the codes of a font, of so many hexadecimal digits, to their texts."""
    used = (
        f"<{code:0{digits}X}> <{text.encode('utf-16-be').hex().upper()}>"
        for code, text in enumerate(texts)
        if text
    )
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        f"<{0:0{digits}X}> <{'F' * digits}>",
        "endcodespacerange",
        *_blocks(used),
        "endcmap",
        "CMapName currentdict /CMap defineresource pop",
        "end",
        "end",
    ]
    return "\n".join(lines)


def _blocks(used: Iterator[str]) -> Iterator[str]:
    while block := list(islice(used, _MAX_PER_BLOCK)):
        yield f"{len(block)} beginbfchar"
        yield from block
        yield "endbfchar"
