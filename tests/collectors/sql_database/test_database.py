"""SQL databases of all kinds: one snapshot, one pass, bounded chunks, in order, with owners from a row's own table."""

import os
from pathlib import Path

import pytest

from collectors.sql_database.batches import BATCH
from dsar_export.errors import OwnershipError, RegisterError
from dsar_export.export.collect import collect, ownership
from dsar_export.model.identity import Reached
from dsar_export.model.request import Identifier
from dsar_export.model.source import CHUNK_BYTES, CHUNK_ROWS
from tests.collectors.sources import (
    C1,
    SAM,
    Database,
    cells,
    chunks,
    fill,
    letters_dataset,
    read,
    selection,
    table_dataset,
)
from tests.replacing import replace
from tests.statements import statements
from tests.worlds import World, without_documents

ONE_COLUMN = table_dataset("text")


def sizes(database: Database) -> list[int]:
    return [len(chunk.rows) for chunk in chunks(database, ONE_COLUMN, C1)]


# The description of a source


def test_tables_views_columns_and_unique_keys_are_described(database: Database) -> None:
    database.run("CREATE UNIQUE INDEX letters_expression ON letters (lower(email))")
    held = database.collector().describe()
    letters, seen = held.table("letters"), held.table("seen")
    assert letters is not None
    assert seen is not None
    assert letters.columns == ("id", "email", "body", "campaign")
    # The unique index on an expression guarantees nothing about the columns.
    assert set(letters.unique_keys) == {frozenset({"id"}), frozenset({"email", "body"})}
    assert (seen.is_view, seen.columns, seen.unique_keys) == (True, ("id", "body"), ())
    assert {t.name for t in held.tables} == {
        "records", "customers", "letters", "campaigns", "no_keys", "seen"
    }  # fmt: skip
    assert held.may_write == ()


def test_a_partial_index_is_not_a_unique_key(database: Database) -> None:
    database.table("parts", id="INTEGER", live="INTEGER")
    database.run("CREATE UNIQUE INDEX parts_live ON parts (id) WHERE live = 1")
    table = database.collector().describe().table("parts")
    assert table is not None
    assert table.unique_keys == ()


# Bounds


@pytest.mark.parametrize("rows", [0, 1, CHUNK_ROWS - 1, CHUNK_ROWS, CHUNK_ROWS + 1, 2 * CHUNK_ROWS + 9])
def test_a_chunk_has_at_most_250_rows_and_is_never_empty(database: Database, rows: int) -> None:
    fill(database, *map(str, range(rows)))
    assert max(sizes(database), default=0) <= CHUNK_ROWS
    assert sum(sizes(database)) == rows
    assert 0 not in sizes(database)


@pytest.mark.parametrize("cell", ["x" * (1 << 20), "é" * (1 << 19), b"\xff" * (1 << 20)])
def test_a_chunk_has_at_most_8_megabytes(empty: Database, cell: str | bytes) -> None:
    empty.table(
        "records", id="INTEGER", customer_id="TEXT", text="BYTEA" if isinstance(cell, bytes) else "TEXT"
    )
    rows = [(n, "C-1", cell) for n in range(30)]
    empty.many("INSERT INTO records VALUES (?, ?, ?)", rows)
    for chunk in chunks(empty, ONE_COLUMN, C1):
        size = sum(len(c.encode() if isinstance(c, str) else c) for r in chunk.rows for c in r[2:])  # type: ignore[arg-type, misc] # text or bytes
        assert size <= CHUNK_BYTES
    assert sum(sizes(empty)) == 30
    assert len(sizes(empty)) < 30


def test_a_row_larger_than_a_chunk_is_a_chunk_of_its_own(database: Database) -> None:
    fill(database, "a", "x" * (CHUNK_BYTES + 1), "b")
    assert sizes(database) == [1, 1, 1]


def test_a_database_is_read_step_by_step_and_not_fetched_whole(database: Database) -> None:
    fill(database, *["x" * (1 << 20)] * 60)
    with database.collector().snapshot() as snapshot:
        stream = snapshot.chunks(selection(ONE_COLUMN, C1))
        before = _memory()
        next(stream)
        assert _memory() - before < 48 << 20


def _memory() -> int:
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


# One pass


def test_an_export_reads_a_dataset_once_with_one_statement(tmp_path: Path) -> None:
    world = World(tmp_path / "register").write([{"text": f"t{n}"} for n in range(1200)])
    world.services = without_documents(world.build())
    with statements() as sent:
        world.export()
    reading = [s for s in sent if "FROM records" in s and not s.startswith("EXPLAIN")]
    assert len(reading) == 1
    assert len([s for s in sent if s == "BEGIN"]) == 2  # one to describe the source, one to read everything


def test_a_dataset_of_many_chunks_is_read_with_one_statement(database: Database) -> None:
    fill(database, *map(str, range(1200)))
    with statements() as sent:
        assert len(chunks(database, ONE_COLUMN, C1)) == 5
    assert len([s for s in sent if "FROM records" in s]) == 1


def test_one_statement_per_batch_is_sent_for_many_identifiers(database: Database) -> None:
    many = [Identifier("customer_id", f"C-{n:04}") for n in range(2 * BATCH + 1)]
    with statements() as sent:
        assert read(database, ONE_COLUMN, *many) == []
    assert len([s for s in sent if "FROM records" in s]) == 3


def test_without_identifiers_no_statement_is_sent(database: Database) -> None:
    with statements() as sent:
        assert read(database, ONE_COLUMN, SAM) == []
    assert not [s for s in sent if "FROM records" in s]


# Order


def test_rows_of_several_identifiers_come_in_the_datasets_order(database: Database) -> None:
    database.run("DROP INDEX records_order")  # with it, the order could be right by chance
    for n in range(40):
        fill(database, f"t{n}", customer=f"C-{n % 3}")
    rows = read(
        database, table_dataset("id", "text"), *(Identifier("customer_id", f"C-{n}") for n in (2, 0, 1))
    )
    assert rows == database.rows("SELECT customer_id, NULL, id, text FROM records ORDER BY customer_id, id")


def test_rows_of_more_identifiers_than_one_statement_takes_come_in_the_datasets_order(
    database: Database,
) -> None:
    names = [f"é{n}" if n % 5 else f"C-{n}" for n in range(1300)]
    database.many(
        "INSERT INTO records (customer_id, text) VALUES (?, ?)", [(n, f"t{i}") for i in (1, 2) for n in names]
    )
    rows = read(database, table_dataset("id", "text"), *(Identifier("customer_id", n) for n in names))
    assert len(rows) == 2600
    assert rows == database.rows("SELECT customer_id, NULL, id, text FROM records ORDER BY customer_id, id")


def test_two_spellings_of_one_identifier_do_not_double_a_row_however_many_identifiers_there_are(
    database: Database,
) -> None:
    database.run("INSERT INTO letters (email, body) VALUES ('sam@example.org', 'only one')")
    dataset = letters_dataset(query=None)
    # In sorted order the others are between the two spellings, so each spelling would be in another batch.
    others = [Identifier("email", f"Z{n:04}@example.org") for n in range(BATCH)]
    spelled = [SAM, Identifier("email", "SAM@example.org")]
    assert [row[1] for row in cells(database, dataset, *spelled, *others)] == ["only one"]


# Complete, and asserted


def test_casefold_finds_every_spelling_in_a_table(database: Database) -> None:
    for n, email in enumerate(["straße@x.org", "STRASSE@X.ORG", "Straße@x.org", "strase@x.org", None]):
        database.run("INSERT INTO letters VALUES (?, ?, 'b', 1)", n, email)
    found = cells(database, letters_dataset(query=None), Identifier("email", "StraSSe@x.org"))
    assert sorted(str(row[0]) for row in found) == ["1"]  # a letter is never two, so that ß is not ss


def test_casefold_finds_every_spelling_by_a_query_whatever_the_case_of_the_request(
    database: Database,
) -> None:
    for n, email in enumerate(["sam@example.org", "SAM@EXAMPLE.ORG"]):
        database.run("INSERT INTO letters VALUES (?, ?, 'b', 1)", n, email)
    rows = cells(database, letters_dataset(), Identifier("email", "Sam@Example.org"))
    assert [row[0] for row in rows] == [1, 0]


def test_a_query_row_that_is_not_in_its_own_table_fails_the_ownership_assertion(
    database: Database,
) -> None:
    # A wrong join claims a row for the subject by a constant; the row's own table shows its owner.
    database.run("INSERT INTO letters VALUES (1, 'robin@example.org', 'PRIVATE', 1)")
    wrong = letters_dataset(
        "SELECT id, 'sam@example.org' AS email, body, '' AS title FROM letters WHERE 'sam@example.org' IN :email"
    )
    unknown = letters_dataset(
        "SELECT 99 AS id, e AS email, '' AS body, '' AS title FROM "
        "(SELECT 'sam@example.org' AS e) AS nobodys WHERE e IN :email"
    )
    with database.collector().snapshot() as snapshot:
        for dataset in (wrong, unknown):
            owned = ownership(dataset, [Reached(SAM)], (), {})
            stream = collect(owned, snapshot)
            with pytest.raises(OwnershipError) as caught:
                list(stream)
            assert "PRIVATE" not in str(caught.value)


def test_a_join_that_multiplies_rows_stops_the_export(database: Database) -> None:
    database.run("INSERT INTO letters (email, body) VALUES ('sam@example.org', 'one')")
    database.run("INSERT INTO campaigns (id, title) VALUES (901, 'a'), (902, 'b')")
    crossed = (
        "SELECT l.id, l.email, l.body, c.title FROM letters l LEFT JOIN campaigns c ON c.id > 900 "
        "WHERE lower(l.email) IN :email"
    )
    with pytest.raises(RegisterError, match="more than once"):
        read(database, letters_dataset(crossed), SAM)


def test_a_query_may_return_columns_of_other_tables_and_aliases(database: Database) -> None:
    database.run("INSERT INTO campaigns VALUES (1, 'news')")
    database.run(
        "INSERT INTO letters VALUES (1, 'SAM@example.org', 'one', 1), (2, 'sam@example.org', 'two', 9)"
    )
    assert read(database, letters_dataset(), SAM) == [
        ("SAM@example.org", None, 1, "one", "news"),
        ("sam@example.org", None, 2, "two", None),
    ]


# One moment


def test_a_snapshot_shows_the_same_moment_for_two_datasets(
    database: Database, request: pytest.FixtureRequest
) -> None:
    if "sqlite" in request.node.name:
        database.run("PRAGMA journal_mode = WAL")
    fill(database, "before")
    with database.collector().snapshot() as snapshot:
        fill(database, "after")
        for _ in range(2):
            rows = [r for c in snapshot.chunks(selection(ONE_COLUMN, C1)) for r in c.rows]
            assert rows == [("C-1", None, "before")]
    assert len(read(database, ONE_COLUMN, C1)) == 2


def test_a_view_cannot_be_a_datasets_table(database: Database) -> None:
    seen = selection(table_dataset("body", name="seen", order=("id",)), C1)
    with database.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="is a view"):
        snapshot.probe(seen)


def test_two_datasets_can_be_read_side_by_side(database: Database) -> None:
    fill(database, *map(str, range(600)))
    database.run("INSERT INTO letters (email, body) VALUES ('sam@example.org', 'one')")
    with database.collector().snapshot() as snapshot:
        records = snapshot.chunks(selection(ONE_COLUMN, C1))
        first = next(records)
        letters = list(snapshot.chunks(selection(letters_dataset(query=None), SAM)))
        rest = list(records)
    assert len(letters) == 1
    assert len(first.rows) + sum(len(c.rows) for c in rest) == 600


def test_an_interrupted_read_does_not_stop_the_next(database: Database) -> None:
    fill(database, *map(str, range(600)))
    with database.collector().snapshot() as snapshot:
        broken_off = snapshot.chunks(selection(ONE_COLUMN, C1))
        next(broken_off)
        assert sum(len(c.rows) for c in snapshot.chunks(selection(ONE_COLUMN, C1))) == 600
    assert len(read(database, replace(ONE_COLUMN, order_by=("text", "id")), C1)) == 600
