"""Hebrew and Arabic are drawn in visual order and tagged in the order in which they were typed."""

import unicodedata
from itertools import pairwise

import pytest
from pypdf.generic import StreamObject

from renderers.report_pdf.blocks import Grid, Prose
from renderers.report_pdf.drawing.style import USUAL
from tests.renderers.report_pdf.drawing.tagged import Shown, Tagged, tagged


def seen(read: Tagged) -> str:
    """What the eye meets from left to right in the first paragraph; letters in their plain form."""
    line = sorted((each for each in read.shown if each.content == 2), key=lambda each: each.x)
    return "".join(map(plain, line))


def plain(each: Shown) -> str:
    return unicodedata.normalize("NFKC", each.text)


@pytest.mark.parametrize(
    ("typed", "from_left"),
    [
        ("שלום", "םולש"),
        ("שלום עולם", "םלוע םולש"),
        ("abc שלום def", "abc םולש def"),
        ("שלום abc עולם", "םלוע abc םולש"),
        ("שלום 123", "123 םולש"),
        ("הזמנה 12.50 (מאה)", "(האמ) 12.50 הנמזה"),
        ("abc (שלום) def", "abc (םולש) def"),
        ("١٢٣٤", "١٢٣٤"),
        ("(מאה", "האמ)"),
        ("((א) [ב] {ג} <ד> «ה»)", "(«ה» <ד> {ג} [ב] (א))"),
        ("a (b) [א] <ב", "a (b) [א] <ב"),
        ("א (b) ג", "ג (b) א"),
        ("א 1<2 ב", "ב 2>1 א"),
    ],
)
def test_a_line_is_drawn_in_visual_order_and_tagged_as_typed(typed: str, from_left: str) -> None:
    read = tagged(Prose(typed))

    assert seen(read) == from_left
    assert read.elements("P")[0].text.replace("\n", " ").split() == typed.split()


@pytest.mark.parametrize("number", ["١٢٣٤", "۱۲۳۴۵۶۷۸۹۰", "1234", "٢٠٢٦"])
def test_numbers_in_arabic_are_read_from_left_to_right(number: str) -> None:
    read = tagged(Prose(f"ل {number} ل"))

    # In the font some digits are one glyph, so that only their value can be compared.
    digits = [unicodedata.digit(c) for c in seen(read) if c.isdigit()]
    assert digits == [unicodedata.digit(c) for c in number]


def test_arabic_letters_are_joined() -> None:
    read = tagged(Prose("سلام"))

    drawn = sorted((each for each in read.shown if each.content == 2), key=lambda each: -each.x)
    assert [plain(each) for each in drawn][:1] == ["س"]
    assert all(
        each.text not in "سلا" for each in drawn[:-1]
    )  # forms for their place, not those of letters alone
    assert len(drawn) < 5
    assert read.elements("P")[0].text == "سلام"


def test_letters_of_one_word_touch_and_do_not_overlap() -> None:
    read = tagged(Prose("ממממ"))

    at = sorted(each.x for each in read.shown if each.content == 2)
    apart = [after - before for before, after in pairwise(at)]
    assert max(apart) - min(apart) < 0.02
    assert [each.width for each in read.shown if each.content == 2] == pytest.approx([apart[0]] * 4, abs=0.3)


def test_a_line_that_goes_on_begins_at_its_edge() -> None:
    read = tagged(Prose("שלום " * 60))

    lines: dict[float, list[Shown]] = {}
    for each in read.shown:
        if each.content == 2 and each.text.strip():
            lines.setdefault(round(each.y), []).append(each)
    assert len(lines) > 2
    assert {round(min(each.x for each in line), 1) for line in lines.values()} == {USUAL.margin}
    assert read.elements("P")[0].text.split() == ["שלום"] * 60


def test_a_cell_is_tagged_as_typed_beside_latin_ones() -> None:
    read = tagged(Grid(("שם", "Name"), (("דוד 12", "David"), ("مريم", "Mariam"))))

    assert [cell.text for cell in read.elements("TH", "TD")] == [
        "שם",
        "Name",
        "דוד 12",
        "David",
        "مريم",
        "Mariam",
    ]


def test_a_mark_stands_over_its_letter() -> None:
    read = tagged(Prose("שָ"))

    glyphs = sorted((each for each in read.shown if each.content == 2), key=lambda each: each.width)
    mark, letter = glyphs[0], glyphs[-1]
    assert letter.x - 0.1 <= mark.x <= letter.x + letter.width
    assert mark.width == 0


def test_glyphs_without_a_character_are_tagged_with_their_text() -> None:
    read = tagged(Prose("क्षत्रिय"))

    page = read.reader.pages[0]["/Contents"]
    assert isinstance(page, StreamObject)
    assert b"/Span <</ActualText <feff" in page.get_data()
    assert any("\ue000" <= each.text <= "\uf8ff" for each in read.shown)
    assert read.elements("P")[0].text == "क्षत्रिय"
