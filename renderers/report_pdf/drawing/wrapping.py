"""Text -> lines that fit a width."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Final
from unicodedata import bidirectional

from bidi import get_base_level

from renderers.report_pdf.drawing.gate import ELLIPSIS

RTL_CATEGORIES: Final = frozenset({"R", "AL", "AN"})
"""Unicode's bidirectional categories of the characters that make a line need reordering."""
# The blocks with such characters (Unicode 16, DerivedBidiClass.txt): to look only there is a hundred times as fast.
_BLOCKS: Final = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
LTR_MARK: Final = "\u200e"
RTL_MARK: Final = "\u200f"

Measure = Callable[[str], float]
"""The width of a text without line ends."""


def wrapped(text: str, width: float, measure: Measure, most: int) -> tuple[str, ...]:
    """Wrap a text into at most `most` lines of a width; the last line ends with … if the text was cut.

    A line that breaks between words ends with a blank, or readers would join the last word with the first of the
    next line. In a paragraph with right-to-left letters, each line begins with a mark for the paragraph's direction.
    """
    if "\n" not in text and measure(text) <= width:
        return (text,)
    lines: list[str] = []
    for part in text.split("\n"):
        if lines and lines[-1]:
            lines[-1] += " "
        for line in _with_direction(part, _filled_lines(part, width, measure)):
            if len(lines) == most:
                return (*lines[:-1], _cut_short(lines[-1].rstrip(" "), width, measure))
            lines.append(line)
    return tuple(lines)


def is_right_to_left(text: str) -> bool:
    """Whether a text has letters that make its lines need reordering."""
    return any(bidirectional(character) in RTL_CATEGORIES for character in _BLOCKS.findall(text))


def _with_direction(part: str, lines: Iterator[str]) -> Iterator[str]:
    if part.isascii() or not is_right_to_left(part):
        return lines
    mark = LTR_MARK if get_base_level(part) == 0 else RTL_MARK
    return (mark + line for line in lines)


def _filled_lines(part: str, width: float, measure: Measure) -> Iterator[str]:
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
            yield f"{line} "
        while size > width and len(rest) > 1:
            count = _fitting_length(rest, width, measure)
            yield rest[:count]
            size -= measure(rest[:count])
            rest = rest[count:]
        line, used = rest, size
    yield line or ""


def _fitting_length(word: str, width: float, measure: Measure) -> int:
    counts = range(1, min(len(word), 400))  # no line holds more
    return max(1, bisect_right(counts, width, key=lambda n: measure(word[:n])))


def _cut_short(line: str, width: float, measure: Measure) -> str:
    shortened = line + ELLIPSIS
    if measure(shortened) <= width:
        return shortened
    return line[: max(1, _fitting_length(line, width - measure(ELLIPSIS), measure))] + ELLIPSIS
