"""PostgreSQL's large objects are read in place of their numbers."""

from collections.abc import Iterator
from typing import Final

import pytest

from collectors.sql_database.statements import LARGE_OBJECT_BYTES
from dsar_export.errors import RegisterError, SourceUnreadableError
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.source import Probe
from tests.collectors.sources import (
    C1,
    Database,
    PostgresDatabase,
    SqliteDatabase,
    cells,
    chunks,
    selection,
    table_dataset,
)
from tests.replacing import replace

PAPERS: Final = replace(
    table_dataset("id", "scan", name="papers"),
    fields={"id": FieldMapping(column="id"), "scan": FieldMapping(column="scan", large_object=True)},
)


@pytest.fixture(params=["oid", "bigint", "text"])
def pg(request: pytest.FixtureRequest, empty_postgres: PostgresDatabase) -> Iterator[PostgresDatabase]:
    made = empty_postgres
    made.run(f"CREATE TABLE papers (id INTEGER PRIMARY KEY, customer_id TEXT, scan {request.param})")
    made.run("CREATE INDEX papers_order ON papers (customer_id, id)")
    yield made
    made.rows("SELECT lo_unlink(oid) FROM pg_largeobject_metadata")


def put(pg: PostgresDatabase, number: int, content: str = "", *, granted: bool = True) -> int:
    """Inserts a paper with a large object; returns the object's number."""
    ((oid,),) = pg.rows("SELECT lo_from_bytea(0, convert_to(?, 'UTF8'))", content)
    assert isinstance(oid, int)
    if granted:
        pg.run(f"GRANT SELECT ON LARGE OBJECT {oid} TO {pg.role}")
    pg.run(f"INSERT INTO papers VALUES ({number}, 'C-1', '{oid}')")
    return oid


def test_the_bytes_replace_the_number(pg: PostgresDatabase) -> None:
    put(pg, 1, "Dear Mara, \N{ROCKET}")
    put(pg, 2)
    pg.run("INSERT INTO papers VALUES (3, 'C-1', NULL), (4, 'C-2', 123456)")
    with pg.collector().snapshot() as snapshot:
        assert snapshot.probe(selection(PAPERS, C1)) == Probe(without_index=False, remote=True)
    assert cells(pg, PAPERS, C1) == [(1, "Dear Mara, \N{ROCKET}".encode()), (2, b""), (3, None)]


def test_a_query_returns_them_too(pg: PostgresDatabase) -> None:
    put(pg, 1, "a letter")
    queried = replace(
        PAPERS, query="SELECT id, customer_id, scan FROM papers WHERE customer_id IN :customer_id", key="id"
    )
    assert cells(pg, queried, C1) == [(1, b"a letter")]


def test_a_large_object_that_the_role_may_not_read_stops_the_export_with_the_reason(
    pg: PostgresDatabase,
) -> None:
    number = put(pg, 1, "PRIVATE", granted=False)
    with pytest.raises(SourceUnreadableError, match="GRANT SELECT ON LARGE OBJECT") as caught:
        cells(pg, PAPERS, C1)
    assert "dataset 'papers'" in str(caught.value)
    assert str(number) not in str(caught.value)


def test_a_large_object_that_no_longer_exists_stops_the_export_too(pg: PostgresDatabase) -> None:
    number = put(pg, 1, "PRIVATE")
    pg.rows(f"SELECT lo_unlink({number})")
    with pytest.raises(SourceUnreadableError, match="does not exist") as caught:
        cells(pg, PAPERS, C1)
    assert str(number) not in str(caught.value)


@pytest.mark.parametrize("more", [0, 1])
def test_a_large_object_above_the_limit_is_refused_and_one_at_the_limit_is_read(
    pg: PostgresDatabase, more: int
) -> None:
    number = put(pg, 1)
    pg.rows(f"SELECT lo_put({number}, {LARGE_OBJECT_BYTES + more - 1}, 'x')")
    if more:
        with pytest.raises(SourceUnreadableError, match="more than 16 MiB; leave its column out"):
            cells(pg, PAPERS, C1)
    else:
        ((_, content),) = cells(pg, PAPERS, C1)
        assert isinstance(content, bytes)
        assert len(content) == LARGE_OBJECT_BYTES


def test_each_of_several_large_objects_is_a_chunk_of_its_own(pg: PostgresDatabase) -> None:
    for n in range(3):
        pg.rows(f"SELECT lo_put({put(pg, n)}, {LARGE_OBJECT_BYTES - 1}, 'x')")
    assert [len(chunk.rows) for chunk in chunks(pg, PAPERS, C1)] == [1, 1, 1]


def test_other_databases_have_no_large_objects(empty_sqlite: SqliteDatabase) -> None:
    database: Database = empty_sqlite
    database.table("papers", id="INTEGER PRIMARY KEY", customer_id="TEXT", scan="INTEGER")
    with (
        database.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match="only PostgreSQL has"),
    ):
        snapshot.probe(selection(PAPERS, C1))
