"""Which columns lines have, from the first lines of the newest files, and where that does not show one, from all."""

import json
from collections.abc import Iterator, Sequence
from itertools import islice

from collectors.log_files.access_lines import QUERY, AccessLine
from collectors.log_files.blocks import blocks
from collectors.log_files.csv_rows import cells_of
from collectors.log_files.faults import BrokenLineError, UnreadableFileError
from collectors.log_files.json_array import objects_of
from collectors.log_files.json_lines import object_of, paths_of
from collectors.log_files.listing import LogFile, chosen
from collectors.log_files.opened import pieces
from collectors.log_files.parts import COMBINED, LogFormat, LogLines
from collectors.log_files.unpacking import text_of

_FILES = 8
_LINES = 200


class Samples:
    """Lines of one snapshot, whoever they are about; nothing of them but names of columns is kept."""

    def __init__(self, root: int, files: Sequence[LogFile]) -> None:
        self._root, self._files = root, files
        self._known: dict[LogLines, Sequence[str] | None] = {}

    def missing(self, part: LogLines, columns: Sequence[str]) -> str | None:
        """The first column that no line has; None as long as there is no line to say so."""
        known = self.columns(part)
        if known is None:
            return None
        above = {".".join(name.split(".")[:n]) for name in known for n in range(1, name.count(".") + 1)}
        return next(
            (c for c in columns if not self._has({*known, *above}, c, part)),
            None,
        )

    def columns(self, part: LogLines) -> Sequence[str] | None:
        """The columns that the sampled lines have, in order; None without any line."""
        if part not in self._known:
            self._known[part] = self._sampled(part)
        return self._known[part]

    def _has(self, known: set[str], column: str, part: LogLines) -> bool:
        if column in known or column in part.optional:
            return True
        if part.format in COMBINED:
            return column.startswith(QUERY) and "request" in known
        return part.format is not LogFormat.CSV and self._named_anywhere(column, part)

    def _named_anywhere(self, column: str, part: LogLines) -> bool:
        """Whether any line has the last name of a path."""
        last = column.rsplit("/", maxsplit=1)[-1].replace("~1", "/").replace("~0", "~")
        last = last if column.startswith("/") else column.rsplit(".", maxsplit=1)[-1]
        names = {json.dumps(last).encode(), json.dumps(last, ensure_ascii=False).encode()}
        for file in reversed(chosen(self._files, part.files)):
            try:
                if any(name in b.text for b in blocks(self._text(file, part)) for name in names):
                    return True
            except UnreadableFileError:
                continue
        return False

    def _sampled(self, part: LogLines) -> Sequence[str] | None:
        if part.format in COMBINED:
            return AccessLine(part.format, part.pattern).columns
        found = dict[str, None]()
        for file in islice(reversed(chosen(self._files, part.files)), _FILES):
            try:
                for line in islice(self._lines(file, part), _LINES):
                    found.update(dict.fromkeys(_names(line, part)))
            except UnreadableFileError:
                continue
        return list(found) or None

    def _lines(self, file: LogFile, part: LogLines) -> Iterator[bytes]:
        text = self._text(file, part)
        if part.format is LogFormat.JSON_ARRAY:
            yield from objects_of(text)
            return
        first_only = part.format is LogFormat.CSV
        for block in blocks(text):
            lines = block.text.splitlines()
            yield from lines[:1] if first_only else lines
            if first_only:
                return

    def _text(self, file: LogFile, part: LogLines) -> Iterator[bytes]:
        return text_of(file.path, pieces(self._root, file), part)


def _names(line: bytes, part: LogLines) -> Sequence[str]:
    try:
        return cells_of(line, part.delimiter) if part.format is LogFormat.CSV else paths_of(object_of(line))
    except BrokenLineError:
        return ()
