"""Pages with tagged content: everything that belongs to no element is an artifact, so nothing stays untagged."""

from collections.abc import Iterable
from typing import Final
from urllib.parse import quote

from renderers.report_pdf.blocks import Jump
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.pdf_file import PdfFile
from renderers.report_pdf.drawing.places import place_name
from renderers.report_pdf.drawing.structure import Element, Structure, text_string
from renderers.report_pdf.drawing.style import PAGE_HEIGHT, PAGE_WIDTH, Style

_ARTIFACT: Final = "/Artifact BMC"
_URL_CHARACTERS: Final = "%:/?#[]@!$&'()*+,;="  # RFC 3986: all others are percent-encoded as UTF-8


class Canvas:
    """Draws one page after another; each page is written when it ends.

    The content of an element stays open until another begins, so the lines of a paragraph are one content.
    """

    def __init__(self, file: PdfFile, structure: Structure, lettering: Lettering) -> None:
        self._file = file
        self._structure = structure
        self._lettering = lettering
        self.pages: list[int] = []
        self.tree = file.reserve()
        self._resources = file.reserve()
        self._keys = 0
        self._open: Element | None = None
        self._begin()

    @property
    def resources(self) -> int:
        """The number of the pages' resources object (fonts and forms); it is written at the end."""
        return self._resources

    @property
    def page(self) -> int:
        """The number of the current page's object."""
        return self._page

    def text(self, lines: Iterable[tuple[str, float, float]], style: Style) -> None:
        """Draw lines of one style as (text, x, y) in the open content."""
        drawn = [f"1 0 0 1 {x:.2f} {y:.2f} Tm {self._lettering.line(text, style)}" for text, x, y in lines]
        self._operators.append(
            f"BT {style.colour} rg {self._lettering.font_operator(style)} {' '.join(drawn)} ET"
        )

    def operators(self, *operators: str) -> None:
        """Add operators unchanged to the open content."""
        self._operators += operators

    def bar(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Draw a filled rectangle; x and y are its lower left corner."""
        self._operators.append(f"{colour} rg {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f")

    def rule(self, x: float, y: float, width: float, colour: str) -> None:
        """Draw a thin horizontal line from its left end."""
        self._operators.append(f"{colour} RG 0.5 w {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S")

    def begin_content(self, element: Element) -> None:
        """Tag everything drawn from here on as the element's content."""
        if self._open is not element:
            self._open = element
            element.kids.append(self.content_reference(self.mark(element.number)))
            self._operators.append(f"EMC /{element.tag} <</MCID {len(self._marked) - 1}>> BDC")

    def begin_artifact(self) -> None:
        """Tag everything drawn from here on as an artifact, without meaning of its own."""
        if self._open is not None:
            self._open = None
            self._operators.append(f"EMC {_ARTIFACT}")

    def mark(self, *elements: int) -> int:
        """Number marked contents on this page, one for each element; returns the first number."""
        self._marked += elements
        return len(self._marked) - len(elements)

    def content_reference(self, marked: int) -> bytes:
        """The reference from an element to its marked content on this page."""
        return b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (self._page, marked)

    def link(self, element: Element, box: tuple[float, float, float, float], to: str | Jump) -> None:
        """Make a box of the page a link to an address or a place of the report."""
        number, key = self._file.reserve(), self._next_key()
        self._structure.set_annotation_owner(key, element)
        element.kids.append(b"<</Type/OBJR/Pg %d 0 R/Obj %d 0 R>>" % (self._page, number))
        self._annotations.append(number)
        rectangle = " ".join(f"{side:.2f}" for side in box).encode()
        self._file.put(
            number,
            b"<</Type/Annot/Subtype/Link/Rect[%s]/F 4/Border[0 0 0]/StructParent %d%s>>"
            % (rectangle, key, _target(to)),
        )

    def end_page(self) -> None:
        """Write the page and begin the next."""
        self.begin_artifact()
        self._lettering.end_page()
        content = self._file.reserve()
        self._file.put_stream(content, b"", "\n".join([*self._operators, "EMC"]).encode("ascii"))
        key = self._next_key()
        self._structure.set_page_owners(key, self._marked)
        annotations = b"/Annots[%s]" % b" ".join([b"%d 0 R" % n for n in self._annotations])
        self._file.put(
            self._page,
            b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 %.3f %.3f]/Resources %d 0 R/Contents %d 0 R"
            b"/StructParents %d/Tabs/S%s>>"
            % (
                self.tree,
                PAGE_WIDTH,
                PAGE_HEIGHT,
                self._resources,
                content,
                key,
                annotations if self._annotations else b"",
            ),
        )
        self.pages.append(self._page)
        self._begin()

    def finish(self) -> None:
        """Write the page tree."""
        kids = b" ".join([b"%d 0 R" % page for page in self.pages])
        self._file.put(self.tree, b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(self.pages), kids))

    def _begin(self) -> None:
        self._page = self._file.reserve()
        self._operators = [_ARTIFACT]
        self._marked: list[int] = []
        self._annotations: list[int] = []
        self._open = None

    def _next_key(self) -> int:
        """The next key of the parent tree, which pages and annotations share."""
        self._keys += 1
        return self._keys - 1


def _target(to: str | Jump) -> bytes:
    """Where a link leads to, and the same in words for those who do not see it."""
    if isinstance(to, Jump):
        words = to.text if to.text.strip() else to.place  # PDF/UA-1 asks for words
        return b"/Contents%s/Dest%s" % (text_string(words), place_name(to.place))
    address = text_string(quote(to, safe=_URL_CHARACTERS, errors="replace"))
    return b"/Contents%s/A<</S/URI/URI%s>>" % (address, address)
