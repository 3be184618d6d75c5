"""What became of a dataset's rows, in words: here, withheld, kept back, kept beside, not obtained."""

from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.model.outcome import in_gap
from dsar_export.model.package import DatasetAnswer, PackageContents
from renderers.report_pdf.sections.locale import Locale, sentence
from renderers.report_pdf.sections.wording import MARKS, RULES

_MOST_REASONS: Final = 20


def none_held(answer: DatasetAnswer, contents: PackageContents) -> bool:
    """Whether a dataset was searched in full, and no row of the person was there."""
    return not answer.outcome.read and not in_gap(answer.dataset, contents.gaps)


def nonconforming_path(answer: DatasetAnswer) -> str:
    """The member that holds the rows that do not conform."""
    return f"data/nonconforming/{answer.dataset.name}.json"


def reasons(answer: DatasetAnswer, locale: Locale) -> str:
    """Why rows do not conform: the fields and rules, with counts."""
    titles = {f"/{field.name}": locale.title(field) for field in answer.schema.fields}
    told = [
        locale.phrase(
            "{field}: {rule} ({n})",
            field=titles.get(reason.field, reason.field),
            rule=_rule(reason.rule, locale),
            n=locale.count(n),
        )
        for reason, n in answer.outcome.reasons[:_MOST_REASONS]
    ]
    if more := len(answer.outcome.reasons) - len(told):
        told.append(locale.plural("and {n} more reason", "and {n} more reasons", more))
    return locale.listed(told)


def _rule(rule: str, locale: Locale) -> str:
    if rule in RULES:
        return locale.phrase(RULES[rule])
    return locale.phrase("does not fit: {form}", form=locale.phrase(rule))


def by_reason(answer: DatasetAnswer, locale: Locale) -> Mapping[str, list[str]]:
    """The titles of the fields that were left out, by why; without the marks of ours."""
    titles: dict[str, list[str]] = {}
    for field in answer.left_out:
        if field.field not in MARKS:
            titles.setdefault(sentence(locale.phrase_of(field.reason)), []).append(locale.phrase(field.title))
    return titles


def why_withheld(answer: DatasetAnswer, locale: Locale) -> Iterator[tuple[str, str]]:
    """For each rule by which rows of a dataset are not here: how many, and the rule."""
    outcome = answer.outcome
    if withheld := outcome.withheld - outcome.kept_back:
        whole = not answer.schema.fields
        yield (
            locale.count(withheld),
            " ".join(by_reason(answer, locale)) if whole else locale.phrase("Withheld."),
        )
    if outcome.kept_back:
        yield locale.count(outcome.kept_back), _kept_back(answer, locale)


def _kept_back(answer: DatasetAnswer, locale: Locale) -> str:
    if answer.outcome.nonconforming:  # the ledger counts the reasons of both together
        return locale.phrase(
            "Kept back until one of us has looked at them, as they could not be filtered safely."
        )
    return locale.phrase(
        "Kept back until one of us has looked at them, as they could not be filtered safely: {reasons}",
        reasons=reasons(answer, locale),
    )


def sums(answer: DatasetAnswer, locale: Locale) -> str:
    """How many rows were read, and where each is."""
    outcome = answer.outcome
    if outcome.written == outcome.read:
        return locale.phrase("{n} here", n=locale.count(outcome.written))
    return locale.phrase(
        "{n} read: {parts}", n=locale.count(outcome.read), parts=", ".join(_parts(answer, locale))
    )


def _parts(answer: DatasetAnswer, locale: Locale) -> Iterator[str]:
    outcome = answer.outcome
    yield locale.phrase("{n} here", n=locale.count(outcome.written))
    if withheld := outcome.withheld - outcome.kept_back:
        if answer.schema.fields:
            yield locale.phrase("{n} withheld", n=locale.count(withheld))
        else:
            yield locale.phrase("{n} not part of this right", n=locale.count(withheld))
    if outcome.kept_back:
        yield locale.phrase(
            "{n} kept back until one of us has looked at them", n=locale.count(outcome.kept_back)
        )
    if outcome.nonconforming:
        path, n = nonconforming_path(answer), locale.count(outcome.nonconforming)
        yield locale.phrase("{n} kept beside in {path}", n=n, path=path)


def marks(answer: DatasetAnswer) -> Mapping[str, int]:
    """How many records carry each mark; of a mark that the right does not cover, no count is told either."""
    left_out = {field.field for field in answer.left_out}
    return {
        mark: n for mark, n in answer.outcome.marked if n and answer.schema.fields and mark not in left_out
    }


def marked(answer: DatasetAnswer, locale: Locale) -> Iterator[str]:
    """The marks in words; one that has no words here is told by its name."""
    for mark, n in marks(answer).items():
        yield locale.phrase(MARKS.get(mark, "{mark}: {n}"), mark=mark, n=locale.count(n))
