"""Values in batches, as databases limit how many parameters a statement may have."""

from collections.abc import Iterator, Sequence
from typing import Final

BATCH: Final = 500


def batches(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values, at most BATCH at a time."""
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
