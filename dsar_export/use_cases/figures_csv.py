"""Figures as rows of CSV, the same on the command line and on the page."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, fields
from typing import Final

from dsar_export.model.figures import Counts, Figures

COLUMNS: Final = tuple(each.name for each in fields(Counts))


def figures_rows(found: Figures) -> Iterator[Sequence[str]]:
    """The names of the columns, then one row for each controller, rights and month."""
    yield ["controller", "rights", "month", *COLUMNS]
    for cell in found.cells:
        yield [cell.controller, cell.rights, cell.month, *count_cells(cell.counts)]


def count_cells(counts: Counts) -> Sequence[str]:
    """The counts in the order of the columns; empty where there is none."""
    return ["" if value is None else f"{value:g}" for value in asdict(counts).values()]
