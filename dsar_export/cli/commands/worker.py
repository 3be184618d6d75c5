"""`dsar-export worker` and `dsar-export workers`."""

import os
import sys
from contextlib import suppress
from datetime import timedelta

from dsar_export.cli import terminal
from dsar_export.cli.commands.work_shown import work_in_words, work_json
from dsar_export.cli.desk import desk, register_to_show_by
from dsar_export.errors import DatabaseUnusableError, WrongUseError
from dsar_export.settings import read_settings
from dsar_export.use_cases.workforce import Workforce, workforce
from dsar_export.wiring.desk import open_worker_desk

_QUEUES = ("small", "heavy")


def run_worker(processes: int, only: str | None) -> int:
    """Becomes the master process of the workers, so that whoever started this command watches over that."""
    if only is not None and only not in _QUEUES:
        raise WrongUseError(f"--only is one of {', '.join(_QUEUES)}; leave it out for both")
    settings = read_settings()
    if settings.register_folder is None:
        raise WrongUseError("no register: name its folder in DSAR_REGISTER")
    if settings.broker_url is not None and settings.broker_kind is None:
        raise WrongUseError("DSAR_BROKER_URL has the form redis://… or amqp://…; leave it out for none")
    with suppress(DatabaseUnusableError):  # it may answer later, and until then the worker waits
        open_worker_desk(settings).engine.dispose()
    arguments = ["--processes", str(processes), *(() if only is None else ("--only", only))]
    os.environ.setdefault(
        "dramatiq_queue_prefetch", "1"
    )  # a process would keep messages while another is idle
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "dsar_export.worker", *arguments])  # noqa: S606 # our own module


def run_workers(*, as_json: bool) -> int:
    """Shows who works on what; exit 1 if what waits will not be done."""
    force = workforce(desk(), register_to_show_by())
    if as_json:
        terminal.print_json(_json(force))
    else:
        terminal.print_facts(_facts(force))
        for work in (*force.parked, *force.put_off):
            terminal.out().print(f"{work.reference}: {work_in_words(work)}")
    return 0 if force.ready else 1


def _facts(force: Workforce) -> list[tuple[str, str]]:
    count = len(force.for_a_place)
    places = f"; {count} more until fewer requests read their source" if count else ""
    return [
        ("workers", f"{len(force.alive)} alive, {len(force.silent)} without a sign of life"),
        ("at work", ", ".join(force.working) or "on nothing"),
        ("waiting", f"{len(force.waiting)}, the oldest for {_seconds(force.waited)} s{places}"),
        ("put off", str(len(force.put_off))),
        ("failed", str(len(force.parked))),
        ("ready", "yes" if force.ready else "no: start workers with `dsar-export worker`"),
    ]


def _json(force: Workforce) -> dict[str, object]:
    return {
        "alive": [one.alive_at.isoformat() for one in force.alive],
        "silent": [one.alive_at.isoformat() for one in force.silent],
        "working": list(force.working),
        "waiting": len(force.waiting),
        "waited_seconds": _seconds(force.waited),
        "for_a_place": len(force.for_a_place),
        "put_off": [{"reference": work.reference, **(work_json(work) or {})} for work in force.put_off],
        "parked": [{"reference": work.reference, **(work_json(work) or {})} for work in force.parked],
        "ready": force.ready,
    }


def _seconds(pause: timedelta) -> int:
    return int(pause.total_seconds())
