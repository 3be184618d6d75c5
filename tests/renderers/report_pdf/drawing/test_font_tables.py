"""Fonts are read as ReportLab reads them, only faster."""

from importlib.resources import files
from pathlib import Path

import pytest
from reportlab.pdfbase.ttfonts import TTFontFace

from renderers.report_pdf.drawing import fonts
from renderers.report_pdf.drawing.font_tables import QuickFace

FILES = sorted(
    [*Path(str(files("manimgx_fonts"))).glob("*.ttf"), *(Path(fonts.__file__).parent / "data").glob("*.ttf")]
)
ATTRIBUTES = ("name", "flags", "ascent", "descent", "capHeight", "bbox", "stemV", "numGlyphs", "unitsPerEm")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_font_has_what_reportlab_reads(file: Path) -> None:
    known, read = TTFontFace(str(file)), QuickFace(str(file))
    assert [getattr(read, name) for name in ATTRIBUTES] == [getattr(known, name) for name in ATTRIBUTES]
    assert list(read.charToGlyph.items()) == list(known.charToGlyph.items())
    assert read.charWidths == known.charWidths
    assert read.defaultWidth == known.defaultWidth
    assert list(read.glyphPos) == known.glyphPos
    # For other units, ReportLab returns the last glyphs' advances in other units than the first ones'.
    if read.unitsPerEm == 1000:
        assert [read.hmetrics[glyph] for glyph in range(read.numGlyphs)] == known.hmetrics


def test_a_map_of_another_format_is_left_to_reportlab(monkeypatch: pytest.MonkeyPatch) -> None:
    read = QuickFace(str(FILES[0]))
    monkeypatch.setattr("renderers.report_pdf.drawing.font_tables._GROUPS", 0)
    monkeypatch.setattr("renderers.report_pdf.drawing.font_tables._SEGMENTS", 0)
    other = QuickFace(str(FILES[0]))
    assert isinstance(other.hmetrics, list)
    assert other.charToGlyph == read.charToGlyph
