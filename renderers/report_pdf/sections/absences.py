"""What is missing from the package, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dsar_export.model.dataset import Dataset
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.outcome import Answer
from dsar_export.model.package import PackageContents, PromiseAnswer
from dsar_export.model.table_name import name_parts
from renderers.report_pdf.blocks import Block, Grid, Prose
from renderers.report_pdf.sections.ledger import (
    left_out_by_reason,
    nonconforming_path,
    none_held,
    reasons,
    withheld_rows,
)
from renderers.report_pdf.sections.locale import Locale, sentence
from renderers.report_pdf.sections.promise_words import not_searched
from renderers.report_pdf.sections.undecided import undecided_facts
from renderers.report_pdf.sections.wording import MARKS, NOT_COVERED, NOTHING_HELD, YOUR_RIGHTS


@dataclass(frozen=True)
class Absence:
    """Something that is missing: its name, the number of records if known, and the reason."""

    what: str
    records: str
    why: str


def count_absences(contents: PackageContents, locale: Locale) -> int:
    """The number of entries in the list of missing things."""
    return len(absences(contents, locale))


def absences(contents: PackageContents, locale: Locale) -> list[Absence]:
    """Everything that is missing, in the words of the report."""
    return [
        *_gaps(contents, locale),
        *_missing_rows(contents, locale),
        *_fields_left_out(contents, locale),
        *_never_copied(contents, locale),
        *_not_covered(contents, locale),
        *_not_searched(contents.promises, contents, locale),
        *_held_for_clients(contents, locale),
        *_not_recorded(contents, locale),
        *(
            Absence(locale.phrase(answer.schema.title), "", locale.phrase(NOTHING_HELD))
            for answer in contents.datasets
            if none_held(answer, contents)
        ),
    ]


def what_is_not_here(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """A table of everything that is missing."""
    missing = absences(contents, locale)
    if not missing:
        yield Prose(locale.phrase("Nothing was left out of what we searched."))
        return
    headers = (locale.phrase("What"), locale.phrase("Why"), locale.phrase("Records"))
    if any(absence.records for absence in missing):
        rows = tuple((absence.what, absence.why, absence.records) for absence in missing)
        yield Grid(headers, rows, right=frozenset({2}))
    else:  # only columns, paper and the like, of which no records are counted
        yield Grid(headers[:2], tuple((absence.what, absence.why) for absence in missing))
    yield Prose(
        locale.phrase(
            "If you think that something should be here, ask us to look again: {contact}. You can also "
            "complain; see “{section}”.",
            contact=contents.controller.contact,
            section=locale.phrase(YOUR_RIGHTS),
        )
    )


def withholds_columns(dataset: Dataset) -> bool:
    """Whether the register withholds a column of the dataset from every package, such as a password."""
    return any(True for _ in _withheld(dataset.left_out))


def holds_uncopied_data(contents: PackageContents, locale: Locale) -> bool:
    """Whether the sources hold data about the person that no package contains, such as a password."""
    held = any(answer.outcome.read for answer in contents.datasets)
    return held and any(True for _ in _never_copied(contents, locale))


def _gaps(contents: PackageContents, locale: Locale) -> Iterator[Absence]:
    titles = {answer.dataset.name: locale.phrase(answer.schema.title) for answer in contents.datasets}
    for gap in contents.gaps:
        if gap.dataset:
            title = titles.get(gap.dataset, gap.dataset)
        else:
            title = locale.phrase("Part of “{source}”", source=gap.source)
        why = locale.phrase(
            "We searched “{source}”, but could not get everything: {reason}",
            source=gap.source,
            reason=locale.message_text(gap.reason),
        )
        yield Absence(title, locale.phrase("unknown"), why)


def _missing_rows(contents: PackageContents, locale: Locale) -> Iterator[Absence]:
    for answer in contents.datasets:
        title = locale.phrase(answer.schema.title)
        for records, why in withheld_rows(answer, locale):
            yield Absence(title, records, why)
        if answer.outcome.nonconforming:
            why = locale.phrase(
                "Does not match the schema, so it is in a separate file, {path}: {reasons}",
                path=nonconforming_path(answer),
                reasons=reasons(answer, locale),
            )
            yield Absence(title, locale.count(answer.outcome.nonconforming), why)


def _fields_left_out(contents: PackageContents, locale: Locale) -> Iterator[Absence]:
    marks: dict[str, list[str]] = {}
    for answer in contents.datasets:
        # Without any field, the rows are listed instead; an empty dataset has nothing to leave out.
        if answer.schema.fields and not none_held(answer, contents):
            for reason, titles in left_out_by_reason(answer, locale).items():
                what = locale.labelled(locale.phrase(answer.schema.title), locale.listed(titles))
                yield Absence(what, "", reason)
            for mark in answer.left_out:
                if mark.field in MARKS:
                    reason = sentence(locale.message_text(mark.reason))
                    marks.setdefault(reason, []).append(locale.phrase(mark.title))
    for reason, titles in marks.items():  # the same in most datasets, so listed once
        names = locale.listed(dict.fromkeys(titles))
        yield Absence(locale.phrase("Our own marks on records: {marks}", marks=names), "", reason)


def _never_copied(contents: PackageContents, locale: Locale) -> Iterator[Absence]:
    """Tables and columns that the register withholds from every package, such as a password."""
    organisation = contents.register.organisation
    # A table that is left out here may still be read: it can be left out for other controllers only.
    datasets = [*(a.dataset for a in contents.datasets), *(n.dataset for n in contents.not_covered)]
    read = {(d.source, name_parts(t)) for d in datasets for t in _tables(d)}
    for name, source in organisation.sources.items():
        if contents.request.controller in source.controllers:
            for table, left_out in _withheld(source.left_out):
                if (name, name_parts(table)) not in read:
                    yield Absence(_with_place(table, name, locale), "", _withheld_because(left_out, locale))
    for answer in contents.datasets:
        versions = answer.dataset.place.versions_left_out
        if versions is not None and versions.reason is LeftOutReason.WITHHELD:
            # Also listed for people without rows today: all their rows may have been deleted.
            what = locale.labelled(
                locale.phrase(answer.schema.title), locale.phrase("earlier versions of the records")
            )
            yield Absence(what, "", _withheld_because(versions, locale))
        if not answer.outcome.read:  # without a row, no column was withheld
            continue
        for column, left_out in _columns_left_out(answer.dataset, locale):
            what = locale.labelled(locale.phrase(answer.schema.title), column)
            yield Absence(what, "", _withheld_because(left_out, locale))


def _withheld_because(left_out: LeftOut, locale: Locale) -> str:
    return locale.phrase("Withheld: {why}", why=left_out.note or "")


def _with_place(name: str, place: str, locale: Locale) -> str:
    return locale.phrase("{what} (in “{where}”)", what=name, where=place)


def _tables(dataset: Dataset) -> tuple[str, ...]:
    return (dataset.place.table, *(history.table for history in dataset.place.history))


def _columns_left_out(dataset: Dataset, locale: Locale) -> Iterator[tuple[str, LeftOut]]:
    yield from _withheld(dataset.left_out)
    for history in dataset.place.history:
        for column, left_out in _withheld(history.left_out):
            if dataset.left_out.get(column) != left_out:
                yield _with_place(column, history.table, locale), left_out


def _withheld(left_out: Mapping[str, LeftOut]) -> Iterator[tuple[str, LeftOut]]:
    return ((name, each) for name, each in left_out.items() if each.reason is LeftOutReason.WITHHELD)


def _not_covered(contents: PackageContents, locale: Locale) -> Iterator[Absence]:
    """All in one row: the reason is the same."""
    titles = [locale.phrase(each.schema.title) for each in contents.not_covered]
    if titles:
        yield Absence(
            locale.listed(titles), "", locale.phrase(NOT_COVERED, contact=contents.controller.contact)
        )


def _held_for_clients(contents: PackageContents, locale: Locale) -> Iterator[Absence]:
    """What another controller answers for: it is named, so that the person can ask there."""
    for each in contents.register.held_for_clients(contents.request.controller):
        why = locale.phrase(
            "We hold this for {client}, as a processor, and copy nothing of it. Please ask there: {contact}.",
            client=each.client,
            contact=each.contact,
        )
        yield Absence(each.what, "", why)


def _not_recorded(contents: PackageContents, locale: Locale) -> Iterator[Absence]:
    """What nobody has decided yet about the data that is here; for all datasets in one row."""
    why = locale.phrase(
        "We have not recorded this yet. Please ask us: {contact}.", contact=contents.controller.contact
    )
    for fact, titles in undecided_facts(contents, locale):
        what = fact[:1].upper() + fact[1:]
        yield Absence(locale.labelled(what, locale.named(titles)) if titles else what, "", why)


def _not_searched(
    promises: tuple[PromiseAnswer, ...], contents: PackageContents, locale: Locale
) -> Iterator[Absence]:
    for promise in promises:
        if promise.answer is Answer.NOT_SEARCHED and not promise.not_covered:
            yield Absence(promise.promise.text, "", not_searched(promise, contents, locale))
