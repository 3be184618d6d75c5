"""Rows with JSON that may hold a credential are kept back: the register's check sees no member's name."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from dsar_export.export.normalise import NormalisedChunk
from dsar_export.language.catalogue import message
from dsar_export.model.credential import looks_like_credential
from dsar_export.model.outcome import Reason
from dsar_export.model.schema import DatasetSchema, FieldKind

_RULE: Final = message("JSON without members that look like credentials")
_WORD: Final = re.compile(r"[\w-]+")


class CredentialNet:
    """Looks through what a dataset has of JSON, also through what could not be read."""

    def __init__(self, schema: DatasetSchema) -> None:
        self._structures = tuple(f.name for f in schema.fields if f.kind is FieldKind.STRUCTURE)

    def sift(self, chunk: NormalisedChunk) -> NormalisedChunk:
        """The chunk without the rows that it keeps back; the order of the others stays."""
        if not self._structures and not chunk.nonconforming:
            return chunk
        of_records = [self._reasons(record) for record in chunk.records] if self._structures else []
        of_others = [self._reasons_beside(row.values) for row in chunk.nonconforming]
        if not any(of_records) and not any(of_others):
            return chunk
        fit = [i for i, why in enumerate(of_records) if not why] if self._structures else None
        return replace(
            chunk,
            records=chunk.records if fit is None else [chunk.records[i] for i in fit],
            positions=chunk.positions if fit is None else [chunk.positions[i] for i in fit],
            nonconforming=[n for n, why in zip(chunk.nonconforming, of_others, strict=True) if not why],
            kept_back=[*chunk.kept_back, *filter(None, of_records), *filter(None, of_others)],
        )

    def _reasons(self, record: Mapping[str, object]) -> tuple[Reason, ...]:
        return _told(name for name in self._structures if _holds_one(record[name]))

    def _reasons_beside(self, values: Mapping[str, object]) -> tuple[Reason, ...]:
        """Any field may have been given an array, and a structure what is no JSON: then each word of it is asked."""
        unread = {name: _unread(values[name]) for name in self._structures}
        named = (n for n, text in unread.items() if any(map(looks_like_credential, _WORD.findall(text))))
        return _told({*named, *(name for name, value in values.items() if _holds_one(value))})


def _told(names: Iterable[str]) -> tuple[Reason, ...]:
    return tuple(Reason(f"/{name}", _RULE) for name in sorted(names))


def _holds_one(value: object) -> bool:
    return any(map(looks_like_credential, _members(value)))


def _members(value: object) -> set[str]:
    """The names of all members of an object or array, however deep."""
    names: set[str] = set()
    waiting = [value]
    for held in waiting:  # which grows meanwhile
        if isinstance(held, dict):
            names.update(held)
            waiting += held.values()
        elif isinstance(held, list):
            waiting += held
    return names


def _unread(value: object) -> str:
    """The text of a cell that is kept as it was stored, also where JSON has no word for it."""
    if isinstance(value, Mapping) and isinstance(raw := value.get("$base64"), str):
        try:
            return base64.b64decode(raw).decode("utf-8", "replace")
        except ValueError:  # the source's own member of that name
            return ""
    return value if isinstance(value, str) else ""
