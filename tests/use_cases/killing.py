"""Runs commands in processes that kill themselves at a named point; all are forked from one that has imported all.

The product has no hook for it: the child replaces the function at the point by one that kills before or after it.
"""

import gc
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Final, NoReturn

import pytest

from tests.made_once import made_once
from tests.use_cases.offices import register_in

_ROOT: Final = Path(__file__).parents[2]
_IMPORTED: Final = (
    "dsar_export.cli.app",
    "dsar_export.cli.commands.request_work",
    "dsar_export.cli.commands.request_review",
    "dsar_export.cli.commands.request_intake",
    "dsar_export.wiring.desk",
    "collectors.sql_database.sqlite.dialect",
    "renderers.records.csv_table",
    "renderers.records.json_array",
    "renderers.documents.bag",
    "renderers.documents.data_package",
)
QUICK_DOCUMENTS: Final = ("data_package", "bag")


@dataclass(frozen=True)
class KillPoint:
    """A call of a function, by its number: the process is gone just before it, or just after."""

    function: str
    """As `module:name` or `module:Class.method`, in the module that calls it."""
    when: str = "before"
    number: int = 1


@dataclass(frozen=True)
class Ended:
    """What a process printed, and its exit code: minus the number of the signal that killed it."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Forge:
    """The process from which all others are forked."""

    running: subprocess.Popen[str]

    def run(
        self,
        *arguments: object,
        kill: KillPoint | None = None,
        environment: Mapping[str, str] | None = None,
        stdin: str = "",
        later: timedelta = timedelta(0),
    ) -> Ended:
        """Runs one command of the command line, on a clock that is set by `later`."""
        point = None if kill is None else [kill.function, kill.when, kill.number]
        order = [list(map(str, arguments)), dict(environment or {}), stdin, later.total_seconds(), point]
        assert self.running.stdin is not None
        assert self.running.stdout is not None
        self.running.stdin.write(json.dumps(order) + "\n")
        self.running.stdin.flush()
        return Ended(*json.loads(self.running.stdout.readline()))


@contextmanager
def forge() -> Iterator[Forge]:
    """The process, for many commands."""
    command = [sys.executable, "-W", "error", "-m", "tests.use_cases.killing"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, encoding="utf-8") as running:
        yield Forge(running)
        assert running.stdin is not None
        running.stdin.close()


def _serve() -> None:
    for module in _IMPORTED:
        import_module(module)
    with made_once():
        _warm_up()
        gc.freeze()
        for line in sys.stdin:
            print(json.dumps(_forked(json.loads(line))), flush=True)  # noqa: T201 - the answer to the test


def _warm_up() -> None:
    """Runs a few commands, so that what the first of them import and make is there before all others are forked."""
    from dsar_export.cli.app import run  # noqa: PLC0415 - as below
    from dsar_export.wiring.desk import login_name  # noqa: PLC0415

    shown = io.StringIO()
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        patch.setenv("DSAR_REGISTER", str(register_in(folder / "register")))
        patch.setenv("DSAR_STATE", str(folder / "state"))
        patch.setattr(sys, "stdin", io.StringIO("email=Sam@example.org"))
        with redirect_stdout(shown):
            roles = ["people", "roles", login_name(os.getuid()), "--controller", "*", "--add", "agent"]
            assert run(roles) == 0
            assert (
                run(
                    [
                        "request",
                        "open",
                        "--controller",
                        "acme",
                        "--right",
                        "access",
                        "--identifiers-file",
                        "-",
                    ]
                )
                == 0
            )


def _forked(order: Sequence[object]) -> tuple[int, str, str]:
    descriptors = [os.memfd_create(name) for name in ("out", "err")]
    child = os.fork()
    if child == 0:
        os.dup2(descriptors[0], 1)
        os.dup2(descriptors[1], 2)
        _run(*order)  # type: ignore[arg-type] # as `Forge.run` wrote it
    _, status = os.waitpid(child, 0)
    texts = []
    for descriptor in descriptors:
        os.lseek(descriptor, 0, os.SEEK_SET)
        with os.fdopen(descriptor, encoding="utf-8") as file:
            texts.append(file.read())
    return os.waitstatus_to_exitcode(status), texts[0], texts[1]


def _run(
    arguments: list[str],
    environment: dict[str, str],
    stdin: str,
    later: float,
    point: tuple[str, str, int] | None,
) -> NoReturn:
    from dsar_export.cli.app import run  # noqa: PLC0415 - the parent has imported it, at a time of its own

    os.environ.update(environment)
    sys.stdin = io.StringIO(stdin)
    for module in ("dsar_export.wiring", "dsar_export.wiring.desk"):
        setattr(import_module(module), "now", lambda: datetime.now(UTC) + timedelta(seconds=later))  # noqa: B010
    setattr(import_module("dsar_export.wiring"), "DOCUMENT_RENDERERS", QUICK_DOCUMENTS)  # noqa: B010
    if point is not None:
        arm(*point)
    code = run(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def arm(function: str, when: str, number: int) -> None:
    """Replaces the function at a point by one that kills this process there."""
    module, _, path = function.partition(":")
    owner: object = import_module(module)
    *parents, name = path.split(".")
    for parent in parents:
        owner = getattr(owner, parent)
    original, calls = getattr(owner, name), count(1)

    def killing(*given: object, **named: object) -> object:
        fatal = next(calls) == number
        if fatal and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = original(*given, **named)
        if fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    static = isinstance(vars(owner).get(name), staticmethod)
    setattr(owner, name, staticmethod(killing) if static else killing)


if __name__ == "__main__":
    _serve()
