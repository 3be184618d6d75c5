"""A passphrase read back from a file."""

from pathlib import Path

from dsar_export.cli.terminal import standard_input
from dsar_export.errors import WrongUseError


def read_passphrase(file: str) -> str:
    """The first line of a file, or of standard input for `-`."""
    try:
        text = standard_input() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUseError(f"{file}: can't be read ({type(error).__name__})") from None
    lines = text.splitlines()
    if not lines or not lines[0].strip():
        raise WrongUseError(f"{file}: holds no passphrase")
    return lines[0].strip()
