"""What the shown records have in common, so that the report states it once."""

from collections.abc import Iterable
from dataclasses import dataclass

from dsar_export.language.zones import local_day
from dsar_export.model.outcome import Record
from dsar_export.model.schema import DatasetSchema, SchemaField
from renderers.report_pdf.sections.cells import is_held
from renderers.report_pdf.sections.wording import MARKS


@dataclass(frozen=True)
class Survey:
    """The fields of some records: those that differ, those with the same value in all, and those without any value.

    A mark that applies to none of the records is none of these. Of a single record, all fields with a value count as
    differing. `years` are those of the period field on the
    controller's clock; the records are `ordered` if these never decrease and no record lacks one.
    """

    differing: tuple[SchemaField, ...]
    same: tuple[SchemaField, ...]
    empty: tuple[SchemaField, ...]
    first: Record
    count: int
    years: frozenset[str]
    ordered: bool


def survey(schema: DatasetSchema, records: Iterable[Record], zone: str) -> Survey:
    """Survey the records, which are read once."""
    first: Record = {}
    alike = list(schema.fields)
    filled: set[str] = set()
    unknown = list(schema.fields)
    years: list[str] = []
    ordered, count = True, 0
    for record in records:
        if not count:
            first = record
        count += 1
        alike = [field for field in alike if _same(field, first, record)]
        found = [field for field in unknown if is_held(field, record)]
        if found:
            filled |= {field.name for field in found}
            unknown = [field for field in unknown if field.name not in filled]
        year = year_of(schema, record, zone)
        ordered = ordered and year is not None and (not years or years[-1] <= year)
        if year is not None and (not years or years[-1] != year):
            years.append(year)
    same = tuple(field for field in alike if field.name in filled) if count > 1 else ()
    return Survey(
        differing=tuple(f for f in schema.fields if f.name in filled and f not in same),
        same=same,
        empty=tuple(field for field in unknown if field.name not in MARKS),
        first=first,
        count=count,
        years=frozenset(years),
        ordered=ordered,
    )


def year_of(schema: DatasetSchema, record: Record, zone: str) -> str | None:
    """The year of a record on the controller's clock; None if the record names no time."""
    if schema.period_field is None:
        return None
    time = record.get(schema.period_field)
    return local_day(time, zone)[:4] if isinstance(time, str) else None


def _same(field: SchemaField, first: Record, record: Record) -> bool:
    names = (field.name, field.currency_field) if field.currency_field else (field.name,)
    pairs = ((first.get(name), record.get(name)) for name in names)
    return all(type(one) is type(other) and one == other for one, other in pairs)
