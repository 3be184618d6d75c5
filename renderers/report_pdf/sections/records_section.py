"""The records of a dataset: all of them, or the first ones followed by a summary of the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.schema import FieldKind
from renderers.report_pdf.blocks import Block, Cards, Grid, Heading, Prose
from renderers.report_pdf.sections.cells import cell
from renderers.report_pdf.sections.locale import NO_VALUE, Locale

MAX_ROWS: Final = 500
_MAX_COLUMNS: Final = 7
_NUMERIC: Final = frozenset({FieldKind.DECIMAL, FieldKind.NUMBER})


def records(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale
) -> Iterator[Block]:
    """The records, read only while they are drawn, because they may not fit into memory."""
    written, fields = answer.outcome.written, answer.schema.fields
    if not written or not fields:
        return
    shown = written if contents.report.every_row else min(written, MAX_ROWS)
    yield Heading(locale.phrase("The records"))
    if paths and not any(path.startswith("data/json/") for path in paths):  # a package without JSON
        yield Prose(
            locale.phrase("They are not shown here, but in the files: {files}.", files=locale.listed(paths))
        )
        return
    if shown < written:
        yield Prose(_first_rows_note(shown, answer, paths, locale))
    rows = _Rows(answer, contents, shown, locale, empty="" if len(fields) > _MAX_COLUMNS else NO_VALUE)
    titles = tuple(locale.title(field) for field in fields)
    if len(fields) > _MAX_COLUMNS:
        yield Cards(locale.phrase("Record"), titles, rows, whole=contents.report.every_row)
    else:
        numeric = frozenset(at for at, field in enumerate(fields) if field.kind in _NUMERIC)
        yield Grid(titles, rows, right=numeric, bulk=not contents.report.every_row)
    if shown < written:
        yield Prose(_remaining_rows_note(shown, answer, contents, locale))


@dataclass(frozen=True)
class _Rows:
    """The cells of each record, read again on every iteration; `empty` is shown for a missing value."""

    answer: DatasetAnswer
    contents: PackageContents
    shown: int
    locale: Locale
    empty: str

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        fields = self.answer.schema.fields
        for record in islice(self.contents.records(self.answer.dataset.name), self.shown):
            yield tuple(cell(field, record, self.locale) or self.empty for field in fields)


def _first_rows_note(shown: int, answer: DatasetAnswer, paths: tuple[str, ...], locale: Locale) -> str:
    csv = next((path for path in paths if path.endswith(".csv")), f"data/csv/{answer.dataset.name}.csv")
    return locale.phrase(
        "The first {n} of {all}; the full list is in {file}.",
        n=locale.count(shown),
        all=locale.count(answer.outcome.written),
        file=csv,
    )


def _remaining_rows_note(shown: int, answer: DatasetAnswer, contents: PackageContents, locale: Locale) -> str:
    more = answer.outcome.written - shown
    months = _remaining_months(shown, answer, contents)
    if not months:
        return locale.plural("And {n} more record.", "And {n} more records.", more)
    return locale.plural(
        "And {n} more record, of {first}.",
        "And {n} more records, from {first} to {last}.",
        more,
        first=locale.month(min(months)),
        last=locale.month(max(months)),
    )


def _remaining_months(shown: int, answer: DatasetAnswer, contents: PackageContents) -> Iterable[str]:
    """The months of the records that are not shown: all months minus those of the shown records."""
    period = answer.schema.period_field
    if period is None:
        return ()
    first = islice(contents.records(answer.dataset.name), shown)
    shown_months = Counter(time[:7] for record in first if isinstance(time := record.get(period), str))
    return Counter(answer.digest.months) - shown_months
