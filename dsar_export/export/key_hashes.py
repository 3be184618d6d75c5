"""Hashes of the values of key fields, as long as there are few enough to keep."""

from collections.abc import Iterable, Mapping
from typing import Final

from dsar_export.model.outcome import Record

DISTINCT_VALUES: Final = 50_000  # about 4 MB of hashes


class DistinctValues:
    """Collects hashes of the values of some fields; drops a field with more than DISTINCT_VALUES."""

    def __init__(self, fields: Iterable[str]) -> None:
        self._seen: dict[str, set[int]] = {name: set() for name in fields}

    def add(self, records: Iterable[Record]) -> None:
        for name, seen in list(self._seen.items()):
            seen.update(
                hash(value) if type(value) is str else _hash(value)
                for record in records
                if (value := record[name]) is not None
            )
            if len(seen) > DISTINCT_VALUES:
                del self._seen[name]

    def hashes(self) -> Mapping[str, frozenset[int]]:
        """The hashes by field; they are valid only in this process."""
        return {name: frozenset(seen) for name, seen in self._seen.items()}


def _hash(value: object) -> int:
    """The hash of a value as it is written: -1 and -2 have the same hash in Python, as have numbers 2**61 - 1 apart."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return hash((repr(value),))  # in a tuple, or 1 would equal "1"
