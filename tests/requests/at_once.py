"""Runs a script in several processes that begin their work at the same moment."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from dsar_export.requests.installation import Installation

_ROOT: Final = Path(__file__).parents[2]
_WAIT: Final = """
import sys
print("ready", flush=True)
sys.stdin.readline()
"""
_CONNECT: Final = """
import sys
from dsar_export.errors import StaleError, StateError
from dsar_export.requests.database import open_database, reading, writing
engine = open_database(sys.argv[1])
with reading(engine):
    pass
"""


def at_once(installation: Installation, count: int, script: str) -> list[str]:
    """What each process printed; they have connected before the first begins."""
    url = installation.engine.url.render_as_string(hide_password=False)
    return in_processes(count, _CONNECT, f"{script}\nengine.dispose()", url)


def in_processes(count: int, before: str, script: str, *arguments: str | Path) -> list[str]:
    """What each process printed; all have run what comes before the first begins."""
    command = [sys.executable, "-W", "error", "-c", f"{before}{_WAIT}{script}", *arguments]
    pipe = subprocess.PIPE
    running = [
        subprocess.Popen(command, cwd=_ROOT, stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        for _ in range(count)
    ]
    for process in running:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    ended = [process.communicate() for process in running]
    errors = "".join(error for _, error in ended)
    assert errors == "", errors
    return [output for output, _ in ended]
