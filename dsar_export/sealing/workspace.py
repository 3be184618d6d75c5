"""A folder beside the packages for ciphertext parts, gone when the export ends in any way.

What a SIGKILL leaves is ciphertext under a name that nobody takes for a package; the next export in the
same folder sweeps it. A lock marks the workspace of a running export.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

from dsar_export.errors import NotWritableError

PREFIX: Final = ".dsar-export-"
_LOCK: Final = "lock"


@contextmanager
def workspace(out: Path, name: str) -> Iterator[Path]:
    """Creates the output folder and a workspace in it; NotWritableError if the disk refuses."""
    folder = out / f"{PREFIX}{name}"
    with writing(out), ExitStack() as stack:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(out)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.enter_context(_take_lock(folder))
        yield folder


@contextmanager
def writing(out: Path | str) -> Iterator[None]:
    """Turns the disk's refusals (full, read-only, no such folder) into NotWritableError."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else type(error).__name__
        raise NotWritableError(
            f"can't write to {out}: {reason}; nothing was left behind. Make room, or choose another folder"
        ) from None


def _take_lock(folder: Path) -> BinaryIO:
    """Creates a folder and locks it."""
    while True:
        folder.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):
            lock = (folder / _LOCK).open("ab")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (folder / _LOCK).exists():  # otherwise another export swept it in between
                return lock
            lock.close()


def _sweep(out: Path) -> None:
    for leftover in out.glob(f"{PREFIX}*"):
        # Opening creates a missing lock, so that an export that is just creating this folder waits.
        with suppress(OSError), (leftover / _LOCK).open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while its export runs
            shutil.rmtree(leftover, ignore_errors=True)
