"""The file is written page by page: rows are read once, while they are drawn, and are not kept."""

import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from renderers.report_pdf.blocks import Block
from renderers.report_pdf.drawing import draw
from tests.renderers.report_pdf.drawing.tagged import records, report, section


@dataclass
class Rows:
    """Rows that count how many were read, and how often reading began."""

    count: int
    asked: int = 0
    begun: int = 0

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        self.begun += 1
        for row in range(1, self.count + 1):
            self.asked = row
            yield tuple(f"field {n} of {row}" for n in range(4))


def table(rows: Rows) -> Block:
    return records(("One", "Two", "Three", "Four"), rows)


def whole(rows: Rows) -> Block:
    return records(("One", "Two", "Three", "Four"), rows, whole=True)


def cards(rows: Rows) -> Block:
    return records(("One", "Two", "Three", "Four"), Long(rows))


@dataclass
class Long:
    """The same rows with texts that are too long for a table."""

    rows: Rows

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        yield from (tuple(f"{cell} {'long ' * 120}" for cell in row) for row in self.rows)


KINDS = pytest.mark.parametrize("kind", [table, whole, cards])
COUNTS = pytest.mark.parametrize(
    ("kind", "few", "many"), [(table, 1_500, 5_500), (whole, 1_500, 5_500), (cards, 400, 1_400)]
)
"""Enough rows that all which is held besides them is there at the smaller number; a card has the text of ten rows."""


@KINDS
def test_pages_come_before_all_rows_were_asked_for(kind: type) -> None:
    rows = Rows(600)
    pieces = draw(report(section(kind(rows))))

    assert rows.begun == 0
    written = len(next(pieces)) + len(next(pieces))
    assert rows.asked < 200
    assert written > 1_000
    assert sum(map(len, pieces)) > 10_000
    assert (rows.asked, rows.begun) == (600, 1)


@COUNTS
def test_a_row_is_not_kept(kind: type, few: int, many: int) -> None:
    grown = peak(kind, many) - peak(kind, few)

    assert grown / (many - few) < 400  # bytes for each row; the row alone would take 500


def test_many_pages_do_not_come_at_once() -> None:
    sizes = [len(piece) for piece in draw(report(section(table(Rows(3_000)))))]

    assert len(sizes) > 50
    assert max(sizes) < sum(sizes) / 4


def peak(kind: type, count: int) -> int:
    """The peak memory of drawing that many rows without keeping any page."""
    of = report(section(kind(Rows(count))))
    sum(map(len, draw(report(section(kind(Rows(10)))))))
    tracemalloc.start()
    try:
        for _ in draw(of):
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
