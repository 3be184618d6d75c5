"""Every text of a report is tagged, in order and as typed; only repeated texts are artifacts."""

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings

from renderers.report_pdf.blocks import (
    CONTINUED,
    Bullets,
    Facts,
    Families,
    Family,
    Grid,
    Group,
    Heading,
    Jump,
    Link,
    Prose,
    Report,
)
from tests.renderers.report_pdf.drawing.awkward import MARKUP, NAUGHTY, REPORTS, SCRIPTS, every_kind
from tests.renderers.report_pdf.drawing.expecting import Expecting, tagged_texts, without_blanks
from tests.renderers.report_pdf.drawing.tagged import Tagged, drawn, records, report, section, tagged

EXPECTING = Expecting()


def agree(shown: str, typed: str) -> bool:
    """Whether the texts are equal; those of records may be cut and end with …."""
    return shown == typed or (shown.endswith("…") and typed.startswith(shown[:-1]))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPORTS)
@example(report(*(section(*every_kind(text)) for text in SCRIPTS.values())))
@example(report(section(Bullets(()), Facts(()), Grid(("a",), ()), records(("a",), ()), Families(()))))
def test_the_tags_contain_the_texts_of_the_blocks_in_order(of: Report) -> None:
    read = Tagged(drawn(of))

    expected = EXPECTING.report(of)
    # Cards stand two abreast; the place beside the last label may be free.
    shown = [each for each in tagged_texts(read) if each != ("TD", "")]
    expected = [each for each in expected if each != ("TD", "")]
    assert [tag for tag, _ in shown] == [tag for tag, _ in expected]
    for (_, text), (_, typed) in zip(shown, expected, strict=True):
        assert agree(text, typed)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(REPORTS)
@example(report(section(records(("What", "שלום"), [Group("2025"), *[("x", "y")] * 90]))))
@example(report(section(Families((Family("", "", (("", ("line",) * 200),)),)))))
def test_artifacts_are_only_feet_and_what_a_further_page_repeats(of: Report) -> None:
    read = Tagged(drawn(of))

    assert read.untagged == []
    # The letters only, because right-to-left ones are drawn from their end.
    repeated = [Counter(without_blanks(head.text)) for head in read.elements("TH")]
    mark = without_blanks(CONTINUED.replace("{record}", ""))  # alone where a record has no title
    titles = ["", *(title.text for title in read.elements("Caption", "H3", "H4", "H5", "H6"))]
    repeated += [Counter(without_blanks(title) + mark) for title in titles]
    for each in read.shown:
        if each.content is None and each.y >= 30:
            assert each.page > 0
            assert any(Counter(without_blanks(each.text)) <= letters for letters in repeated)


def test_artifacts_are_feet_and_repeated_headers() -> None:
    rows = tuple((f"cell {n}", str(n)) for n in range(100))
    read = tagged(Grid(("What", "How many"), rows))

    pages = len(read.reader.pages)
    feet = [("Your data, A Shop Ltd", f"Page {n} of ") for n in range(1, pages + 1)]
    assert read.artifacts == [*feet[0], *(text for foot in feet[1:] for text in ("What", "How many", *foot))]
    assert [cell.text for cell in read.elements("TD")] == [text for row in rows for text in row]


@pytest.mark.parametrize("typed", MARKUP)
def test_markup_is_tagged_and_drawn_as_typed(typed: str) -> None:
    read = tagged(Prose(typed), Facts((("x", typed),)), Heading(typed), title=typed, author=typed)

    assert [node.text for node in read.elements("H1", "P", "TD", "H3")] == [typed] * 4
    assert sum(each.text == typed for each in read.shown) == 4
    assert read.reader.metadata is not None
    assert (read.reader.metadata.title, read.reader.metadata.author) == (typed, typed)


def test_markup_in_the_foot_is_drawn_as_typed() -> None:
    of = report(title="x")
    read = Tagged(drawn(report(footer=type(of.footer)("<b>{page} %s &amp;</b>", "Page {page} of {pages}"))))

    assert read.artifacts[0] == "<b>{page} %s &amp;</b>"


def test_words_that_wrap_are_neither_joined_nor_lost() -> None:
    typed = " ".join(f"word{n}" for n in range(400))
    read = tagged(
        Prose(typed), Bullets((typed,)), Facts(((typed[:150], typed),)), Grid(("a", "b"), ((typed, typed),))
    )

    for element in read.elements("P", "LBody", "TD"):
        assert element.text.split() == typed.split()
    assert read.elements("TH")[0].text.split() == typed[:150].split()


def test_a_paragraph_over_two_pages_is_one_element() -> None:
    read = tagged(*[Prose("x")] * 25, Prose(" ".join(["word"] * 900)))

    long = read.elements("P")[-1]
    assert long.text.split() == ["word"] * 900
    assert {each.page for each in read.shown if each.text.startswith("word")} == {0, 1}


def test_a_cell_over_two_pages_is_one_element() -> None:
    lines = [f"line{n}" for n in range(300)]
    read = tagged(Grid(("a", "b"), (("\n".join(lines), "x"),)))

    assert [cell.text.split() for cell in read.elements("TD")] == [lines, ["x"]]
    assert len(read.reader.pages) > 3


def test_a_link_is_tagged_with_its_address() -> None:
    read = tagged(
        Link("the site", "https://example.org/?a=(1)"), Facts((("at", Link("mail", "mailto:a@example.org")),))
    )

    annotations = [a.get_object() for a in read.reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert [a["/A"]["/URI"] for a in annotations] == ["https://example.org/?a=(1)", "mailto:a@example.org"]
    assert [node.text for node in read.elements("Link")] == ["the site", "mail"]
    assert [[kid.tag for kid in node.children] for node in read.elements("P")] == [["Link"]]


def test_a_jump_leads_to_its_place_in_its_words() -> None:
    read = Tagged(
        drawn(
            report(
                section(
                    Jump("the part", "there"), Grid(("a", "b"), (("c", "d"),), places=("é",)), title="first"
                ),
                section(*[Prose("x")] * 60, Heading("below", "é"), title="part", place="there"),
            )
        )
    )

    assert read.jumps() == [("the part", b"there"), ("c", "é".encode())]
    assert [node.text for node in read.elements("Link")] == ["the part", "c"]
    assert [[kid.tag for kid in node.children] for node in read.elements("P")[:1]] == [["Link"]]
    assert [[kid.tag for kid in node.children] for node in read.elements("TD")] == [["Link"], []]
    for place, title in ((b"there", "part"), ("é".encode(), "below")):
        (heading,) = (each for each in read.shown if each.text == title)
        page, top = read.places()[place]
        assert (page, heading.y < top < heading.y + 25) == (heading.page, True)


def test_a_non_ascii_address_is_percent_encoded() -> None:
    read = tagged(Link("x", "https://example.org/é\ud800 b"))

    (annotation,) = (a.get_object() for a in read.reader.pages[0]["/Annots"])  # type: ignore[attr-defined]
    assert annotation["/A"]["/URI"] == "https://example.org/%C3%A9?%20b"


@pytest.mark.parametrize("name", NAUGHTY)
def test_naughty_text_is_tagged_as_cleaned_by_the_gate(name: str) -> None:
    of = report(
        section(Prose(NAUGHTY[name][:4_900]), Facts(((NAUGHTY[name][:190], NAUGHTY[name][:19_000]),)))
    )
    read = Tagged(drawn(of))

    assert tagged_texts(read) == EXPECTING.report(of)


def test_texts_that_are_too_long_end_with_a_mark() -> None:
    read = tagged(Prose("x" * 6_000), Facts((("y" * 300, "z" * 30_000),)), Heading("h" * 300))

    prose, label, fact, heading = read.elements("P", "TH", "TD", "H3")
    lengths = [len(re.sub(r"\s", "", each.text)) for each in (prose, label, fact, heading)]
    assert lengths == [5_001, 201, 20_001, 201]
    assert all(each.text.endswith("…") for each in (prose, label, fact, heading))
