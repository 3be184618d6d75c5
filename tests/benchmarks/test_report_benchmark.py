"""The benchmark's reports: all contestants draw the same cells and are compared with their goals."""

from itertools import chain
from pathlib import Path

import pytest
from pypdf import PdfReader

from benchmarks import pdf_canvas, pdf_long_table, pdf_ours
from benchmarks.contestants import Contestant
from benchmarks.figures import figures
from benchmarks.measuring import Drawing, Run
from benchmarks.pdf_grid import Draw, rows
from benchmarks.plan import NAMES, Plan
from benchmarks.sitting import Measured, Sitting

MB = 1_000_000
PLAN = Plan(1000, 3, 1, 1, None, 4, 10, (1000, 10_000, 50_000), (1000,), frozenset(NAMES), Path())


def measured(name: str, count: int, *seconds: float, mb: int = 40, file_mb: float = 1.0) -> Measured:
    runs = [Run(s + 9, s, mb * MB, Drawing(s, int(file_mb * MB))) for s in seconds]
    return Measured(Contestant(name, "", (), 1, draws=True), count, runs)


def words(file: Path) -> list[str]:
    return [word for page in PdfReader(file).pages for word in page.extract_text().split()]


@pytest.mark.parametrize("draw", [pdf_ours.write, pdf_canvas.write, pdf_long_table.write])
def test_every_way_draws_every_cell(draw: Draw, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    draw(rows(120), file)
    expected = " ".join(chain.from_iterable(rows(120))).split()
    found = words(file)
    assert "J\u00fcrgen" in expected
    assert {word: found.count(word) for word in expected} == {w: expected.count(w) for w in expected}


def test_no_cell_takes_a_second_line(tmp_path: Path) -> None:
    for name, draw in (("ours", pdf_ours.write), ("canvas", pdf_canvas.write)):
        draw(rows(300), tmp_path / name)
    assert len(PdfReader(tmp_path / "ours").pages) == len(PdfReader(tmp_path / "canvas").pages) == 6


def test_a_report_is_compared_with_the_other_ways_by_drawing_time_alone() -> None:
    sitting = Sitting(
        PLAN,
        [
            measured("pdf_ours", 1000, 0.2, mb=40),
            measured("pdf_ours", 10_000, 1.0, 2.0, 9.0, mb=58, file_mb=2.1),
            measured("pdf_ours", 50_000, 13.0),
            measured("pdf_canvas", 10_000, 1.6),
            measured("pdf_long_table", 1000, 1.9),
        ],
        {},
        None,
    )
    assert {f.name: (f.shown, f.met) for f in figures(sitting)} == {
        "report's rows / drawString, 10,000": ("0.80 x", True),
        "report's rows / LongTable, 1,000": ("9.50 x", False),
        "time of a report, 50,000 / 10,000 rows": ("6.50 x", False),
        "memory a 1,000 rows, 1,000 to 10,000": ("2.000 MB", True),
        "file a 1,000 rows, 10,000": ("0.210 MB", False),
    }
