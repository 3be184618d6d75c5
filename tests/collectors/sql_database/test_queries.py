"""A query in the register returns each row of its table once, ordered by columns of that table."""

from typing import Final

import pytest

from dsar_export.errors import OwnershipError, RegisterError
from dsar_export.export.collect import collect, ownership
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Reached
from dsar_export.model.source import CHUNK_ROWS
from tests.collectors.sources import C1, Database, cells, selection, table_dataset
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
