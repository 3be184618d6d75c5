"""How derived data was worked out, and who gave us acquired data."""

from collections.abc import Iterable, Iterator
from typing import Final

from dsar_export.model.dataset import Logic
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.schema import Origin
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.terms import Fact
from renderers.report_pdf.sections.wording import MARKS

RAREST_FIRST: Final = (Origin.DERIVED, Origin.ACQUIRED, Origin.OBSERVED, Origin.PROVIDED)


def main_origin(answer: DatasetAnswer) -> Origin:
    """The most frequent origin among the fields, the rarer one of a tie; our own marks do not count.

    One derived field does not turn a thousand visits into derived data.
    """
    return max(RAREST_FIRST, key=lambda origin: share(answer, origin))


def by_origin(answers: Iterable[DatasetAnswer]) -> Iterator[tuple[Origin, list[DatasetAnswer]]]:
    """The datasets by main origin, the rarest origin first; in a group, the largest share of it first."""
    grouped = list(answers)
    for origin in RAREST_FIRST:
        group = [answer for answer in grouped if main_origin(answer) is origin]
        yield origin, sorted(group, key=lambda answer: share(answer, origin), reverse=True)


def share(answer: DatasetAnswer, origin: Origin) -> float:
    """The share of a dataset's fields with this origin, from 0 to 1."""
    origins = [field.origin for field in answer.schema.fields if field.name not in MARKS]
    return origins.count(origin) / len(origins) if origins else float(origin is Origin.PROVIDED)


def provenance(answer: DatasetAnswer, locale: Locale) -> Iterator[Fact]:
    """The logic and the sources of the data, or that the register does not state them."""
    if answer.dataset.logic is not None:
        yield from _logic(answer.dataset.logic, locale)
    elif titles := _titles(answer, Origin.DERIVED, locale):
        yield (
            locale.phrase("How it was worked out"),
            locale.phrase("Our register does not say for: {fields}. Please ask us.", fields=titles),
        )
    if answer.dataset.obtained_from:
        yield locale.phrase("Who gave it to us"), "\n".join(answer.dataset.obtained_from)
    elif titles := _titles(answer, Origin.ACQUIRED, locale):
        yield (
            locale.phrase("Who gave it to us"),
            locale.phrase(
                "Our register names no source for: {fields}. If no record names it either, please ask us.",
                fields=titles,
            ),
        )


def _logic(logic: Logic, locale: Locale) -> Iterator[Fact]:
    yield locale.phrase("How it was worked out"), logic.procedure
    yield locale.phrase("From which data"), "\n".join(logic.data_used)
    yield locale.phrase("What it means for you"), logic.significance
    if logic.decides_alone:
        decides = locale.phrase(
            "A machine alone. You can have a person review it, say what you think and contest it."
        )
    else:
        decides = locale.phrase(
            "Not a machine alone: no decision that affects you is made on this basis without a person."
        )
    yield locale.phrase("Who decides"), decides


def _titles(answer: DatasetAnswer, origin: Origin, locale: Locale) -> str:
    fields = answer.schema.fields
    return locale.listed(locale.title(f) for f in fields if f.origin is origin and f.name not in MARKS)
