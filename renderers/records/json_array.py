"""A dataset as a JSON array, one record a line, lossless (RFC 8259)."""

from collections.abc import Sequence
from dataclasses import dataclass

from dsar_export.interfaces import RecordStream
from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema


class JsonArray:
    """Renders data/json/<dataset>.json."""

    mediatype = "application/json"

    def path(self, dataset: str) -> str:
        return f"data/json/{dataset}.json"

    def stream(self, schema: DatasetSchema) -> RecordStream:  # noqa: ARG002 - JSON needs no column list
        return _JsonStream()


@dataclass
class _JsonStream:
    cells_changed: int = 0
    _empty: bool = True

    def head(self) -> bytes:
        return b"["

    def rows(self, records: Sequence[Record], lines: bytes) -> bytes:  # noqa: ARG002 - `lines` are JSON already
        separator = b"\n" if self._empty else b",\n"
        self._empty = False
        return separator + lines

    def tail(self) -> bytes:
        return b"]\n" if self._empty else b"\n]\n"
