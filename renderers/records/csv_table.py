"""A dataset as CSV (RFC 4180), safe to open in a spreadsheet.

Null is an empty cell, and empty text is `""`. A text cell that a spreadsheet would run as a formula gets an
apostrophe in front, and so does a cell with apostrophes before the formula. Removing one apostrophe from every cell
that begins with apostrophes and then a formula character gives back the original. Numbers, money, dates, phone
numbers and base64 are never changed. See ADR 5.
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
_PHONE: Final = re.compile(
    r"\+?[0-9][0-9 ()./-]*"
)  # the schema may allow more; a text like this is not a formula


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

    def rows(self, records: Sequence[Record], lines: bytes) -> bytes:  # noqa: ARG002 - `lines` are JSON
        if not records:
            return b""
        if tuple(records[0]) != self.schema.field_names:
            # Cells would end up in the wrong columns.
            raise ValueError("the fields of a record are not in the order of the schema")
        # Column by column, which is faster than csv.writer: see ADR 20.
        cells = zip(*map(dict.values, records), strict=True)
        columns = [self._column(f, column) for f, column in zip(self.schema.fields, cells, strict=True)]
        written: Iterable[str] = map(",".join, zip(*columns, strict=True))
        if len(columns) == 1:  # readers skip empty lines, so a lone null is written as ""
            written = (line or '""' for line in written)
        return "\r\n".join([*written, ""]).encode()

    def tail(self) -> bytes:
        return b""

    def _column(self, field: SchemaField, cells: Sequence[object]) -> Sequence[str]:
        present = cells
        if field.nullable and None in cells:
            present = [cell for cell in cells if cell is not None]
        written = self._texts(field.kind, present) if field.kind in _TEXTS else _WRITE[field.kind](present)
        if len(present) == len(cells):
            return written
        remaining = iter(written)
        return ["" if cell is None else next(remaining) for cell in cells]

    def _texts(self, kind: FieldKind, cells: Sequence[object]) -> Sequence[str]:
        """Texts made safe for spreadsheets, and quoted. Columns are checked whole: most have nothing to change."""
        texts = _unchanged(cells)
        first = {text[:1] for text in texts}
        if not _SUSPICIOUS.isdisjoint(first):
            changed = [
                FORMULA.match(text) is not None and not (kind is FieldKind.PHONE and _PHONE.fullmatch(text))
                for text in texts
            ]
            self.cells_changed += sum(changed)
            texts = [f"'{text}" if change else text for text, change in zip(texts, changed, strict=True)]
        return _quoted(texts)


def _quoted(texts: Sequence[str]) -> Sequence[str]:
    """Quote the texts that RFC 4180 asks to quote, and empty text, so that it differs from null."""
    together = "\0".join(texts)
    signs = [sign for sign in '",\r\n' if sign in together]  # most columns have none, or only one of them
    if not signs and "" not in texts:
        return texts
    if len(signs) == 1 and signs != ['"']:
        sign = signs[0]
        return [f'"{t}"' if sign in t or not t else t for t in texts]
    return [
        # Faster than a regular expression.
        '"' + t.replace('"', '""') + '"' if '"' in t or "," in t or "\n" in t or "\r" in t or not t else t
        for t in texts
    ]


def _unchanged(cells: Sequence[object]) -> Sequence[str]:
    """Texts of the schema as they are: dates, money and base64 never need quotes."""
    return cast("Sequence[str]", cells)


def _integers(cells: Sequence[object]) -> Sequence[str]:
    """All integers in one call, which is faster than one call each."""
    if set(map(type, cells)) != {int}:
        return _numbers(cells)
    return orjson.dumps(cells)[1:-1].decode().split(",")


def _numbers(cells: Sequence[object]) -> Sequence[str]:
    return list(map(str, cells))


def _booleans(cells: Sequence[object]) -> Sequence[str]:
    return ["true" if cell else "false" for cell in cells]


def _structures(cells: Sequence[object]) -> Sequence[str]:
    # A number is written by its value here, because a second process gets it from JSON.
    return _quoted(
        [json.dumps(cell, ensure_ascii=False, separators=(",", ":"), default=float) for cell in cells]
    )


_TEXTS: Final = frozenset({FieldKind.TEXT, FieldKind.PHONE})
_WRITE: Final[Mapping[FieldKind, Callable[[Sequence[object]], Sequence[str]]]] = {
    FieldKind.INTEGER: _integers,
    FieldKind.NUMBER: _numbers,
    FieldKind.BOOLEAN: _booleans,
    FieldKind.STRUCTURE: _structures,
    FieldKind.DECIMAL: _unchanged,
    FieldKind.INSTANT: _unchanged,
    FieldKind.DATE: _unchanged,
    FieldKind.BYTES: _unchanged,
}
