"""What was worked out about the person, and what others told us: each record in a line or two."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from dsar_export.model.outcome import Record
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.schema import Origin, SchemaField
from renderers.report_pdf.blocks import Block, Grid, Prose
from renderers.report_pdf.sections.locale import Locale
from renderers.report_pdf.sections.provenance import main_origin
from renderers.report_pdf.sections.record_rows import values_in_line
from renderers.report_pdf.sections.records_section import number_shown, shown_records
from renderers.report_pdf.sections.wording import MARKS

_RECORDS: Final = 5
_LONGEST: Final = 200
_WORD: Final = 30  # a longer one is cut; Chinese has no blanks
_BETWEEN: Final = " \u00b7"


def in_brief(origin: Origin, contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """The first records of each dataset mainly of this origin, then where single details of it are."""
    held = [a for a in contents.datasets if a.outcome.written and _fields(a, origin)]
    mainly = [answer for answer in held if main_origin(answer) is origin]
    summaries = [(answer, "\n".join(_lines(answer, origin, contents, locale))) for answer in mainly]
    if rows := tuple((locale.phrase(answer.schema.title), lines) for answer, lines in summaries if lines):
        yield Grid((locale.phrase("Dataset"), locale.phrase("In brief")), rows)
    elsewhere = ((answer, _filled(answer, origin, contents)) for answer in held if answer not in mainly)
    if others := [_details(answer, fields, locale) for answer, fields in elsewhere if fields]:
        yield Prose(locale.phrase("Single details are in: {datasets}.", datasets=locale.listed(others)))


def _lines(answer: DatasetAnswer, origin: Origin, contents: PackageContents, locale: Locale) -> Iterator[str]:
    """The first records that say something of this origin, and how many more there are."""
    fields = _fields(answer, origin)
    shown = enumerate(shown_records(answer, contents), start=1)
    lines = ((at, line) for at, record in shown if (line := _line(fields, record, locale)))
    first = list(islice(lines, _RECORDS))
    yield from (line for _, line in first)
    read = first[-1][0] if len(first) == _RECORDS else number_shown(answer, contents)
    if first and (more := answer.outcome.written - read) > 0:
        yield locale.plural("And {n} more record.", "And {n} more records.", more)


def _line(fields: Sequence[SchemaField], record: Record, locale: Locale) -> str:
    """The values of a record on a line that is cut where a word ends."""
    line = " ".join(values_in_line(fields, record, locale).split())
    if len(line) <= _LONGEST:
        return line
    cut = line[: _LONGEST + 1]
    whole = cut.rpartition(" ")[0]
    kept = whole if len(whole) >= _LONGEST - _WORD else cut[:_LONGEST]
    before, _, last = kept.rpartition(_BETWEEN)
    # A label alone says nothing.
    return f"{kept if ':' in last.rstrip(':') else before}\u00a0\u2026"


def _fields(answer: DatasetAnswer, origin: Origin) -> Sequence[SchemaField]:
    return [f for f in answer.schema.fields if f.origin is origin and f.name not in MARKS]


def _filled(answer: DatasetAnswer, origin: Origin, contents: PackageContents) -> Sequence[SchemaField]:
    """The fields of this origin with a value in a record that is shown; all if there are more records."""
    fields = _fields(answer, origin)
    if number_shown(answer, contents) < answer.outcome.written:
        return fields
    unknown = {field.name for field in fields}
    for record in shown_records(answer, contents):
        unknown -= {name for name in unknown if record.get(name) is not None}
        if not unknown:
            break
    return [field for field in fields if field.name not in unknown]


def _details(answer: DatasetAnswer, fields: Sequence[SchemaField], locale: Locale) -> str:
    return locale.phrase(
        "{dataset} ({fields})",
        dataset=locale.phrase(answer.schema.title),
        fields=", ".join(locale.title(field) for field in fields),
    )
