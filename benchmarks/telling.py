"""Reports a sitting as tables and as JSON."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.contestants import REGISTER
from benchmarks.figures import (
    Figure,
    drawings,
    drawn_in,
    fastest,
    figures,
    file_size,
    peak,
    processor_seconds,
    seconds,
)
from benchmarks.machine import machine
from benchmarks.sitting import Measured, Sitting


def show(sitting: Sitting, console: Console) -> None:
    """Prints the cost of each contestant, then the figures with their goals."""
    console.print(_contestants(sitting.measured))
    if any(drawings(measured) for measured in sitting.measured):
        console.print(_reports(sitting.measured))
    console.print(_goals(figures(sitting)))
    facts = machine()
    console.print(f"{facts['cpus']} CPUs ({facts['cpu']}), Python {facts['python']}, {facts['system']}")


def as_json(sitting: Sitting) -> dict[str, object]:
    """Every single run, the figures, and the facts needed to repeat the measurements."""
    plan = sitting.plan
    return {
        "machine": machine(),
        "plan": {
            "rows": plan.rows,
            "runs": plan.runs,
            "naive_runs": plan.naive_runs,
            "in_memory_runs": plan.in_memory_runs,
            "memory_rows": plan.memory_rows,
            "people": plan.people,
            "shape_rows": plan.shape_rows,
            "pdf_rows": plan.pdf_rows,
            "long_table_rows": plan.long_table_rows,
        },
        "contestants": [_contestant_as_json(measured) for measured in sitting.measured],
        "figures": [asdict(figure) for figure in figures(sitting)],
        "payload_sha256": sitting.payload,
        "people": None if sitting.people is None else asdict(sitting.people),
    }


def _contestants(measured: Sequence[Measured]) -> Table:
    table = Table(title="Cost of each contestant")
    table.add_column("contestant")
    table.add_column("data")
    for name in ("rows", "runs", "median s", "min s", "CPU s", "peak MB"):
        table.add_column(name, justify="right")
    for one in measured:
        if one.runs:
            table.add_row(
                one.contestant.name,
                one.contestant.source,
                "" if one.rows is None else f"{one.rows:,}",
                str(len(one.runs)),
                f"{seconds(one):.3f}",
                f"{fastest(one):.3f}",
                f"{processor_seconds(one):.3f}",
                f"{peak(one):.1f}",
            )
    return table


def _reports(measured: Sequence[Measured]) -> Table:
    table = Table(title="Cost of drawing alone")
    table.add_column("contestant")
    for name in ("rows", "median s", "min s", "rows a second", "file MB"):
        table.add_column(name, justify="right")
    for one in measured:
        if one.rows is not None and (found := drawings(one)):
            table.add_row(
                one.contestant.name,
                f"{one.rows:,}",
                f"{drawn_in(one):.3f}",
                f"{min(drawing.seconds for drawing in found):.3f}",
                f"{one.rows / drawn_in(one):,.0f}",
                f"{file_size(one):.3f}",
            )
    return table


def _goals(found: Sequence[Figure]) -> Table:
    table = Table(title="Goals: for 1,000,000 rows, reports for 10,000 (ratios of medians)")
    for name in ("figure", "data", "value", "goal", "met"):
        table.add_column(name)
    words = {True: "met", False: "[bold red]not met[/]", None: ""}
    for figure in found:
        table.add_row(figure.name, figure.source, figure.shown, figure.goal, words[figure.met])
    return table


def _contestant_as_json(measured: Measured) -> Mapping[str, object]:
    values: dict[str, object] = {
        "name": measured.contestant.name,
        "data": measured.contestant.source,
        "rows": measured.rows,
        "command": [_without_folders(word) for word in measured.contestant.command],
        "runs": [asdict(run) for run in measured.runs],
    }
    if measured.runs:
        values |= {
            "median_seconds": seconds(measured),
            "min_seconds": fastest(measured),
            "median_cpu_seconds": processor_seconds(measured),
            "peak_mb": peak(measured),
        }
    if drawings(measured):
        values |= {"median_drawing_seconds": drawn_in(measured), "file_mb": file_size(measured)}
    return values


def _without_folders(word: str) -> str:
    """A word of a command without this machine's folders."""
    path = Path(word)
    if not path.is_absolute():
        return word
    if path.is_relative_to(REGISTER.parent):
        return str(path.relative_to(REGISTER.parents[1]))
    return "python" if word == sys.executable else path.name
