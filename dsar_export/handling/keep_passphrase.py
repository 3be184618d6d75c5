"""The passphrase in a file: new, and for its owner only."""

import os
from pathlib import Path

from dsar_export.errors import WrongUseError
from dsar_export.export.workspace import writing


def refuse_existing(file: Path | None) -> None:
    """Raises WrongUseError before any work is done for nothing."""
    if file is not None and os.path.lexists(file):
        raise WrongUseError(f"{file} exists; a passphrase is written to a new file only")


def write_passphrase(file: Path, passphrase: str) -> None:
    """Writes it to a new 0600 file."""
    with writing(file):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(f"{passphrase}\n")
