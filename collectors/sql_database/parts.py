"""The places of a dataset's rows: its table, its history tables, and the versions that the database keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from dsar_export.model.dataset import Dataset
from dsar_export.model.place import HistoryTable


class Versions(Enum):
    """The two groups of past versions that a database keeps; each version is in exactly one."""

    REPLACED = "a later version of the row replaced it"
    LAST = "the last version before the row was deleted"


@dataclass(frozen=True)
class Part:
    """The part of a dataset that one statement reads. Without a history table, that is today's rows."""

    history: HistoryTable | None = None
    versions: Versions | None = None

    @property
    def earlier(self) -> bool:
        """Whether its rows are earlier versions. The last version of a deleted row does not count as one."""
        return self.history is not None and not self.deleted

    @property
    def deleted(self) -> bool:
        return self.versions is Versions.LAST


def parts_of(dataset: Dataset) -> Iterator[Part]:
    """All parts of a dataset, in the order in which they are read."""
    yield Part()
    for history in dataset.place.history:
        if history.system_versions:
            yield from (Part(history, versions) for versions in Versions)
        else:
            yield Part(history)
