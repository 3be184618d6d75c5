"""What the report tells of what is not here, and why."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass

from dsar_export.model.dataset import Dataset, LeftOut, LeftOutReason
from dsar_export.model.outcome import Answer
from dsar_export.model.package import DatasetAnswer, PackageContents
from renderers.report_pdf import dataset_section
from renderers.report_pdf.blocks import Block, Grid, Prose
from renderers.report_pdf.locale import Locale, sentence
from renderers.report_pdf.wording import MARKS, NOTHING_HELD


@dataclass(frozen=True)
class _Absence:
    """Something that is not here: what, how many records as far as known, and why."""

    what: str
    records: str
    why: str


def what_is_not_here(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """A table of all that is missing."""
    absences = [
        *_gaps(contents),
        *_rows_not_here(contents, locale),
        *_fields_left_out(contents),
        *_never_copied(contents),
        *(
            _Absence(p.promise.text, "", f"Not searched: {p.promise.not_searched or 'no ground is stated'}")
            for p in contents.promises
            if p.answer is Answer.NOT_SEARCHED
        ),
        *(_Absence(a.schema.title, "", NOTHING_HELD) for a in contents.datasets if none_held(a, contents)),
    ]
    if not absences:
        yield Prose("Nothing was left out of what we searched.")
        return
    rows = tuple((absence.what, absence.why, absence.records) for absence in absences)
    yield Grid(("What", "Why", "Records"), rows, right=frozenset({2}))


def none_held(answer: DatasetAnswer, contents: PackageContents) -> bool:
    """Whether a dataset was searched in full, and no row of the person was there."""
    return not answer.outcome.read and not in_gap(answer, contents)


def in_gap(answer: DatasetAnswer, contents: PackageContents) -> bool:
    """Whether a part of what a dataset is read from was not obtained."""
    name, source = answer.dataset.name, answer.dataset.source
    return any(gap.dataset == name or (gap.dataset is None and gap.source == source) for gap in contents.gaps)


def _gaps(contents: PackageContents) -> Iterator[_Absence]:
    titles = {answer.dataset.name: answer.schema.title for answer in contents.datasets}
    for gap in contents.gaps:
        title = titles.get(gap.dataset, gap.dataset) if gap.dataset else f"Something in “{gap.source}”"
        yield _Absence(
            title, "not known", f"Searched in “{gap.source}”, but not all was obtained: {gap.reason}"
        )


def _rows_not_here(contents: PackageContents, locale: Locale) -> Iterator[_Absence]:
    for answer in contents.datasets:
        outcome, title = answer.outcome, answer.schema.title
        if withheld := outcome.withheld - outcome.kept_back:
            yield _Absence(title, locale.count(withheld), _why_withheld(answer))
        if outcome.kept_back:
            why = "Kept back until one of us has looked at them, as they could not be filtered safely"
            if not outcome.nonconforming:  # the ledger counts the reasons of both together
                why = f"{why}: {dataset_section.reasons(outcome, locale)}"
            yield _Absence(title, locale.count(outcome.kept_back), why)
        if outcome.nonconforming:
            why = (
                "Not in the published form, so kept beside, in "
                f"{dataset_section.nonconforming_path(answer)}: {dataset_section.reasons(outcome, locale)}"
            )
            yield _Absence(title, locale.count(outcome.nonconforming), why)


def _why_withheld(answer: DatasetAnswer) -> str:
    if answer.schema.fields:
        return "Withheld."
    return " ".join(sentence(reason) for reason in _by_reason(answer, but=MARKS))


def _fields_left_out(contents: PackageContents) -> Iterator[_Absence]:
    marks: dict[str, list[str]] = {}
    for answer in contents.datasets:
        # Where no field went, the rows are told; where nothing is held, nothing was left out of it.
        if answer.schema.fields and not none_held(answer, contents):
            for reason, titles in _by_reason(answer, but=MARKS).items():
                yield _Absence(f"{answer.schema.title}: {'; '.join(titles)}", "", sentence(reason))
            for mark in answer.left_out:
                if mark.field in MARKS:
                    marks.setdefault(mark.reason, []).append(mark.title)
    for reason, titles in marks.items():  # the same in most datasets, so told once
        told = "; ".join(dict.fromkeys(titles))
        yield _Absence(f"What we mark records with: {told}", "", sentence(reason))


def _by_reason(answer: DatasetAnswer, but: Container[str] = ()) -> Mapping[str, list[str]]:
    titles: dict[str, list[str]] = {}
    for field in answer.left_out:
        if field.field not in but:
            titles.setdefault(field.reason, []).append(field.title)
    return titles


def _never_copied(contents: PackageContents) -> Iterator[_Absence]:
    """What the register says that no dataset exports: such as a password."""
    organisation = contents.register.organisation
    # A table may be left out for other companies only.
    read = {(d.source, t) for a in contents.datasets for d in (a.dataset,) for t in _tables(d)}
    for name, source in organisation.sources.items():
        if contents.request.controller in source.controllers:
            for table, left_out in _withheld(source.left_out):
                if (name, table) in read:
                    continue
                yield _Absence(f"{table} (in “{name}”)", "", f"Withheld: {left_out.note}")
    for answer in contents.datasets:
        if none_held(answer, contents):  # of a row that is not there, nothing was withheld
            continue
        for column, left_out in _columns_left_out(answer.dataset):
            yield _Absence(f"{answer.schema.title}: {column}", "", f"Withheld: {left_out.note}")


def _tables(dataset: Dataset) -> tuple[str, ...]:
    return (dataset.table, *(history.table for history in dataset.history))


def _columns_left_out(dataset: Dataset) -> Iterator[tuple[str, LeftOut]]:
    yield from _withheld(dataset.left_out)
    for history in dataset.history:
        for column, left_out in _withheld(history.left_out):
            if dataset.left_out.get(column) != left_out:
                yield f"{column} (in “{history.table}”)", left_out


def _withheld(left_out: Mapping[str, LeftOut]) -> Iterator[tuple[str, LeftOut]]:
    return ((name, each) for name, each in left_out.items() if each.reason is LeftOutReason.WITHHELD)
