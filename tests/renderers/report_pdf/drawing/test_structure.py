"""Tags and pages agree: each marked content has one element, and each element has its own contents."""

from collections import Counter
from typing import Any

from renderers.report_pdf.blocks import Bullets, Grid, Heading, Link, Prose
from tests.renderers.report_pdf.drawing.awkward import SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.tagged import Tagged, drawn, report, section, tagged

READ = Tagged(
    drawn(
        report(
            *(section(*every_kind(text * 9), level=at % 2) for at, text in enumerate(SCRIPTS.values())),
            section(Grid(("a", "b"), (("line\n" * 200, "x"),))),
        )
    )
)


def parents(read: Tagged) -> dict[int, Any]:
    """Which element each key belongs to: elements by content for a page, one for an annotation."""
    numbers = read.root["/StructTreeRoot"]["/ParentTree"]["/Nums"]
    return dict(zip(numbers[::2], list(numbers)[1::2], strict=True))


def contents(read: Tagged) -> list[tuple[int, int, int]]:
    """(page's object, content, element's object) of each reference from an element."""
    found = []
    for node in read.tree.walk():
        element: Any = read.reader.get_object(node.number)
        kids = element.raw_get("/K")
        for kid in kids if isinstance(kids, list) else [kids]:
            if isinstance(kid, int):
                found.append((element.raw_get("/Pg").idnum, int(kid), node.number))
            elif kid.get_object().get("/Type") == "/MCR":
                held = kid.get_object()
                found.append((held.raw_get("/Pg").idnum, int(held["/MCID"]), node.number))
    return found


def test_each_content_is_one_elements_and_the_parent_tree_agrees() -> None:
    owners, found = parents(READ), contents(READ)

    assert max(Counter((page, content) for page, content, _ in found).values()) == 1
    expected = set()
    for page in READ.reader.pages:
        of_page = owners[page["/StructParents"]].get_object()  # type: ignore[index]
        assert page.indirect_reference is not None
        expected |= {(page.indirect_reference.idnum, at, each.idnum) for at, each in enumerate(of_page)}
    assert set(found) == expected
    assert len(found) > 800


def test_each_annotation_is_a_links_and_the_parent_tree_agrees() -> None:
    owners = parents(READ)
    links = {node.number for node in READ.elements("Link")}

    annotations: list[Any] = [a.get_object() for page in READ.reader.pages for a in page.get("/Annots", [])]
    assert len(annotations) >= len(links) > 50
    assert {owners[annotation["/StructParent"]].idnum for annotation in annotations} == links


def test_keys_are_in_order_and_counted() -> None:
    tree = READ.root["/StructTreeRoot"]
    keys = list(tree["/ParentTree"]["/Nums"])[::2]

    assert keys == sorted(set(keys)) == list(range(tree["/ParentTreeNextKey"]))


def test_each_element_knows_its_parent() -> None:
    for node in READ.tree.walk():
        for child in node.children:
            element: Any = READ.reader.get_object(child.number)
            assert element.raw_get("/P").idnum == node.number
    numbers = [node.number for node in READ.tree.walk()]
    assert len(numbers) == len(set(numbers))


def test_every_string_is_an_elements_or_an_artifact() -> None:
    assert READ.untagged == []
    marked = {(each.page, each.content) for each in READ.shown if each.content is not None}
    pages = {
        page.indirect_reference.idnum: at
        for at, page in enumerate(READ.reader.pages)
        if page.indirect_reference
    }
    owned = {(pages[page], content) for page, content, _ in contents(READ)}
    assert marked == owned


def test_headings_have_the_levels_of_their_sections() -> None:
    read = Tagged(
        drawn(
            report(
                section(Heading("c"), title="b"),
                section(Heading("e"), title="d", level=1),
                opening=(Heading("a"),),
                title="title",
            )
        )
    )

    assert [(node.tag, node.text) for node in read.elements("H1", "H2", "H3", "H4", "H5")] == [
        ("H1", "title"),
        ("H2", "a"),
        ("H2", "b"),
        ("H3", "c"),
        ("H3", "d"),
        ("H4", "e"),
    ]


def test_a_list_has_entries_with_marks_and_bodies() -> None:
    read = tagged(Bullets(("one", "two " * 80)))

    (whole,) = read.elements("L")
    for entry in whole.children:
        assert (entry.tag, [part.tag for part in entry.children]) == ("LI", ["Lbl", "LBody"])
        assert entry.children[0].text == "•"
    element: Any = read.reader.get_object(whole.number)
    assert element["/A"]["/ListNumbering"] == "/Disc"


def test_an_empty_list_leaves_no_element() -> None:
    read = tagged(Prose("a"), Bullets(()), Prose("b"))

    assert [node.tag for node in read.tree.walk()] == ["Document", "H1", "H2", "P", "P"]


def test_the_root_marks_the_file_as_tagged() -> None:
    assert READ.root["/MarkInfo"]["/Marked"].value is True
    assert READ.tree.tag == "Document"
    assert all(str(page["/Tabs"]) == "/S" for page in tagged(Link("a", "x:y")).reader.pages)
