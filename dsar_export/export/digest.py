"""What the report needs of a dataset, bounded however many records there are."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import Final, cast

from dsar_export.export.key_hashes import DistinctValues
from dsar_export.export.withhold import ReleasedChunk
from dsar_export.model.outcome import Digest, Outcome, Reason
from dsar_export.model.schema import DatasetSchema

_MONTH: Final = itemgetter(slice(7))


@dataclass
class Digester:
    """Counts one dataset while it passes."""

    dataset: str
    schema: DatasetSchema
    key_values: DistinctValues
    _written: int = 0
    _nonconforming: int = 0
    _kept_beside: int = 0
    _withheld: int = 0
    _kept_back: int = 0
    _marked: Counter[str] = field(default_factory=Counter)
    _months: Counter[str] = field(default_factory=Counter)
    _reasons: Counter[Reason] = field(default_factory=Counter)
    _first: tuple[datetime, str] | None = None
    _last: tuple[datetime, str] | None = None

    def add(self, chunk: ReleasedChunk) -> None:
        self._written += len(chunk.records)
        self._nonconforming += len(chunk.nonconforming)
        self._kept_beside += chunk.times_kept_beside
        self._withheld += chunk.withheld
        self._kept_back += len(chunk.kept_back)
        self._marked.update(chunk.marked)
        self._reasons.update(reason for row in chunk.nonconforming for reason in row.reasons)
        self._reasons.update(reason for reasons in chunk.kept_back for reason in reasons)
        self.key_values.add(chunk.records)
        if self.schema.period_field is not None:
            times = map(itemgetter(self.schema.period_field), chunk.records)
            self._add_times(cast("list[str]", list(filter(None, times))))  # as they conform to the schema

    def _add_times(self, times: list[str]) -> None:
        if not times:
            return
        outermost = _outermost(times)
        months = set(map(_MONTH, outermost))
        self._months.update({months.pop(): len(times)} if len(months) == 1 else map(_MONTH, times))
        moments = [(_moment(time), time) for time in outermost]
        self._first = min(moments) if self._first is None else min(self._first, *moments)
        self._last = max(moments) if self._last is None else max(self._last, *moments)

    def outcome(self, read: int, csv_cells_changed: int) -> Outcome:
        """The ledger; `read` counts the rows as they came from the source, so that no stage can lose one unseen."""
        return Outcome(
            dataset=self.dataset,
            read=read,
            written=self._written,
            withheld=self._withheld,
            nonconforming=self._nonconforming,
            first=None if self._first is None else self._first[1],
            last=None if self._last is None else self._last[1],
            times_kept_beside=self._kept_beside,
            csv_cells_changed=csv_cells_changed,
            reasons=tuple(sorted(self._reasons.items())),
            kept_back=self._kept_back,
            marked=tuple(sorted(self._marked.items())),
        )

    def digest(self) -> Digest:
        return Digest(dict(sorted(self._months.items())), self.key_values.hashes())


def _outermost(times: list[str]) -> list[str]:
    """The first and the last of the times, between which all others lie, also as texts; or all of them.

    Texts of UTC compare as their moments do, but for the Z at the end: 0.1 us a row where moments take 0.7.
    """
    if "".join(times).count("Z") < len(times):
        return times
    if len(set(map(len, times))) == 1:
        return [min(times), max(times)]
    bare = [time[:-1] for time in times]
    return [f"{min(bare)}Z", f"{max(bare)}Z"]


def _moment(time: str) -> datetime:
    """Dates and instants on one line; texts with different offsets do not compare as texts."""
    moment = datetime.fromisoformat(time)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
