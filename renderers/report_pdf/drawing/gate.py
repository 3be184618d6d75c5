"""The one gate for all text: whatever comes in, what goes out can be drawn and is never markup."""

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
_NO_BREAK: Final = frozenset("\u00a0\u202f")  # no line ends there
_SPACES: Final = {"\n": "\n", "\t": " "}


@dataclass(frozen=True)
class Gate:
    """Makes any text drawable with the glyphs that there are."""

    fonts: Fonts
    _shown: dict[str, str] = field(default_factory=dict)

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

    def title(self, text: str, most: int) -> str:
        """The same as `clean`, on one line."""
        return " ".join(filter(None, _SPACES_BETWEEN.split(self.clean(text, most))))

    def _show(self, character: str) -> str:
        shown = self._shown[character] = self._drawable(character)
        return shown

    def _drawable(self, character: str) -> str:
        if character in _SPACES:
            return _SPACES[character]
        category = unicodedata.category(character)
        if character in _NO_BREAK:
            return "\u00a0"
        if category == "Zs":
            return " "
        if character in _JOINERS:  # letters of some scripts take their form from them
            return character
        if category == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, ""):
            return ""  # says how others are drawn, such as right to left, and is nothing to see itself
        drawable = (
            category not in {"Cc", "Cs", "Co"}
            and self.fonts.face_of(character, self.fonts.regular) is not None
        )
        return character if drawable else REPLACEMENT
