"""Keeps back rows of key-value tables whose key is named like a credential."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.language.catalogue import message
from dsar_export.model.dataset import Dataset
from dsar_export.model.innocent import Innocents
from dsar_export.model.key_values import key_columns
from dsar_export.model.outcome import Reason
from dsar_export.model.source import Column
from dsar_export.normalising.embedded_credentials import is_suspect_key, may_be_secret

NOT_NAMED_LIKE_CREDENTIAL: Final = message("a value that is not called like a credential")
"""The rule that a kept-back row breaks."""


@dataclass(frozen=True)
class _Values:
    """A column of values, the fields that take it, and the columns and fields with the names of the values."""

    source: int
    fields: tuple[str, ...]
    keys: tuple[int, ...]
    named: tuple[str, ...]


@dataclass(frozen=True)
class KeyValues:
    """Finds the rows of a dataset whose values may be credentials."""

    columns: Sequence[_Values]
    innocents: Innocents

    def suspects(
        self, stored: Sequence[Column], made: Mapping[str, Column]
    ) -> Iterator[tuple[int, Sequence[Reason]]]:
        """The rows to keep back, each with the reasons."""
        for values in self.columns:
            reasons = [Reason(f"/{name}", NOT_NAMED_LIKE_CREDENTIAL) for name in values.fields]
            # The key as it is stored, and as a code table translates it.
            keys = [*(stored[key] for key in values.keys), *(made[name] for name in values.named)]
            found = {row for cells in keys for row in self._found(cells, stored[values.source])}
            yield from ((row, reasons) for row in sorted(found))

    def _found(self, keys: Column, values: Column) -> Iterator[int]:
        names = [key.decode("utf-8", "replace") if isinstance(key, bytes) else key for key in keys]
        suspect = {key for key in names if isinstance(key, str) and is_suspect_key(key, self.innocents)}
        for row, key in enumerate(names) if suspect else ():
            if isinstance(key, str) and key in suspect and may_be_secret(key, values[row]):
                yield row


def key_values(dataset: Dataset, place: Mapping[str, int]) -> KeyValues:
    """Compiles a dataset's columns of values; `place` is the position of each column in a row."""
    found = key_columns(dataset)
    columns = [
        _Values(
            place[value], _fields(dataset, [value]), tuple(place[key] for key in keys), _fields(dataset, keys)
        )
        for value, keys in found.items()
    ]
    return KeyValues(columns, Innocents(dataset.innocent))


def _fields(dataset: Dataset, columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name, mapping in dataset.fields.items() if mapping.column in columns)
