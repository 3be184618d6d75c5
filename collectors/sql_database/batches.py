"""Values in batches, because databases limit the number of parameters in a statement."""

from collections.abc import Iterator, Sequence
from typing import Final

BATCH: Final = 500


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values, at most BATCH at a time."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
