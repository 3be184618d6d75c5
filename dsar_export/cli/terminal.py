"""Writes to the terminal.

Results go to standard output; progress, warnings and errors go to standard error, in lower case after the
program's name; warnings begin with that word. With `--json`, standard output contains one object and nothing
else. Colours are used only on a terminal.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from dsar_export.errors import WrongUseError, why_unreadable

PROGRAM = "dsar-export"
_ANY: Final = 10_000  # wider than any table
_MOST_CANDIDATES: Final = 20


def out() -> Console:
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def err() -> Console:
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def warn(message: str) -> None:
    """Prints a warning for staff on standard error."""
    err().print(Text(f"{PROGRAM}: ") + Text(f"warning: {message}", style="yellow"))


def fail(message: str) -> None:
    """Prints on standard error why a command failed."""
    err().print(Text(f"{PROGRAM}: ") + Text(message, style="red"))


def show_candidates(keys: Sequence[str]) -> None:
    """Lists the keys to choose from, but only on a terminal: elsewhere standard error may be a log."""
    if sys.stderr is None or not sys.stderr.isatty():
        err().print(f"  candidates: {len(keys)}; run this on a terminal to see their keys")
        return
    for key in keys[:_MOST_CANDIDATES]:
        err().print("  " + "".join(c if c.isprintable() else "\ufffd" for c in key))
    if len(keys) > _MOST_CANDIDATES:
        err().print(f"  and {len(keys) - _MOST_CANDIDATES} more")


def read_text(file: str) -> str:
    """The text of a file, or of standard input for `-`; WrongUseError if it can't be read."""
    if file == "-" and sys.stdin is None:
        raise WrongUseError("standard input is closed; use a file instead of -")
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUseError(
            f"{file}: can't be read ({why_unreadable(error)}); name another file, or - for standard input"
        ) from None
    return text.removeprefix("\ufeff")


def read_bytes(file: Path, most: int) -> bytes:
    """At most so many bytes of a file, or of standard input for `-`; WrongUseError if it can't be read."""
    if str(file) == "-" and sys.stdin is None:
        raise WrongUseError("standard input is closed; name a file")
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(most)
        with file.open("rb") as opened:
            return opened.read(most)
    except OSError as error:
        raise WrongUseError(f"{file}: can't be read ({type(error).__name__})") from None


def print_json(value: Mapping[str, object]) -> None:
    """Prints the one object of `--json`."""
    sys.stdout.write(json.dumps(value) + "\n")  # ASCII: standard output may have any encoding
    sys.stdout.flush()


def print_facts(facts: Sequence[tuple[str, str]]) -> None:
    """Prints names and values, one pair per line, with the values aligned."""
    width = max(len(name) for name, _ in facts)
    console = out()
    for name, fact in facts:
        console.print(Text(f"{name:<{width}}  ", style="bold") + Text(fact))


def print_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()
) -> None:
    """Prints a plain table; columns in `right` are aligned to the right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index, head in enumerate(heads):
        table.add_column(head, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = out()
    if not console.is_terminal:  # a file or a pipe has no width, so lines are not wrapped
        console.width = max(
            console.width, Measurement.get(console, console.options.update(width=_ANY), table).maximum
        )
    console.print(table)


def print_tree(tree: Tree) -> None:
    """Prints a tree; a file or a pipe has no width, so lines are not wrapped there."""
    console = out()
    if not console.is_terminal:
        console.width = _ANY
    console.print(tree)
