"""The database's own plan shows which tables a query reads, however the query is written."""

from typing import cast

import pytest

from dsar_export.model.request import Identifier
from dsar_export.model.source import Probe
from tests.collectors.sources import C1, Database, PostgresDatabase, cells, selection, table_dataset
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.replacing import replace

JOINED = (
    "SELECT p.id, p.customer_id, {cell} AS text FROM payments p {join} WHERE p.customer_id IN :customer_id"
)
RENTALS = JOINED.format(cell="r.film", join="LEFT JOIN rentals r ON r.id = p.rental")
UNION = (
    "SELECT id, customer_id, note AS text FROM payments WHERE customer_id IN :customer_id "
    "UNION ALL SELECT id, customer_id, film FROM rentals WHERE customer_id IN :customer_id"
)
QUERIES = {
    "a join": (RENTALS, {"payments": 1, "rentals": 1}),
    "a join of nobody's key": (
        RENTALS.replace("r.id = p.rental", "r.id = 77"),
        {"payments": 1, "rentals": 1},
    ),
    "a subquery": (
        JOINED.format(cell="(SELECT r.film FROM rentals r WHERE r.id = p.rental)", join=""),
        {"payments": 1, "rentals": 1},
    ),
    "a derived table": (
        RENTALS.replace("rentals r", "(SELECT id, film FROM rentals WHERE id > 0) r"),
        {"payments": 1, "rentals": 1},
    ),
    "a common table expression": (
        f"WITH w AS (SELECT id, film FROM rentals) {RENTALS.replace('rentals r', 'w r')}",
        {"payments": 1, "rentals": 1},
    ),
    "a view": (RENTALS.replace("rentals r", "seen r"), {"payments": 1, "rentals": 1}),
    "a union": (UNION, {"payments": 1, "rentals": 1}),
    "its own table again": (
        JOINED.format(cell="o.note", join="LEFT JOIN payments o ON o.id = p.rental"),
        {"payments": 2},
    ),
    "no other table": (JOINED.format(cell="p.note", join=""), {"payments": 1}),
}


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def rented(request: pytest.FixtureRequest) -> Database:
    made = cast(
        Database,
        empty_mariadb(request.getfixturevalue("mariadb_server"))
        if request.param == "mariadb"
        else request.getfixturevalue(f"empty_{request.param}"),
    )
    if isinstance(made, MariadbDatabase):  # otherwise it hides the plan of a view
        made.grant(f"SHOW VIEW ON `{made.name}`.*")
    made.run("CREATE TABLE rentals (id INTEGER PRIMARY KEY, customer_id VARCHAR(9), film VARCHAR(30))")
    made.run(
        "CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id VARCHAR(9), rental INTEGER, note VARCHAR(9))"
    )
    made.run("CREATE INDEX payments_1 ON payments (customer_id, id)")
    made.run("CREATE VIEW seen AS SELECT id, film FROM rentals")
    made.run("INSERT INTO rentals VALUES (1, 'C-2', 'it''s `a`.`b`')")
    made.run("INSERT INTO payments VALUES (1, 'C-1', 1, 'n')")
    return made


def probed(database: Database, query: str) -> Probe:
    dataset = replace(table_dataset("text", name="payments"), query=query, key="id")
    with database.collector().snapshot() as snapshot:
        return snapshot.probe(selection(dataset, C1))


@pytest.mark.parametrize("what", QUERIES)
def test_a_query_reads_the_tables_that_its_plan_names(rented: Database, what: str) -> None:
    query, tables = QUERIES[what]
    reads = probed(rented, query).reads
    assert reads is not None
    assert set(reads) == {*tables}
    assert min(reads.count("payments"), 2) == tables["payments"]


def test_mariadb_hides_the_plan_of_a_view_from_an_account_that_may_not_see_it(mariadb_server: str) -> None:
    made = empty_mariadb(mariadb_server)
    made.run("CREATE TABLE rentals (id INTEGER PRIMARY KEY, film VARCHAR(30))")
    made.run("CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id VARCHAR(9), rental INTEGER)")
    made.run("CREATE VIEW seen AS SELECT id, film FROM rentals")
    assert probed(made, RENTALS.replace("rentals r", "seen r")).reads is None


def test_a_partition_is_reported_as_its_table_and_another_schema_is_named(
    empty_postgres: PostgresDatabase,
) -> None:
    run = empty_postgres.run
    run("CREATE SCHEMA crm")
    run("CREATE TABLE crm.rentals (id INTEGER, film TEXT) PARTITION BY RANGE (id)")
    run("CREATE TABLE crm.rentals_1 PARTITION OF crm.rentals FOR VALUES FROM (0) TO (10)")
    run("CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id TEXT, rental INTEGER, note TEXT)")
    run(f"GRANT USAGE ON SCHEMA crm TO {empty_postgres.role}")
    run(f"GRANT SELECT ON ALL TABLES IN SCHEMA crm TO {empty_postgres.role}")
    reads = probed(empty_postgres, RENTALS.replace("rentals r", "crm.rentals r")).reads
    assert set(reads or ()) == {"payments", "crm.rentals"}


def test_a_table_is_read_once_however_many_partitions_it_has(empty_postgres: PostgresDatabase) -> None:
    run = empty_postgres.run
    run("CREATE TABLE rentals (id INTEGER, film TEXT, customer_id TEXT) PARTITION BY RANGE (id)")
    for number in range(3):
        run(f"CREATE TABLE r{number} PARTITION OF rentals FOR VALUES FROM ({number}000) TO ({number + 1}000)")
    run("CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id TEXT, rental INTEGER, note TEXT)")
    # The sample keys are in no partition.
    query = RENTALS.replace("r.id = p.rental", "r.id = p.rental AND r.id = 7777")
    assert probed(empty_postgres, query).reads == ("payments", "rentals")


def test_a_function_that_returns_rows_is_not_a_table(empty_postgres: PostgresDatabase) -> None:
    empty_postgres.run("CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT)")
    query = JOINED.format(cell="g::text", join="CROSS JOIN generate_series(1, 1) g")
    assert probed(empty_postgres, query).reads == ("payments",)


@pytest.mark.parametrize("kind", ["UUID", "BYTEA"])
def test_a_query_by_a_key_that_is_not_text_is_planned(empty_postgres: PostgresDatabase, kind: str) -> None:
    empty_postgres.run(f"CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id {kind}, note TEXT)")
    query = JOINED.format(cell="p.note", join="")
    assert probed(empty_postgres, query).reads == ("payments",)
    dataset = replace(table_dataset("text", name="payments"), query=query, key="id")
    assert cells(empty_postgres, dataset, Identifier("customer_id", "sam@example.org")) == []
