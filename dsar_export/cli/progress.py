"""Shows progress on standard error: a bar on a terminal, otherwise one line per dataset."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import rich.progress as rich_progress

from dsar_export.cli import terminal
from dsar_export.interfaces import Progress


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Yields the progress display that suits standard error."""
    if not sys.stderr.isatty():
        yield LineProgress()
        return
    columns = (
        rich_progress.SpinnerColumn(),
        rich_progress.TextColumn("{task.description}"),
        rich_progress.TextColumn("{task.completed:,} rows"),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=terminal.err(), transient=True) as bar:
        yield BarProgress(bar)


class LineProgress:
    """One line for each finished dataset."""

    def started(self, dataset: str) -> None:
        """Prints nothing: the line follows when the dataset is finished."""

    def advanced(self, rows: int) -> None:
        """Prints nothing: a line for each chunk would be too much for a log."""

    def finished(self, dataset: str, rows: int) -> None:
        noun = "row" if rows == 1 else "rows"
        terminal.err().print(f"{terminal.PROGRAM}: {dataset}: {rows} {noun} read")


class BarProgress:
    """A spinner and a running count for each dataset."""

    def __init__(self, bar: "rich_progress.Progress") -> None:
        self._bar = bar
        self._task: rich_progress.TaskID | None = None

    def started(self, dataset: str) -> None:
        self._task = self._bar.add_task(dataset, total=None)

    def advanced(self, rows: int) -> None:
        if self._task is not None:
            self._bar.advance(self._task, rows)

    def finished(self, dataset: str, rows: int) -> None:
        if self._task is not None:
            self._bar.update(self._task, description=dataset, completed=rows, total=rows)
