"""Bookmarks and links lead to where things are."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader

from dsar_export.model.outcome import Record
from dsar_export.model.package import PackageContents
from tests.builders import contents, dataset_answer
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
