"""A query in the register returns each row of its table once, ordered by columns of that table."""

from typing import Final

import pytest

from dsar_export.errors import OwnershipError, RegisterError
from dsar_export.export.capabilities import planned
from dsar_export.export.collect import collect, ownership
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Reached
from dsar_export.model.source import CHUNK_ROWS
from tests.collectors.sources import C1, Database, PostgresDatabase, cells, selection, table_dataset
from tests.replacing import replace

MULTIPLIED: Final = (
    "SELECT l.id AS id, l.customer_id AS customer_id, {place} AS place, l.what AS what "
    "FROM lines l {join} JOIN tags t ON t.customer_id = l.customer_id WHERE l.customer_id IN :customer_id"
)
ONCE: Final = "SELECT id, customer_id, place, what FROM lines WHERE customer_id IN :customer_id"


@pytest.fixture
def shop(empty: Database) -> Database:
    """Two lines of a customer, who has two tags."""
    empty.table("lines", id="INTEGER PRIMARY KEY", customer_id="TEXT", place="INTEGER", what="TEXT")
    empty.table("tags", customer_id="TEXT", place="INTEGER")
    empty.run("CREATE UNIQUE INDEX lines_place ON lines (customer_id, place, id)")
    empty.many("INSERT INTO lines VALUES (?, 'C-1', ?, ?)", [(1, 1, "x"), (2, 2, "y")])
    empty.many("INSERT INTO tags VALUES (?, ?)", [("C-1", 1), ("C-1", 2)])
    return empty


def lines(query: str, *order: str) -> Dataset:
    made = table_dataset("id", "what", name="lines", order=order or ("place", "id"))
    return replace(made, query=query, key="id")


def collected(database: Database, dataset: Dataset) -> list[object]:
    """The numbers of the rows that an export would collect."""
    with database.collector().snapshot() as snapshot:
        found = collect(ownership(dataset, [Reached(C1)], (), {}), snapshot)
        return [row[2] for one in found for row in one.chunk.rows]


@pytest.mark.parametrize("join", ["", "LEFT"])
def test_multiplied_rows_are_detected_even_if_the_join_orders_them_apart(shop: Database, join: str) -> None:
    # By the joined table's place, the keys come as 1, 2, 1, 2.
    with pytest.raises(OwnershipError, match=r"order_by"):
        collected(shop, lines(MULTIPLIED.format(place="t.place", join=join)))


def test_multiplied_rows_are_detected_even_if_the_order_is_not_unique(
    shop: Database,
) -> None:
    shop.run("UPDATE lines SET place = 1")
    shop.many("INSERT INTO lines VALUES (?, 'C-1', 1, 'z')", [(n,) for n in range(3, 2 * CHUNK_ROWS)])
    doubled = f"{ONCE} UNION ALL {ONCE.replace('WHERE', 'WHERE id = 1 AND')}"
    for order in (("place",), ("what",), ("place", "id")):
        with pytest.raises(RegisterError, match="more than once"):
            collected(shop, lines(doubled.replace(":customer_id", "('C-1')", 1), *order))


def test_a_row_returned_again_with_another_subject_key_fails_the_ownership_assertion(shop: Database) -> None:
    other = ONCE.replace("SELECT id, customer_id", "SELECT id, 'A' || customer_id AS customer_id")
    twice = f"{ONCE} UNION ALL {other}".replace(":customer_id", "('C-1')", 1)
    with pytest.raises(OwnershipError):
        collected(shop, lines(twice))


@pytest.mark.parametrize(
    "query",
    [
        f"{ONCE} -- the lines",
        f"{ONCE}; -- the lines; :x",
        f"-- :x\n{ONCE} /* :y */ ;\n;",
        ONCE.replace("what FROM", "what || ':x' || '-- ' AS what FROM"),
        ONCE.replace("WHERE", "WHERE '10:00 :customer_id' <> '' AND"),
        ONCE.replace("WHERE", "WHERE 'it''s :x' <> '\\:x' AND"),
    ],
)
def test_a_colon_in_a_text_or_a_comment_is_no_parameter(shop: Database, query: str) -> None:
    assert collected(shop, lines(query)) == [1, 2]


@pytest.mark.parametrize("name", [":customer", ":customer_id AND place = :place"])
def test_another_parameter_is_refused(shop: Database, name: str) -> None:
    with pytest.raises(RegisterError, match="no other parameter"):
        collected(shop, lines(ONCE.replace(":customer_id", name)))


def test_casts_and_slices_are_no_parameters(pg: PostgresDatabase) -> None:
    pg.run("CREATE TABLE lines (id INTEGER PRIMARY KEY, customer_id TEXT, place INTEGER, what INTEGER[])")
    pg.run("INSERT INTO lines VALUES (1, 'C-1', 1, '{1,2,3}')")
    query = ONCE.replace("what FROM", "(what[1:2])[1]::text AS what FROM")
    assert collected(pg, lines(query)) == [1]


def test_a_name_that_postgresql_read_in_lower_case_is_explained(pg: PostgresDatabase) -> None:
    pg.run('CREATE TABLE lines (id INTEGER PRIMARY KEY, "customerId" TEXT, place INTEGER, what TEXT)')
    query = ONCE.replace("customer_id,", '"customerId" AS customer_id,')
    made = selection(lines(query.replace("WHERE customer_id", "WHERE customerId")), C1)
    with pg.collector().snapshot() as snapshot, pytest.raises(RegisterError) as caught:
        planned(snapshot, made)
    hint = 'The server reads a name without double quotes in lower case: write "customerId"'
    assert str(caught.value).endswith(hint)


def test_rows_with_equal_or_null_order_columns_are_returned_once_each(shop: Database) -> None:
    shop.run("UPDATE lines SET place = NULL")
    shop.many("INSERT INTO lines VALUES (?, 'C-1', 7, 'z')", [(n,) for n in range(3, 2 * CHUNK_ROWS)])
    assert sorted(map(str, collected(shop, lines(ONCE)))) == sorted(map(str, range(1, 2 * CHUNK_ROWS)))
    assert len(collected(shop, lines(ONCE, "place"))) == 2 * CHUNK_ROWS - 1


def test_the_order_of_a_query_still_uses_an_index(shop: Database) -> None:
    for dataset in (lines(ONCE), lines(ONCE, "place")):
        with shop.collector().snapshot() as snapshot:
            assert not snapshot.probe(selection(dataset, C1)).without_index


def test_a_query_returns_the_datasets_columns_without_its_order_columns(shop: Database) -> None:
    assert cells(shop, lines(ONCE), C1) == [(1, "x"), (2, "y")]


def test_an_order_by_a_column_that_the_table_does_not_have_is_refused(shop: Database) -> None:
    ranked = ONCE.replace("place,", "place, place AS rank,")
    with (
        shop.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match=r"dataset 'lines' does not fit .*rank"),
    ):
        snapshot.probe(selection(lines(ranked, "rank", "id"), C1))
