"""The records of a dataset: all of them, or the first with a summary of the rest."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.schema import FieldKind
from renderers.report_pdf.blocks import Block, Cards, Grid, Heading, Prose
from renderers.report_pdf.sections.cells import cell
from renderers.report_pdf.sections.locale import NOTHING, Locale

MOST_ROWS: Final = 500
_MOST_COLUMNS: Final = 7
_NUMERIC: Final = frozenset({FieldKind.DECIMAL, FieldKind.NUMBER})


def records(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale
) -> Iterator[Block]:
    """The rows, told only while they are drawn: there may be more than memory holds."""
    written, fields = answer.outcome.written, answer.schema.fields
    if not written or not fields:
        return
    shown = written if contents.report.every_row else min(written, MOST_ROWS)
    yield Heading(locale.phrase("The records"))
    if paths and not any(path.startswith("data/json/") for path in paths):  # a package without JSON
        yield Prose(
            locale.phrase("They are not shown here, but in the files: {files}.", files=locale.listed(paths))
        )
        return
    if shown < written:
        yield Prose(_shown(shown, answer, paths, locale))
    rows = _Rows(answer, contents, shown, locale, empty="" if len(fields) > _MOST_COLUMNS else NOTHING)
    titles = tuple(locale.title(field) for field in fields)
    if len(fields) > _MOST_COLUMNS:
        yield Cards(locale.phrase("Record"), titles, rows, whole=contents.report.every_row)
    else:
        numeric = frozenset(at for at, field in enumerate(fields) if field.kind in _NUMERIC)
        yield Grid(titles, rows, right=numeric, bulk=not contents.report.every_row)
    if shown < written:
        yield Prose(_rest(shown, answer, contents, locale))


@dataclass(frozen=True)
class _Rows:
    """Rows that are read anew, and no sooner than they are asked for; `empty` stands for no value."""

    answer: DatasetAnswer
    contents: PackageContents
    shown: int
    locale: Locale
    empty: str

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        fields = self.answer.schema.fields
        for record in islice(self.contents.records(self.answer.dataset.name), self.shown):
            yield tuple(cell(field, record, self.locale) or self.empty for field in fields)


def _shown(shown: int, answer: DatasetAnswer, paths: tuple[str, ...], locale: Locale) -> str:
    csv = next((path for path in paths if path.endswith(".csv")), f"data/csv/{answer.dataset.name}.csv")
    return locale.phrase(
        "The first {n} of {all}; the full list is in {file}.",
        n=locale.count(shown),
        all=locale.count(answer.outcome.written),
        file=csv,
    )


def _rest(shown: int, answer: DatasetAnswer, contents: PackageContents, locale: Locale) -> str:
    more = answer.outcome.written - shown
    months = _months_of_rest(shown, answer, contents)
    if not months:
        return locale.plural("And {n} more record.", "And {n} more records.", more)
    return locale.plural(
        "And {n} more record, of {first}.",
        "And {n} more records, from {first} to {last}.",
        more,
        first=locale.month(min(months)),
        last=locale.month(max(months)),
    )


def _months_of_rest(shown: int, answer: DatasetAnswer, contents: PackageContents) -> Iterable[str]:
    """The months of the records that are not shown: those of all, less those of the shown."""
    period = answer.schema.period_field
    if period is None:
        return ()
    first = islice(contents.records(answer.dataset.name), shown)
    told = Counter(time[:7] for record in first if isinstance(time := record.get(period), str))
    return Counter(answer.digest.months) - told
