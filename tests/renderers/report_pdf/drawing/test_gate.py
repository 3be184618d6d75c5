"""Any text comes out of the gate drawable, bounded and without markup."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.report_pdf.drawing.fonts import Fonts
from renderers.report_pdf.drawing.gate import REPLACEMENT, Gate
from tests.renderers.report_pdf.drawing.awkward import MARKUP, NAUGHTY, SCRIPTS

GATE = Gate(Fonts())


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a\x00b\x07c\x1bd\x7f", f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}d{REPLACEMENT}"),
        ("lone \ud800 surrogate", f"lone {REPLACEMENT} surrogate"),
        ("private \ue000 use \U00100000", f"private {REPLACEMENT} use {REPLACEMENT}"),
        ("unassigned \u0378 \uffff \U0010ffff", f"unassigned {REPLACEMENT} {REPLACEMENT} {REPLACEMENT}"),
        ("hieroglyph \U00013000", f"hieroglyph {REPLACEMENT}"),
        ("smile \U0001f600", "smile \U0001f600"),
        ("שלום", "שלום"),
        ("漢字", "漢字"),
        ("\u202eevil\u202c", "evil"),
        ("a\u2066b\u2069\u200ec\u200f", "abc"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("soft\xadhyphen", "softhyphen"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("heart \u2764\ufe0f", "heart \u2764"),
        ("one\r\ntwo\rthree\x0bfour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("one\x0ctwo\x1cthree\x1dfour\x1efive\x85six\u2029seven", "one\ntwo\nthree\nfour\nfive\nsix\nseven"),
        ("one\n\ntwo" + "\r\n" * 9 + "three", "one\n\ntwo\n\nthree"),
        ("tab\tand space\u3000s", "tab and space s"),
        ("10\u202f% and\u00a0more", "10\u00a0% and\u00a0more"),
        ("e\u0301", "é"),
        ("%s {0} &amp; <b>", "%s {0} &amp; <b>"),
    ],
)
def test_text_is_shown_as_typed_or_visibly_replaced(typed: str, shown: str) -> None:
    assert GATE.clean(typed, 100) == shown
    assert GATE.clean(typed, 100) == shown  # the same for cached characters


@pytest.mark.parametrize("typed", [*MARKUP, *(" ".join(text.split()) for text in SCRIPTS.values())])
def test_markup_and_scripts_are_shown_as_typed(typed: str) -> None:
    assert GATE.clean(typed, 500) == unicodedata.normalize("NFC", typed).replace("\u200b", "")


def test_a_megabyte_is_cut_with_a_mark_and_fast() -> None:
    start = time.perf_counter()
    assert GATE.clean("x" * 1_000_000, 10) == "xxxxxxxxxx…"
    assert GATE.clean("\u0416\n" * 1_000_000, 3) == "\u0416\n\u0416…"
    assert time.perf_counter() - start < 0.1

    assert GATE.clean("x" * 10, 10) == "x" * 10


def test_a_title_is_one_line() -> None:
    assert GATE.title(" a\n\nb\t c\u2028d ", 99) == "a b c d"
    assert GATE.title("a b c", 3) == "a b…"


@given(st.text(st.characters(), max_size=300))
def test_any_text_comes_out_as_characters_that_have_glyphs(typed: str) -> None:
    shown = GATE.clean(typed, 200)

    fonts = GATE.fonts
    for character in shown:
        assert character in "\n\u200c\u200d" or fonts.face_of(character, fonts.regular) is not None
        assert unicodedata.category(character) not in {"Cs", "Co", "Zl", "Zp"}
    assert "\n\n\n" not in shown
    assert not set(GATE.title(typed, 200)) & set("\n\t")


@given(st.text(st.characters(), max_size=100))
def test_cleaning_twice_changes_nothing(typed: str) -> None:
    shown = GATE.clean(typed, 1_000)

    assert GATE.clean(shown, 10_000) == shown


@pytest.mark.parametrize("name", NAUGHTY)
def test_no_visible_character_is_lost_silently(name: str) -> None:
    typed = NAUGHTY[name][:300]
    seen = [c for c in unicodedata.normalize("NFC", typed) if unicodedata.category(c)[0] in "LNPS"]

    shown = GATE.clean(typed, 400)

    assert [c for c in shown if unicodedata.category(c)[0] in "LNPS" and c != REPLACEMENT] == [
        c for c in seen if GATE.fonts.face_of(c, GATE.fonts.regular) is not None
    ]
