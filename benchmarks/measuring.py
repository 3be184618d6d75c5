"""One run of one command, measured from outside."""

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
    """What a process tells of the file that it drew; its start and imports are not in these seconds."""

    seconds: float
    file_bytes: int


@dataclass(frozen=True)
class Run:
    """What one run took; `peak_bytes` is the most memory that was resident, of all its processes together."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int
    drawing: Drawing | None = None


def _as_installed() -> Mapping[str, str]:
    """The environment, but that Python may keep what it compiled, as pip does for what it installs."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def measure(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> tuple[Run, str]:
    """Runs a command, with its working files in a folder; also what it printed. RuntimeError where it fails."""
    report, printed = folder / "launcher.json", folder / "printed.txt"
    with printed.open("wb") as output:
        # -I -S: no site-packages, so that the launcher stays smaller than all that it starts.
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
