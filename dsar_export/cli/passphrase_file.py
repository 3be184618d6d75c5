"""A passphrase in a file: new and for its owner only, or read back."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dsar_export.errors import WrongUseError
from dsar_export.export.workspace import writing


@contextmanager
def kept_passphrase(file: Path | None, passphrase: str) -> Iterator[None]:
    """Writes it to a new 0600 file before the package exists, and takes the file away if the block fails."""
    if file is None:
        yield
        return
    with writing(file), _new(file):
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with writing(file), os.fdopen(descriptor, "w", encoding="ascii") as out:
            out.write(f"{passphrase}\n")
        yield
    except BaseException:
        file.unlink(missing_ok=True)
        raise


@contextmanager
def _new(file: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError:
        raise WrongUseError(f"{file} exists; a passphrase is written to a new file only") from None


def read_passphrase(file: str) -> str:
    """The first line of a file, or of standard input for `-`."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUseError(f"{file}: can't be read ({type(error).__name__})") from None
    lines = text.splitlines()
    if not lines or not lines[0].strip():
        raise WrongUseError(f"{file}: holds no passphrase")
    return lines[0].strip()
