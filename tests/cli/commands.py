"""Runs the command as its users do: a process of its own, seen from outside."""

import io
import json
import os
import pty
import shlex
import subprocess
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fcntl import ioctl
from pathlib import Path
from typing import Protocol

import pytest

from dsar_export.cli.app import run
from tests.worlds import SUBJECT

COMMAND = (sys.executable, "-m", "dsar_export")
VERIFIED = ("--verified-by", "support: j.doe", "--evidence", "signed in")
LIMIT = 120  # seconds after which a test gives up on the command


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        """What `--json` printed; fails where standard output held anything besides one object."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        assert self.out.count("\n") == 1
        return found


Run = Callable[..., Finished]
"""Runs a command and returns how it ended."""


def dsar(
    *arguments: object,
    stdin: str = "",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> Finished:
    """Runs one command to its end; whatever happens, it shows no traceback."""
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, **(env or {})},
        preexec_fn=before,
        timeout=LIMIT,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Finished(done.returncode, done.stdout, done.stderr)


def in_this_process(capsys: pytest.CaptureFixture[str], *arguments: object, stdin: str = "") -> Finished:
    """The same command without a process of its own: for the many rows of a table of faults."""
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO(stdin))
        code = run([str(a) for a in arguments])
    shown = capsys.readouterr()
    assert "Traceback" not in shown.err
    return Finished(code, shown.out, shown.err)


def here(*arguments: object, stdin: str, cwd: Path, env: Mapping[str, str]) -> Finished:
    """The same in another folder and environment."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        for name, value in env.items():
            patch.setenv(name, value)
        for name, file in (("stdin", io.StringIO(stdin)), ("stdout", out), ("stderr", err)):
            patch.setattr(sys, name, file)
        code = run([str(a) for a in arguments])
    assert "Traceback" not in err.getvalue()
    return Finished(code, out.getvalue(), err.getvalue())


def export(
    register: Path, out: Path | None, *more: object, stdin: str = SUBJECT, cwd: Path | None = None
) -> Finished:
    """Exports the person of `stdin`, verified, by right of access."""
    return dsar(*export_arguments(register, out), *more, stdin=stdin, cwd=cwd)


class ExportHere(Protocol):
    """`export` in this process."""

    def __call__(self, register: Path, out: Path | None, *more: object, stdin: str = SUBJECT) -> Finished: ...


def export_arguments(register: Path, out: Path | None) -> list[str]:
    """What is typed to export the person on standard input."""
    place = [] if out is None else ["--out", str(out)]
    options = ["--controller", "acme", "--right", "access", "--identifiers-file", "-", *VERIFIED]
    return ["export", str(register), *place, *options]


def typed(line: str) -> list[str]:
    """A printed command line -> what to run, with this Python in place of the installed program."""
    program, *arguments = shlex.split(line)
    assert Path(program).name == "dsar-export"
    return [*COMMAND, *arguments]


def on_a_terminal(command: Sequence[str], answer: str, cwd: Path, times: int = 1) -> tuple[int, str]:
    """Runs a command on a terminal of its own and types one line, at so many prompts; its code and output."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=cwd,
        preexec_fn=_take_terminal,  # noqa: PLW1509 - it only calls the system
    )
    os.close(theirs)
    shown = b""
    answered, seen = 0, 0
    while piece := _read(ours):
        shown += piece
        if answered < times and shown[seen:].rstrip().endswith(b":"):
            os.write(ours, f"{answer}\n".encode())
            answered, seen = answered + 1, len(shown)
    os.close(ours)
    return running.wait(LIMIT), shown.decode()


def _take_terminal() -> None:
    os.setsid()
    ioctl(0, termios.TIOCSCTTY, 0)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux raises an error when the other end of a terminal is closed
        return b""


def packages(out: Path) -> list[Path]:
    return sorted(out.glob("*.zip"))


def files_below(*folders: Path) -> list[Path]:
    """Every file and folder, hidden ones too."""
    return sorted(path for folder in folders for path in folder.rglob("*"))
