"""The simplest way to draw the same cells, untagged: `python -m benchmarks.pdf_canvas ROWS FILE`."""

from collections.abc import Iterator
from itertools import accumulate, islice
from pathlib import Path
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from benchmarks.pdf_grid import HEADS, Row, time_drawing
from benchmarks.pdf_look import FONT, FOOT, MARGIN, PAGE, ROW, SIZE, WIDTHS, prepare

_ROWS_PER_PAGE: Final = int((PAGE[1] - 2 * MARGIN - FOOT) / ROW) - 1  # minus the header row
_LEFT: Final = tuple(accumulate(WIDTHS[:-1], initial=MARGIN))


def write(rows: Iterator[Row], file: Path) -> None:
    """Draws each cell as a string, and starts a new page when one is full."""
    prepare()
    canvas = Canvas(str(file), pagesize=PAGE, pageCompression=1)
    while page := list(islice(rows, _ROWS_PER_PAGE)):
        canvas.setFont(FONT, SIZE)
        y = PAGE[1] - MARGIN - SIZE
        for row in (HEADS, *page):
            for x, cell in zip(_LEFT, row, strict=True):
                canvas.drawString(x, y, cell)
            y -= ROW
        canvas.showPage()
    canvas.save()


if __name__ == "__main__":
    time_drawing(write)
