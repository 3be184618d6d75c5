"""Whatever text comes in, what goes out can be drawn, is bounded, and is never markup."""

from xml.sax.saxutils import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.report_pdf.text import REPLACEMENT, Gate, wrapped

LATIN = frozenset({0, 0x0D, *range(0x20, 0x7F), *range(0xA0, 0x250), 0x2026, 0xFFFD, 0x10780})


def _measure(text: str) -> float:
    return float(len(text))


def _gate() -> Gate:
    return Gate(LATIN)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("plain", "plain"),
        ("a\x00b\x07c\x1bd\x7f", f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}d{REPLACEMENT}"),
        ("lone \ud800 surrogate", f"lone {REPLACEMENT} surrogate"),
        ("smile \U0001f600", f"smile {REPLACEMENT}"),
        ("שלום", REPLACEMENT * 4),
        ("\u202eevil\u202c", "evil"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("one\r\ntwo\rthree\x0bfour\u2028five", "one\ntwo\nthree\nfour\nfive"),
        ("one\n\ntwo" + "\r\n" * 9 + "three", "one\n\ntwo\n\nthree"),
        ("tab\tand\u00a0space\u3000s", "tab and space s"),
        ("e\u0301", "é"),
        ("%s {0} &amp; <b>", "%s {0} &amp; <b>"),
    ],
)
def test_text_is_shown_as_typed_or_visibly_replaced(typed: str, shown: str) -> None:
    assert _gate().clean(typed, 100) == shown


def test_a_glyph_above_the_basic_plane_is_not_used_for_it_would_be_copied_as_another() -> None:
    assert _gate().clean(chr(0x10780), 9) == REPLACEMENT


def test_the_gate_remembers_that_something_could_not_be_shown() -> None:
    gate = _gate()
    gate.clean("é\u200b", 9)
    assert not gate.substituted

    gate.clean("日", 9)
    assert gate.substituted


def test_a_megabyte_is_cut_with_a_mark() -> None:
    assert _gate().clean("x" * 1_000_000, 10) == "xxxxxxxxxx…"
    assert _gate().clean("x" * 10, 10) == "x" * 10


def test_markup_is_escaped_and_a_long_token_is_broken() -> None:
    gate = _gate()

    assert gate.markup('<img src="/etc/passwd"/> &amp;', 99) == '&lt;img src="/etc/passwd"/&gt; &amp;amp;'
    assert gate.markup("x" * 200, 999) == "<br/>".join(["x" * 80, "x" * 80, "x" * 40])
    assert gate.markup("x" * 80, 999) == "x" * 80


@given(st.text(st.characters(), max_size=300))
def test_nothing_but_line_breaks_is_markup_for_any_text(typed: str) -> None:
    gate = _gate()

    text = unescape(gate.markup(typed, 200).replace("<br/>", "\n"))

    assert text.replace("\n", "") == gate.clean(typed, 200).replace("\n", "")
    assert all(c == "\n" or ord(c) in LATIN for c in text)


def test_words_fill_lines_and_long_ones_are_cut() -> None:
    assert wrapped("one two three", 7, _measure, 9) == ("one two", "three")
    assert wrapped("abcdefghij kl", 4, _measure, 9) == ("abcd", "efgh", "ij", "kl")
    assert wrapped("a\n\nb", 4, _measure, 9) == ("a", "", "b")
    assert wrapped("", 4, _measure, 9) == ("",)


def test_too_many_lines_end_in_a_mark_that_fits() -> None:
    assert wrapped("one two three four", 5, _measure, 2) == ("one", "two…")
    assert wrapped("abcdefghijkl", 4, _measure, 2) == ("abcd", "efg…")


@given(st.text(st.sampled_from("ab \n"), max_size=200), st.integers(1, 12), st.integers(1, 5))
def test_lines_fit_and_lose_nothing_unless_they_say_so(text: str, width: int, most: int) -> None:
    lines = wrapped(text, width, _measure, most)

    assert 1 <= len(lines) <= most
    if not lines[-1].endswith("…"):
        assert all(len(line) <= width for line in lines)
        kept, typed = ("".join(part).replace(" ", "").replace("\n", "") for part in (lines, text))
        assert kept == typed
