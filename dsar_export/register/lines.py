"""The lines of a TOML file at which keys stand, for messages: the parser does not keep them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

_BARE: Final = r"[A-Za-z0-9_-]+"
_PART: Final = rf"""(?:{_BARE}|"[^"\n]*"|'[^'\n]*')"""
_KEY: Final = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_TABLE: Final = re.compile(rf"\s*(\[\[?)\s*({_PART}(?:\s*\.\s*{_PART})*)\s*\]")
_LONG_TEXT: Final = re.compile(r'"""|\'\'\'')

Path = tuple[str, ...]


def line_of(text: str, path: Sequence[str | int]) -> int | None:
    """The line, from 1, of the key at a path, or of the nearest table or key around it; None if there is none.

    Keys inside an inline table count as the line of the table.
    """
    wanted = tuple(map(str, path))
    best, found = 0, None
    for number, place in _places(text):
        if len(place) > best and wanted[: len(place)] == place:
            best, found = len(place), number
    return found


def _places(text: str) -> Iterator[tuple[int, Path]]:
    """Each key and table of a file with its line; an entry of an array of tables has its index in the path."""
    table: Path = ()
    entries: dict[Path, int] = {}
    inside = ""  # the quotation marks of a text over several lines
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:
            inside = "" if inside in line else inside
            continue
        if (header := _TABLE.match(line)) is not None:
            table = _with_entries(_parts(header[2]), entries)
            if header[1] == "[[":
                entries[table] = entries.get(table, -1) + 1
                table = (*table, str(entries[table]))
            yield number, table
        elif (key := _KEY.match(line)) is not None:
            yield number, (*table, *_parts(key[1]))
        marks = _LONG_TEXT.findall(line)
        inside = marks[0] if len(marks) % 2 else ""


def _with_entries(parts: Path, entries: dict[Path, int]) -> Path:
    """A table's path with the index of the last entry after the name of each array of tables in it."""
    path: Path = ()
    for at, part in enumerate(parts):
        path = (*path, part)
        if path in entries and at < len(parts) - 1:
            path = (*path, str(entries[path]))
    return path


def _parts(dotted: str) -> Path:
    return tuple(part.strip().strip("\"'") for part in re.findall(_PART, dotted))
