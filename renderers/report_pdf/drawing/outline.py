"""Bookmarks: the reader's table of contents (PDF 32000-1, 12.3.3)."""

from dataclasses import dataclass

from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.structure import text_string


@dataclass(frozen=True)
class Bookmark:
    """A heading with its level (0 or 1), its page's object number and its upper edge on the page."""

    title: str
    level: int
    page: int
    top: float


def write_outlines(file: PdfFile, bookmarks: list[Bookmark]) -> int:
    """Write the bookmarks, each below the last one of a higher level; returns the object number of the root."""
    root, first = file.reserve(), file.reserve(len(bookmarks))
    parents = [_parent_of(bookmarks, at) for at in range(len(bookmarks))]
    for at, bookmark in enumerate(bookmarks):
        parent = root if parents[at] is None else first + (parents[at] or 0)
        siblings = [n for n in range(len(bookmarks)) if parents[n] == parents[at]]
        place = siblings.index(at)
        links = b"" if place == 0 else b"/Prev %d 0 R" % (first + siblings[place - 1])
        links += b"" if place == len(siblings) - 1 else b"/Next %d 0 R" % (first + siblings[place + 1])
        file.put(
            first + at,
            b"<</Title%s/Parent %d 0 R/Dest[%d 0 R/XYZ null %.2f null]%s%s>>"
            % (
                text_string(bookmark.title),
                parent,
                bookmark.page,
                bookmark.top,
                links,
                _kids(parents, at, first),
            ),
        )
    file.put(root, b"<</Type/Outlines%s>>" % _kids(parents, None, first))
    return root


def _parent_of(bookmarks: list[Bookmark], at: int) -> int | None:
    return next((n for n in range(at - 1, -1, -1) if bookmarks[n].level < bookmarks[at].level), None)


def _kids(parents: list[int | None], parent: int | None, first: int) -> bytes:
    kids = [n for n, each in enumerate(parents) if each == parent and n != parent]
    if not kids:
        return b""
    # All bookmarks are open, so the root counts both levels.
    shown = len(parents) if parent is None else len(kids)
    return b"/First %d 0 R/Last %d 0 R/Count %d" % (first + kids[0], first + kids[-1], shown)
