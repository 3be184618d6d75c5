"""A dataset as CSV (RFC 4180), safe to open in a spreadsheet.

Null is an empty cell, empty text is `""`. A text cell that a spreadsheet would run as a formula gets an
apostrophe before it; a cell that already has such apostrophes gets one more, so that a reader who takes one
away from every cell that begins with apostrophes and such a character has the original. Numbers, money,
dates, phone numbers and base64 are left alone.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import orjson

from dsar_export.interfaces import RecordStream
from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema, FieldKind, SchemaField

_STARTS: Final = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"  # the last four are full-width
_SUSPICIOUS: Final = frozenset(f"'{_STARTS}")
FORMULA: Final = re.compile(f"'*[{re.escape(_STARTS)}]")
_PHONE: Final = re.compile(r"\+?[0-9][0-9 ()./-]*")  # the schema may say less; this is no formula


class CsvTable:
    """Renders data/csv/<dataset>.csv."""

    mediatype = "text/csv"

    def path(self, dataset: str) -> str:
        return f"data/csv/{dataset}.csv"

    def stream(self, schema: DatasetSchema) -> RecordStream:
        return _CsvStream(schema)


@dataclass
class _CsvStream:
    schema: DatasetSchema
    cells_changed: int = 0

    def head(self) -> bytes:
        return (",".join(_quoted(list(self.schema.field_names))) + "\r\n").encode()

    def rows(self, records: Sequence[Record], lines: bytes) -> bytes:  # noqa: ARG002 - CSV has lines of its own
        if not records:
            return b""
        if tuple(records[0]) != self.schema.field_names:
            raise ValueError(
                "records are not in the order of their schema"
            )  # or each cell would be under another
        # Column by column: 1 us a row of 12 cells, where csv.writer takes 3.3.
        cells = zip(*map(dict.values, records), strict=True)
        columns = [self._column(f, column) for f, column in zip(self.schema.fields, cells, strict=True)]
        written: Iterable[str] = map(",".join, zip(*columns, strict=True))
        if len(columns) == 1:  # readers skip an empty line, and a record with it
            written = (line or '""' for line in written)
        return "\r\n".join([*written, ""]).encode()

    def tail(self) -> bytes:
        return b""

    def _column(self, field: SchemaField, cells: Sequence[object]) -> Sequence[str]:
        told = cells
        if field.nullable and None in cells:
            told = [cell for cell in cells if cell is not None]
        written = self._texts(field.kind, told) if field.kind in _TEXTS else _WRITE[field.kind](told)
        if len(told) == len(cells):
            return written
        present = iter(written)
        return ["" if cell is None else next(present) for cell in cells]

    def _texts(self, kind: FieldKind, cells: Sequence[object]) -> Sequence[str]:
        """Texts that no spreadsheet runs, quoted; nearly no column has one to change."""
        texts = _as_they_are(cells)
        first = {text[:1] for text in texts}
        if not _SUSPICIOUS.isdisjoint(first):
            changed = [
                FORMULA.match(text) is not None and not (kind is FieldKind.PHONE and _PHONE.fullmatch(text))
                for text in texts
            ]
            self.cells_changed += sum(changed)
            texts = [f"'{text}" if so else text for text, so in zip(texts, changed, strict=True)]
        return texts if "" not in first and _is_bare(texts) else _quoted(texts)


def _is_bare(texts: Sequence[str]) -> bool:
    """Whether RFC 4180 wants none of them quoted: a column is looked through as one text."""
    together = "\0".join(texts)
    return not any(sign in together for sign in '",\r\n')


def _quoted(texts: Sequence[str]) -> Sequence[str]:
    """Quotes what is quoted by RFC 4180, and empty text, which is not null."""
    return [
        # A third of what a regular expression takes.
        '"' + t.replace('"', '""') + '"' if '"' in t or "," in t or "\n" in t or "\r" in t or not t else t
        for t in texts
    ]


def _as_they_are(cells: Sequence[object]) -> Sequence[str]:
    """What the schema says is text: of dates, money and base64 nothing needs quotes."""
    return cast("Sequence[str]", cells)


def _integers(cells: Sequence[object]) -> Sequence[str]:
    """All at once: half of what each takes by itself."""
    if set(map(type, cells)) != {int}:
        return _numbers(cells)
    return orjson.dumps(cells)[1:-1].decode().split(",")


def _numbers(cells: Sequence[object]) -> Sequence[str]:
    return list(map(str, cells))


def _booleans(cells: Sequence[object]) -> Sequence[str]:
    return ["true" if cell else "false" for cell in cells]


def _structures(cells: Sequence[object]) -> Sequence[str]:
    return _quoted([json.dumps(cell, ensure_ascii=False, separators=(",", ":")) for cell in cells])


_TEXTS: Final = frozenset({FieldKind.TEXT, FieldKind.PHONE})
_WRITE: Final[Mapping[FieldKind, Callable[[Sequence[object]], Sequence[str]]]] = {
    FieldKind.INTEGER: _integers,
    FieldKind.NUMBER: _numbers,
    FieldKind.BOOLEAN: _booleans,
    FieldKind.STRUCTURE: _structures,
    FieldKind.DECIMAL: _as_they_are,
    FieldKind.INSTANT: _as_they_are,
    FieldKind.DATE: _as_they_are,
    FieldKind.BYTES: _as_they_are,
}
