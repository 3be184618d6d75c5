"""Bookmarks and links lead to where things are."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from dsar_export.model.outcome import Record
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.request import Right
from renderers.report_pdf.blocks import Jump
from renderers.report_pdf.sections.content import compose
from tests.builders import changed, contents, dataset_answer, declared, referring, schema_field
from tests.renderers.report_pdf.drawing.tagged import Tagged
from tests.renderers.report_pdf.reading import pdf


def bookmarks(of: PackageContents) -> list[str]:
    """The titles of all bookmarks."""
    return list(_titles(PdfReader(BytesIO(pdf(of)), strict=True).outline))


def _titles(outline: list[Any]) -> Iterator[str]:
    for item in outline:
        if isinstance(item, list):
            yield from _titles(item)
        else:
            yield str(item.title)


def visits(count: int) -> PackageContents:
    records: list[Record] = [{"id": f"row-{n}"} for n in range(count)]
    return contents(dataset_answer("visits", records), records={"visits": records})


def test_a_bookmark_after_the_shown_records_says_where_the_rest_is() -> None:
    assert bookmarks(visits(1_501)).count("1,001 more in data/csv/visits.csv") == 1


def test_no_bookmark_says_so_where_all_records_are_shown() -> None:
    assert not any("data/csv" in title for title in bookmarks(visits(500)))


ORDERS = dataset_answer("orders", [{"order_id": f"SO-{n}", "status": "sent"} for n in (1, 2)])
LINES = referring(
    dataset_answer("lines", [{"id": str(n), "order_id": f"SO-{n}"} for n in (1, 2)]),
    order_id="orders.order_id",
)


def test_a_section_whose_records_are_elsewhere_begins_with_a_link_to_them() -> None:
    of = contents(ORDERS, LINES)
    read = Tagged(pdf(of))

    (section,) = (section for section in compose(of, ()).sections if section.title == "Lines")
    first = section.blocks[0]
    assert isinstance(first, Jump)
    assert first.text == "The records are shown in “Orders”, each where it belongs."
    page, top = read.places()[first.place.encode()]
    (record,) = (each for each in read.shown if each.text.startswith("Order id: SO-1"))
    headings = [each for each in read.shown if each.text == "The records" and each.page == record.page]
    assert page == record.page
    assert any(record.y < heading.y < top < heading.y + 25 for heading in headings)
    assert (first.text, first.place.encode()) in read.jumps()


@pytest.mark.parametrize("right", list(Right))
def test_each_dataset_listed_on_page_one_leads_to_its_section(right: Right) -> None:
    read = Tagged(pdf(contents(ORDERS, LINES, right=right)))

    jumps = dict(read.jumps())
    for title in ("Orders", "Lines"):
        page, top = read.places()[jumps[title]]
        (heading,) = (node for node in read.elements("H3") if node.text == title)
        assert any(e.page == page and e.y < top < e.y + 25 for e in read.shown if e.text == heading.text)


def test_each_link_leads_to_a_place_that_is_there() -> None:
    empty = dataset_answer("letters")
    read = Tagged(pdf(contents(ORDERS, LINES, empty)))

    assert {place for _, place in read.jumps()} <= set(read.places())
    assert len(read.jumps()) == 3


def received(*rows: Record, **entries: str) -> DatasetAnswer:
    """Records of disclosures with the built-in schema."""
    names = ("recipient_name", "disclosed_at")
    fields = [schema_field(name) for name in (rows[0] if rows else names)]
    answer = dataset_answer("given", rows, fields=fields, title="Given away")
    return declared(answer, **({"schema": "disclosures"} | entries))


COURT: Record = {"recipient_name": "County Court", "disclosed_at": "2025-03-01"}


def leads(*answers: DatasetAnswer) -> list[Jump]:
    """The links below the table of recipients."""
    (section,) = (s for s in compose(contents(*answers), ()).sections if s.title == "Who received it")
    return [block for block in section.blocks if isinstance(block, Jump)]


def test_a_sentence_below_the_recipients_leads_to_single_disclosures() -> None:
    assert leads(ORDERS, received(COURT)) == [
        Jump("Single disclosures, each with its date, are in “Given away”.", "given")
    ]


def test_the_sentence_is_missing_without_such_records() -> None:
    assert leads(ORDERS, received()) == []
    assert leads(ORDERS, changed(received(), read=1, withheld=1)) == []
    assert leads(ORDERS, received(COURT, schema="parcels")) == []
    assert leads(ORDERS, received({"recipient_name": "County Court", "year": "2025"})) == []
