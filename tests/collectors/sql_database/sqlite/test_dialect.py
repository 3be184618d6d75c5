"""Features of SQLite alone: cells without a type, bytes that are not text, files that are opened read-only."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import SourceUnreadableError
from dsar_export.folding import search_value
from dsar_export.model.comparison import Match
from dsar_export.model.request import Identifier
from dsar_export.model.source import CHUNK_ROWS, LinkRow
from tests.collectors.cancelling import cancelled_soon
from tests.collectors.sources import (
    C1,
    LINK,
    SqliteDatabase,
    cells,
    fill,
    letters_dataset,
    read,
    selection,
    table_dataset,
)
from tests.hostile import error_of
from tests.replacing import replace

ONE_COLUMN = table_dataset("text")


def test_bytes_that_are_not_text_arrive_without_loss(sqlite: SqliteDatabase) -> None:
    sqlite.run("INSERT INTO records (customer_id, text) VALUES ('C-1', CAST(x'61ff62' AS TEXT))")
    fill(sqlite, b"\xff\x00", "NUL\x00, \U0001f680", 2**63 - 1, 0.1, None, float("inf"))
    stored = [row[0] for row in cells(sqlite, ONE_COLUMN, C1)]
    assert stored == ["a\udcffb", b"\xff\x00", "NUL\x00, \U0001f680", 2**63 - 1, 0.1, None, float("inf")]


def test_casefold_skips_bytes_that_are_not_text(sqlite: SqliteDatabase) -> None:
    sqlite.run("INSERT INTO letters VALUES (9, CAST(x'ff' AS TEXT), 'b', 1), (1, 'SAM@x.org', 'b', 1)")
    found = cells(sqlite, letters_dataset(query=None), Identifier("email", "sam@x.org"))
    assert [row[0] for row in found] == [1]


@pytest.mark.parametrize("match", [Match.EXACT, Match.CASEFOLD])
def test_an_identifier_that_is_not_unicode_is_searched_for_or_refused_without_a_crash(
    sqlite: SqliteDatabase, match: Match
) -> None:
    sqlite.run("INSERT INTO customers VALUES ('C-1', CAST(x'61ff' AS TEXT))")
    link = replace(LINK, match=match)
    key = search_value("a\udcff", link.comparison, {})
    found: list[LinkRow] = []
    with sqlite.collector().snapshot() as snapshot:
        error = error_of(lambda: found.extend(snapshot.resolve(link, [key], ())))
    assert isinstance(error, SourceUnreadableError) or found == [LinkRow("a\udcff", "C-1")]


def test_a_column_without_a_type_is_found_by_number_and_by_text(sqlite: SqliteDatabase) -> None:
    sqlite.run("CREATE TABLE loose (id INTEGER PRIMARY KEY, customer_id, body)")
    sqlite.run("INSERT INTO loose VALUES (1, 7, 'number'), (2, '7', 'text'), (3, '07', 'another')")
    rows = cells(sqlite, table_dataset("body", name="loose"), Identifier("customer_id", "7"))
    assert [row[0] for row in rows] == ["number", "text"]


def test_casefold_works_in_a_database_of_utf_16(empty_sqlite: SqliteDatabase) -> None:
    with empty_sqlite.opened("PRAGMA encoding = 'UTF-16le'") as raw:
        raw.execute("CREATE TABLE customers (id TEXT, email TEXT)")
        raw.execute("INSERT INTO customers VALUES ('C-1', 'ZO\u00cb@example.org')")
    with empty_sqlite.collector().snapshot() as snapshot:
        assert list(snapshot.resolve(LINK, ["zo\u00eb@example.org"], ())) == [
            LinkRow("ZO\u00cb@example.org", "C-1")
        ]


# Never changed


def test_nothing_can_be_written_through_its_connection(sqlite: SqliteDatabase) -> None:
    with sqlite.collector().snapshot() as snapshot:
        assert isinstance(snapshot, SqlSnapshot)
        connection = snapshot._connection
        for statement in ("INSERT INTO customers VALUES ('C-9', 'x')", "DROP TABLE records"):
            with pytest.raises(OperationalError, match="readonly"):
                connection.exec_driver_sql(statement)
        # Two safeguards, each sufficient by itself.
        assert connection.exec_driver_sql("PRAGMA query_only").scalar_one() == 1
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        with pytest.raises(OperationalError, match="readonly"):
            connection.exec_driver_sql("DELETE FROM records")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at open files under /proc")
def test_a_sort_without_an_index_writes_nothing_to_the_disk(sqlite: SqliteDatabase) -> None:
    fill(sqlite, *[f"{n % 97}" + "x" * 50_000 for n in range(1000)])
    unsorted = table_dataset("text", order=("text", "id"))
    with sqlite.collector().snapshot() as snapshot:
        next(snapshot.chunks(selection(unsorted, C1)))
        open_files = {_target(f) for f in Path("/proc/self/fd").iterdir()}
    assert not [name for name in open_files if "etilqs" in name]


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:
        return ""


# Files that cannot be read


def test_a_missing_file_is_unreadable_and_is_not_created(sqlite: SqliteDatabase) -> None:
    with pytest.raises(SourceUnreadableError, match="source 'main' could not be read"):
        sqlite.broken().snapshot().__enter__()
    with pytest.raises(SourceUnreadableError):
        sqlite.broken().describe()
    assert not (sqlite.folder / "missing.db").exists()


def test_a_file_that_is_not_a_database_is_unreadable(sqlite: SqliteDatabase) -> None:
    sqlite.file.write_bytes(b"PRIVATE" * 5000)
    with pytest.raises(SourceUnreadableError, match="is no SQLite database, or it is encrypted") as caught:
        sqlite.collector().snapshot().__enter__()
    assert "PRIVATE" not in str(caught.value)


def test_a_damaged_database_is_unreadable_and_the_error_quotes_no_value(sqlite: SqliteDatabase) -> None:
    fill(sqlite, *["PRIVATE" * 1000] * 50)
    raw = bytearray(sqlite.file.read_bytes())
    raw[len(raw) // 3 : len(raw) // 2] = b"\xff" * (len(raw) // 2 - len(raw) // 3)
    sqlite.file.write_bytes(raw)
    error = error_of(lambda: read(sqlite, ONE_COLUMN, C1))
    assert isinstance(error, SourceUnreadableError)
    assert "PRIVATE" not in str(error)
    assert "C-1" not in str(error)


def test_a_statement_that_takes_too_long_is_stopped_and_reported(sqlite: SqliteDatabase) -> None:
    sqlite.run(
        "CREATE VIEW lengthy AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 30000000) "
        "SELECT x AS id, 'C-1' AS customer_id FROM n WHERE x < 0"
    )
    lengthy = selection(table_dataset("id", name="lengthy"), C1)
    with (
        sqlite.collector(timeout=0).snapshot() as snapshot,
        pytest.raises(SourceUnreadableError, match="dataset 'lengthy': the statement took too long"),
    ):
        list(snapshot.chunks(lengthy))


def test_a_statement_is_cancelled_from_another_thread(sqlite: SqliteDatabase) -> None:
    sqlite.run(
        "CREATE VIEW lengthy AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT x AS id, 'C-1' AS customer_id FROM n WHERE x < 0"
    )
    collector = sqlite.collector(timeout=60)
    with (
        collector.snapshot() as snapshot,
        cancelled_soon(collector.cancel),
        pytest.raises(SourceUnreadableError, match="dataset 'lengthy'"),
    ):
        list(snapshot.chunks(selection(table_dataset("id", name="lengthy"), C1)))


def test_to_cancel_when_nothing_runs_does_nothing(sqlite: SqliteDatabase) -> None:
    fill(sqlite, "text")
    collector = sqlite.collector()
    collector.cancel()
    with collector.snapshot() as snapshot:
        collector.cancel()
        assert [row[-1] for chunk in snapshot.chunks(selection(ONE_COLUMN, C1)) for row in chunk.rows] == [
            "text"
        ]
    collector.cancel()


def test_a_statements_time_limit_excludes_the_readers_own_work(
    sqlite: SqliteDatabase,
) -> None:
    fill(sqlite, *range(60_000))
    with sqlite.collector(timeout=1).snapshot() as snapshot:
        stream = snapshot.chunks(selection(ONE_COLUMN, C1))
        next(stream)
        snapshot._limit._until = 0.0  # type: ignore[attr-defined] # as if a second had passed
        assert len(next(stream).rows) == CHUNK_ROWS


def test_no_error_contains_a_value_or_a_parameter_even_in_its_cause(sqlite: SqliteDatabase) -> None:
    fill(sqlite, "PRIVATE")
    sqlite.run("CREATE VIEW failing AS SELECT id, customer_id, json(text) AS j FROM records")
    error = error_of(lambda: read(sqlite, table_dataset("j", name="failing"), C1))
    assert isinstance(error, SourceUnreadableError)
    assert not [value for value in ("PRIVATE", "C-1", "malformed") if value in str(error)]
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_an_unknown_column_name_in_capitals_is_not_taken_for_a_text(sqlite: SqliteDatabase) -> None:
    # SQLite takes an unknown quoted name for a text, unless the name has its table as a prefix.
    wrong = selection(table_dataset("Text Of It"), C1)
    error = error_of(probing(sqlite, lambda snapshot: snapshot.probe(wrong)))
    assert "Text Of It" in str(error)


def probing(sqlite: SqliteDatabase, act: Callable[[SqlSnapshot], object]) -> Callable[[], None]:
    def acted() -> None:
        with sqlite.collector().snapshot() as snapshot:
            assert isinstance(snapshot, SqlSnapshot)
            act(snapshot)

    return acted
