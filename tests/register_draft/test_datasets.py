"""A dataset is drafted with its keys, its order, its period and its history."""

import pytest

from dsar_export.register_draft.datasets import dataset_names, order_of
from tests.register_draft.catalogues import (
    CUSTOMERS,
    ITEMS,
    ORDERS,
    dataset,
    described,
    drafted,
    fields,
    head,
)


def test_rows_are_found_over_other_tables() -> None:
    assert head(dataset(drafted(CUSTOMERS, ORDERS, ITEMS), "items"))["subject_keys"] == [
        {
            "through": [{"column": "order_id", "table": "orders", "key": "id"}],
            "column": "customer_id",
            "identifier": "customer_id",
        }
    ]


def test_terms_are_left_to_decide() -> None:
    found = head(dataset(drafted(CUSTOMERS, ORDERS), "orders"))
    assert found["undecided"] == ["purposes", "recipients", "storage_period"]
    assert found["title"] == "Orders"
    assert (found["source"], found["table"], found["origin"]) == ("shop", "orders", "observed")


@pytest.mark.parametrize(
    ("table", "keys", "order"),
    [
        ("id INTEGER PRIMARY KEY, a INT", {"a"}, ("id",)),
        ("a INT, b INT, PRIMARY KEY (a, b)", {"a"}, ("b",)),
        ("a INT, b INT, PRIMARY KEY (a, b)", set(), ("a", "b")),
        ("a INT PRIMARY KEY", {"a"}, ("a",)),
        ("a INT, b INT, c INT UNIQUE", set(), ("c",)),
        ("a INT, b JSON, c BLOB, d TEXT", {"a"}, ("d",)),
        ("a INT, password TEXT", {"a"}, ("a",)),
        ("b BLOB", set(), ("b",)),
    ],
)
def test_the_order_ends_with_a_unique_key_if_there_is_one(
    table: str, keys: set[str], order: tuple[str, ...]
) -> None:
    assert order_of(described(f"CREATE TABLE t ({table})").tables[0], keys) == order


def order_remark(table: str) -> str | None:
    draft = dataset(drafted(CUSTOMERS, ORDERS, table), "t")
    return next(line.remark for line in draft.head if line.key == "order_by")


def test_an_order_that_is_not_unique_is_marked() -> None:
    person = "customer_id INT REFERENCES customers (id)"
    friend = "friend_id INT REFERENCES customers (id)"
    assert order_remark(f"CREATE TABLE t (a INT, {person})") == "not unique; name a unique key"
    assert order_remark(f"CREATE TABLE t ({person}, a INT, PRIMARY KEY (customer_id, a))") is None
    twice = f"CREATE TABLE t ({person}, {friend}, a INT, PRIMARY KEY (customer_id, friend_id, a))"
    assert order_remark(twice) is None
    assert head(dataset(drafted(CUSTOMERS, ORDERS, twice), "t"))["order_by"] == [
        *("customer_id", "friend_id", "a")
    ]


def test_names_are_fit_for_files_and_all_different() -> None:
    names = dataset_names(["aux", "COM1", "Order Details", "order_details", "crm.notes", '"my.v2"', "顧客"])
    assert list(names.values()) == [
        *("aux_rows", "com1_rows", "order_details", "order_details_2", "crm_notes", "my_v2", "x")
    ]


def test_a_period_is_when_something_happened() -> None:
    def period(columns: str, zone: str | None = None) -> object:
        table = (
            f"CREATE TABLE t (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers (id), {columns})"
        )
        return head(dataset(drafted(CUSTOMERS, ORDERS, table, zone=zone), "t")).get("period")

    assert period("birth_date DATE, updated_on DATE, bought DATE") == "bought"
    assert period("bought TIMESTAMP") is None
    assert period("bought TIMESTAMP", "UTC") == "bought"
    assert period("note TEXT") is None


def test_a_guess_is_marked() -> None:
    notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER, body TEXT)"
    line = next(
        f for f in dataset(drafted(CUSTOMERS, ORDERS, notes), "notes").head if f.key == "subject_keys"
    )
    assert line.remark == "a guess: no foreign key says so"


def test_a_type_beside_a_guessed_key_is_explained() -> None:
    notes = "CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER, owner_type TEXT)"
    assert head(dataset(drafted(CUSTOMERS, ORDERS, notes), "notes"))["subject_keys"] == [
        {
            "column": "customer_id",
            "identifier": "customer_id",
            "no_where": "A guess from its name: it refers to people by customer_id only.",
        }
    ]


def test_keys_of_several_columns_refer_to_their_dataset() -> None:
    orders = (
        "CREATE TABLE orders (id INT NOT NULL, day DATE NOT NULL, customer_id INT REFERENCES customers (id), "
        "PRIMARY KEY (id, day))"
    )
    items = (
        "CREATE TABLE items (n INTEGER PRIMARY KEY, position INT, day DATE, "
        "FOREIGN KEY (position, day) REFERENCES orders (id, day))"
    )
    found = dataset(drafted(CUSTOMERS, orders, items), "items")
    assert head(found)["subject_keys"] == [
        {
            "through": [{"column": ["position", "day"], "table": "orders", "key": ["id", "day"]}],
            "column": "customer_id",
            "identifier": "customer_id",
        }
    ]
    assert [{line.key: line.value for line in lines} for lines in found.references] == [
        {"fields": ["position", "day"], "dataset": "orders", "to": ["id", "day"]}
    ]
    assert "position" in fields(found)  # a part of a key is no number by which the database keeps order
