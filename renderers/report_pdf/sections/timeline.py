"""The relationship over time: records per month and dataset."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.model.package import PackageContents
from renderers.report_pdf.blocks import Block, Prose, Timeline
from renderers.report_pdf.sections.locale import Locale

_DATASETS_PER_FIGURE: Final = 25
_MAX_YEARS: Final = 25

Series = tuple[str, Mapping[str, int]]


def timeline(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """The figures, if any record has a time."""
    dated = tuple(
        (locale.phrase(answer.schema.title), answer.digest.months)
        for answer in contents.datasets
        if answer.digest.months
    )
    if not dated:
        return
    yield Prose(
        locale.phrase(
            "How many records there are for each month, by dataset; each line has a scale of its own. Records "
            "without a time are not counted."
        )
    )
    for first in range(0, len(dated), _DATASETS_PER_FIGURE):
        part = dated[first : first + _DATASETS_PER_FIGURE]
        yield Timeline(part, _in_words(part, locale))


def _in_words(dated: tuple[Series, ...], locale: Locale) -> str:
    return " ".join(_series(title, months, locale) for title, months in dated)


def _series(title: str, months: Mapping[str, int], locale: Locale) -> str:
    years: Counter[str] = Counter()
    for month, records in months.items():
        years[month.partition("-")[0]] += records
    return locale.phrase(
        "{dataset}: from {first} to {last}; by year: {years}.",
        dataset=title,
        first=locale.month(min(months)),
        last=locale.month(max(months)),
        years=locale.listed(_by_year(years, locale)),
    )


def _by_year(years: Counter[str], locale: Locale) -> Iterator[str]:
    ordered = sorted(years)
    earlier, recent = ordered[:-_MAX_YEARS], ordered[-_MAX_YEARS:]
    if earlier:
        before = locale.count(sum(years[year] for year in earlier))
        yield locale.phrase("before {year} {n}", year=recent[0], n=before)
    for year in recent:
        yield locale.phrase("{year} {n}", year=year, n=locale.count(years[year]))
