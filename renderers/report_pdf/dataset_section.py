"""What the report tells of one dataset."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dsar_export.language import formats
from dsar_export.model.legal import LEGAL_BASES, SAFEGUARDS
from dsar_export.model.outcome import Outcome
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.register import Organisation, Transfer
from dsar_export.model.schema import DatasetSchema, FieldKind, Origin, SchemaField
from renderers.report_pdf.blocks import Block, Cards, Facts, Grid, Heading, Prose, Section
from renderers.report_pdf.cells import NOTHING, cell
from renderers.report_pdf.wording import NOTHING_HELD, ORIGINS, ROLES

_MOST_ROWS: Final = 200
_MOST_COLUMNS: Final = 7
_MOST_REASONS: Final = 20
_INCOMPLETE: Final = "Not all of it could be obtained; see “What is not here, and why”."
_NUMERIC: Final = frozenset({FieldKind.DECIMAL, FieldKind.NUMBER})


@dataclass(frozen=True)
class Locale:
    """The language of the report, and the place whose time it tells."""

    language: str
    zone: str

    def instant(self, when: datetime) -> str:
        return formats.instant(when.isoformat(), self.language, self.zone)

    def day(self, text: str | None) -> str:
        return NOTHING if text is None else formats.day(text, self.language, self.zone)

    def count(self, n: int) -> str:
        return formats.number(n, self.language)


def none_held(answer: DatasetAnswer) -> Section:
    """The section of a dataset without rows: who would receive what is not there would only mislead."""
    return Section(answer.schema.title, 1, (Prose(answer.schema.description), Prose(NOTHING_HELD)))


def compose(
    answer: DatasetAnswer,
    organisation: Organisation,
    paths: tuple[str, ...],
    locale: Locale,
    *,
    in_gap: bool = False,
) -> Section:
    """The section of a dataset; `paths` are its members of the package."""
    blocks = (
        Prose(answer.schema.description),
        *((Prose(_INCOMPLETE),) if in_gap else ()),
        Facts(tuple(_facts(answer, organisation, paths, locale))),
        *_fields(answer),
        *_codes(answer.schema),
        *_months(answer.digest.months, locale),
        *_records(answer, paths, locale),
    )
    return Section(answer.schema.title, 1, blocks)


def nonconforming_path(answer: DatasetAnswer) -> str:
    """The member that holds the rows that do not conform."""
    return f"data/nonconforming/{answer.dataset.name}.json"


def reasons(outcome: Outcome, locale: Locale) -> str:
    """Why rows do not conform: the fields and rules, with counts."""
    named = [f"{r.field}: {r.rule} ({locale.count(n)})" for r, n in outcome.reasons[:_MOST_REASONS]]
    more = len(outcome.reasons) - len(named)
    return "; ".join([*named, f"and {locale.count(more)} more reasons"] if more > 0 else named)


def _facts(
    answer: DatasetAnswer, organisation: Organisation, paths: tuple[str, ...], locale: Locale
) -> Iterator[tuple[str, str]]:
    dataset, outcome = answer.dataset, answer.outcome
    yield "Records", _ledger(answer, locale)
    if outcome.first or outcome.last:
        yield "Period", f"{locale.day(outcome.first)} to {locale.day(outcome.last)}"
    yield "Why we hold it", "\n".join(_purposes(dataset.purposes, organisation))
    yield "Who received it", "\n".join(_recipients(dataset.recipients, organisation, locale)) or "Nobody."
    if transfers := [t for t in organisation.transfers if t.recipient in dataset.recipients]:
        yield "Transferred to", "\n".join(_transfer(t, organisation, locale) for t in transfers)
    yield "How long we keep it", _storage_period(dataset.storage_period, organisation, locale)
    yield "Where it came from", "\n".join(_origins(answer))
    yield "Where it is kept", f"System “{dataset.source}”"
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
    if paths:
        yield "In this package as", "\n".join(paths)


def _ledger(answer: DatasetAnswer, locale: Locale) -> str:
    outcome = answer.outcome
    here = f"{locale.count(outcome.written)} here"
    if outcome.written == outcome.read:
        return here
    parts = [f"{locale.count(outcome.read)} read: {here}"]
    if outcome.withheld:
        parts.append(f"{locale.count(outcome.withheld)} withheld")
    if outcome.nonconforming:
        kept = locale.count(outcome.nonconforming)
        parts.append(f"{kept} kept beside in {nonconforming_path(answer)}")
    return ", ".join(parts)


def _purposes(purposes: Mapping[str, str], organisation: Organisation) -> Iterator[str]:
    for name, basis in purposes.items():
        purpose = organisation.purposes.get(name)
        told = name if purpose is None else f"{purpose.title}: {purpose.description}"
        yield f"{told} {LEGAL_BASES.get(basis, basis)}"


def _recipients(names: tuple[str, ...], organisation: Organisation, locale: Locale) -> Iterator[str]:
    for name in names:
        recipient = organisation.recipients.get(name)
        if recipient is None:
            yield name
            continue
        country = formats.country(recipient.country, locale.language)
        yield f"{recipient.name} ({country}), {ROLES[recipient.role]}: {recipient.description}"


def _transfer(transfer: Transfer, organisation: Organisation, locale: Locale) -> str:
    recipient = organisation.recipients.get(transfer.recipient)
    name = transfer.recipient if recipient is None else recipient.name
    country = formats.country(transfer.country, locale.language)
    since = formats.date(transfer.since.isoformat(), locale.language)
    safeguard = SAFEGUARDS.get(transfer.safeguard, transfer.safeguard)
    return f"{name} ({country}), under {safeguard}, since {since}: {transfer.description}"


def _storage_period(name: str, organisation: Organisation, locale: Locale) -> str:
    period = organisation.storage_periods.get(name)
    if period is None:
        return name
    duration = formats.duration(period.duration, locale.language)
    return f"{period.title}: {duration}, counted from: {period.starts}"


def _origin(field: SchemaField, answer: DatasetAnswer) -> Origin:
    mapping = answer.dataset.fields.get(field.name)
    return field.origin if mapping is None or mapping.origin is None else mapping.origin


def _origins(answer: DatasetAnswer) -> Iterator[str]:
    for origin in Origin:
        titles = [f.title for f in answer.schema.fields if _origin(f, answer) is origin]
        if titles:
            told = ORIGINS[origin]
            yield f"{told[0].upper()}{told[1:]}: {'; '.join(titles)}"


def _fields(answer: DatasetAnswer) -> Iterator[Block]:
    fields = answer.schema.fields
    if fields:
        yield Heading("What the fields mean")
        yield Grid(
            ("Field", "In the files", "What it is", "Where it came from"),
            tuple((f.title, f.name, f.description, ORIGINS[_origin(f, answer)]) for f in fields),
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
