"""Bookmarks: the reader's table of contents (PDF 32000-1, 12.3.3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.structure import text_string

_ROOT: Final = -1
_OPEN: Final = 1  # the deepest level that the reader shows at first


@dataclass(frozen=True)
class Bookmark:
    """A heading with its level (0, 1 or 2), its page's object number and its upper edge on the page."""

    title: str
    level: int
    page: int
    top: float


def write_outlines(file: PdfFile, bookmarks: Sequence[Bookmark]) -> int:
    """Write the bookmarks, each below the last one of a higher level; returns the object number of the root."""
    root, first = file.reserve(), file.reserve(len(bookmarks))
    parents = _parents(bookmarks)
    kids: defaultdict[int, list[int]] = defaultdict(list)
    for at, parent in enumerate(parents):
        kids[parent].append(at)
    for siblings in kids.values():
        for before, at, after in zip([None, *siblings[:-1]], siblings, [*siblings[1:], None], strict=True):
            bookmark, parent = bookmarks[at], parents[at]
            links = b"" if before is None else b"/Prev %d 0 R" % (first + before)
            links += b"" if after is None else b"/Next %d 0 R" % (first + after)
            file.put(
                first + at,
                b"<</Title%s/Parent %d 0 R/Dest[%d 0 R/XYZ null %.2f null]%s%s>>"
                % (
                    text_string(bookmark.title),
                    root if parent == _ROOT else first + parent,
                    bookmark.page,
                    bookmark.top,
                    links,
                    # The dataset's groups are closed, or its bookmarks would fill the panel.
                    _kids(kids[at], first, len(kids[at]) if bookmark.level == 0 else -len(kids[at]))
                    if kids.get(at)
                    else b"",
                ),
            )
    shown = sum(1 for bookmark in bookmarks if bookmark.level <= _OPEN)
    file.put(root, b"<</Type/Outlines%s>>" % (_kids(kids[_ROOT], first, shown) if bookmarks else b""))
    return root


def _parents(bookmarks: Sequence[Bookmark]) -> list[int]:
    """The index of each bookmark's parent."""
    parents: list[int] = []
    open_: list[int] = []
    for at, bookmark in enumerate(bookmarks):
        while open_ and bookmarks[open_[-1]].level >= bookmark.level:
            open_.pop()
        parents.append(open_[-1] if open_ else _ROOT)
        open_.append(at)
    return parents


def _kids(kids: Sequence[int], first: int, count: int) -> bytes:
    return b"/First %d 0 R/Last %d 0 R/Count %d" % (first + kids[0], first + kids[-1], count)
