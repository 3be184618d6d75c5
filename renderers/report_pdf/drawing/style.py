"""The type scale, page size and colours; sizes in points."""

from dataclasses import dataclass, replace
from typing import Final

PAGE_WIDTH: Final = 595.276  # A4
PAGE_HEIGHT: Final = 841.89

# Contrast on white: 16:1, 6.2:1, 11:1 (WCAG 2.2 requires 4.5:1 for text, 3:1 for shapes); on SHADE 14:1 and 9.5:1.
INK: Final = "0.106 0.122 0.141"
SOFT: Final = "0.341 0.376 0.416"
ACCENT: Final = "0.043 0.239 0.4"
SHADE: Final = "0.918 0.937 0.957"
RULE: Final = "0.816 0.843 0.871"
BAR: Final = "0.122 0.435 0.698"


@dataclass(frozen=True)
class Style:
    """The style of a line of text."""

    size: float
    leading: float
    colour: str = INK
    bold: bool = False
    before: float = 0
    after: float = 0

    @property
    def baseline(self) -> float:
        """The distance from the upper edge of a line to its baseline."""
        return self.leading / 2 + self.size * 0.35


@dataclass(frozen=True)
class Scale:
    """The styles and margins of a report."""

    title: Style
    section: Style
    part: Style
    heading: Style
    body: Style
    cell: Style
    foot: Style
    margin: float

    @property
    def width(self) -> float:
        return PAGE_WIDTH - 2 * self.margin

    @property
    def ratio(self) -> float:
        """The size relative to `USUAL`."""
        return self.cell.size / _CELL


_CELL: Final = 7.5

USUAL: Final = Scale(
    title=Style(22, 28, ACCENT, bold=True, after=10),
    section=Style(15, 20, ACCENT, bold=True, before=20, after=6),
    part=Style(12, 16, ACCENT, bold=True, before=16, after=4),
    heading=Style(9.5, 13, ACCENT, bold=True, before=9, after=4),
    body=Style(9.5, 13.5, after=6),
    cell=Style(_CELL, 9.8),
    foot=Style(7.5, 10, SOFT),
    margin=46,
)
LETTER: Final = replace(
    USUAL,
    title=Style(15, 20, ACCENT, bold=True, before=16, after=8),
    body=Style(10, 14, after=7),
    margin=62,
)
# Large print begins at 16 points (RNIB, "Clear print guidelines").
LARGE: Final = Scale(
    title=Style(30, 38, ACCENT, bold=True, after=14),
    section=Style(23, 30, ACCENT, bold=True, before=28, after=9),
    part=Style(20, 26, ACCENT, bold=True, before=22, after=7),
    heading=Style(17, 23, ACCENT, bold=True, before=14, after=6),
    body=Style(16, 23, after=10),
    cell=Style(16, 21),
    foot=Style(13, 17, SOFT),
    margin=42,
)
