"""`python -m benchmarks`: parses the arguments, runs the benchmarks and reports the figures."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.plan import NAMES, Plan
from benchmarks.sitting import measure_all
from benchmarks.telling import as_json, show

_WIDTH: Final = 104  # also if standard output is a file, which has no width
_PDF_ROWS: Final = (1000, 10_000, 50_000)
_FEWER_PDF_ROWS: Final = (1000, 10_000, 20_000)
_DEMO_EVENTS: Final = 1704  # with them, the person of the demo has 2,000 rows over all datasets


def main(arguments: Sequence[str]) -> int:
    """Runs the benchmarks; returns 1 if one of them fails."""
    options = _parser().parse_args(arguments)
    console, progress = Console(width=_WIDTH), Console(stderr=True, highlight=False)
    try:
        sitting = measure_all(_plan(options), progress.print)
    except RuntimeError as error:
        progress.print(str(error), markup=False)
        return 1
    show(sitting, console)
    if options.json is not None:
        options.json.write_text(json.dumps(as_json(sitting), indent=2) + "\n", encoding="utf-8")
    return 0


def _plan(options: argparse.Namespace) -> Plan:
    quick: bool = options.quick
    runs: int = options.runs or (3 if quick else 5)
    few, many, most = options.pdf_rows or (_FEWER_PDF_ROWS if quick else _PDF_ROWS)
    return Plan(
        rows=options.rows or (100_000 if quick else 1_000_000),
        runs=runs,
        naive_runs=min(runs, 1 if quick else 2),
        in_memory_runs=1 if quick else runs,
        memory_rows=None if quick else options.memory_rows,
        people=options.people or (10 if quick else 200),
        demo_events=_DEMO_EVENTS,
        pdf_rows=(few, many, most),
        long_table_rows=(few,) if quick else (few, many),
        only=frozenset(options.only or NAMES),
        folder=options.folder,
        shape_rows=options.shape_rows or (20_000 if quick else 200_000),
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description="Speed and memory, side by side.")
    parser.add_argument("--rows", type=int, help="rows of the one person (1,000,000; quick: 100,000)")
    parser.add_argument("--runs", type=int, help="runs of each contestant except slow ones (5; quick: 3)")
    parser.add_argument("--quick", action="store_true", help="fewer rows and runs, and no memory run")
    parser.add_argument(
        "--memory-rows", type=int, default=10_000_000, help="rows of the memory run; 0 for no such run"
    )
    parser.add_argument("--shape-rows", type=int, help="rows of each other shape (200,000; quick: 20,000)")
    parser.add_argument("--people", type=int, help="people to export one after another (200; quick: 10)")
    parser.add_argument(
        "--pdf-rows",
        type=int,
        nargs=3,
        metavar=("FEW", "MANY", "MOST"),
        help="rows of the reports, in ascending order (1,000 10,000 50,000; quick: at most 20,000)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write all figures to this file")
    parser.add_argument(
        "--only", nargs="+", choices=NAMES, help="run only these; those with many rows also run the product"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()),
        help="folder for working files, on a real disk",
    )
    return parser


def run() -> None:
    sys.exit(main(sys.argv[1:]))
