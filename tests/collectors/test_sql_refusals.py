"""What does not fit the register is named, a source that does not answer is told, and no value in any error."""

from dataclasses import replace
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError, SourceUnreadableError, WrongUseError
from dsar_export.model.register import Dataset, Match
from dsar_export.model.source import CHUNK_ROWS, Selection
from tests.collectors.sources import C1, LINK, SAM, Database, fill, letters_dataset, source, table_dataset
from tests.hostile import error_of

ONE_COLUMN = table_dataset("text")


def probe(database: Database, dataset: Dataset) -> bool:
    with database.collector().snapshot() as snapshot:
        return snapshot.probe(Selection(dataset, frozenset({C1, SAM}))).sorts_without_index


def test_a_renamed_column_is_named(database: Database) -> None:
    database.run("ALTER TABLE records RENAME COLUMN text TO words")
    with pytest.raises(RegisterError, match=r"dataset 'records' does not fit source 'main'.*text"):
        probe(database, ONE_COLUMN)
    database.run("ALTER TABLE letters RENAME COLUMN body TO words")
    with pytest.raises(RegisterError, match=r"dataset 'letters' .*body.*dsar-export check"):
        probe(database, letters_dataset())


def test_a_renamed_table_is_named(database: Database) -> None:
    database.run("ALTER TABLE records RENAME TO old_records")
    with pytest.raises(RegisterError, match="no such table: records"):
        probe(database, ONE_COLUMN)


def test_a_name_in_capitals_that_is_no_column_is_not_taken_for_a_text(database: Database) -> None:
    # SQLite takes a quoted name that it does not know for a text, unless it is said whose column it is.
    with pytest.raises(RegisterError, match="Text Of It"):
        probe(database, table_dataset("Text Of It"))


def test_an_order_that_no_index_serves_is_told(database: Database) -> None:
    assert not probe(database, ONE_COLUMN)
    assert probe(database, table_dataset("text", order=("customer_id", "text", "id")))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id, email, body, '' AS title FROM letters",
        "SELECT id, email, body, '' AS title FROM letters WHERE email IN :mail",
        "SELECT id, email, body, '' AS title FROM letters WHERE email IN :customer_id",
    ],
)
def test_a_query_without_its_bind_is_refused(database: Database, query: str) -> None:
    with pytest.raises(RegisterError, match=r"datasets/letters.toml: query: .* `IN :email`"):
        probe(database, letters_dataset(query))


def test_a_query_has_no_other_parameter_than_its_subject_key(database: Database) -> None:
    # A misspelt one would be bound to nothing, and its rows would be missing in silence.
    both = letters_dataset(
        "SELECT id, email, body, '' AS title FROM letters WHERE email IN :email OR id IN :emial", Match.EXACT
    )
    with pytest.raises(RegisterError, match="has no other parameter"):
        database.read(both, SAM)


def test_attachments_are_wrong_use(database: Database) -> None:
    with database.collector().snapshot() as snapshot, pytest.raises(WrongUseError, match="no attachments"):
        snapshot.open_attachment("x")


@pytest.mark.parametrize("url", ["postgresql://u:p@h/d", "sqlite://", "sqlite:///:memory:", "no url"])
def test_another_database_than_a_sqlite_file_is_a_register_error_without_the_url(url: str) -> None:
    from_register = replace(source(), url=url)
    with pytest.raises(RegisterError, match=r"sources.main.url") as caught:
        type(Database(Path()).collector())("main", from_register, Path())  # type: ignore[call-arg] # SqlDatabase
    assert "u:p" not in str(caught.value)


# A source that does not answer


def test_a_missing_file_is_unreadable_and_is_not_made(database: Database) -> None:
    with pytest.raises(SourceUnreadableError, match="source 'main' could not be read"):
        database.collector("missing.db").snapshot().__enter__()
    with pytest.raises(SourceUnreadableError):
        database.collector("missing.db").describe()
    assert not (database.folder / "missing.db").exists()


def test_a_file_that_is_no_database_is_unreadable(database: Database) -> None:
    database.file.write_bytes(b"PRIVATE" * 5000)
    with pytest.raises(SourceUnreadableError, match="SQLITE_NOTADB") as caught:
        database.collector().snapshot().__enter__()
    assert "PRIVATE" not in str(caught.value)


def test_a_damaged_database_is_unreadable_and_no_value_is_told(database: Database) -> None:
    fill(database, *["PRIVATE" * 1000] * 50)
    raw = bytearray(database.file.read_bytes())
    raw[len(raw) // 3 : len(raw) // 2] = b"\xff" * (len(raw) // 2 - len(raw) // 3)
    database.file.write_bytes(raw)
    error = error_of(lambda: database.read(ONE_COLUMN, C1))
    assert isinstance(error, SourceUnreadableError)
    assert "PRIVATE" not in str(error)
    assert "C-1" not in str(error)


def test_a_statement_that_takes_too_long_is_stopped_and_told(database: Database) -> None:
    database.run(
        "CREATE VIEW lengthy AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 30000000) "
        "SELECT x AS id, 'C-1' AS customer_id FROM n WHERE x < 0"
    )
    dataset = table_dataset("id", name="lengthy")
    with pytest.raises(SourceUnreadableError, match="dataset 'lengthy': the statement took too long"):
        database.chunks(dataset, C1, timeout=0)


def test_the_time_of_a_statement_does_not_count_what_the_reader_does_meanwhile(database: Database) -> None:
    fill(database, *range(60_000))
    with database.collector(timeout=1).snapshot() as snapshot:
        chunks = snapshot.chunks(Selection(ONE_COLUMN, frozenset({C1})))
        next(chunks)
        snapshot._limit._until = 0.0  # type: ignore[attr-defined] # as if a second had passed since
        assert len(next(chunks).rows) == CHUNK_ROWS


def test_no_error_holds_a_value_or_a_parameter_not_even_in_its_cause(database: Database) -> None:
    fill(database, "PRIVATE")
    database.run("CREATE VIEW failing AS SELECT id, customer_id, json(text) AS j FROM records")
    error = error_of(lambda: database.read(table_dataset("j", name="failing"), C1))
    assert isinstance(error, SourceUnreadableError)
    assert not [value for value in ("PRIVATE", "C-1", "malformed") if value in str(error)]
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_a_renamed_column_of_a_link_is_the_registers_fault_and_is_named(database: Database) -> None:
    database.run("ALTER TABLE customers RENAME COLUMN email TO mail")
    with (
        database.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match=r"link from 'email'.*email"),
    ):
        snapshot.resolve(LINK, [SAM])
