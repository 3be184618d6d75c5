"""A drawn report read from its tags: each element with its text, and each string with its position on the page."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from io import BytesIO
from itertools import accumulate
from typing import Any, Final

from pypdf import PdfReader

from renderers.report_pdf.blocks import Fields, Group, PageFooter, Records, Report, Row, Section
from renderers.report_pdf.drawing import draw

_TOKEN: Final = re.compile(
    rb"\((?:\\.|[^\\()])*\)|<<|>>|<[0-9A-Fa-f]*>|/[^\s/<>()\[\]]+|[^\s/<>()\[\]]+|[\[\]]", re.S
)
_CODE_SPACE: Final = re.compile(rb"begincodespacerange.+?endcodespacerange", re.S)
_MAPPED: Final = re.compile(rb"<([0-9A-F]{2}|[0-9A-F]{4})> <([0-9A-F]{4,})>\n")


@dataclass(frozen=True)
class Shown:
    """A string as one operator draws it; `content` is its marked content, or None for an artifact.

    The width does not include blanks at the end. `letters` has the code, the text and the advance of each letter.
    Readers take the letters of a string that is `reversed` from its end, and none of one that is `unread`.
    """

    page: int
    content: int | None
    text: str
    x: float
    y: float
    width: float
    size: float
    font: str
    letters: tuple[tuple[int, str, float], ...] = ()
    reversed: bool = False
    unread: bool = False

    def split(self) -> list["Shown"]:
        """Each letter as a string of its own; kerning is left out."""
        ends = accumulate([self.x, *[advance for _, _, advance in self.letters]])
        return [
            replace(self, text=letter[1], x=x, width=letter[2], letters=(letter,))
            for letter, x in zip(self.letters, ends, strict=False)
        ]


@dataclass(frozen=True)
class Bar:
    """A filled rectangle or, without height, a line."""

    page: int
    content: int | None
    x: float
    y: float
    width: float
    height: float


@dataclass
class Node:
    """An element of the structure: its own text, as screen readers read it, and its children."""

    tag: str
    number: int
    own_text: str
    children: list["Node"]
    alternative: str | None = None

    @property
    def text(self) -> str:
        return self.own_text + "".join(child.text for child in self.children)

    def walk(self) -> Iterator["Node"]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass
class _Font:
    letters: dict[int, str]
    first: int
    widths: list[float]
    bytes_per_code: int

    def codes(self, shown: bytes) -> list[int]:
        size = self.bytes_per_code
        return [int.from_bytes(shown[at : at + size]) for at in range(0, len(shown), size)]

    def width(self, code: int) -> float:
        return self.widths[code - self.first] / 1000


@dataclass
class _Page:
    shown: list[Shown] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    own_text: dict[int, str] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)


class Tagged:
    """A drawn report, read again."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.reader = PdfReader(BytesIO(body), strict=True)
        self.root: Any = self.reader.trailer["/Root"]
        self._pages = [self._read(at) for at in range(len(self.reader.pages))]
        self._numbers = {
            page.indirect_reference.idnum: at
            for at, page in enumerate(self.reader.pages)
            if page.indirect_reference is not None
        }

    @cached_property
    def tree(self) -> Node:
        """The structure below its root."""
        return self._node(self.root["/StructTreeRoot"].raw_get("/K"))

    def elements(self, *tags: str) -> list[Node]:
        """All elements with these tags, in reading order."""
        return [node for node in self.tree.walk() if node.tag in tags]

    def places(self) -> dict[bytes, tuple[int, float]]:
        """The page and the height of each place that links lead to."""
        names = list(self.root["/Names"]["/Dests"]["/Names"])
        found = {}
        for name, (page, _, _, top, _) in zip(names[::2], names[1::2], strict=True):
            found[name.original_bytes] = (self._numbers[page.indirect_reference.idnum], float(top))
        assert list(found) == sorted(found)
        return found

    def jumps(self) -> list[tuple[str, bytes]]:
        """The words and the place of each link to a place of the report."""
        annotations: list[Any] = [
            each.get_object() for page in self.reader.pages for each in page.get("/Annots", ())
        ]
        return [(str(a["/Contents"]), a["/Dest"].original_bytes) for a in annotations if "/Dest" in a]

    @property
    def shown(self) -> list[Shown]:
        """Every string, page by page, in drawing order."""
        return [each for each in self.strings if not each.unread]

    @property
    def strings(self) -> list[Shown]:
        """Every string, also those that draw nothing and are replaced by nothing."""
        return [each for page in self._pages for each in page.shown]

    @property
    def bars(self) -> list[Bar]:
        return [each for page in self._pages for each in page.bars]

    @property
    def artifacts(self) -> list[str]:
        """The texts that belong to no element."""
        return [each.text for each in self.shown if each.content is None]

    @property
    def untagged(self) -> list[str]:
        """The texts that are neither tagged nor marked as artifacts; must be empty."""
        return [text for page in self._pages for text in page.outside]

    def fonts(self) -> dict[str, Any]:
        return {name: font.get_object() for name, font in self._resources["/Font"].items()}

    def letters(self) -> dict[str, dict[int, str]]:
        """The text of each code, by font."""
        return {name: font.letters for name, font in self._fonts.items()}

    @property
    def _resources(self) -> Any:
        return self.reader.pages[0]["/Resources"]

    @cached_property
    def _fonts(self) -> dict[str, _Font]:
        return {name: _font(font) for name, font in self.fonts().items()}

    def _node(self, reference: Any) -> Node:
        element = reference.get_object()
        kids = element.raw_get("/K")
        node = Node(element["/S"][1:], reference.idnum, "", [], element.get("/Alt"))
        for kid in kids if isinstance(kids, list) else [kids]:
            if isinstance(kid, int):
                node.own_text += self._pages[self._numbers[element.raw_get("/Pg").idnum]].own_text[kid]
                continue
            held = kid.get_object()
            if held.get("/Type") == "/MCR":
                node.own_text += self._pages[self._numbers[held.raw_get("/Pg").idnum]].own_text[held["/MCID"]]
            elif held.get("/Type") != "/OBJR":
                node.children.append(self._node(kid))
        return node

    def _read(self, at: int) -> _Page:
        contents = self.reader.pages[at].get_contents()
        assert contents is not None
        return _Interpreter(at, self._fonts).read(contents.get_data())


class _Interpreter:
    """An interpreter of the operators that reports use."""

    def __init__(self, page: int, fonts: dict[str, _Font]) -> None:
        self.at = page
        self.fonts = fonts
        self.page = _Page()
        self.marks: list[tuple[str, int | None, str | None]] = []
        self.x = self.y = self.pen = self.size = 0.0
        self.font = ""

    def read(self, content: bytes) -> _Page:
        operands: list[bytes] = []
        for token in _TOKEN.findall(content):
            if re.fullmatch(rb"[A-Za-z*]+", token):
                self._operate(token.decode(), operands)
                operands = []
            else:
                operands.append(token)
        assert self.marks == []
        return self.page

    def _operate(self, operator: str, operands: list[bytes]) -> None:
        match operator:
            case "BDC" | "BMC":
                self._mark(operands)
            case "EMC":
                self.marks.pop()
            case "Tf":
                self.font, self.size = operands[0].decode(), float(operands[1])
            case "Tm":
                assert operands[:4] == [b"1", b"0", b"0", b"1"]
                self.x, self.y = float(operands[4]), float(operands[5])
                self.pen = 0.0
            case "Td":
                self.x, self.y = self.x + float(operands[0]), self.y + float(operands[1])
                self.pen = 0.0
            case "Tj" | "TJ":
                self._show(operands)
            case "re":
                self.page.bars.append(Bar(self.at, self._content, *map(float, operands)))
            case "m":
                self.x, self.y = map(float, operands)
            case "l":
                x, y = map(float, operands)
                self.page.bars.append(Bar(self.at, self._content, self.x, self.y, x - self.x, y - self.y))
            case _:
                assert operator in {"BT", "ET", "rg", "RG", "w", "f", "Tr", "S", "q", "Q", "cm", "Do"}, (
                    operator
                )

    def _mark(self, operands: list[bytes]) -> None:
        content, actual = self._content, None
        if b"/MCID" in operands:
            content = int(operands[operands.index(b"/MCID") + 1])
            assert content not in self.page.own_text
            self.page.own_text[content] = ""
        if b"/ActualText" in operands:
            encoded = _string(operands[operands.index(b"/ActualText") + 1])
            actual = encoded.decode("utf-16")
            if content is not None and all(outer is None for _, _, outer in self.marks):
                self.page.own_text[content] += actual
        self.marks.append((operands[0].decode(), content, actual))

    @property
    def _content(self) -> int | None:
        return self.marks[-1][1] if self.marks else None

    def _show(self, operands: list[bytes]) -> None:
        """Show a string, or several with moves to the left between them (in thousandths), as one."""
        font, letters, width, blank = self.fonts[self.font], list[tuple[int, str, float]](), 0.0, 0.0
        for operand in operands:
            if operand in {b"[", b"]"}:
                continue
            if not operand.startswith((b"<", b"(")):
                width -= float(operand) / 1000
                continue
            for code in font.codes(_string(operand)):
                advance = font.width(code)
                letters.append((code, font.letters[code], advance * self.size))
                width += advance
                blank = blank + advance if font.letters[code] == " " else 0.0
        text = "".join([letter for _, letter, _ in letters])
        replaced = [actual for _, _, actual in self.marks if actual is not None]
        backwards = any(tag == "/ReversedChars" for tag, _, _ in self.marks)
        self.page.shown.append(
            Shown(
                self.at,
                self._content,
                text,
                self.x + self.pen,
                self.y,
                (width - blank) * self.size,
                self.size,
                self.font,
                tuple(letters),
                backwards,
                replaced == [""],
            )
        )
        self.pen += width * self.size
        if not replaced:
            self._add_text(text[::-1] if backwards else text)

    def _add_text(self, text: str) -> None:
        if not self.marks:
            self.page.outside.append(text)
        elif self._content is not None:
            self.page.own_text[self._content] += text


def _font(font: Any) -> _Font:
    letters = dict(meanings_of(font))
    if font["/Subtype"] == "/Type0":
        (descendant,) = font["/DescendantFonts"]
        first, widths = descendant.get_object()["/W"]
        return _Font(letters, int(first), [float(width) for width in widths], 2)
    return _Font(letters, int(font["/FirstChar"]), [float(width) for width in font["/Widths"]], 1)


def meanings_of(font: Any) -> list[tuple[int, str]]:
    """The codes of a font's ToUnicode map with their texts."""
    mapped = _MAPPED.findall(_CODE_SPACE.sub(b"", font["/ToUnicode"].get_data()) + b"\n")
    return [(int(code, 16), bytes.fromhex(text.decode()).decode("utf-16-be")) for code, text in mapped]


def descriptor_of(font: Any) -> Any:
    """The descriptor of a font, which for a composed one is its descendant's."""
    return font.get("/DescendantFonts", [font])[0].get_object()["/FontDescriptor"]


def _string(token: bytes) -> bytes:
    if token.startswith(b"<"):
        return bytes.fromhex(token[1:-1].decode())
    return re.sub(rb"\\(.)", rb"\1", token[1:-1])


def report(*sections: Section, **changed: Any) -> Report:
    """A report of these sections."""
    values: dict[str, Any] = {
        "title": "Your data",
        "language": "en-GB",
        "author": "A Shop Ltd",
        "footer": PageFooter("Your data, A Shop Ltd"),
        "sections": sections,
    }
    return Report(**values | changed)


def section(*blocks: Any, title: str = "A section", level: int = 0, place: str = "") -> Section:
    return Section(title, level, blocks, place)


def records(
    titles: tuple[str, ...], rows: Iterable[Row | Group], *, title: str = "Record", **changed: Any
) -> Records:
    """Records whose fields have these titles."""
    fields = Fields(titles, tuple(f"{title}:" for title in titles), frozenset())
    return Records(title, fields, rows, **changed)


def drawn(of: Report) -> bytes:
    return b"".join(draw(of))


def tagged(*blocks: Any, **changed: Any) -> Tagged:
    """A report of one section with these blocks, drawn and read again."""
    return Tagged(drawn(report(section(*blocks), **changed)))
