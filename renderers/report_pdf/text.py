"""The one gate for all text: whatever comes in, what goes out can be drawn and is never markup."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

REPLACEMENT: Final = "\ufffd"
ELLIPSIS: Final = "…"
_LONGEST_TOKEN: Final = 80
_LAST_OF_BMP: Final = 0xFFFF
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_LONG_TOKEN: Final = re.compile(rf"(\S{{{_LONGEST_TOKEN}}})(?=\S)")

Measure = Callable[[str], float]
"""The width of a text without line ends."""


@dataclass(frozen=True)
class Gate:
    """Makes any text drawable with the glyphs that there are."""

    glyphs: Collection[int]
    _shown: dict[str, str] = field(default_factory=dict)

    @property
    def substituted(self) -> bool:
        """Whether a character was met that could not be shown."""
        return REPLACEMENT in self._shown.values()

    def clean(self, text: str, most: int) -> str:
        """At most `most` characters that can be drawn, lines ended by LF, and … where text was cut off."""
        # Cut first: everything after it costs by length, and a cell may be a megabyte.
        kept = text[:most]
        if not (kept.isascii() and kept.isprintable()):
            # Composed, because accents that stand alone would be drawn beside their letter.
            composed = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", kept))
            shown = "".join([self._shown.get(c) or self._show(c) for c in composed])
            kept = _EMPTY_LINES.sub("\n\n", shown)  # ten thousand empty lines would be a hundred pages
        return kept + ELLIPSIS if len(text) > most else kept

    def markup(self, text: str, most: int) -> str:
        """The same for a ReportLab Paragraph, in which nothing of the text is markup."""
        broken = _LONG_TOKEN.sub("\\1\n", self.clean(text, most))
        return escape(broken).replace("\n", "<br/>")

    def title(self, text: str, most: int) -> str:
        """The same as `clean`, on one line."""
        return " ".join(self.clean(text, most).split())

    def _show(self, character: str) -> str:
        shown = self._shown[character] = self._drawable(character)
        return shown

    def _drawable(self, character: str) -> str:
        category = unicodedata.category(character)
        if character == "\n":
            return character
        if category == "Zs" or character == "\t":
            return " "
        if category == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, ""):
            return ""  # says how others are drawn, such as right to left, and is nothing to see itself
        # ReportLab writes a wrong ToUnicode above U+FFFF: the text would be copied as another.
        drawable = ord(character) <= _LAST_OF_BMP and ord(character) in self.glyphs and category != "Cc"
        return character if drawable else REPLACEMENT


def wrapped(text: str, width: float, measure: Measure, most: int) -> tuple[str, ...]:
    """A text as at most `most` lines of a width; … ends the last where there were more."""
    if "\n" not in text and measure(text) <= width:
        return (text,)
    lines: list[str] = []
    for part in text.split("\n"):
        for line in _filled(part, width, measure):
            if len(lines) == most:
                return (*lines[:-1], _cut_short(lines[-1], width, measure))
            lines.append(line)
    return tuple(lines)


def _filled(part: str, width: float, measure: Measure) -> Iterator[str]:
    space = measure(" ")
    line: str | None = None
    used = 0.0
    for word in part.split(" "):
        rest, size = word, measure(word)
        if line is not None and used + space + size <= width:
            line += " " + rest
            used += space + size
            continue
        if line is not None:
            yield line
        while size > width and len(rest) > 1:
            count = _fitting(rest, width, measure)
            yield rest[:count]
            size -= measure(rest[:count])
            rest = rest[count:]
        line, used = rest, size
    yield line or ""


def _fitting(word: str, width: float, measure: Measure) -> int:
    counts = range(1, min(len(word), 400))  # no line holds more
    return max(1, bisect_right(counts, width, key=lambda n: measure(word[:n])))


def _cut_short(line: str, width: float, measure: Measure) -> str:
    shortened = line + ELLIPSIS
    if measure(shortened) <= width:
        return shortened
    return line[: max(1, _fitting(line, width - measure(ELLIPSIS), measure))] + ELLIPSIS
