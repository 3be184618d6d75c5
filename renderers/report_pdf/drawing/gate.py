"""The gate that all text passes: any text goes in, and only drawable text comes out, never markup."""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final

from renderers.report_pdf.drawing.fonts import Fonts

REPLACEMENT: Final = "\ufffd"
ELLIPSIS: Final = "…"
_LINE_ENDS: Final = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES_BETWEEN: Final = re.compile("[ \n]+")
_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_JOINERS: Final = frozenset("\u200c\u200d")
_NO_BREAK: Final = frozenset("\u00a0\u202f")  # no line breaks there
_SPACES: Final = {"\n": "\n", "\t": " "}


@dataclass(frozen=True)
class Gate:
    """Makes any text drawable with the available glyphs."""

    fonts: Fonts
    _shown: dict[str, str] = field(default_factory=dict)
    _as_typed: set[str] = field(default_factory=lambda: {chr(code) for code in range(0x20, 0x7F)})

    def clean(self, text: str, most: int) -> str:
        """At most `most` drawable characters with LF line ends, and … at the end if the text was cut."""
        # Cut first: the steps below take time by length, and a cell may be a megabyte.
        kept = text[:most]
        if not (kept.isascii() and kept.isprintable()):
            if self._as_typed.issuperset(kept) and unicodedata.is_normalized("NFC", kept):
                return kept + ELLIPSIS if len(text) > most else kept
            # Composed, because a combining accent would be drawn beside its letter.
            composed = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", kept))
            shown = "".join([self._shown.get(c) or self._show(c) for c in composed])
            kept = _EMPTY_LINES.sub("\n\n", shown)  # ten thousand empty lines would be a hundred pages
        return kept + ELLIPSIS if len(text) > most else kept

    def title(self, text: str, most: int) -> str:
        """The result of `clean` on one line."""
        return " ".join(filter(None, _SPACES_BETWEEN.split(self.clean(text, most))))

    def _show(self, character: str) -> str:
        shown = self._shown[character] = self._drawable(character)
        if shown == character and character != "\n":
            self._as_typed.add(character)
        return shown

    def _drawable(self, character: str) -> str:
        if character in _SPACES:
            return _SPACES[character]
        category = unicodedata.category(character)
        if character in _NO_BREAK:
            return "\u00a0"
        if category == "Zs":
            return " "
        if character in _JOINERS:  # they shape the letters of some scripts
            return character
        if category == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, ""):
            return ""  # invisible: it controls how other characters are drawn, such as their direction
        drawable = (
            category not in {"Cc", "Cs", "Co"}
            and self.fonts.face_of(character, self.fonts.regular) is not None
        )
        return character if drawable else REPLACEMENT
