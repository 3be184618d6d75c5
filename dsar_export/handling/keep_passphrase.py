"""The passphrase in a file: new, and for its owner only."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dsar_export.errors import WrongUseError
from dsar_export.export.workspace import writing


def refuse_existing(file: Path | None) -> None:
    """Raises WrongUseError before any work is done for nothing."""
    if file is not None and os.path.lexists(file):
        raise WrongUseError(f"{file} exists; a passphrase is written to a new file only")


@contextmanager
def kept_passphrase(file: Path | None, passphrase: str) -> Iterator[None]:
    """Writes it to a new 0600 file, and takes the file away if the block fails."""
    if file is None:
        yield
        return
    refuse_existing(file)
    with writing(file):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with writing(file), os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(f"{passphrase}\n")
        yield
    except BaseException:
        file.unlink(missing_ok=True)
        raise
