"""Measurements -> figures, with their goals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.measuring import Drawing
from benchmarks.plan import SOURCES, Plan
from benchmarks.shape_rows import SHAPES
from benchmarks.sitting import Measured, Sitting

MB: Final = 1e6
_MOST_MEMORY: Final = 100.0
_MOST_APART: Final = 5.0
_LINEAR: Final = 1.2  # times the ratio of the rows
_MEMORY_PER_1000_ROWS: Final = 3.0
_FILE_PER_1000_ROWS: Final = 0.2


@dataclass(frozen=True)
class Figure:
    """One figure with its goal. `met` is None for a figure without a goal, which is only shown."""

    name: str
    source: str
    value: float
    shown: str
    goal: str
    met: bool | None


def seconds(measured: Measured) -> float:
    """The median of the runs' seconds."""
    return median(run.seconds for run in measured.runs)


def processor_seconds(measured: Measured) -> float:
    """The median of the runs' CPU seconds, of all processes of the command; a database server is none of them."""
    return median(run.cpu_seconds for run in measured.runs)


def fastest(measured: Measured) -> float:
    return min(run.seconds for run in measured.runs)


def peak(measured: Measured) -> float:
    """The highest peak memory of the runs, in MB of 10^6 bytes."""
    return max(run.peak_bytes for run in measured.runs) / MB


def drawings(measured: Measured) -> Sequence[Drawing]:
    """What the runs report about the files that they drew."""
    return [run.drawing for run in measured.runs if run.drawing is not None]


def drawn_in(measured: Measured) -> float:
    """The median of the seconds for drawing alone."""
    return median(drawing.seconds for drawing in drawings(measured))


def file_size(measured: Measured) -> float:
    """The largest file, in MB."""
    return max(drawing.file_bytes for drawing in drawings(measured)) / MB


def figures(sitting: Sitting) -> Sequence[Figure]:
    """Every figure for which this sitting has measurements."""
    found = _Found(sitting.measured)
    shown = [figure for source in SOURCES for figure in _large(found, source, sitting)]
    shown += _ratio(found, "small request / imports only", ("small", "imports"), "demo", 4.0)
    shown += _ratio(found, "--help / python -c pass", ("help", "pass"), "", 20.0)
    shown += [figure for source in SOURCES for figure in _shapes(found, source, sitting.plan)]
    return [*shown, *_people(sitting), *_reports(found, sitting)]


class _Found:
    """Looks measurements up by name, source and number of rows."""

    def __init__(self, measured: Sequence[Measured]) -> None:
        self._measured = measured

    def one(self, name: str, source: str, rows: int | None = None) -> Measured | None:
        matching = (m for m in self._measured if (m.contestant.name, m.contestant.source) == (name, source))
        return next((m for m in matching if m.runs and rows in {None, m.rows}), None)


def _large(found: _Found, source: str, sitting: Sitting) -> Iterator[Figure]:
    plan = sitting.plan
    yield from _ratio(found, "product / floor A", ("product", "floor"), source, 2.0)
    yield from _ratio(found, "naive / product", ("naive", "product"), source, 10.0, at_least=True)
    yield from _ratio(found, "in memory / product", ("in_memory", "product"), source, 4.0, at_least=True)
    if found.one("naive", source) is not None:
        # A difference would have stopped the benchmarks.
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
        yield Figure(name, source, apart, f"{apart:.1f} MB", f"<= {_MOST_APART:g} MB", apart <= _MOST_APART)


def _peak_figure(measured: Measured, source: str) -> Figure:
    value = peak(measured)
    name = f"peak memory, {measured.rows:,} rows"
    return Figure(name, source, value, f"{value:.1f} MB", f"<= {_MOST_MEMORY:g} MB", value <= _MOST_MEMORY)


def _ratio(
    found: _Found,
    name: str,
    contestants: tuple[str, str],
    source: str,
    goal: float,
    *,
    at_least: bool = False,
) -> Iterator[Figure]:
    above, below = (found.one(each, source) for each in contestants)
    if above is None or below is None:
        return
    value = seconds(above) / seconds(below)
    met = value >= goal if at_least else value <= goal
    yield Figure(name, source, value, f"{value:.2f} x", f"{'>=' if at_least else '<='} {goal:g} x", met)


def _shapes(found: _Found, source: str, plan: Plan) -> Iterator[Figure]:
    """What a row costs, the start of the process included: CPU of all our processes, and time."""
    for name, rows in (("product", plan.rows), *((shape, plan.shape_rows) for shape in SHAPES)):
        one = found.one(name, source, rows)
        if one is not None:
            cost, time = (1e6 * value / rows for value in (processor_seconds(one), seconds(one)))
            shown = f"{cost:.1f} us of CPU, {time:.1f} us"
            yield Figure(f"a row of {name}, {rows:,}", source, cost, shown, "", None)


def _people(sitting: Sitting) -> Iterator[Figure]:
    many = sitting.people
    if many is None:
        return
    rate = many.people / many.seconds
    yield Figure(f"{many.people} people one after another", "demo", rate, f"{rate:.1f} a second", "", None)
    resident = [value / MB for value in many.resident_bytes]
    grown = resident[-1] - resident[0]
    on_the_way = ", ".join(f"{value:.0f}" for value in resident)
    shown = f"{grown:+.1f} MB ({on_the_way} after each ten)"
    yield Figure(
        "memory grown from the first ten people",
        "demo",
        grown,
        shown,
        f"<= {_MOST_APART:g} MB",
        grown <= _MOST_APART,
    )


def _reports(found: _Found, sitting: Sitting) -> Iterator[Figure]:
    rows, long_table_rows = sitting.plan.pdf_rows, sitting.plan.long_table_rows
    yield from _faster(found, "report's rows / drawString", "pdf_canvas", rows[1], 0.8)
    # With fewer rows, a larger share of the time is the fixed cost of any report.
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
    """How time, memory and file size grow with the rows of a report."""
    rows = [one.rows or 0 for one in (few, many, most)]
    value, bound = drawn_in(most) / drawn_in(many), _LINEAR * rows[2] / rows[1]
    name = f"time of a report, {rows[2]:,} / {rows[1]:,} rows"
    yield Figure(name, "", value, f"{value:.2f} x", f"<= {bound:g} x", value <= bound)
    value = (peak(many) - peak(few)) / (rows[1] - rows[0]) * 1000
    yield _per_1000_rows(f"memory a 1,000 rows, {rows[0]:,} to {rows[1]:,}", value, _MEMORY_PER_1000_ROWS)
    yield _per_1000_rows(
        f"file a 1,000 rows, {rows[1]:,}", file_size(many) / rows[1] * 1000, _FILE_PER_1000_ROWS
    )


def _per_1000_rows(name: str, value: float, goal: float) -> Figure:
    return Figure(name, "", value, f"{value:.3f} MB", f"<= {goal:g} MB", value <= goal)
