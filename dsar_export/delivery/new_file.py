"""A file that somebody asked for: new, complete, and for its owner alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from dsar_export.errors import WrongUseError
from dsar_export.sealing.workspace import writing

_ASIDE: Final = ".dsar-export-"


def refuse_existing_file(file: Path) -> None:
    """Raises WrongUseError before any work is done for nothing."""
    if os.path.lexists(file):
        raise WrongUseError(f"{file} exists; it is written to a new file only")


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """A file aside, which only its owner may read (0600) and gets its name when the block ends without an error.

    WrongUseError if there is a file of this name; a folder that can't be written to is found before the block begins.
    """
    refuse_existing_file(file)
    aside = file.parent / f"{_ASIDE}{os.urandom(8).hex()}"
    with writing(file):
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            os.link(aside, file)  # unlike a rename, it replaces nothing
        except FileExistsError:
            raise WrongUseError(f"{file} exists; it is written to a new file only") from None
        finally:
            aside.unlink(missing_ok=True)


def write_new_file(file: Path, content: bytes) -> None:
    """Writes a new file at once."""
    with new_file(file) as out:
        out.write(content)
