"""Writes the files of a drafted register: a whole new folder, or nothing."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from dsar_export.errors import NotWritableError, WrongUseError, why_unreadable


def write_register(out: Path, files: Mapping[str, str]) -> None:
    """Writes all files and then shows the folder under its name.

    Raises WrongUseError if `out` exists already, and NotWritableError if it can't be written.
    """
    refuse_existing(out)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise NotWritableError(
            f"{out}: can't be written ({why_unreadable(error)}); name another folder"
        ) from None
    try:
        for name, text in files.items():
            (made / name).parent.mkdir(exist_ok=True)
            (made / name).write_text(text, encoding="utf-8")
        made.chmod(0o755)
        made.rename(out)
    except OSError as error:
        raise NotWritableError(
            f"{out}: can't be written ({why_unreadable(error)}); name another folder"
        ) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


def refuse_existing(out: Path) -> None:
    """Raises WrongUseError if there is something under this name already."""
    if out.exists() or out.is_symlink():
        raise WrongUseError(
            f"--out: {out} exists already; name a new folder, or add what is new with --update"
        )
