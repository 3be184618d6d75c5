"""Fonts contain only the drawn glyphs, with the text of each."""

import re

import pytest

from renderers.report_pdf.blocks import Facts, Grid, PageFooter, Prose
from renderers.report_pdf.drawing.embedded_font import to_unicode
from renderers.report_pdf.drawing.fonts import Fonts
from renderers.report_pdf.drawing.lettering import Lettering
from renderers.report_pdf.drawing.style import USUAL
from tests.renderers.report_pdf.drawing.awkward import SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.tagged import (
    Tagged,
    descriptor_of,
    drawn,
    meanings_of,
    report,
    section,
    tagged,
)


def meanings(read: Tagged) -> set[str]:
    return {text for letters in read.letters().values() for text in letters.values()}


def test_fonts_contain_no_letter_that_no_page_has() -> None:
    read = Tagged(drawn(report(title="ab", author="xyz", footer=PageFooter("cd", "{page} {pages}"))))

    assert meanings(read) == set("abcd1 ")


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_font_holds_only_what_is_drawn(name: str) -> None:
    read = tagged(*every_kind(SCRIPTS[name]))

    drawn_by = {font: set[str]() for font in read.letters()}
    for each in read.strings:
        drawn_by[each.font] |= {text for _, text, _ in each.letters}
    for font, letters in read.letters().items():
        # The number of pages stands in a form; a font's code 32 is a blank always.
        assert set(letters.values()) - {" ", "1", "2", "3"} <= drawn_by[font]


def test_a_font_that_is_not_needed_is_not_embedded() -> None:
    plain = tagged(Prose("abc"))
    chinese = tagged(Prose("漢"))

    names = {str(font["/BaseFont"]) for font in plain.fonts().values()}
    assert len(names) == 2
    assert all(re.fullmatch(r"/[A-Z0-9]{6}\+NotoSans.*", name) for name in names)
    assert len(chinese.fonts()) == 3
    assert len(plain.body) < 20_000
    assert len(chinese.body) - len(plain.body) < 5_000  # of a font of 10 MB


def test_every_font_is_embedded() -> None:
    read = tagged(*every_kind(" ".join(SCRIPTS.values())))

    for font in read.fonts().values():
        assert descriptor_of(font)["/FontFile2"].get_data()[:4] in {b"\0\1\0\0", b"true"}
    assert b"Helvetica" not in read.body


def test_a_character_without_a_font_is_visibly_replaced() -> None:
    read = tagged(Prose("a\U00013000b"), Facts((("x", "\ud800"),)))

    assert read.elements("P")[0].text == "a\ufffdb"
    assert read.elements("TD")[0].text == "\ufffd"
    assert "\ufffd" in meanings(read)


@pytest.mark.parametrize("typed", ["😀", "🎉👍", "👩\u200d👩\u200d👧", "a😀b", "🇩🇪"])
def test_an_emoji_is_copied_as_itself(typed: str) -> None:
    read = tagged(Prose(typed), Grid(("x", typed), (("y", typed),)))

    assert read.elements("P")[0].text == typed
    assert [cell.text for cell in read.elements("TH", "TD")] == ["x", typed, "y", typed]
    assert read.reader.pages[0].extract_text().count(typed[-1]) >= 3


def test_every_code_has_exactly_one_meaning() -> None:
    read = tagged(*(block for text in SCRIPTS.values() for block in every_kind(text)))

    assert "\0" not in meanings(read)
    for name, font in read.fonts().items():
        codes = [code for code, _ in meanings_of(font)]
        assert len(codes) == len(set(codes)) == len(read.letters()[name])


def test_a_map_writes_utf_16_in_blocks_of_a_hundred() -> None:
    texts = [None, *map(chr, range(0x41, 0x41 + 120)), "😀"]

    cmap = to_unicode("F", texts)

    assert re.findall(r"^(\d+) beginbfchar$", cmap, re.M) == ["100", "21"]
    assert "<01> <0041>" in cmap
    assert "<79> <D83DDE00>" in cmap
    assert "<00> <" not in cmap.replace("<00> <FF>", "")
    assert cmap.count("beginbfchar") == cmap.count("endbfchar")


@pytest.mark.parametrize("text", ["plain", "(a\\b)", "naïve Київ", "漢字 abc", *SCRIPTS.values()])
def test_a_line_is_as_wide_as_it_was_measured(text: str) -> None:
    text = text.replace("\u200b", "")
    read = tagged(Prose(text))

    ends = max(each.x + each.width for each in read.shown if each.content == 2)
    assert ends - USUAL.margin == pytest.approx(Lettering().width(text, USUAL.body), abs=0.3)


def test_combining_accents_are_composed() -> None:
    read = tagged(Prose("e\u0301"))

    assert [each.text for each in read.shown if each.content == 2] == ["é"]


def test_a_text_of_more_than_one_font_subset_is_whole() -> None:
    typed = "".join(map(chr, range(0x4E00, 0x4E00 + 900)))
    read = tagged(Prose(typed))

    assert "".join(read.elements("P")[0].text.split()) == typed
    assert len(read.fonts()) >= 2 + 4


def test_a_face_is_chosen_by_script_then_base_then_any() -> None:
    fonts = Fonts()

    def name(character: str) -> str | None:
        face = fonts.face_of(character, fonts.bold)
        return None if face is None else str(face.font.fontName)

    assert name("a") == name("ж") == "NotoSans-SemiBold"
    assert name("漢") == "NotoSansSC-Regular"
    assert name("한") == "NotoSansKR-Regular"
    assert name("ש") == "NotoSansHebrew[wght]"
    assert name("😀") == "NotoEmoji[wght]"
    assert name("\U00013000") is None
    assert name("\ud800") is None


def test_the_fonts_of_one_report_are_not_those_of_another() -> None:
    one, other = Fonts(), Fonts()

    assert one.regular is one.regular
    assert one.regular.font is not other.regular.font


def test_a_blank_page_of_text_is_drawn_too() -> None:
    assert tagged(Prose("   ")).elements("P")[0].text == "   "
    assert drawn(report(section()))
