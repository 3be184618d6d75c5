"""The outcome of a dataset's rows in words: here, withheld, kept back, kept beside, not obtained."""

from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.model.outcome import in_gap
from dsar_export.model.package import DatasetAnswer, PackageContents
from renderers.report_pdf.sections.locale import Locale, sentence
from renderers.report_pdf.sections.wording import MARKS, RULES

_MAX_REASONS: Final = 20


def none_held(answer: DatasetAnswer, contents: PackageContents) -> bool:
    """Whether the dataset was searched in full and holds no row about the person."""
    return not answer.outcome.read and not in_gap(answer.dataset, contents.gaps)


def nonconforming_path(answer: DatasetAnswer) -> str:
    """The path of the member with the nonconforming rows."""
    return f"data/nonconforming/{answer.dataset.name}.json"


def reasons(answer: DatasetAnswer, locale: Locale) -> str:
    """Why rows are nonconforming: the fields and rules, with counts."""
    titles = {f"/{field.name}": locale.title(field) for field in answer.schema.fields}
    lines = [
        locale.phrase(
            "{field}: {rule} ({n})",
            field=titles.get(reason.field, reason.field),
            rule=_rule(reason.rule, locale),
            n=locale.count(n),
        )
        for reason, n in answer.outcome.reasons[:_MAX_REASONS]
    ]
    if more := len(answer.outcome.reasons) - len(lines):
        lines.append(locale.plural("and {n} more reason", "and {n} more reasons", more))
    return locale.listed(lines)


def _rule(rule: str, locale: Locale) -> str:
    if rule in RULES:
        return locale.phrase(RULES[rule])
    return locale.phrase("does not match: {form}", form=locale.phrase(rule))


def left_out_by_reason(answer: DatasetAnswer, locale: Locale) -> Mapping[str, list[str]]:
    """The titles of the left-out fields by reason, without our own marks."""
    titles: dict[str, list[str]] = {}
    for field in answer.left_out:
        if field.field not in MARKS:
            titles.setdefault(sentence(locale.message_text(field.reason)), []).append(
                locale.phrase(field.title)
            )
    return titles


def withheld_rows(answer: DatasetAnswer, locale: Locale) -> Iterator[tuple[str, str]]:
    """Pairs of row count and rule, for the rows that were withheld or kept back."""
    outcome = answer.outcome
    if withheld := outcome.withheld - outcome.kept_back:
        all_left_out = not answer.schema.fields
        yield (
            locale.count(withheld),
            " ".join(left_out_by_reason(answer, locale)) if all_left_out else locale.phrase("Withheld."),
        )
    if outcome.kept_back:
        yield locale.count(outcome.kept_back), _kept_back(answer, locale)


def _kept_back(answer: DatasetAnswer, locale: Locale) -> str:
    if answer.outcome.nonconforming:  # the outcome counts the reasons of both together
        return locale.phrase(
            "Held back until one of us has checked them, because they could not be filtered safely."
        )
    return locale.phrase(
        "Held back until one of us has checked them, because they could not be filtered safely: {reasons}",
        reasons=reasons(answer, locale),
    )


def row_counts(answer: DatasetAnswer, locale: Locale) -> str:
    """How many rows were read, and how many had each outcome."""
    outcome = answer.outcome
    if outcome.written == outcome.read:
        counts = locale.phrase("{n} in this package", n=locale.count(outcome.written))
    else:
        counts = locale.phrase(
            "{n} found: {parts}", n=locale.count(outcome.read), parts=", ".join(_parts(answer, locale))
        )
    if outcome.lines is None:
        return counts
    return locale.phrase("{counts}; lines searched: {n}", counts=counts, n=locale.count(outcome.lines))


def _parts(answer: DatasetAnswer, locale: Locale) -> Iterator[str]:
    outcome = answer.outcome
    yield locale.phrase("{n} in this package", n=locale.count(outcome.written))
    if withheld := outcome.withheld - outcome.kept_back:
        if answer.schema.fields:
            yield locale.phrase("{n} withheld", n=locale.count(withheld))
        else:
            yield locale.phrase("{n} not part of this right", n=locale.count(withheld))
    if outcome.kept_back:
        yield locale.phrase(
            "{n} held back until one of us has checked them", n=locale.count(outcome.kept_back)
        )
    if outcome.nonconforming:
        path, n = nonconforming_path(answer), locale.count(outcome.nonconforming)
        yield locale.phrase("{n} in a separate file, {path}", n=n, path=path)


def mark_counts(answer: DatasetAnswer) -> Mapping[str, int]:
    """The number of records with each mark, without the marks that the right does not cover."""
    left_out = {field.field for field in answer.left_out}
    return {
        mark: n for mark, n in answer.outcome.marked if n and answer.schema.fields and mark not in left_out
    }


def mark_lines(answer: DatasetAnswer, locale: Locale) -> Iterator[str]:
    """The marks in words with their counts; a mark without words is shown by its name."""
    for mark, n in mark_counts(answer).items():
        yield locale.phrase(MARKS.get(mark, "{mark}: {n}"), mark=mark, n=locale.count(n))
