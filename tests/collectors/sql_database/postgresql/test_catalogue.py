"""PostgreSQL's catalogue also shows large objects, foreign tables and outdated collations."""

from collections.abc import Iterator

import pytest

from dsar_export.model.source import ColumnKind, Table
from tests.collectors.sources import PostgresDatabase


def described(pg: PostgresDatabase, name: str) -> Table:
    table = pg.collector().describe().table(name)
    assert table is not None
    return table


def test_large_objects_are_reported_if_there_are_any(pg: PostgresDatabase) -> None:
    assert not pg.collector().describe().large_objects
    ((number,),) = pg.rows("SELECT lo_from_bytea(0, 'a letter')")
    try:
        assert pg.collector().describe().large_objects
    finally:
        pg.run(f"SELECT lo_unlink({number})")


def test_a_large_object_column_is_recognised_by_any_name_of_its_type(
    pg: PostgresDatabase,
) -> None:
    pg.run("CREATE DOMAIN lo AS oid")
    pg.run("CREATE TABLE papers (id INTEGER, scan oid, letter lo)")
    facts = described(pg, "papers").facts
    kinds = [facts[name].kind for name in ("id", "scan", "letter")]
    assert kinds == [ColumnKind.INTEGER, ColumnKind.LARGE_OBJECT, ColumnKind.LARGE_OBJECT]


@pytest.fixture
def far(pg: PostgresDatabase) -> Iterator[PostgresDatabase]:
    """A foreign server that is never contacted: the catalogue alone shows that rows are there."""
    pg.run("CREATE FOREIGN DATA WRAPPER elsewhere")
    pg.run("CREATE SERVER far FOREIGN DATA WRAPPER elsewhere")
    yield pg
    pg.run("DROP FOREIGN DATA WRAPPER elsewhere CASCADE")


def test_only_a_foreign_table_is_foreign(far: PostgresDatabase) -> None:
    far.run("CREATE FOREIGN TABLE away (id INTEGER, customer_id TEXT) SERVER far")
    assert described(far, "away").is_foreign
    assert not described(far, "records").is_foreign


def test_a_table_with_a_partition_on_another_server_is_foreign(far: PostgresDatabase) -> None:
    far.run("CREATE TABLE parts (id INTEGER, customer_id TEXT) PARTITION BY RANGE (id)")
    far.run("CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)")
    assert not described(far, "parts").is_foreign
    far.run("CREATE FOREIGN TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20) SERVER far")
    assert described(far, "parts").is_foreign


def test_a_database_with_its_original_collation_version_is_sound(pg: PostgresDatabase) -> None:
    assert pg.collector().describe().unsound == ()


def with_a_version_of_its_own(pg: PostgresDatabase) -> PostgresDatabase:
    """Skips the test if the server lacks a collation that has a version on every machine."""
    if not pg.rows("SELECT 1 FROM pg_collation WHERE collname = 'pg_c_utf8'"):
        pytest.skip("this PostgreSQL is older than 17 and has no builtin collation")
    return pg


def test_a_database_created_with_another_collation_version_is_reported(pg: PostgresDatabase) -> None:
    name = with_a_version_of_its_own(pg).url.rpartition("/")[2]
    pg.run(
        "CREATE DATABASE sorted TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'"
    )
    try:
        url = pg.url.replace(name, "sorted")
        sorted_database = PostgresDatabase(url, url)
        assert sorted_database.collector().describe().unsound == ()
        pg.run("UPDATE pg_database SET datcollversion = '0.1' WHERE datname = 'sorted'")
        (problem,) = sorted_database.collector().describe().unsound
        assert "indexes on text may miss rows" in problem
        assert problem.endswith('REINDEX DATABASE, then ALTER DATABASE "sorted" REFRESH COLLATION VERSION')
    finally:
        pg.run("DROP DATABASE sorted WITH (FORCE)")


@pytest.mark.parametrize(
    "used",
    [
        "CREATE TABLE sorted (name TEXT COLLATE pg_c_utf8)",
        "CREATE INDEX sorted ON letters (email COLLATE pg_c_utf8)",
    ],
)
def test_an_outdated_collation_is_reported_if_a_column_or_an_index_uses_it(
    pg: PostgresDatabase, used: str
) -> None:
    change = "UPDATE pg_collation SET collversion = %s WHERE collname = 'pg_c_utf8'"
    ((before,),) = with_a_version_of_its_own(pg).rows(
        "SELECT collversion FROM pg_collation WHERE collname = 'pg_c_utf8'"
    )
    pg.rows(change, "0.1")
    try:
        assert pg.collector().describe().unsound == ()
        pg.run(used)
        (problem,) = pg.collector().describe().unsound
        assert problem.endswith("ALTER COLLATION pg_catalog.pg_c_utf8 REFRESH COLLATION VERSION")
    finally:
        pg.rows(change, before)
