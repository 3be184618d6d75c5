"""Where the rows of a dataset stand: in its table, in history tables, among the versions that a database keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dsar_export.model.dataset import Dataset
from dsar_export.model.place import HistoryTable


class Versions(Enum):
    """Which of the versions that a database keeps beside the rows of today, each version once."""

    REPLACED = "another version of the row came after it"
    LAST = "the row was deleted, and this is how it stood then"


@dataclass(frozen=True)
class Part:
    """What one statement reads of a dataset by one subject key; without a history table, the rows of today."""

    history: HistoryTable | None = None
    versions: Versions | None = None

    @property
    def earlier(self) -> bool:
        """Whether its rows are earlier versions; the last version of a deleted row is none."""
        return self.history is not None and not self.deleted

    @property
    def deleted(self) -> bool:
        return self.versions is Versions.LAST


def parts_of(dataset: Dataset) -> Iterator[Part]:
    """All parts, in the order in which they are read."""
    yield Part()
    for history in dataset.place.history:
        if history.system_versions:
            yield from (Part(history, versions) for versions in Versions)
        else:
            yield Part(history)
