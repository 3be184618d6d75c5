"""The layout of tables and facts."""

import pytest

from renderers.report_pdf.blocks import Facts, Grid, Link
from tests.renderers.report_pdf.drawing.tagged import Tagged, records, tagged


def texts(read: Tagged) -> list[str]:
    """The strings in the order in which they are drawn, without titles and feet."""
    return [each.text.rstrip() for each in read.shown if each.content is not None][2:]


def test_a_short_column_is_not_broken_for_a_long_one() -> None:
    rows = (("2026-07-01", "word " * 100),) * 3

    assert texts(tagged(Grid(("Date", "Text"), rows))).count("2026-07-01") == 3


def test_a_reference_row_is_whole_over_several_pages() -> None:
    read = tagged(Grid(("Text", "x"), (("word " * 3_000, "x"),)))

    assert sum(text.count("word") for text in texts(read)) == 3_000
    assert len(read.reader.pages) > 1


def test_a_table_with_too_many_columns_becomes_cards() -> None:
    headers = tuple(f"head {n}" for n in range(24))
    read = tagged(Grid(headers, (tuple(str(n) for n in range(24)),)))

    assert texts(read)[:5] == ["head 0: 0", "head 1", "1", "head 2", "2"]
    assert len(read.elements("TH")) == 23


def test_a_header_with_a_word_that_fits_nowhere_is_broken() -> None:
    read = tagged(Grid(("a", "b", "header" * 20), (("c", "d", "e"),)), large_print=True)

    assert [head.text for head in read.elements("TH")] == ["a", "b", "header" * 20]
    assert all(each.x + each.width < 560 for each in read.shown)


def test_large_print_uses_cards_earlier() -> None:
    grid = Grid(("a word",) * 8, (("16.01.2020",) * 8,))

    assert [
        t.children[0].tag
        for large in (False, True)
        for t in tagged(grid, large_print=large).elements("Table")
    ] == [
        "TR",
        "Caption",
    ]


def test_facts_keep_their_lines() -> None:
    assert texts(tagged(Facts((("From", "One\nTwo"),)))) == ["From", "One", "Two"]


def test_a_label_that_nearly_fits_gets_the_room_for_one_line() -> None:
    label = "Where it was kept until now"

    assert texts(tagged(Facts(((label, "here"), ("very long label " * 9, "there")))))[0] == label


def test_header_cells_have_the_scope_of_their_column_or_row() -> None:
    read = tagged(Grid(("a", "b"), (("c", "d"),)), Facts((("e", "f"),)))

    def scope(number: int) -> str:
        return str(read.reader.get_object(number)["/A"]["/Scope"])  # type: ignore[index]

    headers = read.elements("TH")
    assert [(head.text, scope(head.number)) for head in headers] == [
        ("a", "/Column"),
        ("b", "/Column"),
        ("e", "/Row"),
    ]


def test_rows_have_as_many_cells_as_header_cells() -> None:
    read = tagged(
        Grid(("a", "b", "c"), (("", "", ""), ("x", "", "y")) * 60),
        records(("h", "i", "j"), (("", "x" * 2_000, ""),)),
        records(("title " * 9,) * 12, (("some text",) * 12,) * 9),
        Facts((("", ""), ("x", Link("", "x:y")))),
    )

    for table in read.elements("Table"):
        rows = [row for row in table.children if row.tag == "TR"]
        assert len({len(row.children) for row in rows}) == 1
        assert all(cell.tag in {"TH", "TD"} for row in rows for cell in row.children)


@pytest.mark.parametrize("count", [1, 59, 60, 61, 200])
def test_any_number_of_rows_is_drawn_in_order_and_once(count: int) -> None:
    rows = [(str(n), f"text {n}") for n in range(count)]
    read = tagged(records(("n", "text"), iter(rows)))

    assert [cell.text for cell in read.elements("TD")] == [cell for row in rows for cell in row]


def test_a_table_without_columns_is_not_drawn() -> None:
    assert not tagged(Grid((), ())).elements("Table")
