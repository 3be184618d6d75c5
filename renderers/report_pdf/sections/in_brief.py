"""What was worked out about the person, and what others told us: each record in a line or two."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.schema import Origin, SchemaField
from renderers.report_pdf.blocks import Block, Grid, Prose
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.provenance import main_origin
from renderers.report_pdf.sections.record_rows import values_in_line
from renderers.report_pdf.sections.wording import MARKS

_RECORDS: Final = 5
_LONGEST: Final = 160


def in_brief(origin: Origin, contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """The first records of each dataset mainly of this origin, then where single details of it are."""
    held = [a for a in contents.datasets if a.outcome.written and _fields(a, origin)]
    mainly = [answer for answer in held if main_origin(answer) is origin]
    if mainly:
        yield Grid(
            (locale.phrase("Dataset"), locale.phrase("In brief")),
            tuple(
                (locale.phrase(answer.schema.title), "\n".join(_lines(answer, origin, contents, locale)))
                for answer in mainly
            ),
        )
    others = [answer for answer in held if answer not in mainly]
    if others:
        yield Prose(
            locale.phrase(
                "There is more of it in: {datasets}.",
                datasets=locale.listed(_details(answer, origin, locale) for answer in others),
            )
        )


def _lines(answer: DatasetAnswer, origin: Origin, contents: PackageContents, locale: Locale) -> Iterator[str]:
    fields = _fields(answer, origin)
    for record in islice(contents.records(answer.dataset.name), _RECORDS):
        line = " ".join(values_in_line(fields, record, locale).split())
        yield line if len(line) <= _LONGEST else f"{line[:_LONGEST]}\u2026"
    if (more := answer.outcome.written - _RECORDS) > 0:
        yield locale.plural("And {n} more record.", "And {n} more records.", more)


def _fields(answer: DatasetAnswer, origin: Origin) -> Sequence[SchemaField]:
    return [f for f in answer.schema.fields if f.origin is origin and f.name not in MARKS]


def _details(answer: DatasetAnswer, origin: Origin, locale: Locale) -> str:
    titles = [locale.title(field) for field in _fields(answer, origin)]
    return locale.phrase(
        "{dataset} ({fields})", dataset=locale.phrase(answer.schema.title), fields=", ".join(titles)
    )
