"""What is asked of workers, in words and as JSON."""

from datetime import UTC, tzinfo

from dsar_export.cli.progress import counted
from dsar_export.language.zones import moment_text
from dsar_export.model.work import Work


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


def work_in_words(work: Work, zone: tzinfo = UTC) -> str:
    """Where the work on a request is, in one line."""
    what = f"{work.task}, asked by {work.asked_by}"
    if work.parked_at is not None:
        return f"{what}: failed at try {work.tries}: {work.failure}"
    if work.not_before is not None and work.failure is not None:
        again = moment_text(work.not_before, zone, seconds=True)
        return f"{what}: try {work.tries} failed: {work.failure}; again from {again}"
    if work.step is None:
        return f"{what}: waits for a worker"
    where = f", {work.dataset}, {counted(work.rows, 'row')}" if work.dataset else ""
    alive = "" if work.alive_at is None else f", alive {moment_text(work.alive_at, zone, seconds=True)}"
    return f"{what}: {work.step}{where}{alive}"
