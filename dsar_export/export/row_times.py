"""When a row is of: the time that it certainly lies in, as far as its fields say."""

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
Stretch = tuple[datetime, datetime]
Times = Sequence[Callable[[Row], Stretch | None]]

# A day without a zone: it begins first at UTC+14 and ends last at UTC-12.
_BEFORE: Final = timedelta(hours=14)
_AFTER: Final = timedelta(hours=36)


def row_times(dataset: Dataset) -> Times:
    """How to read the times of a dataset's rows, one for each field of its `valid_at`."""
    place = places(dataset)
    return [_time(dataset.fields[name], place) for name in dataset.valid_at]


def within(periods: Periods, row: Row, times: Times) -> bool | None:
    """Whether a row, from its first time to its last, lies within the periods.

    None where a part of it does, or no time can be read.
    """
    if periods == ALWAYS:
        return True
    try:
        stretches = [stretch for time in times if (stretch := time(row)) is not None]
    except Unfit:
        return None
    if not stretches:
        return None
    first = min(begin for begin, _ in stretches)
    last = max(end for _, end in stretches)
    if any(span.since <= first and last < span.until for span in periods.spans):
        return True
    return None if any(span.since <= last and first < span.until for span in periods.spans) else False


def _time(mapping: FieldMapping, place: Mapping[str, int]) -> Callable[[Row], Stretch | None]:
    at = place[mapping.column or ""]
    # In an hour that clocks repeat, either may be meant.
    hours = (RepeatedHour.EARLIER, RepeatedHour.LATER)
    readings = [_reading(replace(mapping, repeated_hour=hour), place) for hour in hours]

    def read(row: Row) -> Stretch | None:
        if row[at] is None:
            return None
        stretches = [_stretch(str(reading(row))) for reading in readings]
        return min(s[0] for s in stretches), max(s[1] for s in stretches)

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


def _stretch(told: str) -> Stretch:
    moment = datetime.fromisoformat(told)
    if moment.tzinfo is not None:
        return moment, moment
    day = moment.replace(tzinfo=END.tzinfo)
    try:
        return day - _BEFORE, day + _AFTER
    except OverflowError:
        raise Unfit("date between the years 1 and 9999") from None
