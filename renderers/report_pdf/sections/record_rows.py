"""Records -> the rows that the report shows, under a heading for each year."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema, FieldKind, SchemaField
from renderers.report_pdf.blocks import Family, Fields, Group, Row
from renderers.report_pdf.sections.cells import cell, short_time
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.survey import Survey, year_of

_NUMERIC: Final = frozenset({FieldKind.DECIMAL, FieldKind.NUMBER, FieldKind.INTEGER})
_FEWEST_FOR_YEARS: Final = 13
"""So many records make it easier to find one under its year than to read the year in each."""
MAX_TEXT: Final = 20_000
"""The most of a value that waits in memory to be drawn; the drawing shows no more."""
_BETWEEN: Final = " \u00b7 "
_ENDLESS: Final = datetime.max.replace(tzinfo=UTC)

Shown = TypeVar("Shown", Row, Family)


def fields_of(fields: Sequence[SchemaField], locale: Locale) -> Fields:
    """How the fields of records are shown."""
    titles = tuple(locale.title(field) for field in fields)
    return Fields(
        titles=titles,
        labels=tuple(label_before_value(title, locale) for title in titles),
        right=frozenset(at for at, field in enumerate(fields) if field.kind in _NUMERIC and not field.codes),
    )


def label_before_value(title: str, locale: Locale) -> str:
    """A title as it stands before a value on the same line."""
    return f"{locale.labelled(title, '').rstrip()} "


def values_in_line(fields: Iterable[SchemaField], record: Record, locale: Locale) -> str:
    """The values of a record on one line, each after its label, without those that are missing."""
    return _BETWEEN.join(
        f"{label_before_value(locale.title(field), locale)}{text}"
        for field in fields
        if (text := cell(field, record, locale)[:MAX_TEXT])
    )


@dataclass(frozen=True)
class RecordRows:
    """The rows of records; `sorting` puts them in the order of time, for which all are kept in memory."""

    schema: DatasetSchema
    survey: Survey
    locale: Locale
    sorting: bool

    @property
    def by_year(self) -> bool:
        many = self.survey.count >= _FEWEST_FOR_YEARS and len(self.survey.years) > 1
        return many and (self.sorting or self.survey.ordered)

    def rows(self, records: Iterable[Record], fields: Sequence[SchemaField]) -> Iterator[Row | Group]:
        """The cells of each record."""
        return self.under_years(records, lambda record: self.row(record, fields))

    def row(self, record: Record, fields: Sequence[SchemaField]) -> Row:
        """The cells of a record; under the heading of a year, its time is shown without the year."""
        period = self.schema.period_field if self.by_year else None
        cells = (
            short_time(field, record, self.locale)
            if field.name == period
            else cell(field, record, self.locale)
            for field in fields
        )
        return tuple(text[:MAX_TEXT] for text in cells) if self.sorting else tuple(cells)

    def under_years(
        self, records: Iterable[Record], shown: Callable[[Record], Shown]
    ) -> Iterator[Shown | Group]:
        """What is shown of each record, in order, with a heading where a year begins; records without time are last."""
        made = ((self._moment(each), self._year(each), shown(each)) for each in records)
        last: str | None = ""
        for _, year, each in sorted(made, key=lambda made: made[0]) if self.sorting else made:
            if self.by_year and year != last:
                yield Group(self.locale.phrase("Without a date") if year is None else year)
                last = year
            yield each

    def _year(self, record: Record) -> str | None:
        return year_of(self.schema, record, self.locale.zone)

    def _moment(self, record: Record) -> datetime:
        time = None if self.schema.period_field is None else record.get(self.schema.period_field)
        try:
            moment = datetime.fromisoformat(time) if isinstance(time, str) else _ENDLESS
        except ValueError:
            return _ENDLESS
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
