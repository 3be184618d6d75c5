"""The report's section on one dataset."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from dsar_export.language import formats
from dsar_export.model.outcome import in_gap
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.schema import Code, SchemaField
from renderers.report_pdf.blocks import Block, Bullets, Facts, Grid, Heading, Jump, Prose, Section
from renderers.report_pdf.sections.dataset_facts import own_facts, processing_facts
from renderers.report_pdf.sections.families import Child, families
from renderers.report_pdf.sections.ledger import left_out_by_reason
from renderers.report_pdf.sections.locale import Locale, sentence
from renderers.report_pdf.sections.records_section import in_common, number_shown, records, shown_records
from renderers.report_pdf.sections.survey import survey
from renderers.report_pdf.sections.terms import Fact
from renderers.report_pdf.sections.wording import MARKS, NOT_HERE, NOTHING_HELD


@dataclass(frozen=True)
class Around:
    """What a dataset's section has to know of the others.

    `shared` has the facts of all datasets, which are not repeated; `children` the datasets whose records are shown
    with its own; `parent` is the dataset with whose records its own are shown.
    """

    shared: tuple[Fact, ...] = ()
    children: Sequence[Child] = ()
    parent: DatasetAnswer | None = None


def without_records(answers: Sequence[DatasetAnswer], locale: Locale) -> Section:
    """The datasets without records; no recipients are named, because that would mislead."""
    described = tuple(
        (locale.phrase(each.schema.title), locale.phrase(each.schema.description)) for each in answers
    )
    blocks = (Prose(locale.phrase(NOTHING_HELD)), Facts(described)) if answers else ()
    return Section(locale.phrase("Where there is nothing to disclose"), 0, blocks)


def for_access(
    answer: DatasetAnswer,
    contents: PackageContents,
    paths: tuple[str, ...],
    around: Around,
    locale: Locale,
) -> Section:
    """Everything about a dataset, with its records; `paths` are its members in the package.

    Our own marks are explained once, in front of all datasets.
    """
    facts = [fact for fact in processing_facts(answer, contents, locale) if fact not in around.shared]
    blocks = (
        *_elsewhere(around, locale),
        Prose(locale.phrase(answer.schema.description)),
        *_incompleteness(answer, contents, locale),
        Facts((*own_facts(answer, paths, locale), *facts)),
        *_meanings([field for field in answer.schema.fields if field.name not in MARKS], locale),
        *_records(answer, contents, paths, around, locale),
    )
    return _section(answer, blocks, locale)


def for_portability(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale
) -> Section:
    """What a new controller needs: a description of the dataset, its counts and the meaning of each field."""
    blocks = (
        Prose(locale.phrase(answer.schema.description)),
        *_incompleteness(answer, contents, locale),
        Facts(tuple(own_facts(answer, paths, locale))),
        *_meanings(answer.schema.fields, locale),
    )
    return _section(answer, blocks, locale)


def _section(answer: DatasetAnswer, blocks: tuple[Block, ...], locale: Locale) -> Section:
    return Section(locale.phrase(answer.schema.title), 1, blocks, place=answer.dataset.name)


def _elsewhere(around: Around, locale: Locale) -> Iterator[Block]:
    """A link to the records, if they are shown with those of another dataset."""
    if around.parent is not None:
        title = locale.phrase(around.parent.schema.title)
        text = locale.phrase("The records are shown in “{dataset}”, each where it belongs.", dataset=title)
        yield Jump(text, _place_of_records(around.parent))


def _place_of_records(answer: DatasetAnswer) -> str:
    return f"{answer.dataset.name}.records"  # no dataset has this name


def _records(
    answer: DatasetAnswer,
    contents: PackageContents,
    paths: tuple[str, ...],
    around: Around,
    locale: Locale,
) -> Iterator[Block]:
    if around.parent is not None:
        found = survey(answer.schema, shown_records(answer, contents), locale.zone)
        shared = tuple(in_common(found, answer.outcome.written, locale))
        if shared:
            yield Heading(locale.phrase("The records"))
        yield from shared
    elif around.children:
        yield Heading(locale.phrase("The records"), _place_of_records(answer))
        yield from families(answer, around.children, contents, locale)
    else:
        if number_shown(answer, contents) < answer.outcome.written:
            yield from _months(answer.digest.months, locale)
        yield from records(answer, contents, paths, locale)


def _incompleteness(answer: DatasetAnswer, contents: PackageContents, locale: Locale) -> Iterator[Block]:
    if not answer.schema.fields:
        yield Prose(
            " ".join(
                (locale.phrase("Nothing of it is in this package."), *left_out_by_reason(answer, locale))
            )
        )
    if in_gap(answer.dataset, contents.gaps):
        yield Prose(
            locale.phrase("We could not get all of it; see “{section}”.", section=locale.phrase(NOT_HERE))
        )
        own_gaps = [gap for gap in contents.gaps if gap.dataset == answer.dataset.name]
        if own_gaps:
            yield Bullets(tuple(sentence(locale.message_text(gap.reason)) for gap in own_gaps))


def _meanings(fields: Sequence[SchemaField], locale: Locale) -> Iterator[Block]:
    """What each field means, with its codes."""
    if fields:
        yield Heading(locale.phrase("What the fields mean"))
        yield Grid(
            (locale.phrase("Field"), locale.phrase("In the files"), locale.phrase("What it is")),
            tuple((locale.title(field), field.name, _meaning(field, locale)) for field in fields),
        )


def _meaning(field: SchemaField, locale: Locale) -> str:
    codes = locale.listed(_code(code, locale) for code in field.codes)
    return "\n".join(filter(None, (locale.phrase(field.description), codes)))


def _code(code: Code, locale: Locale) -> str:
    shown, meaning = locale.phrase(code.title), locale.phrase(code.description).rstrip(".")
    named = code.value.replace("_", " ").casefold() == shown.casefold()
    if code.description == code.title:  # the register has one text for it
        if named:
            return locale.phrase("“{shown}”", shown=shown)
        return locale.phrase("“{shown}” ({code})", shown=shown, code=code.value)
    if named:
        return locale.phrase("“{shown}”: {meaning}", shown=shown, meaning=meaning)
    return locale.phrase("“{shown}” ({code}): {meaning}", shown=shown, code=code.value, meaning=meaning)


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
