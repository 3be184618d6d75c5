"""The structure of a tagged PDF (PDF 32000-1, 14.7): headings, lists and tables in reading order."""

from dataclasses import dataclass, field
from typing import Final

from reportlab.pdfbase.pdfdoc import DummyDoc, PDFString

from renderers.report_pdf.drawing.pdf_file import PdfFile

COLUMN_HEADER: Final = b"/A<</O/Table/Scope/Column>>"
ROW_HEADER: Final = b"/A<</O/Table/Scope/Row>>"
GROUP_HEADER: Final = b"/A<</O/Table/Scope/Row/ColSpan %d>>"
BULLETED: Final = b"/A<</O/List/ListNumbering/Disc>>"
_DUMMY_DOCUMENT: Final = DummyDoc()


@dataclass(eq=False)
class Element:
    """A structure element that is still open; `kids` are its references and marked contents, as written in the file."""

    number: int
    tag: str
    parent: int
    attributes: bytes = b""
    kids: list[bytes] = field(default_factory=list)


class Structure:
    """The tree of elements; each is written when it is closed, so that only open ones are in memory."""

    def __init__(self, file: PdfFile) -> None:
        self._file = file
        self._top = file.reserve()
        self._owners: list[tuple[int, int]] = []
        self.root = Element(file.reserve(), "Document", self._top)

    def open(self, tag: str, parent: Element, attributes: bytes = b"") -> Element:
        """Open a new last child of an element."""
        element = Element(self._file.reserve(), tag, parent.number, attributes)
        parent.kids.append(b"%d 0 R" % element.number)
        return element

    def close(self, element: Element) -> None:
        self._file.put(
            element.number,
            b"<</S/%s/P %d 0 R%s/K[%s]>>"
            % (element.tag.encode(), element.parent, element.attributes, b" ".join(element.kids)),
        )

    def set_page_owners(self, key: int, marked: list[int]) -> None:
        """Write the element that each marked content of a page belongs to."""
        number = self._file.reserve()
        self._file.put(number, b"[%s]" % b" ".join([b"%d 0 R" % each for each in marked]))
        self._owners.append((key, number))

    def set_annotation_owner(self, key: int, element: Element) -> None:
        """Note the element that an annotation belongs to."""
        self._owners.append((key, element.number))

    def finish(self) -> int:
        """Write the root of the tree; returns its object number."""
        self.close(self.root)
        owners = b" ".join([b"%d %d 0 R" % pair for pair in self._owners])
        parents = self._file.reserve()
        self._file.put(parents, b"<</Nums[%s]>>" % owners)
        top = b"<</Type/StructTreeRoot/K %d 0 R/ParentTree %d 0 R/ParentTreeNextKey %d>>"
        self._file.put(self._top, top % (self.root.number, parents, len(self._owners)))
        return self._top


def text_string(text: str) -> bytes:
    """A text as a PDF string, for use outside of page content."""
    return bytes(PDFString(text).format(_DUMMY_DOCUMENT))
