"""Which values a field has, as long as they are few enough to remember."""

from collections.abc import Iterable, Mapping
from typing import Final

from dsar_export.model.outcome import Record

DISTINCT_VALUES: Final = 50_000  # as hashes about 4 MB a field


class DistinctValues:
    """Collects hashes of the values of some fields; it gives a field up that has more than DISTINCT_VALUES."""

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
        """By field: hashes that hold within this process."""
        return {name: frozenset(seen) for name, seen in self._seen.items()}


def _hash(value: object) -> int:
    """Of a number as it is written: -1 and -2 share their own hash, and so do numbers 2**61 - 1 apart."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return hash((repr(value),))  # not the text's alone, or 1 would be found where "1" is
