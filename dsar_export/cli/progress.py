"""Shows progress on standard error: a bar on a terminal, otherwise one line per dataset."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import rich.progress as rich_progress

from dsar_export.cli import terminal
from dsar_export.interfaces import Progress
from dsar_export.model.work import WorkStep


@contextmanager
def shown_progress(noun: str = "row") -> Iterator[Progress]:
    """Yields the progress display that suits standard error; it counts rows of a source, or records of a Draft."""
    if not sys.stderr.isatty():
        yield LineProgress(noun)
        return
    columns = (
        rich_progress.SpinnerColumn(),
        rich_progress.TextColumn("{task.description}"),
        rich_progress.TextColumn("{task.fields[rows]}"),
        rich_progress.TimeElapsedColumn(),
    )
    with rich_progress.Progress(*columns, console=terminal.err(), transient=True) as bar:
        yield BarProgress(bar, noun)


def counted(n: int, noun: str) -> str:
    """A number with its noun, such as `1 row` and `1,234 rows`."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


class LineProgress:
    """One line for each finished dataset."""

    def __init__(self, noun: str) -> None:
        self._noun = noun

    def began(self, step: WorkStep) -> None:
        """Prints nothing: the lines of datasets show where it is."""

    def started(self, dataset: str) -> None:
        """Prints nothing: the line follows when the dataset is finished."""

    def advanced(self, rows: int) -> None:
        """Prints nothing: a line for each chunk would be too much for a log."""

    def finished(self, dataset: str, rows: int) -> None:
        terminal.err().print(f"{terminal.PROGRAM}: {dataset}: {counted(rows, self._noun)} read")


class BarProgress:
    """A spinner and a running count for each dataset."""

    def __init__(self, bar: "rich_progress.Progress", noun: str) -> None:
        self._bar, self._noun = bar, noun
        self._task: rich_progress.TaskID | None = None
        self._rows = 0

    def began(self, step: WorkStep) -> None:
        """Shows nothing: the bars of datasets show where it is."""

    def started(self, dataset: str) -> None:
        self._rows = 0
        self._task = self._bar.add_task(dataset, total=None, rows=counted(0, self._noun))

    def advanced(self, rows: int) -> None:
        if self._task is not None:
            self._rows += rows
            self._bar.update(self._task, completed=self._rows, rows=counted(self._rows, self._noun))

    def finished(self, dataset: str, rows: int) -> None:
        if self._task is not None:
            self._bar.update(
                self._task, description=dataset, completed=rows, total=rows, rows=counted(rows, self._noun)
            )
