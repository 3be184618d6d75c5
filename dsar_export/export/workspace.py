"""A folder beside the packages for ciphertext parts, gone when the export ends in any way.

What a SIGKILL leaves is ciphertext under a name that nobody takes for a package; the next export in the
same folder sweeps it. A lock tells a running export's workspace from a dead one's.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from dsar_export.errors import NotWritableError

PREFIX: Final = ".dsar-export-"
_LOCK: Final = "lock"


@contextmanager
def workspace(out: Path, reference: str) -> Iterator[Path]:
    """Makes the output folder and a workspace in it; NotWritableError for anything the disk refuses."""
    folder = out / f"{PREFIX}{reference}"
    with writing(out):
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sweep(out)
        folder.mkdir(mode=0o700)
    try:
        with writing(out), (folder / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Turns the disk's refusals (full, read-only, no such folder) into NotWritableError."""
    try:
        yield
    except OSError as error:
        reason = os.strerror(error.errno).lower() if error.errno else type(error).__name__
        raise NotWritableError(
            f"can't write to {out}: {reason}; nothing was left behind. Make room, or choose another --out"
        ) from None


def _sweep(out: Path) -> None:
    for leftover in out.glob(f"{PREFIX}*"):
        # No lock file means that it died before its first byte; a lock that is free, that it died later.
        with suppress(OSError):
            if _abandoned(leftover / _LOCK):
                shutil.rmtree(leftover, ignore_errors=True)


def _abandoned(lock_file: Path) -> bool:
    try:
        with lock_file.open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False
