"""Measures one run of one command from outside."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_LAUNCHER: Final = Path(__file__).with_name("launcher.py")


@dataclass(frozen=True)
class Drawing:
    """A process's own report about the file that it drew; `seconds` excludes its start and imports."""

    seconds: float
    file_bytes: int


@dataclass(frozen=True)
class Run:
    """The cost of one run; `peak_bytes` is the peak resident memory of all its processes together."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    drawing: Drawing | None = None


def _as_installed() -> Mapping[str, str]:
    """The environment, but with compiled bytecode kept, as for packages that pip installs."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measure(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> tuple[Run, str]:
    """Runs a command with working files in a folder; returns the run and the output. RuntimeError if it fails."""
    report, printed = folder / "launcher.json", folder / "printed.txt"
    with printed.open("wb") as output:
        # -I -S: without site-packages, the launcher stays smaller than every command that it starts.
        subprocess.run(  # noqa: S603 - the commands of this package
            [sys.executable, "-I", "-S", str(_LAUNCHER), str(report), *command],
            env={**_as_installed(), **environment},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=True,
        )
    figures = json.loads(report.read_text(encoding="utf-8"))
    text = printed.read_text(encoding="utf-8", errors="replace")
    if figures.pop("exit_code") != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{text[-2000:]}")
    return Run(**figures), text
