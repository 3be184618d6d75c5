"""What was asked of workers, and how far they are."""

import time
from typing import Final

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from dsar_export.cli import terminal
from dsar_export.cli.commands.request_shown import shown_request
from dsar_export.cli.progress import counted
from dsar_export.model.work import Work
from dsar_export.use_cases.ask import Asked
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.workforce import followed, somebody_works

_LOOKS: Final = 0.5


def shown_asked(at_work: Desk, asked: Asked, *, as_json: bool) -> int:
    """Shows the request, and whether somebody will do what was asked."""
    shown = shown_request(
        at_work, asked.work.reference, as_json=as_json, also={"asked": work_json(asked.work)}
    )
    if not asked.woken:
        terminal.warn("the broker did not answer; a worker finds the request when it looks by itself")
    if not somebody_works(at_work):
        terminal.warn("no worker shows a sign of life; start one with `dsar-export worker`, or use --now")
    return shown


def work_json(work: Work | None) -> dict[str, object] | None:
    """What is asked of workers, in JSON."""
    if work is None:
        return None
    times = {name: getattr(work, name) for name in ("asked_at", "not_before", "parked_at", "alive_at")}
    return {
        "task": work.task.value,
        "asked_by": work.asked_by,
        "tries": work.tries,
        "heavy": work.heavy,
        "failure": work.failure,
        "step": work.step,
        "dataset": work.dataset,
        "rows": work.rows,
        **{name: at and at.isoformat() for name, at in times.items()},
    }


def work_in_words(work: Work) -> str:
    """Where the work on a request is, in one line."""
    what = f"{work.task}, asked by {work.asked_by}"
    if work.parked_at is not None:
        return f"{what}: failed at try {work.tries}: {work.failure}"
    if work.not_before is not None and work.failure is not None:
        return f"{what}: try {work.tries} failed: {work.failure}; again from {work.not_before:%H:%M:%S} UTC"
    if work.step is None:
        return f"{what}: waits for a worker"
    where = f", {work.dataset}, {counted(work.rows, 'row')}" if work.dataset else ""
    return f"{what}: {work.step}{where}" + (f", alive {work.alive_at:%H:%M:%S} UTC" if work.alive_at else "")


def followed_to_its_end(at_work: Desk, reference: str) -> None:
    """Shows the progress until the work on the request ends or is parked."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=terminal.err(), transient=True) as bar:
        task = bar.add_task(reference, total=None)
        while (work := followed(at_work, reference)) is not None and work.parked_at is None:
            bar.update(task, description=work_in_words(work))
            time.sleep(_LOOKS)
