"""What the report tells of one dataset."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from dsar_export.language import formats
from dsar_export.model.outcome import Outcome
from dsar_export.model.package import DatasetAnswer, PackageContents
from dsar_export.model.schema import DatasetSchema, FieldKind, Origin
from renderers.report_pdf.blocks import Block, Bullets, Cards, Facts, Grid, Heading, Prose, Section
from renderers.report_pdf.cells import cell
from renderers.report_pdf.locale import Locale, sentence
from renderers.report_pdf.terms import terms
from renderers.report_pdf.wording import MARKS, NOTHING_HELD, ORIGINS

_MOST_ROWS: Final = 200
_MOST_COLUMNS: Final = 7
_MOST_REASONS: Final = 20
_INCOMPLETE: Final = "Not all of it could be obtained; see “What is not here, and why”."
_NUMERIC: Final = frozenset({FieldKind.DECIMAL, FieldKind.NUMBER})


def none_held(answer: DatasetAnswer) -> Section:
    """The section of a dataset without rows: who would receive what is not there would only mislead."""
    return Section(answer.schema.title, 1, (Prose(answer.schema.description), Prose(NOTHING_HELD)))


def compose(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale, *, in_gap: bool
) -> Section:
    """The section of a dataset; `paths` are its members of the package."""
    blocks = (
        Prose(answer.schema.description),
        *_not_whole(answer, contents, in_gap=in_gap),
        Facts(tuple(_facts(answer, contents, paths, locale))),
        *_fields(answer),
        *_codes(answer.schema),
        *_months(answer.digest.months, locale),
        *_records(answer, paths, locale),
    )
    return Section(answer.schema.title, 1, blocks)


def _not_whole(answer: DatasetAnswer, contents: PackageContents, *, in_gap: bool) -> Iterator[Block]:
    if not answer.schema.fields:
        reasons_ = dict.fromkeys(sentence(field.reason) for field in answer.left_out)
        yield Prose(" ".join(["Nothing of it is in this package.", *reasons_]))
    if in_gap:
        yield Prose(_INCOMPLETE)
        told = [sentence(gap.reason) for gap in contents.gaps if gap.dataset == answer.dataset.name]
        if told:
            yield Bullets(tuple(told))


def nonconforming_path(answer: DatasetAnswer) -> str:
    """The member that holds the rows that do not conform."""
    return f"data/nonconforming/{answer.dataset.name}.json"


def reasons(outcome: Outcome, locale: Locale) -> str:
    """Why rows do not conform: the fields and rules, with counts."""
    named = [f"{r.field}: {r.rule} ({locale.count(n)})" for r, n in outcome.reasons[:_MOST_REASONS]]
    more = len(outcome.reasons) - len(named)
    return "; ".join([*named, f"and {locale.count(more)} more reasons"] if more > 0 else named)


def _facts(
    answer: DatasetAnswer, contents: PackageContents, paths: tuple[str, ...], locale: Locale
) -> Iterator[tuple[str, str]]:
    outcome = answer.outcome
    yield "Records", _ledger(answer, locale)
    if marked := [f"{MARKS.get(m, m)}: {locale.count(n)}" for m, n in outcome.marked if n]:
        yield "Of these", "\n".join(marked)
    if not answer.schema.fields:  # who received what is not here is told to those who ask for access
        return
    if outcome.first or outcome.last:
        yield "Period", f"{locale.day(outcome.first)} to {locale.day(outcome.last)}"
    yield from terms(answer.dataset, contents.register, locale)
    if origins := "\n".join(_origins(answer)):
        yield "Where it came from", origins
    yield "Where it is kept", f"System “{answer.dataset.source}”"
    if answer.left_out:
        fields = "one field" if len(answer.left_out) == 1 else f"{locale.count(len(answer.left_out))} fields"
        yield "Left out by this right", f"{fields}; see “What is not here, and why”."
    yield from _written_otherwise(outcome, locale)
    if paths:
        yield "In this package as", "\n".join(paths)


def _written_otherwise(outcome: Outcome, locale: Locale) -> Iterator[tuple[str, str]]:
    if outcome.times_kept_beside:
        yield (
            "Times kept beside",
            (
                f"{locale.count(outcome.times_kept_beside)} stored times fall in an hour that a clock change "
                "repeats or leaves out; what was stored is kept beside them in the JSON file."
            ),
        )
    if outcome.csv_cells_changed:
        yield (
            "Changed in the CSV file",
            (
                f"{locale.count(outcome.csv_cells_changed)} text cells, so that no spreadsheet takes them for "
                "a formula; the JSON file holds them as they are."
            ),
        )


def _ledger(answer: DatasetAnswer, locale: Locale) -> str:
    outcome = answer.outcome
    here = f"{locale.count(outcome.written)} here"
    if outcome.written == outcome.read:
        return here
    parts = [f"{locale.count(outcome.read)} read: {here}"]
    if withheld := outcome.withheld - outcome.kept_back:
        parts.append(
            f"{locale.count(withheld)} {'withheld' if answer.schema.fields else 'not part of this right'}"
        )
    if outcome.kept_back:
        parts.append(f"{locale.count(outcome.kept_back)} kept back until one of us has looked at them")
    if outcome.nonconforming:
        kept = locale.count(outcome.nonconforming)
        parts.append(f"{kept} kept beside in {nonconforming_path(answer)}")
    return ", ".join(parts)


def _origins(answer: DatasetAnswer) -> Iterator[str]:
    for origin in Origin:
        titles = [f.title for f in answer.schema.fields if f.origin is origin]
        if titles:
            yield f"{ORIGINS[origin].capitalize()}: {'; '.join(titles)}"


def _fields(answer: DatasetAnswer) -> Iterator[Block]:
    fields = answer.schema.fields
    if fields:
        yield Heading("What the fields mean")
        yield Grid(
            ("Field", "In the files", "What it is", "Where it came from"),
            tuple((f.title, f.name, f.description, ORIGINS[f.origin]) for f in fields),
        )


def _codes(schema: DatasetSchema) -> Iterator[Block]:
    rows = tuple((f.title, c.value, c.title, c.description) for f in schema.fields for c in f.codes)
    if rows:
        yield Heading("What the codes mean")
        yield Grid(("Field", "Code", "Shown as", "What it means"), rows)


def _months(months: Mapping[str, int], locale: Locale) -> Iterator[Block]:
    if not months:
        return
    years: dict[str, Counter[str]] = {}
    for name, records in months.items():
        year, _, month = name.partition("-")
        years.setdefault(year, Counter())[month] += records
    rows = tuple(
        (
            year,
            *(locale.count(of[f"{month:02}"]) if of[f"{month:02}"] else "" for month in range(1, 13)),
            locale.count(of.total()),
        )
        for year, of in sorted(years.items())
    )
    yield Heading("Records by month")
    heads = ("Year", *formats.month_names(locale.language), "All")
    yield Grid(heads, rows, right=frozenset(range(1, len(heads))))


def _records(answer: DatasetAnswer, paths: tuple[str, ...], locale: Locale) -> Iterator[Block]:
    shown = answer.digest.first_records[:_MOST_ROWS]
    fields = answer.schema.fields
    if not shown or not fields:
        return
    yield Heading("The records")
    if len(shown) < answer.outcome.written:
        csv = next((path for path in paths if path.endswith(".csv")), f"data/csv/{answer.dataset.name}.csv")
        first, all_of_them = locale.count(len(shown)), locale.count(answer.outcome.written)
        yield Prose(f"The first {first} of {all_of_them}; the full list is in {csv}.")
    titles = tuple(field.title for field in fields)
    rows = tuple(tuple(cell(f, r, locale.language, locale.zone) for f in fields) for r in shown)
    if len(fields) > _MOST_COLUMNS:
        yield Cards("Record", titles, rows)
        return
    numeric = frozenset(at for at, field in enumerate(fields) if field.kind in _NUMERIC)
    yield Grid(titles, rows, right=numeric, bulk=True)
