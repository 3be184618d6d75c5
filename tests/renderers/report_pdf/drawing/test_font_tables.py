"""Fonts are read as ReportLab reads them, only quicker."""

from importlib.resources import files
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFile

from renderers.report_pdf.drawing import fonts
from renderers.report_pdf.drawing.font_tables import quickly
from renderers.report_pdf.drawing.patches import REPORTLABS_EXTRACT_INFO

FILES = sorted(
    [*Path(str(files("manimgx_fonts"))).glob("*.ttf"), *(Path(fonts.__file__).parent / "data").glob("*.ttf")]
)
TOLD = ("name", "flags", "ascent", "descent", "capHeight", "bbox", "stemV", "numGlyphs", "unitsPerEm")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_font_tells_what_reportlab_reads_of_it(file: Path) -> None:
    known, read = (TTFontFile(str(file), charInfo=0) for _ in range(2))
    REPORTLABS_EXTRACT_INFO(known, 1)
    quickly(REPORTLABS_EXTRACT_INFO)(read, 1)
    assert [getattr(read, name) for name in TOLD] == [getattr(known, name) for name in TOLD]
    assert list(read.charToGlyph.items()) == list(known.charToGlyph.items())
    assert read.charWidths == known.charWidths
    assert read.defaultWidth == known.defaultWidth
    assert list(read.glyphPos) == known.glyphPos
    if (
        read.unitsPerEm == 1000
    ):  # else ReportLab tells its last glyphs' advances in other units than the first's
        assert [read.hmetrics[glyph] for glyph in range(read.numGlyphs)] == known.hmetrics


def test_a_map_of_another_format_is_left_to_reportlab() -> None:
    asked: list[tuple[object, int]] = []
    font = TTFontFile(str(FILES[0]), charInfo=0)
    at = font.get_table_pos("cmap")[0] + 4 + 8 * (font.get_ushort(font.get_table_pos("cmap")[0] + 2) - 1) + 4
    table = font.get_table_pos("cmap")[0] + font.get_ulong(at)
    font._ttf_data = font._ttf_data[:table] + b"\x00\x06" + font._ttf_data[table + 2 :]
    quickly(lambda *call: asked.append(call))(font, 1)
    assert asked == [(font, 1)]
