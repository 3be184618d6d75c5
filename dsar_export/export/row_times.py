"""The time span that a row covers, from its date and time fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping, RepeatedHour
from dsar_export.model.periods import ALWAYS, END, Periods
from dsar_export.model.schema import FieldKind
from dsar_export.normalising import Unfit
from dsar_export.normalising.cells import Convert, converter
from dsar_export.normalising.normalise import places
from dsar_export.normalising.pairs import paired

Row = tuple[object, ...]
Span = tuple[datetime, datetime]
Times = Sequence[Callable[[Row], Span | None]]

# A day without a zone: it begins first at UTC+14 and ends last at UTC-12.
_BEFORE: Final = timedelta(hours=14)
_AFTER: Final = timedelta(hours=36)


def row_times(dataset: Dataset) -> Times:
    """Functions that read the times of a row, one for each field of the dataset's `valid_at`."""
    place = places(dataset)
    return [_time(dataset.fields[name], place) for name in dataset.valid_at]


def within(periods: Periods, row: Row, times: Times) -> bool | None:
    """Whether a row, from its first time to its last, lies within the periods.

    None if only a part of it does, or if no time can be read.
    """
    if periods == ALWAYS:
        return True
    try:
        spans = [span for time in times if (span := time(row)) is not None]
    except Unfit:
        return None
    if not spans:
        return None
    first = min(begin for begin, _ in spans)
    last = max(end for _, end in spans)
    if any(span.since <= first and last < span.until for span in periods.spans):
        return True
    return None if any(span.since <= last and first < span.until for span in periods.spans) else False


def _time(mapping: FieldMapping, place: Mapping[str, int]) -> Callable[[Row], Span | None]:
    at = place[mapping.column or ""]
    # A local time in an hour that a clock change repeats may mean either moment.
    is_local = mapping.zone not in {None, "UTC"} or mapping.zone_column is not None
    hours = (RepeatedHour.EARLIER, RepeatedHour.LATER) if is_local else (RepeatedHour.EARLIER,)
    readings = [_reading(replace(mapping, repeated_hour=hour), place) for hour in hours]

    def read(row: Row) -> Span | None:
        if row[at] is None:
            return None
        spans = [_span(str(reading(row))) for reading in readings]
        return min(s[0] for s in spans), max(s[1] for s in spans)

    return read


def _reading(mapping: FieldMapping, place: Mapping[str, int]) -> Callable[[Row], object]:
    at, pair, convert = place[mapping.column or ""], paired(mapping), _moment_or_day(mapping)
    if pair is None:
        return lambda row: convert(row[at])
    second, both = place[pair[0]], pair[1]
    return lambda row: both(row[at], row[second])


def _moment_or_day(mapping: FieldMapping) -> Convert:
    moment, day = converter(FieldKind.INSTANT, mapping), converter(FieldKind.DATE, mapping)

    def convert(cell: object) -> object:
        try:
            return moment(cell)
        except Unfit:
            return day(cell)

    return convert


def _span(text: str) -> Span:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is not None:
        return moment, moment
    day = moment.replace(tzinfo=END.tzinfo)
    try:
        return day - _BEFORE, day + _AFTER
    except OverflowError:
        raise Unfit("date between the years 1 and 9999") from None
