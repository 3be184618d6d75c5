"""Tables become slabs that fit the page, whatever stands in the cells."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from renderers.report_pdf.blocks import Cards, Facts, Grid
from renderers.report_pdf.layout import Slab, Typesetter, fitting
from renderers.report_pdf.text import Gate

WIDTH = 500.0


def _measure(text: str) -> float:
    return len(text) * 4.0


SETTER = Typesetter(Gate(frozenset(range(0x20, 0x250)) | {0x2026, 0xFFFD}), _measure, WIDTH)


def _texts(slabs: tuple[Slab, ...]) -> list[str]:
    return [line.text for slab in slabs for line in slab.lines]


def test_a_short_column_is_not_broken_for_a_long_one() -> None:
    rows = (("2026-07-01", "word " * 100),) * 3

    slabs = SETTER.grid(Grid(("Date", "Text"), rows, bulk=True))

    assert _texts(slabs.body).count("2026-07-01") == 3


@given(st.floats(0.1, 9.9))
def test_a_column_as_wide_as_its_word_does_not_break_it(width_of_a_letter: float) -> None:
    setter = replace(SETTER, measure=lambda text: len(text) * width_of_a_letter)

    slabs = setter.grid(Grid(("Status", "Text"), (("Shipped", "word " * 100),), bulk=True))

    assert slabs.body[0].lines[0].text == "Shipped"


def test_a_bulk_row_has_at_most_four_lines_and_says_that_it_was_cut() -> None:
    slabs = SETTER.grid(Grid(("Text",), (("x" * 10_000,),), bulk=True))

    (row,) = slabs.body
    assert len(row.lines) == 4
    assert row.lines[-1].text.endswith("…")


def test_a_reference_row_is_told_whole_over_several_slabs() -> None:
    slabs = SETTER.grid(Grid(("Text",), (("word " * 2000,),)))

    assert sum(text.count("word") for text in _texts(slabs.body)) == 2000
    assert max(slab.height for slab in slabs.body) < 200


def test_numbers_end_where_their_column_ends() -> None:
    slabs = SETTER.grid(Grid(("What", "Records"), (("a", "7"), ("b", "1,000")), right=frozenset({1})))

    ends = {line.x + _measure(line.text) for slab in slabs.body for line in slab.lines[1:]}
    assert len(ends) == 1


@given(
    st.lists(st.lists(st.text(st.characters(), max_size=60), min_size=3, max_size=3), min_size=1, max_size=8),
    st.booleans(),
)
def test_no_line_leaves_the_table(rows: list[list[str]], bulk: bool) -> None:  # noqa: FBT001 # hypothesis gives it
    slabs = SETTER.grid(Grid(("A", "B", "C"), tuple(map(tuple, rows)), right=frozenset({2}), bulk=bulk))

    for slab in slabs.body:
        assert all(line.x >= 0 and line.x + _measure(line.text) <= WIDTH for line in slab.lines)
        assert all(0 < line.down < slab.height for line in slab.lines)


def test_a_card_names_each_value_and_starts_with_its_number() -> None:
    slabs = SETTER.cards(Cards("Record", ("Id", "Name", "Note"), (("1", "Ada", "x"), ("2", "Bob", "y"))))

    assert _texts(slabs.body) == [
        *("Record 1", "Id", "1", "Name", "Ada", "Note", "x"),
        *("Record 2", "Id", "2", "Name", "Bob", "Note", "y"),
    ]


def test_a_table_asks_for_the_room_of_its_first_card_or_row() -> None:
    grid = SETTER.grid(Grid(("A",), (("x",), ("y",))))
    cards = SETTER.cards(Cards("Record", ("A", "B"), (("x", "y"), ("z", "w"))))

    assert grid.least == grid.head[0].height + grid.body[0].height
    assert cards.least == sum(slab.height for slab in cards.body) / 2


def test_facts_keep_their_lines() -> None:
    slabs = SETTER.facts(Facts((("From", "One\nTwo"),)))

    assert _texts(slabs.body) == ["From", "One", "Two"]


def _slab(*, glued: bool = False) -> Slab:
    return Slab(10, (), glued=glued)


def test_a_page_takes_what_fits() -> None:
    assert fitting([_slab()] * 5, 35, at_top=True) == 3
    assert fitting([_slab()] * 5, 50, at_top=False) == 5
    assert fitting([_slab()] * 5, 5, at_top=False) == 0


def test_a_card_moves_to_the_next_page_whole() -> None:
    card = [_slab(), _slab(glued=True), _slab(glued=True)]

    assert fitting([*card, *card], 50, at_top=True) == 3
    assert fitting(card, 20, at_top=False) == 0


def test_a_card_higher_than_a_page_is_parted() -> None:
    assert fitting([_slab(), *[_slab(glued=True)] * 9], 50, at_top=True) == 5
