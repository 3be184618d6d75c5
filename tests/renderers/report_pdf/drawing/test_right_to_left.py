"""Hebrew and Arabic are drawn in visual order and tagged in the order in which they were typed."""

import unicodedata
from io import BytesIO
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from bidi import get_display
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st
from pypdf.generic import StreamObject

from renderers.report_pdf.blocks import Grid, Prose
from renderers.report_pdf.drawing.directions import MIRRORED, directed
from renderers.report_pdf.drawing.fonts import Fonts
from renderers.report_pdf.drawing.style import USUAL
from tests.renderers.report_pdf.drawing.tagged import Shown, Tagged, descriptor_of, tagged


def letters(read: Tagged) -> list[Shown]:
    """The letters of the first paragraph from left to right."""
    shown = [letter for each in read.shown if each.content == 2 for letter in each.split()]
    return sorted(shown, key=lambda each: each.x)


def seen(read: Tagged) -> str:
    """What the eye meets from left to right in the first paragraph: not the mark before an Arabic number."""
    return "".join(
        MIRRORED.get(each.text, each.text) if each.reversed else each.text for each in letters(read)
    ).replace("\u2060", "")


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


def outline(read: Tagged, letter: Shown) -> object:
    """What a letter draws."""
    program = descriptor_of(read.fonts()[letter.font])["/FontFile2"].get_data()
    glyphs = TTFont(BytesIO(program))["glyf"]
    return glyphs[glyphs.glyphOrder[letter.letters[0][0]]].getCoordinates(glyphs)


def test_arabic_letters_have_their_own_text_and_the_form_of_their_place() -> None:
    read = tagged(Prose("ببب"))

    assert [each.text for each in letters(read)] == ["ب"] * 3
    forms = [outline(read, each) for each in letters(read)]
    assert all(one != other for one, other in combinations(forms, 2))
    assert read.elements("P")[0].text == "ببب"


def test_a_ligature_is_drawn_once_and_read_as_its_letters() -> None:
    read = tagged(Prose("للله لا"))

    alef, lam = letters(read)[:2]
    assert (alef.text, lam.text) == ("ا", "ل")
    assert lam.x > alef.x  # each has a place to be marked at
    assert read.elements("P")[0].text == "للله لا"


@pytest.mark.parametrize("bracket", "()[]{}<>«»")
def test_a_bracket_is_read_as_typed_and_drawn_as_its_mirror(bracket: str) -> None:
    read = tagged(Prose(f"א{bracket}ב ג{MIRRORED[bracket]}ד"))

    typed = {each.text: outline(read, each) for each in letters(read) if each.text in MIRRORED}
    font, face = BytesIO(Path(Fonts().regular.font.face.filename).read_bytes()), Fonts().regular
    glyphs = TTFont(font)["glyf"]
    drawn = glyphs[glyphs.glyphOrder[face.glyph(MIRRORED[bracket])]].getCoordinates(glyphs)
    assert typed[bracket] == drawn
    assert read.elements("P")[0].text == f"א{bracket}ב ג{MIRRORED[bracket]}ד"


def test_letters_of_one_word_touch_and_do_not_overlap() -> None:
    read = tagged(Prose("ממממ"))

    at = [each.x for each in letters(read)]
    apart = [after - before for before, after in pairwise(at)]
    assert max(apart) - min(apart) < 0.02
    assert [each.width for each in letters(read)] == pytest.approx([apart[0]] * 4, abs=0.3)


def test_a_line_that_goes_on_begins_at_its_edge() -> None:
    read = tagged(Prose("שלום " * 60))

    lines: dict[float, list[Shown]] = {}
    for each in letters(read):
        if each.text.strip():
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

    glyphs = sorted(letters(read), key=lambda each: each.width)
    mark, letter = glyphs[0], glyphs[-1]
    assert letter.x - 0.1 <= mark.x <= letter.x + letter.width
    assert mark.width == 0


@pytest.mark.parametrize("typed", ["क्षत्रिय", "हिन्दी", "தமிழ் கொடு", "ภาษาไทย น้ำ", "မြန်မာ", "ស្រី កែ", "ක්‍රි"])
def test_letters_that_are_drawn_as_one_are_read_one_by_one_as_typed(typed: str) -> None:
    read = tagged(Prose(typed))

    page = read.reader.pages[0]["/Contents"]
    assert isinstance(page, StreamObject)
    assert b"/ActualText" not in page.get_data()
    assert "".join([each.text for each in read.shown if each.content == 2]) == typed
    assert read.elements("P")[0].text == typed


def test_a_word_joiner_is_read_with_the_letter_that_it_precedes() -> None:
    read = tagged(Prose("نمی‌دانم"))

    assert "\u200cی" in [each.text for each in letters(read)]
    assert read.elements("P")[0].text == "نمی‌دانم"


# Brackets around a number are a part of its run; how they are drawn is compared above.
_UPRIGHT = str.maketrans("()", "||")


@pytest.mark.parametrize("base", "LR")
@given(line=st.text(alphabet="אבג اب 12٣٤.,:-/%()abc\u05b8\u064e€&!", min_size=1, max_size=20))
def test_runs_are_the_line_and_stand_where_the_library_puts_their_letters(base: str, line: str) -> None:
    runs = directed(line, rtl=base == "R")

    assert "".join([run.text for run in runs]) == line
    placed = sorted(runs, key=lambda run: run.place)
    visual = "".join([run.text[::-1] if run.rtl else run.text for run in placed])
    assert visual.translate(_UPRIGHT) == get_display(line, base_dir=base).translate(_UPRIGHT)
