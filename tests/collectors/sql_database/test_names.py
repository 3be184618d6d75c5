"""Two tables whose names differ only in a dot."""

from typing import Final

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.comparison import Match
from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.source import ForeignKey
from dsar_export.model.subject_key import Step
from tests.collectors.sources import (
    C1,
    LINK,
    Database,
    PostgresDatabase,
    SqliteDatabase,
    cells,
    meanings,
    read,
    selection,
    table_dataset,
)
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.replacing import replace

DOTTED: Final = '"crm.notes"'
IN_SCHEMA: Final = "crm.notes"


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server)


@pytest.fixture(params=["empty_sqlite", "empty_postgres", "mariadb"])
def dotted(request: pytest.FixtureRequest) -> Database:
    """A database with a table called `crm.notes`, and a table that it refers to."""
    made: Database = request.getfixturevalue(request.param)
    quote = "`" if isinstance(made, MariadbDatabase) else '"'
    folk, notes = (f"{quote}{name}{quote}" for name in ("the.folk", "crm.notes"))
    made.run(f"CREATE TABLE {folk} (id INTEGER PRIMARY KEY, email VARCHAR(99))")
    made.run(
        f"CREATE TABLE {notes} (id INTEGER PRIMARY KEY, customer_id VARCHAR(9), note VARCHAR(99), folk INTEGER, "
        f"FOREIGN KEY (folk) REFERENCES {folk} (id))"
    )
    made.run(f"INSERT INTO {folk} VALUES (1, 'sam@example.org')")
    made.run(f"INSERT INTO {notes} VALUES (1, 'C-1', 'dotted name', 1), (2, 'C-2', 'another', NULL)")
    return made


def test_a_name_with_a_dot_is_described_in_quotes_as_foreign_keys_refer_to_it(dotted: Database) -> None:
    held = dotted.collector().describe()
    table = held.table(DOTTED)
    assert table is not None
    assert table.name == DOTTED
    assert table.foreign_keys == (ForeignKey(("folk",), '"the.folk"', ("id",)),)
    assert held.table(IN_SCHEMA) is None


def test_a_dataset_a_step_a_link_and_codes_read_a_table_by_its_quoted_name(dotted: Database) -> None:
    notes = replace(table_dataset("note", name="notes"), table=DOTTED)
    assert cells(dotted, notes, C1) == [("dotted name",)]
    step = Step(column="folk", table='"the.folk"', key="id")
    over = replace(
        notes,
        subject_keys=(replace(notes.subject_keys[0], column="email", through=(step,), identifier="email"),),
    )
    sam = replace(C1, kind="email", value="sam@example.org")
    assert read(dotted, over, sam) == [("sam@example.org", None, "dotted name")]
    queried = replace(
        notes,
        query=f"SELECT id, customer_id, note FROM {quoted(dotted)} WHERE customer_id IN :customer_id",
        key="id",
    )
    assert cells(dotted, queried, C1) == [("dotted name",)]
    link = replace(LINK, table=DOTTED, given_column="note", leads_to_column="customer_id", match=Match.EXACT)
    with dotted.collector().snapshot() as snapshot:
        snapshot.probe(selection(notes, C1))
        assert [row.reached for row in snapshot.resolve(link, {"dotted name"}, ())] == ["C-1"]
        codes = CodeTable(table=DOTTED, code="id", meaning="note")
        assert meanings(snapshot, codes) == {"1": "dotted name", "2": "another"}


def quoted(database: Database) -> str:
    return "`crm.notes`" if isinstance(database, MariadbDatabase) else DOTTED


def test_a_view_with_a_dot_in_its_name_cannot_be_a_datasets_table(dotted: Database) -> None:
    view = quoted(dotted).replace("crm.notes", "a.view")
    dotted.run(f"CREATE VIEW {view} AS SELECT * FROM {quoted(dotted)}")
    dataset = replace(table_dataset("note", name="notes"), table='"a.view"')
    with dotted.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="is a view"):
        snapshot.probe(selection(dataset, C1))


def test_a_quoted_name_and_a_name_with_a_schema_are_two_tables(empty_postgres: PostgresDatabase) -> None:
    made = empty_postgres
    for table, text in (("public", "dotted name"), ("crm", "in schema crm")):
        if table == "crm":
            made.run("CREATE SCHEMA crm")
            made.run(f"GRANT USAGE ON SCHEMA crm TO {made.role}")
        name = 'public."crm.notes"' if table == "public" else "crm.notes"
        made.run(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT)")
        made.run(f"INSERT INTO {name} VALUES (1, 'C-1', '{text}')")
        made.run(f"GRANT SELECT ON {name} TO {made.role}")
    names = [DOTTED, IN_SCHEMA, 'crm."notes"', 'public."crm.notes"']
    found = [cells(made, replace(table_dataset("note"), table=name), C1) for name in names]
    assert found == [[("dotted name",)], [("in schema crm",)], [("in schema crm",)], [("dotted name",)]]
    assert [table.name for table in made.collector().describe().tables] == [DOTTED, IN_SCHEMA]


def test_a_view_in_the_first_schema_is_recognised_by_its_full_name_too(
    empty_postgres: PostgresDatabase,
) -> None:
    empty_postgres.run("CREATE VIEW public.seen AS SELECT 1 AS id, 'C-1' AS customer_id")
    dataset = replace(table_dataset("id", name="seen"), table="public.seen")
    with (
        empty_postgres.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match=r"'public\.seen' is a view"),
    ):
        snapshot.probe(selection(dataset, C1))


def test_sqlite_shows_how_to_quote_a_name_that_was_written_without_quotes(
    empty_sqlite: SqliteDatabase,
) -> None:
    empty_sqlite.run('CREATE TABLE "crm.notes" (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT)')
    old = replace(table_dataset("note", name="notes"), table=IN_SCHEMA)
    with (
        empty_sqlite.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match=r'write it in double quotes: "crm\.notes"'),
    ):
        snapshot.probe(selection(old, C1))


def test_a_name_of_three_parts_is_refused(empty_postgres: PostgresDatabase) -> None:
    wrong = replace(table_dataset("note", name="notes"), table="a.b.c")
    with empty_postgres.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="more parts"):
        snapshot.probe(selection(wrong, C1))
