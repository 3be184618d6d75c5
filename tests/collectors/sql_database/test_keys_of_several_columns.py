"""Keys of several columns: one number names rows of two people, as in partitions, and the whole key decides."""

from typing import cast

import pytest

from dsar_export.errors import OwnershipError, RegisterError
from dsar_export.export.collect import collect, ownership
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Reached
from dsar_export.model.place import HistoryTable
from dsar_export.model.subject_key import Step, SubjectKey
from tests.collectors.sources import C1, Database, cells, selection, table_dataset
from tests.collectors.sql_database.mariadb.database import empty_mariadb
from tests.replacing import replace

TO_ORDER = Step(column=("order_id", "order_day"), table="orders", key=("id", "day"))
TO_BASKET = Step(column=("basket_id", "day"), table="baskets", key=("id", "day"))
CUSTOMER = SubjectKey(column="customer_id", identifier="customer_id")
QUERY = "SELECT id, day, customer_id, note FROM orders WHERE customer_id IN :customer_id"


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
def shop(request: pytest.FixtureRequest) -> Database:
    """Order 1 of one day is C-1's, and of the next day C-2's; order 2 is of the next day and C-1's."""
    if request.param == "mariadb":
        made = cast(Database, empty_mariadb(request.getfixturevalue("mariadb_server")))
    else:
        made = request.getfixturevalue(f"empty_{request.param}")
    day, text = "INTEGER NOT NULL", "VARCHAR(20) NOT NULL"
    made.run(f"CREATE TABLE baskets (id {day}, day {day}, customer_id {text}, PRIMARY KEY (id, day))")
    made.run(
        f"CREATE TABLE orders (id {day}, day {day}, customer_id {text}, basket_id {day}, note {text}, "
        "PRIMARY KEY (id, day))"
    )
    made.run(f"CREATE TABLE items (order_id {day}, order_day {day}, number {day}, what {text})")
    made.run("CREATE UNIQUE INDEX items_order ON items (order_id, order_day, number)")
    made.run("CREATE UNIQUE INDEX orders_customer ON orders (customer_id, id, day)")
    made.run("CREATE UNIQUE INDEX orders_basket ON orders (basket_id, day, id)")
    made.run("CREATE UNIQUE INDEX baskets_customer ON baskets (customer_id, id, day)")
    made.many("INSERT INTO baskets VALUES (?, ?, ?)", [(5, 1, "C-1"), (5, 2, "C-2"), (6, 2, "C-1")])
    orders = [(1, 1, "C-1", 5, "hers"), (1, 2, "C-2", 5, "his"), (2, 2, "C-1", 6, "hers too")]
    made.many("INSERT INTO orders VALUES (?, ?, ?, ?, ?)", orders)
    items = [(i, d, n, f"{i}/{d}/{n}") for i, d in ((1, 2), (1, 1), (2, 2)) for n in (2, 1)]
    made.many("INSERT INTO items VALUES (?, ?, ?, ?)", items)
    return made


def items(*steps: Step) -> Dataset:
    key = replace(CUSTOMER, through=steps)
    return replace(table_dataset("what", name="items", order=("number",)), subject_keys=(key,))


def orders(query: str, *order: str) -> Dataset:
    made = table_dataset("note", name="orders", order=order or ("id", "day"))
    return replace(made, query=query, key=("id", "day"))


def collected(database: Database, dataset: Dataset) -> list[object]:
    with database.collector().snapshot() as snapshot:
        found = collect(ownership(dataset, [Reached(C1)], (), {}), snapshot)
        return [row[-1] for one in found for row in one.chunk.rows]


def test_a_step_compares_every_column_of_its_key(shop: Database) -> None:
    hers = [("1/1/1",), ("1/1/2",), ("2/2/1",), ("2/2/2",)]
    assert cells(shop, items(TO_ORDER), C1) == hers
    assert cells(shop, items(TO_ORDER, TO_BASKET), C1) == hers


def test_the_order_by_such_steps_needs_no_sort(shop: Database) -> None:
    with shop.collector().snapshot() as snapshot:
        assert not snapshot.probe(selection(items(TO_ORDER), C1)).without_index


def test_a_history_may_name_the_columns_of_a_step_otherwise(shop: Database) -> None:
    shop.run("CREATE TABLE old_items (o INTEGER, d INTEGER, number INTEGER, what VARCHAR(20))")
    shop.many(
        "INSERT INTO old_items VALUES (?, ?, ?, ?)", [(1, 1, 1, "hers before"), (1, 2, 1, "his before")]
    )
    renamed = {"order_id": "o", "order_day": "d"}
    history = HistoryTable(table="old_items", order_by=("number",), columns=renamed)
    found = cells(shop, replace(items(TO_ORDER), history=(history,)), C1)
    assert ("hers before",) in found
    assert ("his before",) not in found


def test_a_querys_rows_are_looked_up_by_every_column_of_their_key(shop: Database) -> None:
    assert collected(shop, orders(QUERY)) == ["hers", "hers too"]


def test_a_query_that_claims_another_persons_row_by_half_a_key_is_stopped(shop: Database) -> None:
    claimed = QUERY.replace("customer_id, note", "'C-1' AS customer_id, note").replace(
        "customer_id IN :customer_id", "id = 1 AND 'C-1' IN :customer_id"
    )
    with pytest.raises(OwnershipError):
        collected(shop, orders(claimed))


def test_a_query_may_return_one_number_twice_but_not_one_key(shop: Database) -> None:
    shop.run("UPDATE orders SET customer_id = 'C-1', note = 'hers now' WHERE day = 2 AND id = 1")
    assert collected(shop, orders(QUERY, "id")) == ["hers", "hers now", "hers too"]
    with pytest.raises(RegisterError, match="more than once"):
        collected(shop, orders(f"{QUERY} UNION ALL {QUERY.replace('WHERE', 'WHERE day = 1 AND')}", "id"))
