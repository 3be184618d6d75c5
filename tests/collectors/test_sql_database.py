"""SQL databases: read-only, one snapshot, one pass, bounded, and no value in any error."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from collectors.sql_database import BATCH, SqlSnapshot
from dsar_export.errors import OwnershipError, RegisterError
from dsar_export.export.collect import collect
from dsar_export.model.register import Match
from dsar_export.model.request import Identifier
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS, Selection
from tests.collectors.sources import C1, LINK, SAM, Database, fill, letters_dataset, table_dataset
from tests.hostile import error_of
from tests.worlds import World, without_documents

ONE_COLUMN = table_dataset("text")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that SQLAlchemy sends to any database meanwhile."""
    sent: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, _p: Any, _context: Any, _many: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def sizes(database: Database) -> list[int]:
    return [len(chunk.rows) for chunk in database.chunks(ONE_COLUMN, C1)]


# What it says of a source


def test_tables_views_columns_and_unique_keys_are_described(database: Database) -> None:
    held = database.collector().describe()
    letters, seen = held.table("letters"), held.table("seen")
    assert letters is not None
    assert seen is not None
    assert letters.columns == ("id", "email", "body", "campaign")
    # The unique index on an expression promises nothing about the columns.
    assert set(letters.unique_keys) == {frozenset({"id"}), frozenset({"email", "body"})}
    assert (seen.is_view, seen.columns, seen.unique_keys) == (True, ("id", "body"), ())
    assert {t.name for t in held.tables} == {
        "records", "customers", "letters", "campaigns", "no_keys", "seen"
    }  # fmt: skip


# Bounds


@pytest.mark.parametrize("rows", [0, 1, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 2 * CHUNK_ROWS + 9])
def test_a_chunk_has_at_most_250_rows_and_is_never_empty(database: Database, rows: int) -> None:
    fill(database, *range(rows))
    assert max(sizes(database), default=0) <= CHUNK_ROWS
    assert sum(sizes(database)) == rows
    assert 0 not in sizes(database)


@pytest.mark.parametrize("cell", ["x" * (1 << 20), "é" * (1 << 19), b"\xff" * (1 << 20)])
def test_a_chunk_has_at_most_8_megabytes(database: Database, cell: str | bytes) -> None:
    fill(database, *[cell] * 30)
    for chunk in database.chunks(ONE_COLUMN, C1):
        told = sum(len(c.encode() if isinstance(c, str) else c) for r in chunk.rows for c in r[1:])  # type: ignore[arg-type, misc] # text or bytes
        assert told <= CHUNK_BYTES
    assert sum(sizes(database)) == 30
    assert len(sizes(database)) < 30


def test_a_row_that_is_larger_than_a_chunk_is_one_of_its_own(database: Database) -> None:
    fill(database, "a", "x" * (CHUNK_BYTES + 1), "b")
    assert sizes(database) == [1, 1, 1]


def test_a_database_is_read_step_by_step_and_not_fetched_whole(database: Database) -> None:
    fill(database, *["x" * (1 << 20)] * 60)
    with database.collector().snapshot() as snapshot:
        chunks = snapshot.chunks(Selection(ONE_COLUMN, frozenset({C1})))
        before = _memory()
        next(chunks)
        assert _memory() - before < 48 << 20


def _memory() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


# One pass


def test_a_dataset_is_read_by_one_statement_and_once(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([{"text": f"t{n}"} for n in range(1200)])
    world.house = without_documents(world.build())
    with statements() as sent:
        world.export()
    reading = [s for s in sent if "FROM records" in s and not s.startswith("EXPLAIN")]
    assert len(reading) == 1
    assert len([s for s in sent if s == "BEGIN"]) == 1


def test_as_many_statements_as_batches_are_sent_for_many_identifiers(database: Database) -> None:
    many = [Identifier("customer_id", f"C-{n:04}") for n in range(2 * BATCH + 1)]
    with statements() as sent:
        assert database.read(ONE_COLUMN, *many) == []
    assert len([s for s in sent if "FROM records" in s]) == 3


def test_no_identifier_means_no_statement(database: Database) -> None:
    with statements() as sent:
        assert database.read(ONE_COLUMN, SAM) == []
    assert not [s for s in sent if "FROM records" in s]


# Order


def test_rows_of_several_identifiers_come_in_the_datasets_order(database: Database) -> None:
    database.run("DROP INDEX records_order")  # it would give the order by chance
    for n in range(40):
        fill(database, f"t{n}", customer=f"C-{n % 3}")
    rows = database.read(
        table_dataset("id", "text"), *(Identifier("customer_id", f"C-{n}") for n in (2, 0, 1))
    )
    assert rows == database.rows("SELECT customer_id, id, text FROM records ORDER BY customer_id, id")


def test_rows_of_more_identifiers_than_one_statement_takes_come_in_the_datasets_order(
    database: Database,
) -> None:
    names = [f"é{n}" if n % 5 else f"C-{n}" for n in range(1300)]
    database.many(
        "INSERT INTO records (customer_id, text) VALUES (?, ?)", [(n, f"t{i}") for i in (1, 2) for n in names]
    )
    rows = database.read(table_dataset("id", "text"), *(Identifier("customer_id", n) for n in names))
    assert len(rows) == 2600
    assert rows == database.rows("SELECT customer_id, id, text FROM records ORDER BY customer_id, id")


def test_two_spellings_of_one_identifier_do_not_double_a_row_however_many_identifiers_there_are(
    database: Database,
) -> None:
    database.run("DROP INDEX letters_expression")
    database.run("INSERT INTO letters (email, body) VALUES ('sam@example.org', 'only one')")
    dataset = replace(table_dataset("body", name="letters"), subject_key=letters_dataset().subject_key)
    dataset = replace(dataset, order_by=("email", "id"))
    # Sorted, the others lie between the two spellings, so that each is in a batch of its own.
    others = [Identifier("email", f"Z{n:04}@example.org") for n in range(BATCH)]
    spelled = [SAM, Identifier("email", "SAM@example.org")]
    assert database.read(dataset, *spelled, *others) == [("sam@example.org", "only one")]


# Faithful and complete


def test_bytes_that_are_no_text_arrive_with_nothing_lost(database: Database) -> None:
    database.run("INSERT INTO records (customer_id, text) VALUES ('C-1', CAST(x'61ff62' AS TEXT))")
    fill(database, b"\xff\x00", "NUL\x00, \U0001f680", 2**63 - 1, 0.1, None, float("inf"))
    cells = [row[1] for row in database.read(ONE_COLUMN, C1)]
    assert cells == ["a\udcffb", b"\xff\x00", "NUL\x00, \U0001f680", 2**63 - 1, 0.1, None, float("inf")]


def test_casefold_finds_every_spelling_in_a_table(database: Database) -> None:
    database.run("DROP INDEX letters_expression")
    for n, email in enumerate(["straße@x.org", "STRASSE@X.ORG", "Straße@x.org", "strase@x.org", None]):
        database.run("INSERT INTO letters VALUES (?, ?, 'b', 1)", n, email)
    database.run("INSERT INTO letters VALUES (9, CAST(x'ff' AS TEXT), 'b', 1)")
    dataset = replace(
        table_dataset("id", name="letters", order=("email", "id")), subject_key=letters_dataset().subject_key
    )
    assert sorted(str(r[1]) for r in database.read(dataset, Identifier("email", "StraSSe@x.org"))) == list(
        "012"
    )


def test_casefold_finds_every_spelling_by_a_query_however_the_address_was_typed(database: Database) -> None:
    database.run("DROP INDEX letters_expression")
    for n, email in enumerate(["sam@example.org", "SAM@EXAMPLE.ORG"]):
        database.run("INSERT INTO letters VALUES (?, ?, 'b', 1)", n, email)
    rows = database.read(letters_dataset(), Identifier("email", "Sam@Example.org"))
    assert [row[1] for row in rows] == [1, 0]


def test_an_identifier_that_is_no_unicode_text_is_looked_for_or_refused_but_no_crash(
    database: Database,
) -> None:
    database.run("INSERT INTO customers VALUES ('C-1', CAST(x'61ff' AS TEXT))")
    undecodable = Identifier("email", "a\udcff")
    with database.collector().snapshot() as snapshot:
        for match in Match:
            link = replace(LINK, match=match)
            error = error_of(lambda link=link: snapshot.resolve(link, [undecodable]))  # type: ignore[misc] # bound
            assert error is not None or snapshot.resolve(link, [undecodable]) == {C1}


def test_a_row_of_the_query_that_its_own_table_does_not_know_fails_the_ownership_assertion(
    database: Database,
) -> None:
    # A wrong join claims a row for the subject by a constant; its own table says whose it is.
    database.run("INSERT INTO letters VALUES (1, 'robin@example.org', 'PRIVATE', 1)")
    wrong = letters_dataset(
        "SELECT id, 'sam@example.org' AS email, body, '' AS title FROM letters WHERE 'sam@example.org' IN :email"
    )
    unknown = letters_dataset(
        "SELECT 99 AS id, e AS email, '' AS body, '' AS title FROM "
        "(SELECT 'sam@example.org' AS e) WHERE e IN :email"
    )
    with database.collector().snapshot() as snapshot:
        for dataset in (wrong, unknown):
            stream = collect(dataset, frozenset({SAM}), snapshot)
            with pytest.raises(OwnershipError) as caught:
                list(stream)
            assert "PRIVATE" not in str(caught.value)


# Never changed


def test_nothing_can_be_written_through_its_connection(database: Database) -> None:
    with database.collector().snapshot() as snapshot:
        assert isinstance(snapshot, SqlSnapshot)
        connection = snapshot._connection
        for statement in ("INSERT INTO customers VALUES ('C-9', 'x')", "DROP TABLE records"):
            with pytest.raises(OperationalError, match="readonly"):
                connection.exec_driver_sql(statement)
        # Two locks, and each holds alone.
        assert connection.exec_driver_sql("PRAGMA query_only").scalar_one() == 1
        connection.exec_driver_sql("PRAGMA query_only = OFF")
        with pytest.raises(OperationalError, match="readonly"):
            connection.exec_driver_sql("DELETE FROM records")


@pytest.mark.skipif(sys.platform != "linux", reason="looks at open files under /proc")
def test_a_sort_that_no_index_serves_puts_nothing_on_the_disk(database: Database) -> None:
    fill(database, *[f"{n % 97}" + "x" * 50_000 for n in range(1000)])
    unsorted = table_dataset("text", order=("customer_id", "text", "id"))
    with database.collector().snapshot() as snapshot:
        next(snapshot.chunks(Selection(unsorted, frozenset({C1}))))
        open_files = {_target(f) for f in Path("/proc/self/fd").iterdir()}
    assert not [name for name in open_files if "etilqs" in name]


def _target(descriptor: Path) -> str:
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:
        return ""


def test_a_snapshot_keeps_its_moment_over_two_datasets(database: Database) -> None:
    database.run("PRAGMA journal_mode = WAL")
    fill(database, "before")
    with database.collector().snapshot() as snapshot:
        fill(database, "after")
        for _ in range(2):
            rows = [r for c in snapshot.chunks(Selection(ONE_COLUMN, frozenset({C1}))) for r in c.rows]
            assert rows == [("C-1", "before")]
    assert len(database.read(ONE_COLUMN, C1)) == 2


def test_a_join_that_multiplies_the_rows_stops_the_export(database: Database) -> None:
    database.run("DROP INDEX letters_expression")
    database.run("INSERT INTO letters (email, body) VALUES ('sam@example.org', 'one')")
    database.run("INSERT INTO campaigns (id, title) VALUES (901, 'a'), (902, 'b')")
    crossed = (
        "SELECT l.id, l.email, l.body, c.title FROM letters l LEFT JOIN campaigns c ON c.id > 900 "
        "WHERE lower(l.email) IN :email"
    )
    with pytest.raises(RegisterError, match="more than once"):
        database.read(letters_dataset(crossed), SAM)


def test_a_view_is_no_table_of_a_dataset(database: Database) -> None:
    with database.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="is a view"):
        snapshot.probe(Selection(table_dataset("body", name="seen", order=("id",)), frozenset({C1})))


def test_a_column_without_a_type_is_found_by_number_and_by_text(database: Database) -> None:
    database.run("CREATE TABLE loose (id INTEGER PRIMARY KEY, customer_id, body)")
    database.run("INSERT INTO loose VALUES (1, 7, 'number'), (2, '7', 'text'), (3, '07', 'another')")
    rows = database.read(table_dataset("body", name="loose"), Identifier("customer_id", "7"))
    assert [row[1] for row in rows] == ["number", "text"]


def test_a_partial_index_makes_no_unique_key(database: Database) -> None:
    database.run("CREATE TABLE parts (id INTEGER, live INTEGER)")
    database.run("CREATE UNIQUE INDEX parts_live ON parts (id) WHERE live = 1")
    table = database.collector().describe().table("parts")
    assert table is not None
    assert table.unique_keys == ()


def test_casefold_works_in_a_database_of_utf_16(tmp_path: Path) -> None:
    made = Database(tmp_path)
    made.run("PRAGMA encoding = 'UTF-16le'")
    with sqlite3.connect(made.file) as raw:
        raw.execute("PRAGMA encoding = 'UTF-16le'")
        raw.execute("CREATE TABLE customers (id TEXT, email TEXT)")
        raw.execute("INSERT INTO customers VALUES ('C-1', 'ZO\u00cb@example.org')")
    raw.close()
    with made.collector().snapshot() as snapshot:
        assert snapshot.resolve(LINK, [Identifier("email", "zo\u00eb@example.org")]) == {C1}
