"""A dataset as CSV (RFC 4180), safe to open in a spreadsheet.

Null is an empty cell, empty text is `""`. A text cell that a spreadsheet would run as a formula gets an
apostrophe before it; a cell that already has such apostrophes gets one more, so that a reader who takes one
away from every cell that begins with apostrophes and such a character has the original. Numbers, money,
dates and phone numbers are left alone.
"""

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.interfaces import RecordStream
from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema, FieldKind

_STARTS: Final = "[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"  # the last four are full-width
FORMULA: Final = re.compile(f"'*{_STARTS}")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]*")  # the schema may say less; this is no formula
_QUOTED: Final = re.compile('[",\r\n]')


class CsvTable:
    """Renders data/csv/<dataset>.csv."""

    mediatype = "text/csv"

    def path(self, dataset: str) -> str:
        return f"data/csv/{dataset}.csv"

    def stream(self, schema: DatasetSchema) -> RecordStream:
        return _CsvStream(schema)


Cell = Callable[[object], str]


@dataclass
class _CsvStream:
    schema: DatasetSchema
    cells_changed: int = 0

    def head(self) -> bytes:
        return (",".join(map(_quote, self.schema.field_names)) + "\r\n").encode()

    def rows(self, records: Sequence[Record]) -> bytes:
        # Column-wise: 1.1 us a row of 12 cells, where csv.writer takes 3.3.
        columns = [self._column(f.kind, [r[f.name] for r in records]) for f in self.schema.fields]
        lines: Iterable[str] = map(",".join, zip(*columns, strict=True))
        if len(columns) == 1:  # readers skip an empty line, and a record with it
            lines = (line or '""' for line in lines)
        return ("\r\n".join(lines) + "\r\n").encode()

    def tail(self) -> bytes:
        return b""

    def _column(self, kind: FieldKind, cells: list[object]) -> list[str]:
        if kind is FieldKind.TEXT or kind is FieldKind.PHONE:
            return [self._text(cell, kind) for cell in cells]
        write = _WRITE.get(kind, _as_it_is)
        return ["" if cell is None else write(cell) for cell in cells]

    def _text(self, cell: object, kind: FieldKind) -> str:
        if cell is None:
            return ""
        text = str(cell)
        if FORMULA.match(text) and not (kind is FieldKind.PHONE and _PHONE.fullmatch(text)):
            self.cells_changed += 1
            text = f"'{text}"
        return _quote(text)


def _quote(text: str) -> str:
    if not text or _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _as_it_is(cell: object) -> str:
    return _quote(str(cell))


def _boolean(cell: object) -> str:
    return "true" if cell else "false"


def _structure(cell: object) -> str:
    return _quote(json.dumps(cell, ensure_ascii=False, separators=(",", ":")))


_WRITE: Final[dict[FieldKind, Cell]] = {
    FieldKind.BOOLEAN: _boolean,
    FieldKind.STRUCTURE: _structure,
}
