"""What was measured -> the figures that have a goal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from benchmarks.plan import SOURCES
from benchmarks.sitting import Measured, Sitting

MB: Final = 1e6
_PEAK: Final = 100.0
_APART: Final = 5.0


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


def figures(sitting: Sitting) -> Sequence[Figure]:
    """Every figure that this sitting has the measurements for."""
    found = _Found(sitting.measured)
    told = [figure for source in SOURCES for figure in _large(found, source, sitting)]
    told += _ratio(found, "small request / imports only", ("small", "imports"), "demo", 4.0)
    told += _ratio(found, "--help / python -c pass", ("help", "pass"), "", 20.0)
    return [*told, *_people(sitting)]


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
