"""In tables that several companies share, rows without a known company are read and counted, but no other company's."""

from typing import Final

import pytest

from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.place import HistoryTable
from dsar_export.model.subject_key import Step, SubjectKey
from tests.collectors.sources import (
    C1,
    LINK,
    SAM,
    Database,
    Row,
    SqliteDatabase,
    read,
    selection,
    table_dataset,
)
from tests.replacing import replace

KEY: Final = SubjectKey(column="customer_id", identifier="customer_id", tenant_column="company")
ORDERS: Final = replace(table_dataset("id", name="orders"), subject_keys=(KEY,))
LINES: Final = replace(
    table_dataset("id", name="lines"),
    subject_keys=(replace(KEY, through=(Step(column="order_id", table="orders", key="id"),)),),
)


@pytest.fixture(params=["TEXT", "CHAR(3)", "INTEGER"])
def shop(empty: Database, request: pytest.FixtureRequest) -> Database:
    """A customer's orders with companies 5 and 6 and without a known company, each with a line."""
    empty.table("orders", id="INTEGER PRIMARY KEY", customer_id="TEXT NOT NULL", company=request.param)
    empty.table("lines", id="INTEGER PRIMARY KEY", order_id="INTEGER")
    empty.run("CREATE UNIQUE INDEX orders_customer ON orders (customer_id, id)")
    empty.run("CREATE UNIQUE INDEX lines_order ON lines (order_id, id)")
    companies = (5, 6, None, 7, 5)
    text = request.param != "INTEGER"
    orders: list[Row] = [(n, "C-1", str(c) if text and c is not None else c) for n, c in enumerate(companies)]
    empty.many("INSERT INTO orders VALUES (?, ?, ?)", [*orders, (9, "C-2", None), (10, "C-2", orders[3][2])])
    empty.many("INSERT INTO lines VALUES (?, ?)", [(100 + n, n) for n in (0, 1, 2, 3, 4, 9, 99)])
    return empty


def ids(
    database: Database,
    dataset: Dataset,
    others: tuple[str | int, ...] | None,
    tenants: tuple[str | int, ...] = (5,),
) -> list[object]:
    asked = replace(selection(dataset, C1, tenants=tenants), other_tenants=others)
    with database.collector().snapshot() as snapshot:
        return [row[2] for chunk in snapshot.chunks(asked) for row in chunk.rows]


@pytest.mark.parametrize("others", [(6,), ("6",), ("6", "sarl")])
def test_rows_without_a_known_company_are_read_with_the_companys_own(
    shop: Database, others: tuple[str | int, ...]
) -> None:
    assert ids(shop, ORDERS, others) == [0, 2, 3, 4]
    assert ids(shop, LINES, others) == [100, 102, 103, 104]


def test_if_no_other_company_is_known_all_rows_are_read(shop: Database) -> None:
    assert ids(shop, ORDERS, ()) == [0, 1, 2, 3, 4]


def test_only_the_companys_own_rows_are_read_if_the_others_are_not_given(shop: Database) -> None:
    assert ids(shop, ORDERS, None) == [0, 4]


def test_a_company_that_the_database_confuses_with_another_keeps_its_rows(sqlite: SqliteDatabase) -> None:
    sqlite.run("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id TEXT, company TEXT COLLATE NOCASE)")
    sqlite.run("INSERT INTO orders VALUES (1, 'C-1', 'gb'), (2, 'C-1', 'GB'), (3, 'C-1', 'FR')")
    # The other's row is read too, so the ownership assertion stops the export, where the row used to be lost silently.
    assert ids(sqlite, ORDERS, ("GB",), tenants=("gb",)) == [1, 2, 3]


def test_a_company_without_a_tenant_gets_no_row(shop: Database) -> None:
    assert ids(shop, ORDERS, (6,), tenants=()) == []


def test_a_query_returns_rows_without_a_known_company_too(shop: Database) -> None:
    query = "SELECT id, customer_id FROM orders WHERE customer_id IN :customer_id"
    assert ids(shop, replace(ORDERS, query=query, key="id"), (6,)) == [0, 2, 3, 4]


def test_earlier_versions_that_name_no_company_are_read(shop: Database) -> None:
    shop.table("old_orders", id="INTEGER PRIMARY KEY", customer_id="TEXT")
    shop.run("INSERT INTO old_orders VALUES (70, 'C-1'), (71, 'C-2')")
    older = HistoryTable(table="old_orders", order_by=("id",), columns={"company": ""})
    assert ids(shop, replace(ORDERS, history=(older,)), (6,)) == [0, 2, 3, 4, 70]


@pytest.mark.parametrize("dataset", [ORDERS, LINES])
def test_an_index_on_key_and_order_is_used(shop: Database, dataset: Dataset) -> None:
    asked = replace(selection(dataset, C1, tenants=(5,)), other_tenants=(6,))
    with shop.collector().snapshot() as snapshot:
        assert not snapshot.probe(asked).without_index
        assert not snapshot.probe(replace(asked, other_tenants=None)).without_index


def test_an_index_that_begins_with_the_company_does_not_give_the_order(empty: Database) -> None:
    empty.table("orders", id="INTEGER", customer_id="TEXT", company="INTEGER")
    empty.run("CREATE INDEX orders_company ON orders (company, id)")
    asked = selection(ORDERS, C1, tenants=(5,))
    for others in (None, (), (6,)):
        with empty.collector().snapshot() as snapshot:
            assert snapshot.probe(replace(asked, other_tenants=others)).without_index


@pytest.mark.parametrize("match", [Match.EXACT, Match.CASEFOLD])
def test_a_link_without_a_company_is_not_found(empty: Database, match: Match) -> None:
    empty.table("customers", id="TEXT", email="TEXT", company="TEXT")
    empty.many(
        "INSERT INTO customers VALUES (?, 'sam@example.org', ?)",
        [("C-1", "5"), ("C-2", None), ("C-3", "7"), ("C-4", "6")],
    )
    link = replace(LINK, tenant_column="company", match=match)
    with empty.collector().snapshot() as snapshot:
        assert [row.reached for row in snapshot.resolve(link, [SAM.value], (5,))] == ["C-1"]


def test_a_row_has_its_company_in_the_owner_cells(shop: Database) -> None:
    assert {str(row[1]) for row in read(shop, ORDERS, C1, tenants=(5,))} == {"5"}
