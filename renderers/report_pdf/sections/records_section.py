"""The records of a dataset: all of them, or the first ones followed by a summary of the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from dsar_export.language.zones import local_month
from dsar_export.model.outcome import Record
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.schema import SchemaField
from renderers.report_pdf.blocks import Block, Group, Heading, Prose, Records, Row
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.record_rows import RecordRows, fields_of, values_in_line
from renderers.report_pdf.sections.survey import Survey, survey
from renderers.report_pdf.sections.wording import CONTINUED

MAX_ROWS: Final = 500


def records(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale
) -> Iterator[Block]:
    """The records, read only while they are drawn, because they may not fit into memory."""
    written, fields = answer.outcome.written, answer.schema.fields
    if not written or not fields:
        return
    shown = number_shown(answer, contents)
    yield Heading(locale.phrase("The records"))
    if paths and not any(path.startswith("data/json/") for path in paths):  # a package without JSON
        yield Prose(
            locale.phrase("They are not shown here, but in the files: {files}.", files=locale.listed(paths))
        )
        return
    if shown < written:
        yield Prose(_first_rows_note(shown, answer, _csv(answer, paths), locale))
    found = survey(answer.schema, shown_records(answer, contents), locale.zone)
    yield from in_common(found, written, locale)
    if found.differing:
        yield _records_block(answer, contents, found, locale)
    if shown < written:
        yield _end_note(shown, answer, contents, _csv(answer, paths), locale)


def _records_block(
    answer: DatasetAnswer, contents: PackageContents, found: Survey, locale: Locale
) -> Records:
    return Records(
        title=locale.phrase("Record"),
        fields=fields_of(found.differing, locale),
        records=_Rows(answer, contents, rows_of(answer, found, locale), found.differing),
        whole=contents.report.every_row,
        continued=locale.phrase(CONTINUED),
    )


def number_shown(answer: DatasetAnswer, contents: PackageContents) -> int:
    """How many records the report shows."""
    written = answer.outcome.written
    return written if contents.report.every_row else min(written, MAX_ROWS)


def shown_records(answer: DatasetAnswer, contents: PackageContents) -> Iterator[Record]:
    """The records that the report shows, in the order of the file."""
    return islice(contents.records(answer.dataset.name), number_shown(answer, contents))


def rows_of(answer: DatasetAnswer, found: Survey, locale: Locale) -> RecordRows:
    """The rows of a dataset; few enough to be sorted, or in the order of the file."""
    sorting = found.count <= MAX_ROWS and answer.schema.period_field is not None
    return RecordRows(answer.schema, found, locale, sorting)


def in_common(found: Survey, written: int, locale: Locale) -> Iterator[Block]:
    """What is the same in all records, and which fields have no value in any; said of those shown if there are more."""
    cut, n = found.count < written, locale.count(found.count)
    if found.same:
        values = values_in_line(found.same, found.first, locale)
        if cut:
            yield Prose(locale.phrase("The same in the {n} shown: {values}", n=n, values=values))
        else:
            yield Prose(locale.phrase("The same in all: {values}", values=values))
    if found.empty:
        names = locale.listed(locale.title(field) for field in found.empty)
        if cut:
            yield Prose(locale.phrase("Empty in the {n} shown: {fields}", n=n, fields=names))
        elif found.count == 1:
            yield Prose(locale.phrase("Empty: {fields}", fields=names))
        else:
            yield Prose(locale.phrase("Empty in all: {fields}", fields=names))


@dataclass(frozen=True)
class _Rows:
    """The rows of a dataset, whose records are read again on every iteration."""

    answer: DatasetAnswer
    contents: PackageContents
    rows: RecordRows
    fields: tuple[SchemaField, ...]

    def __iter__(self) -> Iterator[Row | Group]:
        return self.rows.rows(shown_records(self.answer, self.contents), self.fields)


def _csv(answer: DatasetAnswer, paths: tuple[str, ...]) -> str:
    return next((path for path in paths if path.endswith(".csv")), f"data/csv/{answer.dataset.name}.csv")


def _first_rows_note(shown: int, answer: DatasetAnswer, file: str, locale: Locale) -> str:
    return locale.phrase(
        "The first {n} of {all}; the full list is in {file}.",
        n=locale.count(shown),
        all=locale.count(answer.outcome.written),
        file=file,
    )


def _end_note(
    shown: int, answer: DatasetAnswer, contents: PackageContents, file: str, locale: Locale
) -> Prose:
    """What follows the records shown, and where it is; with a bookmark, because the beginning is pages away."""
    written = answer.outcome.written
    rest = _remaining_rows_note(shown, answer, contents, locale)
    where = locale.phrase("All {all} are in {file}.", all=locale.count(written), file=file)
    bookmark = locale.plural("{n} more in {file}", "{n} more in {file}", written - shown, file=file)
    return Prose(f"{rest} {where}", bookmark=bookmark)


def _remaining_rows_note(shown: int, answer: DatasetAnswer, contents: PackageContents, locale: Locale) -> str:
    more = answer.outcome.written - shown
    months = _remaining_months(shown, answer, contents, locale.zone)
    if not months:
        return locale.plural("And {n} more record.", "And {n} more records.", more)
    return locale.plural(
        "And {n} more record, of {first}.",
        "And {n} more records, from {first} to {last}.",
        more,
        first=locale.month(min(months)),
        last=locale.month(max(months)),
    )


def _remaining_months(
    shown: int, answer: DatasetAnswer, contents: PackageContents, zone: str
) -> Iterable[str]:
    """The months of the records that are not shown: all months minus those of the shown records."""
    period = answer.schema.period_field
    if period is None:
        return ()
    first = islice(contents.records(answer.dataset.name), shown)
    times = (time for record in first if isinstance(time := record.get(period), str))
    shown_months = Counter(local_month(time, zone) for time in times)
    return Counter(answer.digest.months) - shown_months
