"""The product's report with one table, tagged: `python -m benchmarks.pdf_ours ROWS FILE`."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.pdf_grid import AMOUNT, HEADS, TITLE, Row, time_drawing
from renderers.report_pdf.blocks import Fields, PageFooter, Records, Report, Section
from renderers.report_pdf.drawing import draw


def write(rows: Iterator[Row], file: Path) -> None:
    """Draws the rows like those of a dataset."""
    fields = Fields(tuple(HEADS), tuple(f"{head}:" for head in HEADS), frozenset({AMOUNT}))
    section = Section(TITLE, 0, (Records("Record", fields, rows),))
    report = Report(TITLE, "en", "Example", PageFooter("Example"), (section,))
    with file.open("wb") as sink:
        sink.writelines(draw(report))


if __name__ == "__main__":
    time_drawing(write)
