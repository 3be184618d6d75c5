"""What was measured -> the figures that have a goal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.measuring import Drawing
from benchmarks.plan import SOURCES
from benchmarks.sitting import Measured, Sitting

MB: Final = 1e6
_PEAK: Final = 100.0
_APART: Final = 5.0
_LINEAR: Final = 1.2  # times the rows
_MEMORY_OF_1000: Final = 3.0
_FILE_OF_1000: Final = 0.2


@dataclass(frozen=True)
class Figure:
    """One figure with its goal; without one, `met` is None and the figure is only told."""

    name: str
    source: str
    value: float
    shown: str
    goal: str
    met: bool | None


def seconds(measured: Measured) -> float:
    """The median of the runs."""
    return median(run.seconds for run in measured.runs)


def fastest(measured: Measured) -> float:
    return min(run.seconds for run in measured.runs)


def peak(measured: Measured) -> float:
    """The largest of the runs, in MB of 10^6 bytes."""
    return max(run.peak_bytes for run in measured.runs) / MB


def drawings(measured: Measured) -> Sequence[Drawing]:
    """What its runs told of the files that they drew."""
    return [run.drawing for run in measured.runs if run.drawing is not None]


def drawn_in(measured: Measured) -> float:
    """The median of the seconds for drawing alone."""
    return median(drawing.seconds for drawing in drawings(measured))


def file_size(measured: Measured) -> float:
    """The largest file, in MB."""
    return max(drawing.file_bytes for drawing in drawings(measured)) / MB


def figures(sitting: Sitting) -> Sequence[Figure]:
    """Every figure that this sitting has the measurements for."""
    found = _Found(sitting.measured)
    told = [figure for source in SOURCES for figure in _large(found, source, sitting)]
    told += _ratio(found, "small request / imports only", ("small", "imports"), "demo", 4.0)
    told += _ratio(found, "--help / python -c pass", ("help", "pass"), "", 20.0)
    return [*told, *_people(sitting), *_reports(found, sitting)]


class _Found:
    """Measurements by name, source, and whether they are of the most rows."""

    def __init__(self, measured: Sequence[Measured]) -> None:
        self._measured = measured

    def one(self, name: str, source: str, rows: int | None = None) -> Measured | None:
        of_name = (m for m in self._measured if (m.contestant.name, m.contestant.source) == (name, source))
        return next((m for m in of_name if m.runs and rows in {None, m.rows}), None)


def _large(found: _Found, source: str, sitting: Sitting) -> Iterator[Figure]:
    plan = sitting.plan
    yield from _ratio(found, "product / floor A", ("product", "floor"), source, 2.0)
    yield from _ratio(found, "naive / product", ("naive", "product"), source, 10.0, at_least=True)
    yield from _ratio(found, "in memory / product", ("in_memory", "product"), source, 4.0, at_least=True)
    if found.one("naive", source) is not None:
        # A difference would have ended the sitting.
        yield Figure("JSON and CSV equal to the naive way's", source, 1, "equal", "equal", met=True)
    usual = found.one("product", source, plan.rows)
    if usual is None:
        return
    yield _peak_figure(usual, source)
    heavy = None if plan.memory_rows is None else found.one("product", source, plan.memory_rows)
    if heavy is not None and heavy is not usual:
        yield _peak_figure(heavy, source)
        apart = abs(peak(heavy) - peak(usual))
        name = f"peaks of {usual.rows:,} and {heavy.rows:,} rows apart"
        yield Figure(name, source, apart, f"{apart:.1f} MB", f"<= {_APART:g} MB", apart <= _APART)


def _peak_figure(measured: Measured, source: str) -> Figure:
    value = peak(measured)
    name = f"peak memory, {measured.rows:,} rows"
    return Figure(name, source, value, f"{value:.1f} MB", f"<= {_PEAK:g} MB", value <= _PEAK)


def _ratio(
    found: _Found, name: str, of: tuple[str, str], source: str, goal: float, *, at_least: bool = False
) -> Iterator[Figure]:
    above, below = (found.one(each, source) for each in of)
    if above is None or below is None:
        return
    value = seconds(above) / seconds(below)
    met = value >= goal if at_least else value <= goal
    yield Figure(name, source, value, f"{value:.2f} x", f"{'>=' if at_least else '<='} {goal:g} x", met)


def _people(sitting: Sitting) -> Iterator[Figure]:
    many = sitting.people
    if many is None:
        return
    rate = many.people / many.seconds
    yield Figure(f"{many.people} people one after another", "demo", rate, f"{rate:.1f} a second", "", None)
    held = [value / MB for value in many.resident_bytes]
    grown = held[-1] - held[0]
    on_the_way = ", ".join(f"{value:.0f}" for value in held)
    shown = f"{grown:+.1f} MB ({on_the_way} after each quarter)"
    yield Figure(
        "memory grown from the first quarter", "demo", grown, shown, f"<= {_APART:g} MB", grown <= _APART
    )


def _reports(found: _Found, sitting: Sitting) -> Iterator[Figure]:
    rows, long_table_rows = sitting.plan.pdf_rows, sitting.plan.long_table_rows
    yield from _faster(found, "report's rows / drawString", "pdf_canvas", rows[1], 0.8)
    # Of fewer rows, more of the time is what any report takes.
    yield from _faster(found, "report's rows / LongTable", "pdf_long_table", max(long_table_rows), 10.0)
    few, many, most = (found.one("pdf_ours", "", each) for each in rows)
    if few is not None and many is not None and most is not None:
        yield from _growth(few, many, most)


def _faster(found: _Found, name: str, other: str, rows: int, goal: float) -> Iterator[Figure]:
    ours, theirs = (found.one(each, "", rows) for each in ("pdf_ours", other))
    if ours is None or theirs is None:
        return
    value = drawn_in(theirs) / drawn_in(ours)
    yield Figure(f"{name}, {rows:,}", "", value, f"{value:.2f} x", f">= {goal:g} x", value >= goal)


def _growth(few: Measured, many: Measured, most: Measured) -> Iterator[Figure]:
    """How time, memory and file grow with a report's rows."""
    rows = [one.rows or 0 for one in (few, many, most)]
    value, bound = drawn_in(most) / drawn_in(many), _LINEAR * rows[2] / rows[1]
    name = f"time of a report, {rows[2]:,} / {rows[1]:,} rows"
    yield Figure(name, "", value, f"{value:.2f} x", f"<= {bound:g} x", value <= bound)
    value = (peak(many) - peak(few)) / (rows[1] - rows[0]) * 1000
    yield _of_1000(f"memory a 1,000 rows, {rows[0]:,} to {rows[1]:,}", value, _MEMORY_OF_1000)
    yield _of_1000(f"file a 1,000 rows, {rows[1]:,}", file_size(many) / rows[1] * 1000, _FILE_OF_1000)


def _of_1000(name: str, value: float, goal: float) -> Figure:
    return Figure(name, "", value, f"{value:.3f} MB", f"<= {goal:g} MB", value <= goal)
