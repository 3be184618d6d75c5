"""Reads verified identifiers: KIND=VALUE, one per line in a file."""

from collections.abc import Sequence

from dsar_export.cli.terminal import read_text
from dsar_export.errors import WrongUseError
from dsar_export.model.request import Identifier


def read_identifiers(arguments: Sequence[str], file: str | None) -> tuple[Identifier, ...]:
    """The identifiers from the arguments, then from the file; skips empty lines. WrongUseError for other lines."""
    lines = [] if file is None else read_text(file).splitlines()
    texts = [(f"--identifier {n}", text) for n, text in enumerate(arguments, 1)]
    texts += [(f"line {n} of the identifiers file", text) for n, text in enumerate(lines, 1) if text.strip()]
    return tuple(_parse(where, text) for where, text in texts)


def _parse(where: str, text: str) -> Identifier:
    kind, found, value = text.partition("=")
    if not found or not kind.strip() or not value.strip():
        raise WrongUseError(
            f"{where}: expected KIND=VALUE, such as email=…"
        )  # without the text, which may be personal data
    return Identifier(kind.strip(), value.strip())
