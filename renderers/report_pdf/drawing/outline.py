"""Bookmarks: the reader's table of contents (PDF 32000-1, 12.3.3)."""

from dataclasses import dataclass

from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.structure import text_string


@dataclass(frozen=True)
class Bookmark:
    """A heading, how deep it is (0 or 1), and where: its page's object, and its upper edge."""

    title: str
    level: int
    page: int
    top: float


def write_outlines(file: PdfFile, bookmarks: list[Bookmark]) -> int:
    """Writes the bookmarks, each below the last one that is less deep; returns the number of their root."""
    root, first = file.reserve(), file.reserve(len(bookmarks))
    above = [_above(bookmarks, at) for at in range(len(bookmarks))]
    for at, bookmark in enumerate(bookmarks):
        parent = root if above[at] is None else first + (above[at] or 0)
        beside = [n for n in range(len(bookmarks)) if above[n] == above[at]]
        place = beside.index(at)
        links = b"" if place == 0 else b"/Prev %d 0 R" % (first + beside[place - 1])
        links += b"" if place == len(beside) - 1 else b"/Next %d 0 R" % (first + beside[place + 1])
        file.put(
            first + at,
            b"<</Title%s/Parent %d 0 R/Dest[%d 0 R/XYZ null %.2f null]%s%s>>"
            % (
                text_string(bookmark.title),
                parent,
                bookmark.page,
                bookmark.top,
                links,
                _kids(above, at, first),
            ),
        )
    file.put(root, b"<</Type/Outlines%s>>" % _kids(above, None, first))
    return root


def _above(bookmarks: list[Bookmark], at: int) -> int | None:
    return next((n for n in range(at - 1, -1, -1) if bookmarks[n].level < bookmarks[at].level), None)


def _kids(above: list[int | None], parent: int | None, first: int) -> bytes:
    kids = [n for n, each in enumerate(above) if each == parent and n != parent]
    if not kids:
        return b""
    # All bookmarks are open: the root counts those of both levels.
    shown = len(above) if parent is None else len(kids)
    return b"/First %d 0 R/Last %d 0 R/Count %d" % (first + kids[0], first + kids[-1], shown)
