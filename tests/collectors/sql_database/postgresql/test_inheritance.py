"""Inherited tables: a parent returns only its own rows, and a child is an ordinary table."""

import pytest

from dsar_export.model.comparison import Match
from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.place import HistoryTable
from dsar_export.model.subject_key import Step, SubjectKey
from tests.collectors.sources import C1, LINK, PostgresDatabase, cells, meanings, selection, table_dataset
from tests.replacing import replace
from tests.statements import statements


@pytest.fixture
def family(empty_postgres: PostgresDatabase) -> PostgresDatabase:
    made = empty_postgres
    made.run("CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id TEXT, text TEXT)")
    made.run("CREATE TABLE old_notes (PRIMARY KEY (id)) INHERITS (notes)")
    made.run("INSERT INTO notes VALUES (1, 'C-1', 'own'), (2, 'C-2', 'another')")
    # The same number as in the parent, whose key is unique only within its own rows.
    made.run("INSERT INTO old_notes VALUES (1, 'C-1', 'of the child'), (7, 'C-1', 'of the child too')")
    made.run("CREATE TABLE lines (id INTEGER PRIMARY KEY, note INTEGER, customer_id TEXT)")
    made.run("INSERT INTO lines VALUES (5, 1, 'C-1')")
    return made


NOTES = table_dataset("text", name="notes")


def test_a_child_is_listed_as_a_table_of_its_own(family: PostgresDatabase) -> None:
    held = family.collector().describe()
    assert [table.name for table in held.tables] == ["lines", "notes", "old_notes"]


def test_a_parent_returns_its_own_rows_and_the_child_the_others(family: PostgresDatabase) -> None:
    assert cells(family, NOTES, C1) == [("own",)]
    assert cells(family, replace(NOTES, table="old_notes"), C1) == [("of the child",), ("of the child too",)]
    assert cells(family, replace(NOTES, table="public.notes"), C1) == [("own",)]


def test_a_history_table_that_is_a_parent_returns_only_its_own_rows(family: PostgresDatabase) -> None:
    lines = replace(
        table_dataset("note", name="lines"),
        history=(HistoryTable(table="notes", order_by=("id",), columns={"note": "text"}),),
    )
    assert cells(family, lines, C1) == [(1,), ("own",)]


def test_a_join_with_a_parent_does_not_reach_a_child(family: PostgresDatabase) -> None:
    step = Step(column="note", table="notes", key="id")
    key = SubjectKey(column="customer_id", identifier="customer_id", through=(step,))
    lines = replace(table_dataset("id", name="lines"), subject_keys=(key,))
    assert cells(family, lines, C1) == [(5,)]


def test_links_and_codes_in_a_parent_are_read_from_it_alone(family: PostgresDatabase) -> None:
    link = replace(LINK, table="notes", given_column="customer_id", leads_to_column="text", match=Match.EXACT)
    family.run("DELETE FROM ONLY notes WHERE id = 2")
    with family.collector().snapshot() as snapshot:
        assert [row.reached for row in snapshot.resolve(link, {"C-1"}, ())] == ["own"]
        assert meanings(snapshot, CodeTable(table="notes", code="id", meaning="text")) == {"1": "own"}


def test_the_owner_of_a_querys_row_is_looked_up_in_the_parent_alone(family: PostgresDatabase) -> None:
    queried = replace(
        NOTES,
        query="SELECT id, customer_id, text FROM ONLY notes WHERE customer_id IN :customer_id",
        key="id",
    )
    assert cells(family, queried, C1) == [("own",)]


def test_partitions_are_read_as_their_table(family: PostgresDatabase) -> None:
    family.run("CREATE TABLE parts (id INTEGER, customer_id TEXT, text TEXT) PARTITION BY RANGE (id)")
    family.run("CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)")
    family.run("INSERT INTO parts VALUES (1, 'C-1', 'a')")
    assert cells(family, table_dataset("text", name="parts"), C1) == [("a",)]


def test_the_keyword_only_is_used_for_parents_alone(family: PostgresDatabase) -> None:
    with statements() as sent, family.collector().snapshot() as snapshot:
        list(snapshot.chunks(selection(NOTES, C1)))
        list(snapshot.chunks(selection(replace(NOTES, table="old_notes"), C1)))
    assert ["FROM ONLY" in s for s in sent if "ORDER BY" in s and "notes" in s] == [True, False]
