"""How the terminal is spoken to.

Results go to standard output; progress, warnings and errors to standard error, lower-case after the
program's name. With `--json` standard output holds one object and nothing else. Colours only where a
terminal shows them.
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

from dsar_export.errors import WrongUseError

PROGRAM = "dsar-export"
_ANY: Final = 10_000  # wider than any table
_MOST_CANDIDATES: Final = 20


def out() -> Console:
    return Console(highlight=False, markup=False, emoji=False, soft_wrap=True)


def err() -> Console:
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


def warn(message: str) -> None:
    """A line for staff on standard error."""
    err().print(Text(f"{PROGRAM}: ") + Text(message, style="yellow"))


def fail(message: str) -> None:
    """Why a command did not do what it was asked to."""
    err().print(Text(f"{PROGRAM}: ") + Text(message, style="red"))


def show_candidates(keys: Sequence[str]) -> None:
    """The keys to choose among, on a terminal only: elsewhere standard error is somebody's log."""
    if sys.stderr is None or not sys.stderr.isatty():
        err().print(f"  candidates: {len(keys)}; run it on a terminal to see their keys")
        return
    for key in keys[:_MOST_CANDIDATES]:
        err().print("  " + "".join(c if c.isprintable() else "\ufffd" for c in key))
    if len(keys) > _MOST_CANDIDATES:
        err().print(f"  and {len(keys) - _MOST_CANDIDATES} more")


def read_text(file: str) -> str:
    """All of a file, or of standard input for `-`; WrongUseError."""
    if file == "-" and sys.stdin is None:
        raise WrongUseError("standard input is closed; name a file")
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUseError(f"{file}: can't be read ({type(error).__name__})") from None
    return text.removeprefix("\ufeff")


def print_json(value: Mapping[str, object]) -> None:
    """The one object of `--json`."""
    sys.stdout.write(json.dumps(value) + "\n")  # ASCII: standard output may have any encoding
    sys.stdout.flush()


def print_facts(facts: Sequence[tuple[str, str]]) -> None:
    """A few named facts, one a line, the names aligned."""
    width = max(len(name) for name, _ in facts)
    console = out()
    for name, fact in facts:
        console.print(Text(f"{name:<{width}}  ", style="bold") + Text(fact))


def print_table(
    heads: Sequence[str], rows: Sequence[Sequence[str]], right: frozenset[int] = frozenset()
) -> None:
    """A plain table; columns in `right` are numbers."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for index, head in enumerate(heads):
        table.add_column(head, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = out()
    if not console.is_terminal:  # a file or a pipe has no width at which a word must be folded
        console.width = max(
            console.width, Measurement.get(console, console.options.update(width=_ANY), table).maximum
        )
    console.print(table)
