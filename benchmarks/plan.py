"""The plan of one sitting: what it measures."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

NAMES: Final = (
    "product",
    "floor",
    "naive",
    "in_memory",
    "memory",
    "small",
    "help",
    "people",
    "pdf",
    "shapes",
)
SOURCES: Final = ("SQLite", "PostgreSQL")

_BYTES_A_ROW: Final = 1_600  # for both databases, and for a package while it is assembled


@dataclass(frozen=True)
class Plan:
    """The numbers of rows, runs and people.

    Slow contestants have their own numbers of runs: `naive_runs` and `in_memory_runs`. `memory_rows` is for the one
    run of the product that shows its memory. `pdf_rows` is for the reports: few, many, most. `shape_rows` is for each
    table of another shape.
    """

    rows: int
    runs: int
    naive_runs: int
    in_memory_runs: int
    memory_rows: int | None
    people: int
    demo_events: int
    pdf_rows: tuple[int, int, int]
    long_table_rows: tuple[int, ...]
    only: frozenset[str]
    folder: Path
    shape_rows: int = 200_000

    def wants(self, *names: str) -> bool:
        return not self.only.isdisjoint(names)

    @property
    def bytes_needed(self) -> int:
        """The bytes that must be free in the folder."""
        largest = self.memory_rows if self.wants("memory") and self.memory_rows else 0
        return max(self.rows, largest) * _BYTES_A_ROW
