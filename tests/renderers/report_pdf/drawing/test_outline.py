"""Bookmarks: a tree of the sections, each pointing to its heading."""

from itertools import pairwise
from typing import Any

from pypdf.generic import ArrayObject

from renderers.report_pdf.blocks import Prose
from tests.renderers.report_pdf.drawing.awkward import MARKUP
from tests.renderers.report_pdf.drawing.tagged import Tagged, drawn, report, section

SECTIONS = (("a", 0), ("b", 1), ("c", 1), ("d", 0), ("e", 0), ("f", 1))


def outlined(*titles: tuple[str, int]) -> Tagged:
    return Tagged(
        drawn(report(*(section(*[Prose("x")] * 20, title=title, level=level) for title, level in titles)))
    )


def below(parent: Any) -> list[Any]:
    """The children, from the first one through the next ones."""
    found = [parent["/First"]] if "/First" in parent else []
    while found and "/Next" in found[-1]:
        found.append(found[-1]["/Next"])
    return found


def test_sections_are_a_tree_of_two_levels() -> None:
    root = outlined(*SECTIONS).root["/Outlines"]

    assert [(item["/Title"], [deep["/Title"] for deep in below(item)]) for item in below(root)] == [
        ("a", ["b", "c"]),
        ("d", []),
        ("e", ["f"]),
    ]


def test_each_item_knows_its_parent_and_siblings() -> None:
    root = outlined(*SECTIONS).root["/Outlines"]

    for parent in (root, *below(root)):
        items = below(parent)
        assert ("/First" in parent) == ("/Last" in parent) == bool(items)
        if items:
            assert parent["/Last"] == items[-1]
            assert "/Prev" not in items[0]
        for item in items:
            assert item["/Parent"]["/First"] == items[0]
        for before, after in pairwise(items):
            assert after["/Prev"] == before


def test_all_items_are_open_and_counted() -> None:
    root = outlined(*SECTIONS).root["/Outlines"]

    assert root["/Count"] == len(SECTIONS)
    assert [item.get("/Count") for item in below(root)] == [2, None, 1]


def test_each_leads_to_its_heading() -> None:
    read = outlined(*((f"section number {n}", n % 2) for n in range(12)))

    root = read.root["/Outlines"]
    items = [each for item in below(root) for each in (item, *below(item))]
    pages = [page.indirect_reference for page in read.reader.pages]
    assert len(pages) > 3
    for item in items:
        destination = item["/Dest"]
        assert isinstance(destination, ArrayObject)
        (heading,) = (each for each in read.shown if each.text == item["/Title"])
        assert pages.index(next(iter(destination))) == heading.page
        assert heading.y < float(destination[3]) < heading.y + 25


def test_a_first_section_of_the_lower_level_gets_a_bookmark() -> None:
    root = outlined(("deep", 1), ("high", 0)).root["/Outlines"]

    assert [item["/Title"] for item in below(root)] == ["deep", "high"]


def test_titles_are_bookmarked_as_typed() -> None:
    titles = [*MARKUP, "Größe", "漢字", "שלום"]
    root = outlined(*((title, 0) for title in titles)).root["/Outlines"]

    assert [item["/Title"] for item in below(root)] == titles


def test_without_sections_there_are_no_bookmarks() -> None:
    root = Tagged(drawn(report())).root["/Outlines"]

    assert below(root) == []
    assert "/Count" not in root
