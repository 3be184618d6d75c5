"""The catalogue shows which columns an index begins with; statements for more indexes can be run as they are."""

from typing import cast

import pytest

from dsar_export.model.comparison import Comparison, Match
from dsar_export.model.index import Index, IndexAdvice, Lookup
from dsar_export.model.source import Table
from tests.collectors.sources import Database, PostgresDatabase, SqliteDatabase
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb

EXACT = Comparison()
CASEFOLD = Comparison(Match.CASEFOLD)
E164 = Comparison(Match.E164, "GB")
HMAC = Comparison(Match.HMAC, hmac_key="env:KEY")


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def any_empty(request: pytest.FixtureRequest) -> Database:
    """An empty database of each of the three kinds in turn."""
    if request.param == "mariadb":
        return cast(Database, empty_mariadb(request.getfixturevalue("mariadb_server")))
    return cast(Database, request.getfixturevalue(f"empty_{request.param}"))


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server)


def described(database: Database, name: str = "orders") -> Table:
    found = database.collector().describe().table(name)
    assert found is not None
    return found


def columns_of(table: Table) -> set[tuple[str, ...]]:
    return {index.columns for index in table.indexes or ()}


def advised(database: Database, lookup: Lookup) -> IndexAdvice:
    with database.collector().snapshot() as snapshot:
        return snapshot.index_advice(lookup)


# What the catalogue shows


def test_an_index_is_described_with_its_columns_in_order(any_empty: Database) -> None:
    any_empty.run("CREATE TABLE orders (id INTEGER NOT NULL, customer_id VARCHAR(9), n INTEGER)")
    any_empty.run("CREATE INDEX orders_1 ON orders (customer_id, id)")
    any_empty.run("CREATE UNIQUE INDEX orders_2 ON orders (n)")
    assert set(described(any_empty).indexes or ()) == {
        Index(("customer_id", "id")),
        Index(("n",), unique=True),
    }


def test_the_primary_key_and_unique_columns_are_indexes(any_empty: Database) -> None:
    any_empty.run("CREATE TABLE orders (a VARCHAR(9), b VARCHAR(9), c VARCHAR(9) UNIQUE, PRIMARY KEY (b, a))")
    found = described(any_empty).indexes or ()
    assert {Index(("b", "a"), unique=True), Index(("c",), unique=True)} <= {
        Index(i.columns[:2] if i.columns[0] == "b" else i.columns[:1], unique=i.unique) for i in found
    }


def test_an_integer_primary_key_is_an_index_and_ends_every_other_one(empty_sqlite: SqliteDatabase) -> None:
    empty_sqlite.run("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT)")
    empty_sqlite.run("CREATE INDEX orders_1 ON orders (customer_id)")
    assert set(described(empty_sqlite).indexes or ()) == {
        Index(("id",), unique=True),
        Index(("customer_id", "id"), unique=True),
    }


@pytest.mark.parametrize("declared", ["INT PRIMARY KEY", "INTEGER PRIMARY KEY DESC", "TEXT PRIMARY KEY"])
def test_another_primary_key_of_sqlite_does_not_end_other_indexes(
    empty_sqlite: SqliteDatabase, declared: str
) -> None:
    empty_sqlite.run(f"CREATE TABLE orders (id {declared}, customer_id TEXT)")
    empty_sqlite.run("CREATE INDEX orders_1 ON orders (customer_id)")
    assert set(described(empty_sqlite).indexes or ()) == {
        Index(("id",), unique=True),
        Index(("customer_id",)),
    }


def test_the_key_of_a_table_without_row_numbers_ends_every_other_index(empty_sqlite: SqliteDatabase) -> None:
    empty_sqlite.run("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT) WITHOUT ROWID")
    empty_sqlite.run("CREATE INDEX orders_1 ON orders (customer_id)")
    assert columns_of(described(empty_sqlite)) == {("id", "customer_id"), ("customer_id", "id")}


def test_a_partial_index_and_one_on_an_expression_do_not_count(database: Database) -> None:
    database.run("CREATE INDEX partly ON letters (campaign) WHERE campaign > 1")
    database.run("CREATE INDEX lowered ON letters (lower(body), campaign)")
    assert not {"campaign", "body"} & {columns[0] for columns in columns_of(described(database, "letters"))}


def test_an_index_counts_up_to_its_first_expression(database: Database) -> None:
    database.run("CREATE INDEX mixed ON letters (campaign, lower(body), email)")
    assert ("campaign",) in columns_of(described(database, "letters"))


def test_an_index_in_another_collation_finds_no_text(empty_postgres: PostgresDatabase) -> None:
    empty_postgres.run("CREATE TABLE orders (id INTEGER, customer_id TEXT)")
    empty_postgres.run('CREATE INDEX ON orders (customer_id COLLATE "C", id)')
    empty_postgres.run('CREATE INDEX ON orders (id, customer_id COLLATE "C")')
    assert columns_of(described(empty_postgres)) == {("id",)}


def test_an_index_of_another_kind_does_not_count(empty_postgres: PostgresDatabase) -> None:
    empty_postgres.run("CREATE TABLE orders (id INTEGER, customer_id TEXT, n INTEGER)")
    empty_postgres.run("CREATE INDEX ON orders USING brin (id)")
    empty_postgres.run("CREATE INDEX ON orders USING hash (customer_id)")
    empty_postgres.run("CREATE INDEX ON orders (n) INCLUDE (id)")
    assert columns_of(described(empty_postgres)) == {("customer_id",), ("n",)}


def test_an_index_that_was_not_finished_does_not_count(empty_postgres: PostgresDatabase) -> None:
    empty_postgres.run("CREATE TABLE orders (id INTEGER)")
    empty_postgres.run("CREATE INDEX broken ON orders (id)")
    empty_postgres.run("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass")
    assert described(empty_postgres).indexes == ()


def test_an_index_of_a_partitioned_table_counts_and_so_does_one_on_every_partition(
    empty_postgres: PostgresDatabase,
) -> None:
    run = empty_postgres.run
    run("CREATE TABLE orders (id INTEGER, customer_id TEXT, n INTEGER) PARTITION BY RANGE (id)")
    for number in range(2):
        run(f"CREATE TABLE o{number} PARTITION OF orders FOR VALUES FROM ({number}) TO ({number + 1})")
        run(f"CREATE INDEX ON o{number} (customer_id, id)")
    run("CREATE INDEX ON o0 (n)")
    assert columns_of(described(empty_postgres)) == {("customer_id", "id")}
    run("CREATE INDEX ON orders (n)")
    assert ("n",) in columns_of(described(empty_postgres))


def test_an_index_that_mariadb_ignores_does_not_count(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE orders (id INTEGER, note TEXT, FULLTEXT INDEX words (note))")
    mariadb.run("CREATE INDEX orders_1 ON orders (id)")
    assert columns_of(described(cast(Database, mariadb))) == {("id",)}
    mariadb.run("ALTER TABLE orders ALTER INDEX orders_1 IGNORED")
    assert columns_of(described(cast(Database, mariadb))) == set()


def test_a_hash_of_several_columns_finds_nothing_by_the_first(mariadb: MariadbDatabase) -> None:
    mariadb.run("CREATE TABLE orders (a INTEGER, b INTEGER, INDEX (a, b), INDEX (b)) ENGINE = MEMORY")
    assert columns_of(described(cast(Database, mariadb))) == {("b",)}


# How many rows


ANALYSE = {
    "SqliteDatabase": "ANALYZE",
    "PostgresDatabase": "ANALYZE orders",
    "MariadbDatabase": "ANALYZE TABLE orders",
}


def test_the_number_of_rows_is_known_after_they_were_counted(any_empty: Database) -> None:
    any_empty.run("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id VARCHAR(9))")
    any_empty.run("CREATE INDEX orders_1 ON orders (customer_id)")
    any_empty.many("INSERT INTO orders VALUES (?, ?)", [(n, f"C-{n % 9}") for n in range(300)])
    if not isinstance(any_empty, MariadbDatabase):  # which always has an estimate
        highest = 299 if isinstance(any_empty, SqliteDatabase) else None
        assert described(any_empty).rows == highest
    any_empty.run(ANALYSE[type(any_empty).__name__])
    assert described(any_empty).rows == 300


def test_the_rows_of_a_partitioned_table_are_those_of_its_partitions(
    empty_postgres: PostgresDatabase,
) -> None:
    run = empty_postgres.run
    run("CREATE TABLE orders (id INTEGER) PARTITION BY RANGE (id)")
    for number in range(2):
        run(f"CREATE TABLE o{number} PARTITION OF orders FOR VALUES FROM ({number}0) TO ({number + 1}0)")
    run("INSERT INTO orders SELECT generate_series(0, 19)")
    run("ANALYZE o0")
    assert described(empty_postgres).rows is None  # one part is not the whole
    run("ANALYZE o1")
    assert described(empty_postgres).rows == 20


# What would serve


@pytest.mark.parametrize("order", [(), ("id",), ("select", "id")])
def test_the_statement_can_be_run_and_makes_the_index(any_empty: Database, order: tuple[str, ...]) -> None:
    any_empty.table("orders", id="INTEGER", customer_id="TEXT")
    select = "`select`" if isinstance(any_empty, MariadbDatabase) else '"select"'
    any_empty.run(f"ALTER TABLE orders ADD COLUMN {select} INTEGER")
    (statement,) = advised(any_empty, Lookup("orders", "customer_id", EXACT, order)).statements
    any_empty.run(statement)
    assert ("customer_id", *order) in columns_of(described(any_empty))


@pytest.mark.parametrize("name", ["Orders", "order", "crm.orders", 'a"b`c', "50% off", "Größe", "x" * 60])
def test_a_name_of_any_spelling_is_quoted_so_that_the_statement_can_be_run(
    any_empty: Database, name: str
) -> None:
    mark = "`" if isinstance(any_empty, MariadbDatabase) else '"'
    quoted = f"{mark}{name.replace(mark, mark * 2)}{mark}"
    any_empty.run(f"CREATE TABLE {quoted} (id INTEGER, {quoted} VARCHAR(9))")
    (table,) = any_empty.collector().describe().tables
    for number in range(2):
        (statement,) = advised(any_empty, Lookup(table.name, name, EXACT, ("id",))).statements
        any_empty.run(statement.replace("%", "%%") if "%s" in statement else statement)
        assert len(described(any_empty, table.name).indexes or ()) == number + 1  # each has a free name


def test_plain_names_are_not_quoted(any_empty: Database) -> None:
    any_empty.table("orders", id="INTEGER", customer_id="TEXT")
    (statement,) = advised(any_empty, Lookup("orders", "customer_id", EXACT, ("id",))).statements
    name = "" if isinstance(any_empty, PostgresDatabase) else "orders_customer_id_id "
    assert statement == f"CREATE INDEX {name}ON orders (customer_id, id)"


def test_the_statement_names_the_schema_of_another_one(empty_postgres: PostgresDatabase) -> None:
    empty_postgres.run("CREATE SCHEMA crm")
    empty_postgres.run("CREATE TABLE crm.orders (id INTEGER)")
    (statement,) = advised(empty_postgres, Lookup("crm.orders", "id", EXACT)).statements
    assert statement == "CREATE INDEX ON crm.orders (id)"


@pytest.mark.parametrize(
    ("declared", "term"), [("TEXT", "k(190)"), ("VARCHAR(900)", "k(190)"), ("VARCHAR(190)", "k")]
)
def test_a_long_text_of_mariadb_is_indexed_by_its_beginning(
    mariadb: MariadbDatabase, declared: str, term: str
) -> None:
    mariadb.run(f"CREATE TABLE orders (id INTEGER, k {declared}, note TEXT)")
    found = advised(cast(Database, mariadb), Lookup("orders", "k", EXACT, ("id", "note")))
    assert found.statements == (f"CREATE INDEX orders_k_id ON orders ({term}, id)",)
    mariadb.run(*found.statements)
    assert ("k", "id") in columns_of(described(cast(Database, mariadb)))


@pytest.mark.parametrize(
    ("comparison", "statements"),
    [(CASEFOLD, 2), (HMAC, 2), (E164, 3)],
    ids=["casefold", "hmac", "e164"],
)
@pytest.mark.parametrize("declared", ["TEXT", "VARCHAR(40)", "CHAR(40)"])
def test_postgresql_can_serve_every_comparison_of_texts(
    empty_postgres: PostgresDatabase, comparison: Comparison, statements: int, declared: str
) -> None:
    empty_postgres.run(f"CREATE TABLE people (id INTEGER, value {declared})")
    found = advised(empty_postgres, Lookup("people", "value", comparison, ("id",)))
    assert (found.by_column, len(found.statements)) == (False, statements)
    for statement in found.statements:
        empty_postgres.run(statement)


@pytest.mark.parametrize("comparison", [CASEFOLD, HMAC, E164], ids=["casefold", "hmac", "e164"])
def test_no_index_of_mariadb_serves_a_comparison_of_folded_texts(
    mariadb: MariadbDatabase, comparison: Comparison
) -> None:
    mariadb.run("CREATE TABLE people (id INTEGER, value VARCHAR(40), hash BINARY(32))")
    lookup = Lookup("people", "value", comparison)
    assert advised(cast(Database, mariadb), lookup) == IndexAdvice((), by_column=False)
    in_bytes = advised(cast(Database, mariadb), Lookup("people", "hash", HMAC))
    assert in_bytes == IndexAdvice(("CREATE INDEX people_hash ON people (hash)",))


def test_no_index_serves_values_that_are_compared_as_they_are_written(
    empty_postgres: PostgresDatabase, mariadb: MariadbDatabase
) -> None:
    empty_postgres.run("CREATE TABLE people (address inet)")
    mariadb.run("CREATE TABLE people (address inet6)")
    for database in (empty_postgres, cast(Database, mariadb)):
        assert advised(database, Lookup("people", "address", EXACT)) == IndexAdvice((), by_column=False)
        assert advised(
            database, Lookup("people", "address")
        ).by_column  # a join compares the values themselves


def test_an_index_of_sqlite_keeps_the_order_of_a_folded_key_but_finds_nothing(
    empty_sqlite: SqliteDatabase,
) -> None:
    empty_sqlite.run("CREATE TABLE people (id INTEGER, value TEXT)")
    ordered = advised(empty_sqlite, Lookup("people", "value", CASEFOLD, ("id",)))
    assert ordered == IndexAdvice(("CREATE INDEX people_value_id ON people (value, id)",), by_column=False)
    assert advised(empty_sqlite, Lookup("people", "value", CASEFOLD)) == IndexAdvice((), by_column=False)
