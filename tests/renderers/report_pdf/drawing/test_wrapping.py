"""Words fill lines, long words are broken, and no line is too wide."""

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from renderers.report_pdf.drawing.wrapping import wrapped


def _measure(text: str) -> float:
    return float(len(text))


def test_words_fill_lines_and_long_ones_are_cut() -> None:
    assert wrapped("one two three", 7, _measure, 9) == ("one two ", "three")
    assert wrapped("abcdefghij kl", 4, _measure, 9) == ("abcd", "efgh", "ij ", "kl")
    assert wrapped("abcdefghij kl", 5, _measure, 9) == ("abcde", "fghij ", "kl")
    assert wrapped("abcdefg hi", 5, _measure, 9) == ("abcde", "fg hi")
    assert wrapped("a\n\nb", 4, _measure, 9) == ("a ", "", "b")
    assert wrapped("", 4, _measure, 9) == ("",)


def test_a_text_that_fits_is_one_line_with_all_its_blanks() -> None:
    assert wrapped("  a   b ", 8, _measure, 9) == ("  a   b ",)


def test_too_many_lines_end_in_a_mark_that_fits() -> None:
    assert wrapped("one two three four", 5, _measure, 2) == ("one ", "two…")
    assert wrapped("abcdefghijkl", 4, _measure, 2) == ("abcd", "efg…")
    assert wrapped("one two three", 5, _measure, 1) == ("one…",)


def test_a_letter_wider_than_the_line_stands_alone() -> None:
    assert wrapped("abc", 0.5, _measure, 9) == ("a", "b", "c")


def test_a_megabyte_is_not_measured_whole_again_and_again() -> None:
    measured = 0

    def counting(text: str) -> float:
        nonlocal measured
        measured += len(text)
        return float(len(text))

    lines = wrapped("x" * 1_000_000, 80, counting, 4)

    assert lines[-1] == "x" * 79 + "…"
    assert measured < 2_100_000


@given(st.floats(0.1, 9.9))
def test_a_line_as_wide_as_its_words_does_not_break_them(width_of_a_letter: float) -> None:
    def measure(text: str) -> float:
        return len(text) * width_of_a_letter

    assert wrapped("Shipped\nLost", measure("Shipped"), measure, 9) == ("Shipped ", "Lost")


WIDTHS: list[Callable[[str], float]] = [
    _measure,
    lambda text: sum(0.3 if c in "il" else 1.0 for c in text),
    lambda text: sum(0.0 if c == "\u0301" else 0.7 for c in text),
]


@given(
    st.text(st.sampled_from("abil \n\u0301"), max_size=200),
    st.integers(1, 12),
    st.integers(1, 5),
    st.sampled_from(WIDTHS),
)
def test_lines_fit_and_lose_nothing_unless_marked(
    text: str, width: int, most: int, measure: Callable[[str], float]
) -> None:
    lines = wrapped(text, width, measure, most)

    assert 1 <= len(lines) <= most
    cut = lines[-1].endswith("…")
    assert all(measure(line.removesuffix(" ")) <= width + 1e-6 for line in (lines[:-1] if cut else lines))
    kept, typed = (" ".join("".join(part).split()) for part in (lines, text))
    assert typed.startswith(kept[:-1].rstrip()) if cut else kept == typed  # words stay apart, and whole
