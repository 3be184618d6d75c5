"""Hashes of the values of key fields, as long as there are few enough to keep."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from dsar_export.model.outcome import Record

DISTINCT_VALUES: Final = 50_000  # about 4 MB of hashes


class DistinctValues:
    """Collects hashes of the values of keys, which have one field or several; drops one with too many values."""

    def __init__(self, keys: Iterable[tuple[str, ...]]) -> None:
        self._seen: dict[tuple[str, ...], set[int]] = {key: set() for key in keys}

    def add(self, records: Sequence[Record]) -> None:
        for key, seen in list(self._seen.items()):
            seen.update(_alone(records, *key) if len(key) == 1 else _together(records, key))
            if len(seen) > DISTINCT_VALUES:
                del self._seen[key]

    def hashes(self) -> Mapping[tuple[str, ...], frozenset[int]]:
        """The hashes by the fields of each key; they are valid only in this process."""
        return {key: frozenset(seen) for key, seen in self._seen.items()}


def _alone(records: Sequence[Record], name: str) -> Iterator[int]:
    return (
        hash(value) if type(value) is str else _hash(value)
        for record in records
        if (value := record[name]) is not None
    )


def _together(records: Sequence[Record], key: tuple[str, ...]) -> Iterator[int]:
    """One hash for all values of a record; none for a record without one of them, which refers to nothing."""
    for record in records:
        values = [record[name] for name in key]
        if None not in values:
            yield hash(tuple(value if type(value) is str else _hash(value) for value in values))


def _hash(value: object) -> int:
    """The hash of a value as it is written: -1 and -2 have the same hash in Python, as have numbers 2**61 - 1 apart."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return hash((repr(value),))  # in a tuple, or 1 would equal "1"
