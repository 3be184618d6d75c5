"""Rows that belong to the subject by joins, by several keys, in history tables, or in tables of several companies."""

import pytest

from dsar_export.errors import OwnershipError, RegisterError
from dsar_export.export.collect import collect, ownership
from dsar_export.model.comparison import Match
from dsar_export.model.dataset import Dataset
from dsar_export.model.identity import Reached
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.place import HistoryTable
from dsar_export.model.request import Identifier
from dsar_export.model.subject_key import Step, SubjectKey
from tests.collectors.sources import (
    C1,
    ROW_ID,
    SAM,
    Database,
    Row,
    cells,
    chunks,
    read,
    selection,
    table_dataset,
)
from tests.replacing import replace

KEY = "TEXT NOT NULL PRIMARY KEY"
CUSTOMER = SubjectKey(column="customer_id", identifier="customer_id")
TO_ORDER = Step(column="order_id", table="orders", key="id")
TO_BASKET = Step(column="basket_id", table="baskets", key="id")


@pytest.fixture
def shop(empty: Database) -> Database:
    empty.table("orders", id=KEY, customer_id="TEXT NOT NULL", basket_id="INTEGER NOT NULL", tenant="TEXT")
    empty.table("baskets", id="INTEGER PRIMARY KEY", customer_id="TEXT NOT NULL", tenant="INTEGER")
    empty.table("lines", order_id="TEXT NOT NULL", number="INTEGER NOT NULL", what="TEXT")
    # Unique, because otherwise SQLite cannot know that it need not sort within one order.
    empty.run("CREATE UNIQUE INDEX lines_order ON lines (order_id, number)")
    empty.run("CREATE UNIQUE INDEX orders_customer ON orders (customer_id, id)")
    empty.run("CREATE UNIQUE INDEX orders_basket ON orders (basket_id, id)")
    empty.run("CREATE UNIQUE INDEX baskets_customer ON baskets (customer_id, id)")
    empty.many("INSERT INTO baskets VALUES (?, ?, ?)", [(1, "C-1", 5), (2, "C-2", 5), (3, "C-1", 6)])
    empty.many(
        "INSERT INTO orders VALUES (?, ?, ?, ?)",
        [("O-2", "C-1", 1, "uk"), ("O-10", "C-1", 1, "fr"), ("O-3", "C-2", 2, "uk"), ("O-4", "C-9", 3, "uk")],
    )
    lines: list[Row] = [(o, n, f"{o}/{n}") for o in ("O-10", "O-2", "O-3", "O-4", "O-77") for n in (2, 1)]
    empty.many("INSERT INTO lines VALUES (?, ?, ?)", lines)
    return empty


def lines(*steps: Step, tenant_column: str | None = None) -> Dataset:
    key = replace(CUSTOMER, through=steps, tenant_column=tenant_column)
    return replace(table_dataset("what", name="lines", order=("number",)), subject_keys=(key,))


# Over other tables


def test_a_row_is_found_by_one_join_and_has_the_joined_tables_key(shop: Database) -> None:
    assert read(shop, lines(TO_ORDER), C1) == [
        ("C-1", None, "O-10/1"),
        ("C-1", None, "O-10/2"),
        ("C-1", None, "O-2/1"),
        ("C-1", None, "O-2/2"),
    ]


def test_a_row_is_found_by_two_joins(shop: Database) -> None:
    found = cells(shop, lines(TO_ORDER, TO_BASKET), C1)
    assert [row[0] for row in found] == ["O-10/1", "O-10/2", "O-2/1", "O-2/2", "O-4/1", "O-4/2"]


def test_rows_of_several_people_are_ordered_by_person_and_then_by_the_joins(shop: Database) -> None:
    both = [C1, Identifier("customer_id", "C-2")]
    found = read(shop, lines(TO_ORDER, TO_BASKET), *both)
    assert [row[0] for row in found] == ["C-1"] * 6 + ["C-2"] * 2
    assert [row[2] for row in found][6:] == ["O-3/1", "O-3/2"]


@pytest.mark.parametrize("steps", [(TO_ORDER,), (TO_ORDER, TO_BASKET)])
def test_the_order_by_joins_needs_no_sort(shop: Database, steps: tuple[Step, ...]) -> None:
    with shop.collector().snapshot() as snapshot:
        assert not snapshot.probe(selection(lines(*steps), C1)).without_index
    for index in ("orders_customer", "orders_basket", "baskets_customer"):
        shop.run(f"DROP INDEX {index}")
    with shop.collector().snapshot() as snapshot:
        assert snapshot.probe(selection(lines(*steps), C1)).without_index


def test_a_row_without_a_joined_row_is_not_found(shop: Database) -> None:
    everybody = [Identifier("customer_id", f"C-{n}") for n in (1, 2, 9)]
    assert not [row for row in cells(shop, lines(TO_ORDER), *everybody) if "O-77" in str(row[0])]


def test_a_renamed_column_of_a_join_is_named(shop: Database) -> None:
    wrong = lines(replace(TO_ORDER, key="number_of_order"))
    with shop.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="number_of_order"):
        snapshot.probe(selection(wrong, C1))


# By several keys


@pytest.fixture
def messages(empty: Database) -> Database:
    empty.table(
        "messages", id="INTEGER PRIMARY KEY", sender="TEXT", phone="TEXT", order_id="TEXT", body="TEXT"
    )
    empty.table("orders", id="TEXT PRIMARY KEY", customer_id="TEXT")
    empty.run("CREATE INDEX messages_sender ON messages (sender, id)")
    empty.run("CREATE INDEX messages_order ON messages (order_id, id)")
    empty.run("CREATE INDEX orders_customer ON orders (customer_id, id)")
    empty.run("INSERT INTO orders VALUES ('O-1', 'C-1'), ('O-2', 'C-2')")
    empty.many(
        "INSERT INTO messages VALUES (?, ?, ?, ?, ?)",
        [
            (1, "sam@example.org", None, None, "hers, no order"),
            (2, "SAM@example.org", None, "O-1", "hers twice"),
            (3, "robin@example.org", None, "O-1", "another's of her order"),
            (4, None, None, "O-2", "another's order"),
            (5, "sam@example.org", None, "O-2", "hers of another's order"),
            (6, None, None, None, "nobody's"),
        ],
    )
    return empty


MESSAGES = replace(
    table_dataset("id", "body", name="messages"),
    subject_keys=(
        SubjectKey(column="sender", identifier="email", match=Match.CASEFOLD),
        replace(CUSTOMER, through=(TO_ORDER,)),
    ),
)


def test_a_row_is_returned_for_every_key_that_finds_it_and_a_chunk_names_the_key(messages: Database) -> None:
    found = chunks(messages, MESSAGES, SAM, C1)
    assert [(chunk.subject_key, [row[4] for row in chunk.rows]) for chunk in found] == [
        (0, [2, 1, 5]),
        (1, [2, 3]),
    ]


def test_a_row_has_the_owner_cells_of_every_key_even_if_another_key_finds_it(messages: Database) -> None:
    assert [row[:5] for row in read(messages, MESSAGES, SAM)] == [
        ("SAM@example.org", None, "C-1", None, 2),
        ("sam@example.org", None, None, None, 1),
        ("sam@example.org", None, "C-2", None, 5),
    ]


def test_each_row_is_collected_once_even_if_several_keys_find_it(messages: Database) -> None:
    owned = ownership(MESSAGES, [Reached(SAM), Reached(C1)], (), {})
    with messages.collector().snapshot() as snapshot:
        found = [row[4] for one in collect(owned, snapshot) for row in one.chunk.rows]
    assert sorted(map(str, found)) == ["1", "2", "3", "5"]


def test_two_keys_over_the_same_table_do_not_mix(empty: Database) -> None:
    empty.table("people", id="INTEGER PRIMARY KEY", customer_id="TEXT")
    empty.table("calls", id="INTEGER PRIMARY KEY", caller="INTEGER", called="INTEGER")
    empty.run("INSERT INTO people VALUES (1, 'C-1'), (2, 'C-2'), (3, 'C-3')")
    empty.run("INSERT INTO calls VALUES (1, 1, 2), (2, 2, 1), (3, 2, 3), (4, 1, NULL), (5, 1, 1)")
    keys = tuple(
        replace(CUSTOMER, through=(Step(column=column, table="people", key="id"),))
        for column in ("caller", "called")
    )
    calls = replace(table_dataset("id", name="calls"), subject_keys=keys)
    found = [(c.subject_key, [(r[0], r[2], r[4]) for r in c.rows]) for c in chunks(empty, calls, C1)]
    assert found == [
        (0, [("C-1", "C-2", 1), ("C-1", None, 4), ("C-1", "C-1", 5)]),
        (1, [("C-2", "C-1", 2), ("C-1", "C-1", 5)]),
    ]


# Earlier versions


@pytest.fixture
def addresses(empty: Database) -> Database:
    empty.table("addresses", id=ROW_ID, customer_id="TEXT", street="TEXT", note="TEXT")
    empty.table("old_addresses", version="INTEGER", customer="TEXT", road="TEXT")
    empty.table("archive", version="INTEGER", customer_id="TEXT", street="TEXT", note="TEXT")
    empty.run("INSERT INTO addresses VALUES (1, 'C-1', 'now', 'a note'), (2, 'C-2', 'another', 'x')")
    empty.run(
        "INSERT INTO old_addresses VALUES (2, 'C-1', 'then'), (1, 'C-1', 'long ago'), (3, 'C-2', 'other')"
    )
    empty.run("INSERT INTO archive VALUES (9, 'C-1', 'before all', NULL)")
    return empty


ADDRESSES = replace(
    table_dataset("street", "note", name="addresses"),
    history=(
        HistoryTable(
            table="old_addresses",
            order_by=("version",),
            columns={"customer_id": "customer", "street": "road", "note": ""},
            left_out={"version": LeftOut(reason=LeftOutReason.NOT_PERSONAL, note="a number")},
        ),
        HistoryTable(table="archive", order_by=("version",)),
    ),
)


def test_earlier_versions_follow_the_rows_with_the_same_columns(addresses: Database) -> None:
    found = chunks(addresses, ADDRESSES, C1)
    assert [(c.earlier_version, [tuple(r) for r in c.rows]) for c in found] == [
        (False, [("C-1", None, "now", "a note")]),
        (True, [("C-1", None, "long ago", None), ("C-1", None, "then", None)]),
        (True, [("C-1", None, "before all", None)]),
    ]


def test_a_renamed_column_of_a_history_table_is_reported_before_anything_is_read(
    addresses: Database,
) -> None:
    addresses.run("ALTER TABLE old_addresses RENAME COLUMN road TO way")
    with addresses.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="road"):
        snapshot.probe(selection(ADDRESSES, C1))


def test_a_view_cannot_be_a_history_table(addresses: Database) -> None:
    addresses.run("CREATE VIEW older AS SELECT * FROM archive")
    wrong = replace(ADDRESSES, history=(replace(ADDRESSES.place.history[1], table="older"),))
    with (
        addresses.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match="'older' is a view"),
    ):
        snapshot.probe(selection(wrong, C1))


def test_a_history_table_without_a_suitable_index_is_reported(addresses: Database) -> None:
    addresses.run("CREATE INDEX addresses_order ON addresses (customer_id, id)")
    addresses.run("CREATE INDEX archive_order ON archive (customer_id, version)")
    with addresses.collector().snapshot() as snapshot:
        assert snapshot.probe(selection(ADDRESSES, C1)).without_index
        served = replace(ADDRESSES, history=ADDRESSES.place.history[1:])
        assert not snapshot.probe(selection(served, C1)).without_index


# Of one of several companies


def test_only_the_rows_of_a_text_tenant_are_read(shop: Database) -> None:
    of_company = lines(TO_ORDER, tenant_column="tenant")
    assert read(shop, of_company, C1, tenants=("uk",)) == [("C-1", "uk", "O-2/1"), ("C-1", "uk", "O-2/2")]
    assert len(read(shop, of_company, C1, tenants=("fr", "uk"))) == 4


@pytest.mark.parametrize("tenant", [5, "5"])
def test_a_numeric_tenant_may_be_a_number_or_a_text_in_the_register(
    shop: Database, tenant: str | int
) -> None:
    baskets = replace(
        table_dataset("id", name="baskets"), subject_keys=(replace(CUSTOMER, tenant_column="tenant"),)
    )
    assert read(shop, baskets, C1, tenants=(tenant,)) == [("C-1", 5, 1)]


def test_without_a_tenant_a_shared_table_returns_nothing(shop: Database) -> None:
    assert read(shop, lines(TO_ORDER, tenant_column="tenant"), C1) == []


def test_a_query_returns_one_companys_rows_only(shop: Database) -> None:
    dataset = replace(
        table_dataset("what", name="orders"),
        query="SELECT id, customer_id, basket_id AS what FROM orders WHERE customer_id IN :customer_id",
        key="id",
        subject_keys=(replace(CUSTOMER, tenant_column="tenant"),),
    )
    assert read(shop, dataset, C1, tenants=("fr",)) == [("C-1", "fr", 1)]


def test_a_key_in_another_companys_row_does_not_make_a_row_the_subjects(shop: Database) -> None:
    # The line's order belongs to another company; the tenant cell next to the key shows it, and is asserted.
    owned = ownership(lines(TO_ORDER, tenant_column="tenant"), [Reached(C1)], ("uk",), {})
    with shop.collector().snapshot() as snapshot:
        rows = list(snapshot.chunks(replace(owned.selection, tenants=("fr",))))

        class Loose:
            def chunks(self, _: object) -> object:
                return iter(rows)

        with pytest.raises(OwnershipError):
            list(collect(owned, Loose()))  # type: ignore[arg-type] # only chunks() is called
