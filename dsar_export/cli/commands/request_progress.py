"""What was asked of workers, and how far they are."""

import time
from typing import Final

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_shown import shown_request
from dsar_export.cli.commands.work_shown import work_in_words
from dsar_export.use_cases.ask import Asked
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.workforce import followed, somebody_works

_LOOKS: Final = 0.5


def shown_asked(at_work: Desk, asked: Asked, *, as_json: bool) -> int:
    """Shows the request, and whether somebody will do what was asked."""
    shown = shown_request(at_work, asked.work.reference, as_json=as_json)
    if not asked.woken:
        terminal.warn("the broker did not answer; a worker finds the request when it looks by itself")
    if not somebody_works(at_work):
        terminal.warn("no worker shows a sign of life; start one with `dsar-export worker`, or use --now")
    return shown


def followed_to_its_end(at_work: Desk, reference: str) -> None:
    """Shows the progress until the work on the request ends or is parked."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=terminal.err(), transient=True) as bar:
        task = bar.add_task(reference, total=None)
        while (work := followed(at_work, reference)) is not None and work.parked_at is None:
            bar.update(task, description=work_in_words(work))
            time.sleep(_LOOKS)
