"""`dsar-export figures`."""

import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.commands.figures_picture import picture
from dsar_export.cli.desk import desk, register_of
from dsar_export.cli.progress import counted
from dsar_export.errors import WrongUseError
from dsar_export.model.figures import Figures
from dsar_export.use_cases.figures import figures
from dsar_export.use_cases.figures_csv import COLUMNS, count_cells, figures_rows

_HEADS: Final[Mapping[str, str]] = {"answered_in_time": "in time", "answered_late": "late"}


def run_figures(
    register: Path | None, since: str | None, until: str | None, *, as_csv: bool, as_json: bool
) -> int:
    """Shows the figures as a table with a picture, as CSV or as JSON."""
    if as_csv and as_json:
        raise WrongUseError("--csv and --json exclude each other; choose one")
    found = figures(desk(), register_of(register), _day(since), _day(until))
    for controller in found.left_out:
        terminal.warn(f"requests of {controller} are not counted: it has left the register")
    if as_json:
        terminal.print_json(_json(found))
        return 0
    if as_csv:
        csv.writer(sys.stdout).writerows(figures_rows(found))
        terminal.err().print(f"{terminal.PROGRAM}: {_completeness(found)}")
        return 0
    heads = ["", *(_HEADS.get(name, name.replace("_", " ")) for name in COLUMNS)]
    terminal.print_table(heads, list(_rows(found)), frozenset(range(1, len(heads))))
    console = terminal.out()
    for line in picture(found.by_month, console):
        console.print(line)
    console.print(_completeness(found))
    return 0


def _rows(found: Figures) -> Iterator[list[str]]:
    yield ["all", *count_cells(found.total)]
    for groups in (found.by_controller, found.by_rights, found.by_month):
        yield from ([name, *count_cells(counts)] for name, counts in groups.items())


def _completeness(found: Figures) -> str:
    if found.complete_since is None:
        return "No request was ever purged: the figures are complete."
    purged = (
        "Some requests were" if not found.erased else f"{counted(found.erased, 'request')} known to the trail"
    )
    was = "" if not found.erased else " was" if found.erased == 1 else " were"
    return (
        f"{purged}{was} purged and not counted; complete for requests received since {found.complete_since}."
    )


def _json(found: Figures) -> dict[str, object]:
    groups = {"by_controller": found.by_controller, "by_rights": found.by_rights, "by_month": found.by_month}
    return {
        "since": _text(found.since),
        "until": _text(found.until),
        "total": asdict(found.total),
        **{name: {key: asdict(counts) for key, counts in group.items()} for name, group in groups.items()},
        "cells": [
            {"controller": c.controller, "rights": c.rights, "month": c.month, **asdict(c.counts)}
            for c in found.cells
        ],
        "left_out": list(found.left_out),
        "purged": found.erased,
        "complete_since": _text(found.complete_since),
    }


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise WrongUseError("a day has the form 2026-05-31; correct --since or --until") from None


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
