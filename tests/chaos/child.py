"""What a worker process of these tests loads: the product's broker, after traps were laid in this process.

The product has no hook for it. The traps are in the variable CHAOS, as JSON of `Traps`.
"""

import json
import os
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from functools import partial, wraps
from importlib import import_module
from pathlib import Path
from typing import Final

from dramatiq import Broker

from dsar_export.errors import SourceUnreadableError
from dsar_export.model.work import Task
from dsar_export.settings import Settings
from dsar_export.use_cases.attempt import Attempt
from dsar_export.use_cases.collect import Collection, Savings
from dsar_export.use_cases.desk import Desk
from tests.chaos.points import Point, points_of
from tests.use_cases.killing import QUICK_DOCUMENTS

VARIABLE: Final = "CHAOS"
MOST_KILLS: Final = 3
"""Of one request, so that its tries do not run out."""


@dataclass(frozen=True)
class Traps:
    """What happens in worker processes; a file named as a point in the folder `armed` is used up by who meets it."""

    folder: str
    action: str = "kill"
    """Or `stop` (SIGSTOP), or `spin`: holds the interpreter."""
    lease: float = 4.0
    slow: float = 0.0
    """Seconds that each dataset takes to read."""
    spin: float = 0.0
    skew: float = 0.0
    """Seconds by which the clock of the worker is ahead."""
    grace: float = 20.0
    backoff: float = 1.0
    woken_every: float = 1.0

    def text(self) -> str:
        return json.dumps(asdict(self))


def note(folder: Path, what: str, **facts: object) -> None:
    """One line for the journal, whole or not at all."""
    line = json.dumps({"at": time.time(), "pid": os.getpid(), "what": what, **facts}) + "\n"
    descriptor = os.open(folder / "journal", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(descriptor, line.encode())
    os.close(descriptor)


@dataclass
class _Trapped:
    """The attempt of this process."""

    traps: Traps
    task: Task | None = None
    reference: str = ""
    calls: Counter[str] | None = None

    @property
    def folder(self) -> Path:
        return Path(self.traps.folder)

    def met(self, name: str, point: Point, when: str) -> None:
        if self.task is not point.task or when != point.when or self.calls is None:
            return
        if self.calls[point.function] != point.number:
            return
        kills = self.folder / "kills"
        if self.traps.action == "kill" and len(list(kills.glob(f"{self.reference}.*"))) >= MOST_KILLS:
            return
        with suppress(FileNotFoundError):
            (self.folder / "armed" / name).rename(self.folder / "met" / name)
            (kills / f"{self.reference}.{name}").touch()
            note(self.folder, self.traps.action, point=name, reference=self.reference)
            self._act()

    def _act(self) -> None:
        match self.traps.action:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "stop":
                os.kill(os.getpid(), signal.SIGSTOP)
                time.sleep(0.3)  # or it would go on for an instant
            case "spin":
                _spin(self.traps.spin)
        note(self.folder, "resumed", reference=self.reference)


def setup_broker() -> Broker:
    """The product's broker in a process with traps."""
    trapped = _Trapped(Traps(**json.loads(os.environ[VARIABLE])))
    _count_attempts(trapped)
    points = points_of(s3="DSAR_DRAFT_STORE" in os.environ)
    for function in {point.function for point in points.values()}:
        _lay(trapped, function, [(n, p) for n, p in points.items() if p.function == function])
    _change_settings(trapped)
    from dsar_export.worker.app import setup_broker as product  # noqa: PLC0415 - looks at what was replaced

    broker = product()
    note(trapped.folder, "ready")
    return broker


def _count_attempts(trapped: _Trapped) -> None:
    for task, module in ((Task.COLLECT, "collect_request"), (Task.BUILD, "build_request")):
        original = import_module(f"dsar_export.use_cases.{module}").begun
        _replace(f"dsar_export.use_cases.{module}", "begun", partial(_begun, trapped, task, original))


def _begun(trapped: _Trapped, task: Task, original: Callable[..., Attempt], *given: object) -> Attempt:
    trapped.task, trapped.reference, trapped.calls = task, str(given[1]), Counter()
    attempt = original(*given)
    facts = {"reference": attempt.reference, "task": task.value, "attempt": attempt.number}
    note(trapped.folder, "begun", tries=attempt.work.tries, **facts)
    return attempt


def _lay(trapped: _Trapped, function: str, points: Sequence[tuple[str, Point]]) -> None:
    module, _, path = function.partition(":")
    owner: object = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    original = getattr(owner, name)

    def trap(*given: object, **named: object) -> object:
        if trapped.calls is None:
            trapped.calls = Counter()
        if name != "begun":
            trapped.calls[function] += 1
        for label, point in points:
            trapped.met(label, point, "before")
        result = original(*given, **named)
        if name == "begun":  # it has just begun to count
            trapped.calls[function] += 1
        for label, point in points:
            trapped.met(label, point, "after")
        return result

    setattr(owner, name, staticmethod(trap) if isinstance(vars(owner).get(name), staticmethod) else trap)


def _change_settings(trapped: _Trapped) -> None:
    traps = trapped.traps
    _replace("dsar_export.wiring", "DOCUMENT_RENDERERS", QUICK_DOCUMENTS)
    _replace("dsar_export.use_cases.collect_request", "Savings", partial(Savings, every=0.0))
    _replace("dsar_export.worker.life", "GRACE", traps.grace)
    _replace("dsar_export.worker.life", "_SHOWN_EVERY", traps.woken_every)
    _replace("dsar_export.worker.app", "_WAITS", 1.0)
    _replace("dsar_export.use_cases.attempt", "BACKOFF", (timedelta(seconds=traps.backoff),))
    open_desk = import_module("dsar_export.worker.bench").open_worker_desk
    _replace("dsar_export.worker.bench", "open_worker_desk", partial(_desk, traps, open_desk))
    read, performs = Collection.read, import_module("dsar_export.worker.app").perform_next

    @wraps(read)
    def slowly(collection: Collection, subject: object, plan: object) -> None:
        dataset = plan.dataset.name  # type: ignore[attr-defined] # a DatasetPlan
        note(trapped.folder, "read", reference=trapped.reference, dataset=dataset)
        if (trapped.folder / "down" / dataset).exists():
            raise SourceUnreadableError(f"source of {dataset}: it does not answer")
        until = time.monotonic() + traps.slow
        while time.monotonic() < until:
            time.sleep(0.05)
            collection.services.progress.advanced(0)
        read(collection, subject, plan)  # type: ignore[arg-type] # as it came

    def performing(*given: object, **named: object) -> object:
        done = performs(*given, **named)
        if done is not None:
            note(trapped.folder, "performed", reference=done.reference, failure=done.failure)
        return done

    _replace("dsar_export.use_cases.collect", "Collection.read", slowly)
    _replace("dsar_export.worker.app", "perform_next", performing)


def _replace(module: str, path: str, value: object) -> None:
    owner: object = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    setattr(owner, name, value)


def _desk(traps: Traps, original: Callable[[Settings], Desk], settings: Settings) -> Desk:
    desk = original(settings)
    clock, ahead = desk.clock, timedelta(seconds=traps.skew)

    def now() -> datetime:
        return clock() + ahead

    return replace(desk, lease=timedelta(seconds=traps.lease), clock=now)


def _spin(seconds: float) -> None:
    """Holds the interpreter in one call that long or longer, as only C code can: no other thread runs meanwhile."""
    length, took = 16, 0.0
    while took < seconds:
        length += 1 if took < seconds / 2 else 0
        began = time.monotonic()
        re.match(r"(a+)+b", "a" * length)
        took = time.monotonic() - began
        length += 1
