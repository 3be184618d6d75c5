"""A few values show how times and JSON are written."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from collectors.sql_database import SqlDatabase
from dsar_export.register_draft.look import looked_at
from tests.collectors.sources import source


def seen(folder: Path, declared: str, *values: object, zone: str | None = None) -> object:
    """What a look at these values of a column shows; None for nothing."""
    column = declared.split(maxsplit=1)[0]
    with closing(sqlite3.connect(folder / "main.db")) as connection:
        connection.execute(f"CREATE TABLE things (id INTEGER PRIMARY KEY, {declared})")
        connection.executemany(f"INSERT INTO things ({column}) VALUES (?)", [(value,) for value in values])
        connection.commit()
    collector = SqlDatabase("main", source(), folder)
    with collector.snapshot() as snapshot:
        return looked_at(collector.describe(), snapshot, zone).get(("things", column))


MARCH = (1_700_000_000, 1_710_000_000, 1_720_000_000)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("epoch_seconds", 1),
        ("epoch_milliseconds", 10**3),
        ("epoch_microseconds", 10**6),
        ("epoch_nanoseconds", 10**9),
    ],
)
def test_counts_since_1970_have_the_unit_that_fits_all(unit: str, factor: int, tmp_path: Path) -> None:
    shown = seen(tmp_path, "created_at INTEGER", *(n * factor for n in MARCH))
    assert shown == {"type": "date-time", "unit": unit}


def test_a_number_of_another_name_is_no_time(tmp_path: Path) -> None:
    assert seen(tmp_path, "visitors INTEGER", *MARCH) is None


def test_a_number_that_fits_no_unit_is_left_alone(tmp_path: Path) -> None:
    assert seen(tmp_path, "created_at INTEGER", *MARCH, 7) is None


@pytest.mark.parametrize(
    ("values", "zone", "shown"),
    [
        (("2025-01-01", "2025-02-01", "2025-03-01"), None, {"type": "date"}),
        (
            ("2025-01-01 10:00:00Z", "2025-02-01T10:00:00+01:00", "2025-03-01 10:00:00Z"),
            None,
            {"type": "date-time"},
        ),
        (("2025-01-01 10:00", "2025-02-01 10:00", "2025-03-01 10:00"), None, None),
        (
            ("2025-01-01 10:00", "2025-02-01 10:00", "2025-03-01 10:00"),
            "Europe/Paris",
            {"type": "date-time", "zone": "Europe/Paris"},
        ),
        (("2025-01-01", "soon", "2025-03-01"), "Europe/Paris", None),
        (("2025-01-01", "2025-01-02"), None, None),
    ],
)
def test_texts_are_times_if_all_are(
    values: tuple[str, ...], zone: str | None, shown: object, tmp_path: Path
) -> None:
    assert seen(tmp_path, "made_at TEXT", *values, zone=zone) == shown


def test_texts_that_are_all_structures_are_json(tmp_path: Path) -> None:
    assert seen(tmp_path, "settings TEXT", "{}", "[1]", '{"a": 2}') == {"type": "json"}


def test_numbers_in_texts_are_no_json(tmp_path: Path) -> None:
    assert seen(tmp_path, "code TEXT", "1", "2", "3") is None


def test_credentials_are_not_looked_at(tmp_path: Path) -> None:
    assert seen(tmp_path, "api_token TEXT", "{}", "[1]", "{}") is None
