"""Records are marked where the source deleted them, where they stood earlier, and where they are kept too long."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsar_export.export.validate import Validator
from dsar_export.model.comparison import Constant
from dsar_export.model.dataset import Dataset, DeletedMark, EarlierTerms
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.place import HistoryTable
from dsar_export.model.schema import FieldKind, Origin
from dsar_export.model.source import Chunk
from dsar_export.model.terms import StoragePeriod
from dsar_export.normalising.mapped_schema import mapped_schema
from dsar_export.normalising.marks import DELETED, EARLIER, PAST, _once_a_day, marks_of
from dsar_export.normalising.normalise import conversions, places
from dsar_export.normalising.storage_periods import past_storage_period, storage_ends
from tests.export.rows import dataset, normalised_as, register, row, with_fields
from tests.replacing import replace

FIELDS = {"record_id": FieldMapping(column="id"), "day": FieldMapping(column="day")}
HISTORY = (HistoryTable(table="old_records", order_by=("id",)),)


def period(duration: str, *, from_year_end: bool = False) -> StoragePeriod:
    return StoragePeriod(title="t", duration=duration, starts="s", from_year_end=from_year_end)


# Deleted and earlier


def deleted(*values: Constant) -> Dataset:
    return with_fields(FIELDS, deleted=DeletedMark(column="flag", values=values))


def test_without_values_everything_but_null_means_deleted() -> None:
    chunk = normalised_as(deleted(), *(row(flag=cell) for cell in (None, 0, "", "2024-01-01", False)))
    assert [record[DELETED] for record in chunk.records] == [False, True, True, True, True]


def test_with_values_only_they_mean_deleted() -> None:
    cells = (None, 0, 1, "1", "gone", "GONE", "")
    chunk = normalised_as(deleted("1", "gone"), *(row(flag=cell) for cell in cells))
    assert [record[DELETED] for record in chunk.records] == [False, False, True, True, True, False, False]


@pytest.mark.parametrize("value", ["true", "t", "1", "True", True])
def test_a_boolean_equals_a_value_however_that_is_spelled(value: Constant) -> None:
    chunk = normalised_as(deleted(value), *(row(flag=cell) for cell in (True, False, None)))
    assert [record[DELETED] for record in chunk.records] == [True, False, False]


@pytest.mark.parametrize(
    ("cells", "marks"),
    [
        ((1, 0, 2, None), [True, False, False, False]),
        (("t", "f", "true", ""), [True, False, True, False]),
        ((1.0, Decimal("1.00"), 0.0, "yes"), [True, True, False, False]),
    ],
)
def test_true_equals_what_databases_without_booleans_store(
    cells: tuple[object, ...], marks: list[bool]
) -> None:
    chunk = normalised_as(deleted(True), *(row(flag=cell) for cell in cells))
    assert [record[DELETED] for record in chunk.records] == marks


def test_a_number_equals_a_value_however_many_zeros_either_has() -> None:
    cells = (Decimal("1.00"), 1.0, 1, "1.0", "1.00", Decimal("1.50"), "01")
    chunk = normalised_as(deleted("1.0"), *(row(flag=cell) for cell in cells))
    assert [record[DELETED] for record in chunk.records] == [True, True, True, True, False, False, False]


@pytest.mark.parametrize(
    ("unless", "cells", "marks"),
    [
        (("active", "new"), ("active", "new", "gone", "", None), [False, False, True, True, True]),
        ((True,), (True, False, None), [False, True, True]),
        ((True,), (1, 0), [False, True]),
        ((0,), (0, 0.0, 1, "0"), [False, False, True, False]),
    ],
)
def test_with_unless_all_other_values_mean_deleted(
    unless: tuple[Constant, ...], cells: tuple[object, ...], marks: list[bool]
) -> None:
    of = with_fields(FIELDS, deleted=DeletedMark(column="flag", unless=unless))
    chunk = normalised_as(of, *(row(flag=cell) for cell in cells))
    assert [record[DELETED] for record in chunk.records] == marks


def test_values_and_unless_exclude_each_other() -> None:
    with pytest.raises(ValueError, match="values and unless exclude each other; keep one"):
        DeletedMark(column="flag", values=("gone",), unless=("active",))


def test_a_column_that_is_a_field_too_may_be_the_mark() -> None:
    of = with_fields({**FIELDS, "text": FieldMapping(column="flag")}, deleted=DeletedMark(column="flag"))
    (record,) = normalised_as(of, row(flag="2024-01-01")).records
    assert (record["text"], record[DELETED]) == ("2024-01-01", True)


def test_a_row_of_a_history_table_is_an_earlier_version() -> None:
    of = with_fields(FIELDS, history=HISTORY)
    marks = marks_of(of, register().organisation, date(2026, 11, 22), places(of))
    stage = conversions(of, mapped_schema(of, register().schemas["records"]), marks)
    now, then = (stage.normalise(Chunk([("C-1", None, 1, None)], earlier_version=e)) for e in (False, True))
    assert (now.records[0][EARLIER], then.records[0][EARLIER]) == (False, True)


@pytest.mark.parametrize("mark", [None, DeletedMark(column="flag")])
def test_the_last_version_of_a_deleted_row_is_deleted_and_others_follow_their_cells(
    mark: DeletedMark | None,
) -> None:
    versions = HistoryTable(table="records", system_versions=True, order_by=("id",))
    of = with_fields(FIELDS, history=(versions,), deleted=mark)
    schema = mapped_schema(of, register().schemas["records"])
    stage = conversions(of, schema, marks_of(of, register().organisation, date(2026, 11, 22), places(of)))
    rows = [("C-1", None, 1, None, flag)[: 4 if mark is None else 5] for flag in (None, "gone")]
    chunks = (Chunk(rows), Chunk(rows, earlier_version=True), Chunk(rows, deleted=True))
    marks = [[(r[DELETED], r[EARLIER]) for r in stage.normalise(chunk).records] for chunk in chunks]
    by_cell = mark is not None
    assert marks == [
        [(False, False), (by_cell, False)],
        [(False, True), (by_cell, True)],
        [(True, False), (True, False)],
    ]
    assert {DELETED, EARLIER} <= set(schema.field_names)


def test_a_dataset_has_only_the_marks_that_its_register_entry_gives_it() -> None:
    plain = mapped_schema(with_fields(FIELDS), register().schemas["records"])
    assert not {DELETED, EARLIER, PAST} & set(plain.field_names)
    marked = mapped_schema(
        with_fields(FIELDS, deleted=DeletedMark(column="flag"), history=HISTORY, storage_starts="day"),
        register().schemas["records"],
    )
    added = {f.name: f for f in marked.fields if f.name in {DELETED, EARLIER, PAST}}
    assert set(added) == {DELETED, EARLIER, PAST}
    for f in added.values():
        assert (f.kind, f.required, f.nullable) == (FieldKind.BOOLEAN, True, False)
        assert f.title
        assert f.description
    # Deletions and versions are facts of the source; that a period is over was calculated for this package.
    origins = (added[DELETED].origin, added[EARLIER].origin, added[PAST].origin)
    assert origins == (Origin.OBSERVED, Origin.OBSERVED, Origin.DERIVED)


def test_a_marked_record_conforms_to_the_schema_that_ships() -> None:
    of = with_fields(FIELDS, deleted=DeletedMark(column="flag"), history=HISTORY, storage_starts="day")
    validated = Validator(mapped_schema(of, register().schemas["records"])).validate(
        normalised_as(of, row(day="2020-01-01", flag=1), row(day="2026-11-01"), row(day=None))
    )
    assert validated.nonconforming == []
    assert [record[PAST] for record in validated.records] == [True, False, False]


# Past the storage period


@pytest.mark.parametrize(
    ("duration", "start", "last"),
    [
        ("P1Y", (2024, 3, 1), (2025, 3, 1)),
        ("P7Y", (2020, 12, 31), (2027, 12, 31)),
        ("P6M", (2024, 8, 31), (2025, 2, 28)),
        ("P1M", (2024, 1, 31), (2024, 2, 29)),
        ("P1M", (2023, 1, 31), (2023, 2, 28)),
        ("P13M", (2024, 1, 31), (2025, 2, 28)),
        ("P1Y", (2024, 2, 29), (2025, 2, 28)),
        ("P4Y", (2024, 2, 29), (2028, 2, 29)),
        ("P2W", (2024, 2, 20), (2024, 3, 5)),
        ("P1Y1M1W1D", (2024, 1, 31), (2025, 3, 8)),
        ("P90D", (2024, 1, 1), (2024, 3, 31)),
        ("P0D", (2024, 1, 1), (2024, 1, 1)),
        ("P9000Y", (2024, 1, 1), (9999, 12, 31)),
        ("P99999999M", (2024, 1, 1), (9999, 12, 31)),
        ("P9999999D", (2024, 1, 1), (9999, 12, 31)),
        ("P9999999999W", (2024, 1, 1), (9999, 12, 31)),
    ],
)
def test_a_period_ends_by_the_calendar(
    duration: str, start: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert storage_ends(period(duration), date(*start)) == date(*last)


@pytest.mark.parametrize("start", [(2024, 1, 1), (2024, 6, 30), (2024, 12, 31)])
def test_a_period_from_the_years_end_is_the_same_for_all_of_a_year(start: tuple[int, int, int]) -> None:
    assert storage_ends(period("P10Y", from_year_end=True), date(*start)) == date(2034, 12, 31)


@pytest.mark.parametrize(
    "duration", ["P", "", "7 years", "P1H", "PT1H", "P1.5Y", "P-1Y", "1Y", "P1D1Y", "P\u0661Y"]
)
def test_a_duration_that_is_not_in_whole_days_is_refused(duration: str) -> None:
    with pytest.raises(ValueError, match="ISO 8601"):
        storage_ends(period(duration), date(2024, 1, 1))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 60), st.integers(0, 30))
def test_a_longer_period_never_ends_earlier(start: date, months: int, more: int) -> None:
    assert storage_ends(period(f"P{months}M"), start) <= storage_ends(period(f"P{months + more}M"), start)
    assert start <= storage_ends(period(f"P{months}M"), start)


def past(cell: object, as_of: date, of: Dataset | None = None, **periods: StoragePeriod) -> bool:
    held: Mapping[str, StoragePeriod] = {"short": period("P1Y"), **periods}
    organisation = replace(register().organisation, storage_periods=held)
    return past_storage_period(of or dataset(), organisation, as_of)(cell)


def test_a_record_may_be_kept_on_the_last_day_and_not_on_the_next() -> None:
    last = date(2025, 3, 1)
    for cell in ("2024-03-01", "2024-03-01T23:59:59+00:00"):
        assert not past(cell, last)
        assert past(cell, last + timedelta(days=1))


@pytest.mark.parametrize("cell", [None, "", "soon", "0000-00-00", 20200101, "2020-1-1", "2020-02-30"])
def test_a_record_without_a_start_is_never_past_its_storage_period(cell: object) -> None:
    assert not past(cell, date(2026, 1, 1))


def test_earlier_terms_hold_for_the_records_of_their_days() -> None:
    of = replace(
        dataset(),
        earlier=(
            EarlierTerms(until=date(2020, 1, 1), purposes={}, storage_period="long"),
            EarlierTerms(until=date(2010, 1, 1), purposes={}, storage_period="ever"),
        ),
    )
    held = {"long": period("P10Y"), "ever": period("P900Y")}
    today = date(2026, 11, 22)
    assert past("2020-01-01", today, of, **held)  # a year, as today
    assert not past("2019-12-31", today, of, **held)  # ten years, as then
    assert past("2012-01-01", today, of, **held)
    assert not past("2009-12-31", today, of, **held)


@given(st.lists(st.none() | st.dates(date(2020, 1, 1), date(2026, 12, 31)), max_size=8))
def test_the_marks_of_a_column_are_those_of_its_cells(days: list[date | None]) -> None:
    ends = past_storage_period(dataset(), register().organisation, date(2026, 11, 3))
    cells = [None if day is None else f"{day}T23:59:59.5+01:00" for day in days]
    assert _once_a_day(ends, cells) == [ends(cell) for cell in cells]
