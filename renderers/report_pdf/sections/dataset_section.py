"""The report's section on one dataset."""

from collections import Counter
from collections.abc import Iterator, Mapping

from dsar_export.language import formats
from dsar_export.model.outcome import in_gap
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.rights import rights_of
from dsar_export.model.schema import DatasetSchema, Origin
from renderers.report_pdf.blocks import Block, Bullets, Facts, Grid, Heading, Prose, Section
from renderers.report_pdf.sections.ledger import left_out_by_reason, mark_lines, row_counts
from renderers.report_pdf.sections.locale import Locale, sentence
from renderers.report_pdf.sections.provenance import provenance
from renderers.report_pdf.sections.records_section import records
from renderers.report_pdf.sections.terms import Fact, terms
from renderers.report_pdf.sections.wording import FIELDS_BY_ORIGIN, NOT_HERE, NOTHING_HELD, ORIGINS


def without_records(answer: DatasetAnswer, locale: Locale) -> Section:
    """The section of a dataset without records; it names no recipients, because that would mislead."""
    blocks = (Prose(locale.phrase(answer.schema.description)), Prose(locale.phrase(NOTHING_HELD)))
    return Section(locale.phrase(answer.schema.title), 1, blocks)


def for_access(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale
) -> Section:
    """Everything about a dataset, with its records; `paths` are its members in the package."""
    blocks = (
        Prose(locale.phrase(answer.schema.description)),
        *_incompleteness(answer, contents, locale),
        Facts(tuple(_facts(answer, contents, paths, locale))),
        *_meanings(answer.schema, locale),
        *_months(answer.digest.months, locale),
        *records(answer, contents, paths, locale),
    )
    return Section(locale.phrase(answer.schema.title), 1, blocks)


def for_portability(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale
) -> Section:
    """What a new controller needs: a description of the dataset, its counts and the meaning of each field."""
    facts = (
        *_counts(answer, locale),
        *_period(answer, locale),
        *_changed(answer, locale),
        *_in_package(paths, locale),
    )
    blocks = (
        Prose(locale.phrase(answer.schema.description)),
        *_incompleteness(answer, contents, locale),
        Facts(facts),
        *_meanings(answer.schema, locale),
    )
    return Section(locale.phrase(answer.schema.title), 1, blocks)


def _incompleteness(answer: DatasetAnswer, contents: PackageContents, locale: Locale) -> Iterator[Block]:
    if not answer.schema.fields:
        yield Prose(
            " ".join(
                (locale.phrase("Nothing of it is in this package."), *left_out_by_reason(answer, locale))
            )
        )
    if in_gap(answer.dataset, contents.gaps):
        yield Prose(
            locale.phrase(
                "Not all of it could be obtained; see “{section}”.", section=locale.phrase(NOT_HERE)
            )
        )
        own_gaps = [gap for gap in contents.gaps if gap.dataset == answer.dataset.name]
        if own_gaps:
            yield Bullets(tuple(sentence(locale.message_text(gap.reason)) for gap in own_gaps))


def _facts(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale
) -> Iterator[Fact]:
    yield from _counts(answer, locale)
    if not answer.schema.fields:  # a dataset outside this right: recipients belong in an access report
        return
    yield from _period(answer, locale)
    yield from terms(answer.dataset, contents.register, locale)
    if origins := "\n".join(_origins(answer, locale)):
        yield locale.phrase("Where it came from"), origins
    yield from provenance(answer, locale)
    yield (
        locale.phrase("Where it is kept"),
        locale.phrase("System “{source}”", source=answer.dataset.source),
    )
    yield from _changed(answer, locale)
    yield from _in_package(paths, locale)
    yield locale.phrase("Ask, correct, object"), _contact_text(answer, contents, locale)


def _counts(answer: DatasetAnswer, locale: Locale) -> Iterator[Fact]:
    yield locale.phrase("Records"), row_counts(answer, locale)
    if lines := "\n".join(mark_lines(answer, locale)):
        yield locale.phrase("Of these"), lines


def _period(answer: DatasetAnswer, locale: Locale) -> Iterator[Fact]:
    outcome = answer.outcome
    if outcome.first or outcome.last:
        first, last = locale.day(outcome.first), locale.day(outcome.last)
        yield locale.phrase("Period"), locale.phrase("{first} to {last}", first=first, last=last)


def _changed(answer: DatasetAnswer, locale: Locale) -> Iterator[Fact]:
    if answer.left_out and answer.schema.fields:
        yield (
            locale.phrase("Left out by this right"),
            locale.plural(
                "one field; see “{section}”.",
                "{n} fields; see “{section}”.",
                len(answer.left_out),
                section=locale.phrase(NOT_HERE),
            ),
        )
    yield from _changed_values(answer, locale)


def _in_package(paths: tuple[str, ...], locale: Locale) -> Iterator[Fact]:
    if paths:
        yield locale.phrase("In this package as"), "\n".join(paths)


def _changed_values(answer: DatasetAnswer, locale: Locale) -> Iterator[Fact]:
    outcome = answer.outcome
    if outcome.times_kept_beside and answer.schema.fields:
        yield (
            locale.phrase("Times also as stored"),
            locale.plural(
                "{n} stored time falls in an hour that a clock change repeats or leaves out; what was stored is "
                "kept beside it in the JSON file.",
                "{n} stored times fall in an hour that a clock change repeats or leaves out; what was stored is "
                "kept beside them in the JSON file.",
                outcome.times_kept_beside,
            ),
        )
    if outcome.csv_cells_changed:
        yield (
            locale.phrase("Changed in the CSV file"),
            locale.plural(
                "{n} text cell, so that no spreadsheet takes it for a formula; the JSON file holds it as it is.",
                "{n} text cells, so that no spreadsheet takes them for a formula; the JSON file holds them as "
                "they are.",
                outcome.csv_cells_changed,
            ),
        )


def _contact_text(answer: DatasetAnswer, contents: PackageContents, locale: Locale) -> str:
    contact, reference = contents.controller.contact, contents.request.reference
    open_rights = rights_of(contents.register.articles(answer.dataset))
    lines = [
        locale.phrase(
            "If something is wrong or not clear, write to {contact} with the reference {reference}, and say "
            "which record you mean.",
            contact=contact,
            reference=reference,
        )
    ]
    if "A21" in open_rights:
        lines.append(locale.phrase("You may object to its use there too, for reasons of your own situation."))
    if "A7-3" in open_rights:
        lines.append(locale.phrase("You may withdraw your consent there too."))
    return "\n".join(lines)


def _origins(answer: DatasetAnswer, locale: Locale) -> Iterator[str]:
    for origin in Origin:
        titles = [locale.title(f) for f in answer.schema.fields if f.origin is origin]
        if titles:
            yield locale.phrase(FIELDS_BY_ORIGIN[origin], fields=locale.listed(titles))


def _meanings(schema: DatasetSchema, locale: Locale) -> Iterator[Block]:
    if schema.fields:
        yield Heading(locale.phrase("What the fields mean"))
        yield Grid(
            (
                locale.phrase("Field"),
                locale.phrase("In the files"),
                locale.phrase("What it is"),
                locale.phrase("Where it came from"),
            ),
            tuple(
                (
                    locale.title(f),
                    f.name,
                    locale.phrase(f.description),
                    locale.phrase(ORIGINS[f.origin]),
                )
                for f in schema.fields
            ),
        )
    codes = tuple(
        (locale.title(f), c.value, locale.phrase(c.title), locale.phrase(c.description))
        for f in schema.fields
        for c in f.codes
    )
    if codes:
        yield Heading(locale.phrase("What the codes mean"))
        headers = (
            locale.phrase("Field"),
            locale.phrase("Code"),
            locale.phrase("Shown as"),
            locale.phrase("What it means"),
        )
        yield Grid(headers, codes)


def _months(months: Mapping[str, int], locale: Locale) -> Iterator[Block]:
    if not months:
        return
    years: dict[str, Counter[str]] = {}
    for name, records_ in months.items():
        year, _, month = name.partition("-")
        years.setdefault(year, Counter())[month] += records_
    rows = tuple(
        (
            year,
            *(locale.count(n) if (n := counts[f"{month:02}"]) else "" for month in range(1, 13)),
            locale.count(counts.total()),
        )
        for year, counts in sorted(years.items())
    )
    yield Heading(locale.phrase("Records by month"))
    headers = (locale.phrase("Year"), *formats.month_names(locale.language), locale.phrase("All months"))
    yield Grid(headers, rows, right=frozenset(range(1, len(headers))))
