"""The process from which masters are forked, because it has imported all: each is ready in a moment."""

import gc
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[2]
_IMPORTED: Final = (
    "tests.chaos.child",
    "dsar_export.worker.__main__",
    "dsar_export.worker.app",
    "dramatiq.brokers.redis",
    "dramatiq.brokers.rabbitmq",
    "psycopg",
    "collectors.sql_database.sqlite.dialect",
    "renderers.records.csv_table",
    "renderers.records.json_array",
    "renderers.documents.bag",
    "renderers.documents.data_package",
)


@dataclass(frozen=True)
class Forge:
    """Starts masters, and knows how each ended."""

    running: subprocess.Popen[str]
    ended: dict[int, int] = field(default_factory=dict)

    def start(self, environment: Mapping[str, str], log: Path, processes: int = 1) -> int:
        """The process id of a new master."""
        return int(
            str(self._ask({"environment": dict(environment), "log": str(log), "processes": processes}))
        )

    def code(self, master: int) -> int | None:
        """The exit code of a master; None while it runs."""
        found = self._ask(None)
        assert isinstance(found, list)
        self.ended.update({int(pid): int(code) for pid, code in found})
        return self.ended.get(master)

    def wait(self, master: int, seconds: float) -> int:
        """The exit code of a master that ends within that time."""
        until = time.monotonic() + seconds
        while (code := self.code(master)) is None:
            assert time.monotonic() < until, f"the master {master} still runs after {seconds} s"
            time.sleep(0.1)
        return code

    def _ask(self, order: object) -> object:
        assert self.running.stdin is not None
        assert self.running.stdout is not None
        self.running.stdin.write(json.dumps(order) + "\n")
        self.running.stdin.flush()
        return json.loads(self.running.stdout.readline())


@contextmanager
def forge() -> Iterator[Forge]:
    """The process; with its end all masters and workers are killed."""
    command = [sys.executable, "-m", "tests.chaos.forge"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, encoding="utf-8") as running:
        yield Forge(running)
        assert running.stdin is not None
        running.stdin.close()


def children(parent: int) -> list[int]:
    """The processes that a process has started and that have not ended."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            state, ppid = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
            if int(ppid) == parent and state != "Z":
                found.append(int(entry.name))
    return found


def lives(process: int) -> bool:
    """Whether a process runs; one that has ended may still be listed."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _serve() -> None:
    for module in _IMPORTED:
        import_module(module)
    gc.freeze()
    masters: list[int] = []
    for line in sys.stdin:
        order = json.loads(line)
        if order is None:
            answer: object = _reaped(masters)
        else:
            masters.append(_forked(**order))
            answer = masters[-1]
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer to the test
    for master in masters:
        for process in (*children(master), master):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def _reaped(masters: list[int]) -> list[tuple[int, int]]:
    found = []
    for master in list(masters):
        pid, status = os.waitpid(master, os.WNOHANG)
        if pid:
            masters.remove(master)
            found.append((pid, os.waitstatus_to_exitcode(status)))
    return found


def _forked(environment: dict[str, str], log: str, processes: int) -> int:
    sys.stdout.flush()
    master = os.fork()
    if master:
        return master
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor in (1, 2):
        os.dup2(output, descriptor)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(environment)
    product = import_module("dsar_export.worker.__main__")
    setattr(product, "_APP", "tests.chaos.child:setup_broker")  # noqa: B010
    code = 70
    try:
        code = product.main(["--processes", str(processes)])
    finally:
        os._exit(code)


if __name__ == "__main__":
    _serve()
