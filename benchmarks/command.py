"""`python -m benchmarks`: reads what was typed, sits, tells."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console

from benchmarks.plan import NAMES, Plan
from benchmarks.sitting import sit
from benchmarks.telling import as_json, show

_WIDTH: Final = 104  # also where standard output is a file, whose width nobody can ask
_PDF_ROWS: Final = (1000, 10_000, 50_000)
_FEWER_PDF_ROWS: Final = (1000, 10_000, 20_000)
_DEMO_EVENTS: Final = 1704  # with them, the person of the demo has 2,000 rows over all datasets


def main(arguments: Sequence[str]) -> int:
    """Runs the benchmarks; 1 where one of them failed."""
    typed = _parser().parse_args(arguments)
    console, progress = Console(width=_WIDTH), Console(stderr=True, highlight=False)
    try:
        sitting = sit(_plan(typed), progress.print)
    except RuntimeError as error:
        progress.print(str(error), markup=False)
        return 1
    show(sitting, console)
    if typed.json is not None:
        typed.json.write_text(json.dumps(as_json(sitting), indent=2) + "\n", encoding="utf-8")
    return 0


def _plan(typed: argparse.Namespace) -> Plan:
    quick: bool = typed.quick
    runs: int = typed.runs or (3 if quick else 5)
    few, many, most = typed.pdf_rows or (_FEWER_PDF_ROWS if quick else _PDF_ROWS)
    return Plan(
        rows=typed.rows or (100_000 if quick else 1_000_000),
        runs=runs,
        naive_runs=min(runs, 1 if quick else 2),
        in_memory_runs=1 if quick else runs,
        memory_rows=None if quick else typed.memory_rows,
        people=typed.people or (10 if quick else 200),
        demo_events=_DEMO_EVENTS,
        pdf_rows=(few, many, most),
        long_table_rows=(few,) if quick else (few, many),
        only=frozenset(typed.only or NAMES),
        folder=typed.folder,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m benchmarks", description="Speed and memory, side by side.")
    parser.add_argument("--rows", type=int, help="rows of the one person (1,000,000; quick: 100,000)")
    parser.add_argument("--runs", type=int, help="runs of each but the slow ones (5; quick: 3)")
    parser.add_argument("--quick", action="store_true", help="less of everything, and no memory run")
    parser.add_argument("--memory-rows", type=int, default=10_000_000, help="rows of the memory run; 0: none")
    parser.add_argument("--people", type=int, help="people one after another (200; quick: 10)")
    parser.add_argument(
        "--pdf-rows",
        type=int,
        nargs=3,
        metavar=("FEW", "MANY", "MOST"),
        help="rows of the reports, one more than the other (1,000 10,000 50,000; quick: 20,000)",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every figure there")
    parser.add_argument(
        "--only", nargs="+", choices=NAMES, help="only these; the large ones bring the product"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=Path(tempfile.gettempdir()),
        help="where working files go, on a real disk",
    )
    return parser


def run() -> None:
    sys.exit(main(sys.argv[1:]))
