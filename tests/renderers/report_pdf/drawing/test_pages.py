"""Page filling: related content stays together, and nothing is drawn outside the frame."""

from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from pypdf.generic import StreamObject

from renderers.report_pdf.blocks import (
    Block,
    Bullets,
    Facts,
    Families,
    Family,
    Grid,
    Group,
    Heading,
    PageFooter,
    Prose,
    Report,
    Timeline,
)
from renderers.report_pdf.drawing.style import LARGE, PAGE_HEIGHT, PAGE_WIDTH, USUAL
from tests.renderers.report_pdf.drawing.awkward import NAUGHTY, REPORTS, SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.tagged import Shown, Tagged, drawn, records, report, section, tagged

WORDS = " ".join(["word"] * 150)
FOLLOWERS = {
    "a paragraph": Prose(WORDS),
    "a list": Bullets((WORDS, "x")),
    "facts": Facts((("label", WORDS), ("other", "x"))),
    "high facts": Facts((("line\n" * 40, WORDS),)),
    "a table": Grid(("What", "Number"), (("a", "1"),) * 9),
    "a table with a high row": Grid(("What", "Number"), (("line\n" * 80, "1"),)),
    "a table with a high head": Grid(("What " * 90, "Number"), (("line\n" * 80, "1"),)),
    "a card": records(tuple(f"label {n}" for n in range(9)), (("long " * 110,) * 9,)),
    "a card higher than a page": records(tuple(f"label {n}" for n in range(150)), (("long " * 40,) * 150,)),
    "rows under a year": records(("What", "Number"), (Group("2025"), ("a", "1"))),
    "a family": Families((Group("2025"), Family("Order 1", WORDS, (("Lines", (WORDS,)),)))),
    "a timeline": Timeline(tuple((f"Set {n}", {"2024-01": 1}) for n in range(40)), "In words"),
    "a heading and a paragraph": Heading("another"),
}


def lines(read: Tagged) -> list[list[Shown]]:
    """The content of each page, from top to bottom, without feet."""
    body = [each for each in read.shown if each.y > 40]
    return [sorted(on, key=lambda each: -each.y) for _, on in groupby(body, key=lambda each: each.page)]


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("follower", FOLLOWERS.values(), ids=FOLLOWERS)
def test_no_heading_is_the_last_on_a_page(follower: Block, *, large: bool) -> None:
    for before in range(0 if large else 15, 40):
        after = section(Heading("inner heading"), follower, Prose(WORDS), title="outer heading", level=1)
        read = Tagged(drawn(report(section(*[Prose("x")] * before), after, large_print=large)))

        for page in lines(read)[:-1]:
            assert page[-1].text.strip() not in {
                "outer heading",
                "inner heading",
                "another",
                "Record 1",
                "What",
                "2025",
                "Order 1",
                "Lines",
            }


@pytest.mark.parametrize("before", range(28, 40))
@pytest.mark.parametrize(
    "table",
    [
        Facts(tuple((f"row {n}", "text") for n in range(9))),
        Grid(("What", "Number"), tuple((f"row {n}", "1") for n in range(9))),
    ],
    ids=["facts", "a table"],
)
def test_a_table_leaves_no_row_alone_and_no_title_without_rows(table: Block, before: int) -> None:
    titled = section(Prose("what it is"), table, title="its title", level=1)
    read = Tagged(drawn(report(section(*[Prose("x")] * before), titled)))

    for page in lines(read):
        shown = [each.text for each in page]
        assert sum(text.startswith("row ") for text in shown) != 1
        assert ("its title" in shown) == ("row 0" in shown) == ("what it is" in shown)


@pytest.mark.parametrize("before", range(28, 40))
def test_what_records_share_stays_with_them(before: int) -> None:
    shared = (Heading("its title"), Prose("the same in all"), Prose("empty in all"))
    read = tagged(*[Prose("x")] * before, *shared, records(("What", "Number"), [("row", "1")] * 9))

    for page in lines(read):
        shown = [each.text for each in page]
        assert ("the same in all" in shown) <= ("row" in shown)


@pytest.mark.parametrize("rows", range(1, 6))
def test_a_title_stays_with_its_table_wherever_the_page_ends(rows: int) -> None:
    filling = Facts((("label", "text"),) * rows)
    for before in range(30, 36):
        titled = section(Facts((("row 0", "x"),) * 9), title="its title")
        read = Tagged(drawn(report(section(filling, *[Prose("x")] * before), titled)))

        for page in lines(read):
            shown = [each.text for each in page]
            assert ("its title" in shown) <= ("row 0" in shown)


@pytest.mark.parametrize("before", range(20, 40))
def test_a_paragraph_leaves_no_line_alone(before: int) -> None:
    read = tagged(*[Prose("x")] * before, Prose(WORDS.replace("word", "long")))

    counts = [sum(each.text.startswith("long") for each in page) for page in lines(read)]
    assert sum(counts) == 7
    assert 1 not in counts


@pytest.mark.parametrize("before", range(20, 40))
def test_a_short_paragraph_is_not_split(before: int) -> None:
    read = tagged(*[Prose("x")] * before, Prose("long " * 40))

    assert len({each.page for each in read.shown if each.text.startswith("long")}) == 1


def test_headers_are_repeated_on_each_page_of_a_table() -> None:
    read = tagged(Grid(("What", "How many"), tuple((f"row {n}", str(n)) for n in range(200)), frozenset({1})))

    first, *others = lines(read)
    assert len(others) == 3
    assert [each.text for each in first].count("How many") == 1
    for page in others:
        assert [each.text for each in page][:2] == ["What", "How many"]
        assert [each.content for each in page][:2] == [None, None]
        assert page[2].y < page[0].y - 10


def test_headers_are_not_repeated_after_the_end_of_a_table() -> None:
    for count in range(30, 50):
        read = tagged(Grid(("What", "How many"), (("row", "1"),) * count), *[Prose("after")] * 40)

        for page in lines(read):
            texts = [each.text for each in page]
            assert "What" not in texts or "row" in texts


def test_a_card_is_not_split() -> None:
    labels = tuple(f"label {n}" for n in range(9))
    long = ("long " * 75,) * 4
    read = tagged(records(labels, [(f"of record {n}", *long, *("x",) * 4) for n in range(40)]))

    pages = {f"of record {n}": {s.page for s in read.shown if s.text == f"of record {n}"} for n in range(40)}
    captions = {s.text: s.page for s in read.shown if s.text.startswith("Record ")}
    assert all(len(on) == 1 for on in pages.values())
    assert [captions[f"Record {n + 1}"] for n in range(40)] == [on for (on,) in pages.values()]


def test_no_empty_page_is_started() -> None:
    for count in range(40, 60):
        read = tagged(*[Prose("x")] * count)
        assert all(page for page in lines(read))
        assert len(lines(read)) == len(read.reader.pages)


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
def test_numbers_are_right_aligned(*, large: bool) -> None:
    rows = tuple((f"row {n}", f"{n**5:,}", "after") for n in range(30))
    read = tagged(Grid(("What", "Number", "After"), rows, frozenset({1})), large_print=large)

    numbers = {f"{n**5:,}" for n in range(30)} | {"Number"}
    ends = [each.x + each.width for each in read.shown if each.text in numbers]
    assert len(ends) >= 31
    assert max(ends) - min(ends) < 0.05
    assert min(each.x for each in read.shown if each.text == "after") > max(ends) + 5


def test_each_foot_has_page_number_and_page_count() -> None:
    read = tagged(*[Prose(WORDS)] * 70)

    pages = len(read.reader.pages)
    assert pages > 9
    for number, page in enumerate(read.reader.pages, start=1):
        feet = [each.text for each in read.shown if each.page == number - 1 and each.y < 40]
        assert feet == ["Your data, A Shop Ltd", f"Page {number} of "]
        assert page["/Contents"].get_data().count(b"/Total Do") == 1  # type: ignore[attr-defined]
    assert total(read) == str(pages)


def total(read: Tagged) -> str:
    """What stands in the form for the number of pages."""
    form = read.reader.pages[0]["/Resources"]["/XObject"]["/Total"]  # type: ignore[index]
    assert isinstance(form, StreamObject)
    return form.get_data().decode().partition(") Tj")[0].rpartition("(")[2]


def test_the_page_count_may_come_before_the_page_number() -> None:
    read = Tagged(drawn(report(footer=PageFooter("x", "{pages} pages, this is {page}"))))

    assert read.artifacts == ["x", " ", "pages, this is 1"]


def test_a_long_foot_is_cut() -> None:
    read = Tagged(drawn(report(footer=PageFooter("A very long name " * 20))))

    foot, number = (each for each in read.shown if each.y < 40)
    assert foot.text.endswith("…")
    assert foot.x + foot.width < number.x


def outside(read: Tagged, margin: float) -> list[str]:
    """What is drawn over the margins; feet may stand in the lower one."""
    right, top = PAGE_WIDTH - margin + 0.2, PAGE_HEIGHT - margin
    return [
        each.text
        for each in read.shown
        if each.x < margin - 0.2
        or (each.x + each.width > right and each.text.strip())
        or each.y > top
        or (each.y < margin + 10 and each.content is not None)
    ]


def bars_outside(read: Tagged, margin: float) -> bool:
    right, top, low = PAGE_WIDTH - margin + 0.2, PAGE_HEIGHT - margin + 0.1, margin + 10
    return any(
        b.x < margin - 0.2 or b.x + b.width > right or b.y < low or b.y + b.height > top for b in read.bars
    )


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPORTS)
def test_nothing_leaves_the_frame(of: Report) -> None:
    read = Tagged(drawn(of))

    margin = (LARGE if of.large_print else USUAL).margin
    assert outside(read, margin) == []
    assert not bars_outside(read, margin)


@pytest.mark.parametrize("large", [False, True], ids=["usual", "large"])
@pytest.mark.parametrize("name", [*SCRIPTS, *NAUGHTY])
def test_no_script_and_no_naughty_text_leaves_the_frame(name: str, *, large: bool) -> None:
    text = (SCRIPTS | NAUGHTY)[name]
    joined = text.replace(" ", "") * 20
    blocks = [*every_kind(text[:3_000]), *every_kind(joined[:3_000]), Facts((("x", joined[:3_000]),))]
    read = Tagged(drawn(report(section(*blocks), large_print=large)))

    margin = (LARGE if large else USUAL).margin
    assert outside(read, margin) == []
    assert not bars_outside(read, margin)
