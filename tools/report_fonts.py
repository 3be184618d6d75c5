"""`python -m tools.report_fonts FOLDER` makes the fonts that ship with the report from variable fonts.

FOLDER contains NotoSansSC[wght].ttf and NotoSansKR[wght].ttf from Google Fonts; Noto Sans comes from a dependency.
ReportLab draws only the default instance of a variable font, which is Thin for the first two, and no bold. Layout
tables and glyphs that the report never draws are left out to make the files smaller.
"""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Final

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

DATA: Final = Path(str(files("renderers.report_pdf.drawing") / "data"))
_UNUSED: Final = ("GPOS", "GSUB", "GDEF", "BASE", "vhea", "vmtx", "VORG")
_LATIN_GREEK_CYRILLIC: Final = (
    (0x20, 0x600),
    (0x1E00, 0x2300),
    (0x2C60, 0x2C80),
    (0xA640, 0xA6A0),
    (0xFFFD, 0xFFFE),
)
# Without extension A, whose characters are rare in names: the report shows them as U+FFFD, the JSON has them.
_IDEOGRAPHS: Final = (
    (0x2460, 0x2600),
    (0x2E80, 0x3400),
    (0x4E00, 0xA000),
    (0xF900, 0xFB00),
    (0xFE30, 0xFE50),
    (0xFF00, 0xFFF0),
)
_HANGUL: Final = ((0x1100, 0x1200), (0x3130, 0x3190), (0xAC00, 0xD7A4))


@dataclass(frozen=True)
class Cut:
    """One font to make: its name, weight and characters."""

    family: str
    style: str
    weight: int
    ranges: tuple[tuple[int, int], ...]

    @property
    def name(self) -> str:
        return f"{self.family}-{self.style}"


CUTS: Final = (
    Cut("NotoSans", "SemiBold", 600, _LATIN_GREEK_CYRILLIC),
    Cut("NotoSansSC", "Regular", 400, _IDEOGRAPHS),
    Cut("NotoSansKR", "Regular", 400, _HANGUL),
)


def make(cut: Cut, original: Path, to: Path) -> None:
    """Writes one font."""
    font = TTFont(original, recalcTimestamp=False)
    options = Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.drop_tables = [*options.drop_tables, *_UNUSED]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_available(cut.ranges, font.getBestCmap()))
    subsetter.subset(font)
    instance = instantiateVariableFont(font, {"wght": cut.weight})
    _rename(instance, cut)
    instance.save(to)


def _available(ranges: Iterable[tuple[int, int]], characters: Iterable[int]) -> set[int]:
    return set(characters) & set(chain.from_iterable(range(*each) for each in ranges))


def _rename(font: TTFont, cut: Cut) -> None:
    """Gives the instance a name of its own, because ReportLab treats fonts with equal names as one."""
    names = {
        1: cut.family,
        2: cut.style,
        3: cut.name,
        4: cut.name,
        6: cut.name,
        16: cut.family,
        17: cut.style,
    }
    for record in list(font["name"].names):
        if record.nameID in names:
            font["name"].setName(
                names[record.nameID], record.nameID, record.platformID, record.platEncID, record.langID
            )


if __name__ == "__main__":
    for each in CUTS:
        folder = Path(str(files("manimgx_fonts"))) if each.family == "NotoSans" else Path(sys.argv[1])
        make(each, folder / f"{each.family}[wght].ttf", DATA / f"{each.name}.ttf")
