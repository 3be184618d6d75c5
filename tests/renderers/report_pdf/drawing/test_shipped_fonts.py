"""The shipped fonts are those that tools.report_fonts makes, and have names of their own."""

from importlib.resources import files
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tools.report_fonts import CUTS, DATA, Cut, make


def test_the_semi_bold_is_made_from_the_font_of_the_dependency(tmp_path: Path) -> None:
    cut = CUTS[0]

    make(cut, Path(str(files("manimgx_fonts"))) / f"{cut.family}[wght].ttf", tmp_path / "made.ttf")

    assert (tmp_path / "made.ttf").read_bytes() == (DATA / f"{cut.name}.ttf").read_bytes()


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_a_font_has_a_name_of_its_own_and_outlines_that_can_be_embedded(cut: Cut) -> None:
    font = TTFont(DATA / f"{cut.name}.ttf")

    assert font["name"].getDebugName(6) == cut.name
    assert "glyf" in font
    assert "fvar" not in font  # of a variable font only the default instance would be drawn
    assert font["OS/2"].fsType == 0


def test_the_licence_ships_with_them() -> None:
    assert "SIL OPEN FONT LICENSE Version 1.1" in (DATA / "OFL.txt").read_text(encoding="utf-8")
