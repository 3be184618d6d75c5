"""Verified identifiers as they are typed: KIND=VALUE, one a line in a file."""

from collections.abc import Sequence

from dsar_export.cli.terminal import read_text
from dsar_export.errors import WrongUseError
from dsar_export.model.request import Identifier


def read_identifiers(arguments: Sequence[str], file: str | None) -> tuple[Identifier, ...]:
    """Identifiers of the arguments, then of the file; empty lines are passed over."""
    lines = [] if file is None else read_text(file).splitlines()
    told = [(f"--identifier {n}", text) for n, text in enumerate(arguments, 1)]
    told += [(f"line {n} of the identifiers file", text) for n, text in enumerate(lines, 1) if text.strip()]
    return tuple(_parse(where, text) for where, text in told)


def _parse(where: str, text: str) -> Identifier:
    kind, found, value = text.partition("=")
    if not found or not kind.strip() or not value.strip():
        raise WrongUseError(
            f"{where}: expected KIND=VALUE, such as email=…"
        )  # not the text: it is somebody's
    return Identifier(kind.strip(), value.strip())
