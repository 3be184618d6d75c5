"""open.html beside a package: what somebody is given is a folder, and the page in it opens the ZIP."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from dsar_export.sealing.workspace import writing

PAGE: Final = "open.html"
_ASIDE: Final = ".dsar-export-"


@contextmanager
def page_beside(folder: Path, page: bytes) -> Iterator[Path]:
    """Writes the page into a folder, in place of another one; if the block fails, a page that was not there is gone.

    One that another version wrote is replaced for good: the newest opens every package.
    """
    file = folder / PAGE
    there = os.path.lexists(file)
    with writing(file):
        if not _holds(file, page):
            _replace(file, page)
    try:
        yield file
    except BaseException:
        if not there:
            with suppress(OSError):
                file.unlink()
        raise


def _holds(file: Path, page: bytes) -> bool:
    """Whether this very page is there; a link could lead to another one tomorrow."""
    try:
        found = file.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == len(page) and file.read_bytes() == page


def _replace(file: Path, page: bytes) -> None:
    aside = file.parent / f"{_ASIDE}{os.urandom(8).hex()}"
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(page)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
