"""Keeps back rows with JSON that may contain a credential: the register check can't see the names of members."""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.innocent import Innocents
from dsar_export.model.json_pointer import pointer_steps
from dsar_export.model.outcome import Reason
from dsar_export.model.schema import DatasetSchema, FieldKind
from dsar_export.normalising.embedded_credentials import holds_credential, is_suspect_key, may_hold_members
from dsar_export.normalising.json_names import structures_may_hold_one
from dsar_export.normalising.normalise import NormalisedChunk

_RULE: Final = message("JSON without members that look like credentials")
_TAG: Final = "$base64"
_BEGINNING: Final = 400  # characters of base64 that are decoded to see whether the bytes are text
_WORD: Final = re.compile(r"[\w-]+")


class CredentialFilter:
    """Searches a dataset's JSON for credentials, also JSON in text and bytes, and cells that could not be read."""

    def __init__(self, schema: DatasetSchema, dataset: Dataset | None = None) -> None:
        self._structures = tuple(f.name for f in schema.fields if f.kind is FieldKind.STRUCTURE)
        self._bytes = tuple(f.name for f in schema.fields if f.kind is FieldKind.BYTES)
        self._innocents = Innocents(() if dataset is None else dataset.innocent)
        self._at = {} if dataset is None else {name: _place(m) for name, m in dataset.fields.items()}

    def sift(self, chunk: NormalisedChunk) -> NormalisedChunk:
        """The chunk without the rows that are kept back; the order of the others stays."""
        structures = (n for n in self._structures if structures_may_hold_one([r[n] for r in chunk.records]))
        names = (*structures, *self._bytes, *chunk.with_members)
        found: dict[int, list[str]] = {}
        for name in names:
            for index, record in enumerate(chunk.records):
                if record[name] is not None and self._holds_one(name, record[name]):
                    found.setdefault(index, []).append(name)
        reasons = [self._reasons_beside(row.values) for row in chunk.nonconforming]
        if not found and not any(reasons):
            return chunk
        fit = [index for index in range(len(chunk.records)) if index not in found]
        suspects = [_reasons(held) for _, held in sorted(found.items())]
        return replace(
            chunk,
            records=[chunk.records[index] for index in fit],
            positions=[chunk.positions[index] for index in fit],
            nonconforming=[n for n, why in zip(chunk.nonconforming, reasons, strict=True) if not why],
            kept_back=[*chunk.kept_back, *suspects, *filter(None, reasons)],
        )

    def _reasons_beside(self, values: Mapping[str, object]) -> tuple[Reason, ...]:
        """Reasons to keep back a nonconforming row. In a structure that is not JSON, every word is checked."""
        unread = {name: " ".join(_unread_texts(values[name])) for name in self._structures}
        named = (
            name
            for name, text in unread.items()
            if any(is_suspect_key(word, self._innocents) for word in _WORD.findall(text))
        )
        held = (
            name
            for name, value in values.items()
            if any(self._holds_one(name, form) for form in (value, *_unread_texts(value)))
        )
        return _reasons({*named, *held})

    def _holds_one(self, name: str, value: object) -> bool:
        if (
            name in self._bytes
            and isinstance(value, str)
            and may_hold_members(_unread({_TAG: value[:_BEGINNING]}))
        ):
            value = _unread({_TAG: value})
        return holds_credential(value, self._at.get(name, (name,)), self._innocents)


def _place(mapping: FieldMapping) -> tuple[str, ...]:
    return (mapping.column or "", *pointer_steps(mapping.path or ""))


def _reasons(names: Iterable[str]) -> tuple[Reason, ...]:
    return tuple(Reason(f"/{name}", _RULE) for name in sorted(names))


def _unread_texts(value: object) -> Iterator[str]:
    """The texts of a cell that is kept as stored: one, or one for each member of an array."""
    if isinstance(value, list):
        for member in value:
            yield from _unread_texts(member)
    else:
        yield _unread(value)


def _unread(value: object) -> str:
    """The text of a cell that is kept as stored, decoded if it is tagged as base64."""
    if isinstance(value, Mapping) and isinstance(raw := value.get(_TAG), str):
        try:
            return base64.b64decode(raw).decode("utf-8", "replace")
        except ValueError:  # the source's own member of that name
            return ""
    return value if isinstance(value, str) else ""
