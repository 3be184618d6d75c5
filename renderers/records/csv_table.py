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
from operator import itemgetter
from typing import Final, cast

import orjson

from dsar_export.interfaces import RecordStream
from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema, FieldKind, SchemaField

_STARTS: Final = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"  # the last four are full-width
_SUSPICIOUS: Final = frozenset(f"'{_STARTS}")
_ASCII_STARTS: Final = tuple(sign for sign in _SUSPICIOUS if sign.isascii())
FORMULA: Final = re.compile(f"'*[{re.escape(_STARTS)}]")
_PHONE: Final = re.compile(
    r"\+?[0-9][0-9 ()./-]*"
)  # the schema may allow more; a text like this is not a formula
# orjson writes 1e16 and 0.00001 where Python writes 1e+16 and 1e-05. First, signs that all such numbers have.
_ONE_DIGIT: Final = bytes.maketrans(b"123456789", b"0" * 9)
_SIGNS_OF_OTHER_NUMBERS: Final = (b"0e", b"0.0000")
_OTHER_NUMBER: Final = re.compile(rb"(?:^|[:,\[])-?(?:[0-9.]+e|0\.0000)")
_FIRST: Final = itemgetter(slice(1))


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
        names = self.schema.field_names
        return (",".join(_quoted(names, "".join(names))) + "\r\n").encode()

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
        # Line by line: one letter beyond ASCII would make all of them four times as wide.
        return b"\r\n".join([*map(str.encode, written), b""])

    def tail(self) -> bytes:
        return b""

    def _column(self, field: SchemaField, cells: Sequence[object]) -> Sequence[str]:
        present = cells
        if field.nullable and None in cells:
            present = [cell for cell in cells if cell is not None]
        written = self._texts(field.kind, present) if field.kind in _TEXTS else _WRITE[field.kind](present)
        if len(present) == len(cells):
            return written
        if written is present:  # nothing to change in most columns
            return ["" if cell is None else cell for cell in cast("Sequence[str | None]", cells)]
        remaining = iter(written)
        return ["" if cell is None else next(remaining) for cell in cells]

    def _texts(self, kind: FieldKind, cells: Sequence[object]) -> Sequence[str]:
        """Texts made safe for spreadsheets, and quoted. Columns are checked whole: most have nothing to change."""
        texts = _unchanged(cells)
        together = "\0".join(texts)
        if not together.isascii() or any(sign in together for sign in _ASCII_STARTS):
            texts = self._safe(kind, texts)
        return _quoted(texts, together)

    def _safe(self, kind: FieldKind, texts: Sequence[str]) -> Sequence[str]:
        if _SUSPICIOUS.isdisjoint(map(_FIRST, texts)):
            return texts
        changed = [
            FORMULA.match(text) is not None and not (kind is FieldKind.PHONE and _PHONE.fullmatch(text))
            for text in texts
        ]
        self.cells_changed += sum(changed)
        return [f"'{text}" if change else text for text, change in zip(texts, changed, strict=True)]


def _quoted(texts: Sequence[str], together: str) -> Sequence[str]:
    """Quote the texts that RFC 4180 asks to quote, and empty text, so that it differs from null.

    `together` are the texts as one; that an apostrophe was put before one of them makes no difference.
    """
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
    try:
        written = b"\n".join(map(orjson.dumps, cells))  # JSON escapes line ends
    except orjson.JSONEncodeError:  # deeper, or another number, than it can write
        return _one_by_one(list(map(_as_json, cells)))
    signs = written.translate(_ONE_DIGIT)
    if any(sign in signs for sign in _SIGNS_OF_OTHER_NUMBERS):
        pairs = zip(cells, written.split(b"\n"), strict=True)
        return _one_by_one([_as_json(c) if _OTHER_NUMBER.search(w) else w.decode() for c, w in pairs])
    if written[:1] == b"[" or b"\n[" in written or b"{}" in written:  # it may have no quotation mark
        return _one_by_one(written.decode().split("\n"))
    quoted = b'"%b"' % written.replace(b'"', b'""').replace(b"\n", b'"\n"')
    return list(map(bytes.decode, quoted.split(b"\n")))


def _one_by_one(texts: Sequence[str]) -> Sequence[str]:
    return _quoted(texts, "".join(texts))


def _as_json(cell: object) -> str:
    # A number is written by its value, because a second process gets it from JSON.
    return json.dumps(cell, ensure_ascii=False, separators=(",", ":"), default=float)


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
