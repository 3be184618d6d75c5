"""Columns fill the table's width, and a narrow one gives no space to a wide one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderers.report_pdf.drawing.columns import ContentWidth, columns_for

WIDTH = 500.0


def wants(*sample: tuple[str, ...], letter: float = 4.0) -> list[ContentWidth]:
    """The widths of columns with these texts, for a fixed letter width."""
    return [
        ContentWidth(_longest(texts, "\n") * letter, _longest(texts, None) * letter)
        for texts in zip(*sample, strict=True)
    ]


def _longest(texts: tuple[str, ...], between: str | None) -> int:
    return max((len(part) for text in texts for part in text.split(between)), default=0)


def test_a_short_column_is_not_broken_for_a_long_one() -> None:
    wanted = wants(("Date", "Text"), ("2026-07-01", "word " * 100))

    date, text = columns_for(wanted, frozenset(), (0, WIDTH), 8)

    assert date.room >= wanted[0].line
    assert date.width + text.width == pytest.approx(WIDTH)


@given(st.floats(0.1, 9.9))
def test_a_column_as_wide_as_its_word_has_room_for_it(width_of_a_letter: float) -> None:
    wanted = wants(("Status", "x"), ("Shipped", "word " * 999), letter=width_of_a_letter)

    status, _ = columns_for(wanted, frozenset(), (0, WIDTH), 8)

    assert status.room >= wanted[0].word


def test_a_long_text_gets_more_room_than_a_shorter_one_and_not_all() -> None:
    name, why = columns_for(wants(("word " * 50, "word " * 400)), frozenset(), (0, WIDTH), 8)

    assert name.width * 2 < why.width < name.width * 4


def test_of_two_columns_a_single_long_line_does_not_take_half_the_width() -> None:
    title, text = columns_for(
        wants(("short", "word " * 40), ("word " * 12, "word " * 40)), frozenset(), (0, WIDTH), 8
    )

    assert title.width < WIDTH * 0.4
    assert text.width > WIDTH * 0.6


def test_a_text_of_several_lines_asks_for_the_widest() -> None:
    one, several = (
        columns_for(wants((text, "word " * 100)), frozenset(), (0, WIDTH), 8)[0]
        for text in ("abcdef", "ab\nabcdef\nabc")
    )

    assert one == several


@given(
    st.lists(st.tuples(*[st.text("ab \n", max_size=200)] * 4), min_size=1, max_size=5),
    st.frozensets(st.integers(0, 3)),
)
def test_columns_stand_side_by_side_and_fill_the_width(
    sample: list[tuple[str, ...]], right: frozenset[int]
) -> None:
    columns = columns_for(wants(*sample), right, (50, WIDTH), 8)

    assert columns[0].x == 50
    for column, following in pairwise(columns):
        assert column.x + column.width == pytest.approx(following.x)
    assert columns[-1].x + columns[-1].width == pytest.approx(50 + WIDTH)
    for at, column in enumerate(columns):
        assert column.right == (at in right)
        assert column.x < column.left_edge < column.right_edge < column.x + column.width
        room = column.right_edge - column.left_edge
        assert column.room == pytest.approx(room if column.right else column.width - 2 * 0.45 * 8, abs=0.02)
