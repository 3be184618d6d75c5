"""Differences from the register are named, unreachable sources are reported, and no error contains a value."""

from pathlib import Path

import pytest

from collectors.sql_database import SqlDatabase
from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import CodeTable, FieldMapping
from tests.collectors.sources import (
    C1,
    LINK,
    SAM,
    Database,
    letters_dataset,
    meanings,
    read,
    selection,
    source,
    table_dataset,
)
from tests.replacing import replace

ONE_COLUMN = table_dataset("text")


def probe(database: Database, dataset: Dataset) -> bool:
    with database.collector().snapshot() as snapshot:
        return snapshot.probe(selection(dataset, C1, SAM)).without_index


def test_a_renamed_column_is_named(database: Database) -> None:
    database.run("ALTER TABLE records RENAME COLUMN text TO words")
    with pytest.raises(RegisterError, match=r"dataset 'records' does not fit source 'main'.*text"):
        probe(database, ONE_COLUMN)
    database.run("ALTER TABLE letters RENAME COLUMN body TO words")
    with pytest.raises(RegisterError, match=r"dataset 'letters' .*body.*dsar-export check"):
        probe(database, letters_dataset())


def test_a_renamed_table_is_named(database: Database) -> None:
    database.run("ALTER TABLE records RENAME TO old_records")
    with pytest.raises(RegisterError, match=r"no such table: records|relation \"records\" does not exist"):
        probe(database, ONE_COLUMN)


def test_an_order_without_a_suitable_index_is_reported(database: Database) -> None:
    assert not probe(database, ONE_COLUMN)
    database.run("DROP INDEX records_order")
    assert probe(database, table_dataset("text", order=("text", "id")))


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


def test_a_query_with_another_parameter_than_its_subject_key_is_refused(database: Database) -> None:
    # A misspelt parameter would be bound to nothing, and its rows would silently be missing.
    both = letters_dataset(
        "SELECT id, email, body, '' AS title FROM letters WHERE email IN :email OR id IN :emial", Match.EXACT
    )
    with pytest.raises(RegisterError, match="have no other parameter"):
        read(database, both, SAM)


def test_a_query_that_does_not_return_its_subject_keys_column_is_refused(database: Database) -> None:
    with pytest.raises(RegisterError, match=r"dataset 'letters' does not fit .*email"):
        probe(database, letters_dataset("SELECT id, body, '' AS title FROM letters WHERE email IN :email"))


@pytest.mark.parametrize("url", ["oracle://u:p@h/d", "sqlite://", "sqlite:///:memory:", "no url"])
def test_another_kind_of_database_is_a_register_error_without_the_url(url: str) -> None:
    with pytest.raises(RegisterError, match=r"sources.main.url") as caught:
        SqlDatabase("main", replace(source(), url=url), Path())
    assert "u:p" not in str(caught.value)


def test_a_source_that_does_not_respond_is_reported_without_its_address(database: Database) -> None:
    for act in (lambda: database.broken().describe(), lambda: database.broken().snapshot().__enter__()):
        with pytest.raises(
            SourceUnreadableError, match="source 'main' could not be read: connecting"
        ) as caught:
            act()
        assert not [t for t in ("127.0.0.1", "missing.db", "reader", "dsar_coll") if t in str(caught.value)]
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


def test_a_renamed_column_of_a_link_is_named_in_a_register_error(database: Database) -> None:
    database.run("ALTER TABLE customers RENAME COLUMN email TO mail")
    with (
        database.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match=r"link from 'email'.*email"),
    ):
        list(snapshot.resolve(LINK, [SAM.value], ()))


def test_a_renamed_column_of_a_link_is_reported_even_without_a_person_to_search_for(
    database: Database,
) -> None:
    database.run("ALTER TABLE customers RENAME COLUMN email TO mail")
    with database.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="link from 'email'"):
        list(snapshot.resolve(LINK, [], ()))


@pytest.mark.parametrize("column", ["id", "email"])
def test_a_link_is_planned_before_anything_is_read(database: Database, column: str) -> None:
    database.run(f"ALTER TABLE customers RENAME COLUMN {column} TO another")
    with (
        database.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match=rf"link from 'email' to 'customer_id' does not fit .*{column}"),
    ):
        snapshot.probe_link(LINK, ())


def test_a_datasets_code_tables_are_planned_with_it(database: Database) -> None:
    codes = CodeTable(table="campaigns", code="id", meaning="title")
    dataset = replace(ONE_COLUMN, fields={"text": FieldMapping(column="text", codes_from=codes)})
    assert not probe(database, dataset)
    database.run("ALTER TABLE campaigns RENAME COLUMN title TO words")
    with pytest.raises(RegisterError, match=r"code table 'campaigns' does not fit .*title"):
        probe(database, dataset)


def test_a_renamed_column_of_a_code_table_is_named_in_a_register_error(database: Database) -> None:
    with (
        database.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match=r"code table 'campaigns' does not fit .*meaning"),
    ):
        meanings(snapshot, CodeTable(table="campaigns", code="id", meaning="meaning"))
