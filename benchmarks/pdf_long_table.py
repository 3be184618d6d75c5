"""The usual way, untagged: `python -m benchmarks.pdf_long_table ROWS FILE` has ReportLab lay out paragraphs."""

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

from benchmarks.pdf_grid import HEADS, Row, time_drawing
from benchmarks.pdf_look import FONT, LEADING, MARGIN, PAGE, SIZE, WIDTHS, prepare


def write(rows: Iterator[Row], file: Path) -> None:
    """Makes each cell a paragraph, and all of them one table."""
    prepare()
    style = ParagraphStyle("cell", fontName=FONT, fontSize=SIZE, leading=LEADING)
    cells = [[Paragraph(escape(cell), style) for cell in row] for row in (HEADS, *rows)]
    table = LongTable(cells, colWidths=WIDTHS, repeatRows=1)
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN)
    SimpleDocTemplate(str(file), pagesize=PAGE, pageCompression=1, **margins).build([table])


if __name__ == "__main__":
    time_drawing(write)
