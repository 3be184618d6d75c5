"""Records with those that belong to them, such as an order with its lines and payments."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dsar_export.model.outcome import Record
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.reference import Reference
from dsar_export.model.schema import SchemaField
from renderers.foreign_keys import ForeignKeys, key_of
from renderers.report_pdf.blocks import Block, Families, Family
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.record_rows import values_in_line
from renderers.report_pdf.sections.records_section import (
    MAX_ROWS,
    in_common,
    number_shown,
    rows_of,
    shown_records,
)
from renderers.report_pdf.sections.survey import survey
from renderers.report_pdf.sections.wording import CONTINUED

_MOST_BELONGING: Final = 2_000  # they are kept in memory
_MOST_FOR_EACH: Final = 20
"""On average; more are a list of their own, such as the visits of an account."""


@dataclass(frozen=True)
class Child:
    """A dataset whose records belong to those of another, and the reference by which they do."""

    answer: DatasetAnswer
    reference: Reference


def children(contents: PackageContents) -> Mapping[str, Sequence[Child]]:
    """By the name of a dataset, those whose records the report shows with its records.

    A dataset is shown once: with the most numerous records that it refers to, and never two levels deep.
    """
    keys = ForeignKeys(contents.datasets, contents.gaps)
    answers = {answer.dataset.name: answer for answer in contents.datasets if answer.schema.fields}
    wanted: dict[str, Reference] = {}
    for name, answer in answers.items():
        fitting = [key for key in keys.of(answer) if _fits(answer, answers[key.dataset], key, contents)]
        if fitting:
            wanted[name] = max(fitting, key=lambda key: answers[key.dataset].outcome.written)
    parents = {reference.dataset for reference in wanted.values()}
    found: dict[str, list[Child]] = {}
    for name, reference in wanted.items():
        if name not in parents:
            found.setdefault(reference.dataset, []).append(Child(answers[name], reference))
    return found


def _fits(child: DatasetAnswer, parent: DatasetAnswer, key: Reference, contents: PackageContents) -> bool:
    written, parents = child.outcome.written, parent.outcome.written
    # Everything belongs to the person: that is no reason to show it with the profile.
    owners = {k.column for k in parent.dataset.subject_keys}
    is_persons = all((m := parent.dataset.fields.get(name)) and m.column in owners for name in key.to)
    return (
        parent is not child
        and not is_persons
        and 0 < written <= min(_MOST_BELONGING, _MOST_FOR_EACH * parents)
        and written == number_shown(child, contents)
        and parents <= MAX_ROWS
        and _each_has_one(child, parent, key, contents)
    )


def _each_has_one(
    child: DatasetAnswer, parent: DatasetAnswer, key: Reference, contents: PackageContents
) -> bool:
    """Whether each record of a dataset refers to exactly one of the other, so that none is lost or shown twice.

    Not if one refers to none, and not if a record and its earlier version share a value.
    """
    values = [key_of(record, key.to) for record in contents.records(parent.dataset.name)]
    keys = {value for value in values if value is not None}
    referring = [key_of(record, key.fields) for record in contents.records(child.dataset.name)]
    complete = len(referring) == child.outcome.written and len(values) == parent.outcome.written
    return complete and len(keys) == len(values) and keys.issuperset(referring)


def families(
    answer: DatasetAnswer, belonging: Sequence[Child], contents: PackageContents, locale: Locale
) -> Iterator[Block]:
    """The records of a dataset, each with those that belong to it."""
    found = survey(answer.schema, shown_records(answer, contents), locale.zone)
    yield from in_common(found, answer.outcome.written, locale)
    kinds = [_Kind.of(child, contents, locale) for child in belonging]
    rows = rows_of(answer, found, locale)
    key = belonging[0].reference.to

    def family(record: Record) -> Family:
        parts = ((kind.title, kind.texts.get(key_of(record, kind.referenced), ())) for kind in kinds)
        return Family(
            title=_title(answer, key, record, locale),
            text=values_in_line(_without(found.differing, *key, answer.schema.period_field), record, locale),
            parts=tuple((title, texts) for title, texts in parts if texts),
        )

    made = tuple(rows.under_years(shown_records(answer, contents), family))
    yield Families(made, contents.report.every_row, locale.phrase(CONTINUED))


def _title(answer: DatasetAnswer, key: Sequence[str], record: Record, locale: Locale) -> str:
    fields = {field.name: field for field in answer.schema.fields}
    names = dict.fromkeys(filter(None, (*key, answer.schema.period_field)))
    return values_in_line([fields[name] for name in names], record, locale)


def _without(fields: Iterable[SchemaField], *names: str | None) -> tuple[SchemaField, ...]:
    return tuple(field for field in fields if field.name not in names)


@dataclass(frozen=True)
class _Kind:
    """The records of a dataset as texts, by the value with which they refer to their record."""

    title: str
    referenced: Sequence[str]
    texts: Mapping[str | None, tuple[str, ...]]

    @classmethod
    def of(cls, child: Child, contents: PackageContents, locale: Locale) -> "_Kind":
        answer, reference = child.answer, child.reference
        found = survey(answer.schema, shown_records(answer, contents), locale.zone)
        fields = _without(found.differing, *reference.fields) or _without(answer.schema.fields)
        texts: dict[str | None, list[str]] = {}
        for record in shown_records(answer, contents):
            text = values_in_line(fields, record, locale) or values_in_line(
                answer.schema.fields, record, locale
            )
            texts.setdefault(key_of(record, reference.fields), []).append(text)
        by_record = {key: tuple(each) for key, each in texts.items()}
        return cls(locale.phrase(answer.schema.title), reference.to, by_record)
