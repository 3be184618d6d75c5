"""What of ReportLab is patched, and why; nothing else in the project changes a library."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from reportlab.pdfbase import ttfonts

from renderers.report_pdf.drawing.font_tables import quickly

_MOST_IN_A_BLOCK: Final = 100  # PDF 32000-1, 9.10.3
REPORTLABS_EXTRACT_INFO: Final = ttfonts.TTFontFile.extractInfo


def apply() -> None:
    """Patches ReportLab for this process."""
    ttfonts.makeToUnicodeCMap = to_unicode
    ttfonts.TTFontFile.extractInfo = quickly(REPORTLABS_EXTRACT_INFO)


def to_unicode(name: str, subset: Sequence[int]) -> str:
    """The CMap that says which text the codes of a font are.

    ReportLab's own is wrong above U+FFFF, where it writes a code point and not UTF-16, so an emoji is copied as
    another text; and it maps codes that are not used to U+0000, which PDF/UA-1 (7.21.7) forbids.
    """
    used = ((code, character) for code, character in enumerate(subset) if character)
    lines = [
        "/CIDInit /ProcSet findresource begin",
        "12 dict begin",
        "begincmap",
        f"/CIDSystemInfo << /Registry ({name}) /Ordering ({name}) /Supplement 0 >> def",
        f"/CMapName /{name} def",
        "/CMapType 2 def",
        "1 begincodespacerange",
        "<00> <FF>",
        "endcodespacerange",
        *_blocks(used),
        "endcmap",
        "CMapName currentdict /CMap defineresource pop",
        "end",
        "end",
    ]
    return "\n".join(lines)


def _blocks(used: Iterator[tuple[int, int]]) -> Iterator[str]:
    while block := list(islice(used, _MOST_IN_A_BLOCK)):
        yield f"{len(block)} beginbfchar"
        yield from (
            f"<{code:02X}> <{chr(character).encode('utf-16-be').hex().upper()}>" for code, character in block
        )
        yield "endbfchar"
