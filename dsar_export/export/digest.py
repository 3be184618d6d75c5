"""Summarises a dataset for the report, in bounded memory."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from operator import itemgetter
from typing import cast

from dsar_export.export.key_hashes import DistinctValues
from dsar_export.export.withhold import ReleasedChunk
from dsar_export.language.zones import local_month
from dsar_export.model.outcome import Digest, Outcome, Reason
from dsar_export.model.schema import DatasetSchema


@dataclass
class Digester:
    """Counts the records of one dataset as they pass; `zone` is the controller's, for the months."""

    dataset: str
    schema: DatasetSchema
    zone: str
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
            self._add_times(cast("list[str]", list(filter(None, times))))  # the schema ensures it

    def _add_times(self, times: list[str]) -> None:
        if not times:
            return
        outermost = _outermost(times)
        months = {local_month(time, self.zone) for time in outermost}
        if len(months) == 1:
            self._months[months.pop()] += len(times)
        else:
            self._months.update(local_month(time, self.zone) for time in times)
        moments = [(_moment(time), time) for time in outermost]
        self._first = min(moments) if self._first is None else min(self._first, *moments)
        self._last = max(moments) if self._last is None else max(self._last, *moments)

    def outcome(self, read: int, csv_cells_changed: int) -> Outcome:
        """The ledger; `read` counts the rows as they came from the source, so that no stage can lose one unnoticed."""
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
    """The first and the last of the times; all of them if they can't be compared as texts.

    Texts in UTC compare like their moments, except for the Z at the end, and much faster (see ADR 20).
    """
    if "".join(times).count("Z") < len(times):
        return times
    if len(set(map(len, times))) == 1:
        return [min(times), max(times)]
    bare = [time[:-1] for time in times]
    return [f"{min(bare)}Z", f"{max(bare)}Z"]


def _moment(time: str) -> datetime:
    """A date or an instant as a moment, because texts with different offsets don't compare as texts."""
    moment = datetime.fromisoformat(time)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
