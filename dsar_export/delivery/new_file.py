"""A file that somebody asked for: new, complete, and for its owner alone."""

import os
from pathlib import Path
from typing import Final

from dsar_export.errors import WrongUseError
from dsar_export.sealing.workspace import writing

_ASIDE: Final = ".dsar-export-"


def refuse_existing_file(file: Path) -> None:
    """Raises WrongUseError before any work is done for nothing."""
    if os.path.lexists(file):
        raise WrongUseError(f"{file} exists; it is written to a new file only")


def write_new_file(file: Path, content: bytes) -> None:
    """Writes aside and links the finished file, which only its owner may read (0600); WrongUseError if there is one."""
    aside = file.parent / f"{_ASIDE}{os.urandom(8).hex()}"
    with writing(file):
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            os.link(aside, file)  # unlike a rename, it replaces nothing
        except FileExistsError:
            raise WrongUseError(f"{file} exists; it is written to a new file only") from None
        finally:
            aside.unlink(missing_ok=True)
