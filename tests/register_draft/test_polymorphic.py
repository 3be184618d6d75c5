"""Rows that name their owner's table in a column are found by its usual spelling, as a guess."""

from tests.register_draft.catalogues import CUSTOMERS, ORDERS, dataset, drafted, head, reasons

COMMENTS = (
    "CREATE TABLE comments (id INTEGER PRIMARY KEY, commentable_type TEXT, commentable_id INTEGER, body TEXT)"
)


def test_the_persons_rows_are_those_with_their_tables_name() -> None:
    draft = dataset(drafted(CUSTOMERS, ORDERS, COMMENTS), "comments")
    assert head(draft)["subject_keys"] == [
        {
            "column": "commentable_id",
            "identifier": "customer_id",
            "where": {"commentable_type": "Customer"},
        }
    ]
    assert draft.remarks == (
        "commentable_type = 'Customer' is a guess at how it is stored; rows of other types may be this person's too",
    )
    assert next(line.remark for line in draft.head if line.key == "subject_keys") is not None


def test_a_table_with_a_way_of_its_own_needs_no_guess() -> None:
    comments = COMMENTS.replace("body TEXT", "author_id INT REFERENCES customers (id)")
    found = dataset(drafted(CUSTOMERS, ORDERS, comments), "comments")
    assert head(found)["subject_keys"] == [{"column": "author_id", "identifier": "customer_id"}]


def test_a_kind_of_payment_is_no_kind_of_owner() -> None:
    payments = "CREATE TABLE paid (id INTEGER PRIMARY KEY, payment_type TEXT, payment_id INTEGER, at DATE)"
    assert reasons(drafted(CUSTOMERS, ORDERS, payments))["paid"] == "undecided"


def test_a_reference_beside_its_own_type_is_no_owner() -> None:
    items = "CREATE TABLE goods (id INTEGER PRIMARY KEY, weight INTEGER, kind_id INTEGER, more INTEGER)"
    owned = (
        "CREATE TABLE held (id INTEGER PRIMARY KEY, item_type TEXT, "
        "item_id INTEGER REFERENCES goods (id), amount INT)"
    )
    assert reasons(drafted(CUSTOMERS, ORDERS, items, owned))["held"] == "undecided"


def test_djangos_content_types_stay_undecided_because_their_numbers_are_values() -> None:
    tags = (
        "CREATE TABLE tagged (id INTEGER PRIMARY KEY, object_id INT, "
        "content_type_id INT REFERENCES django_content_type (id))"
    )
    types = "CREATE TABLE django_content_type (id INTEGER PRIMARY KEY, app_label TEXT, model TEXT)"
    found = reasons(drafted(CUSTOMERS, ORDERS, types, tags))
    assert found == {"tagged": "undecided", "django_content_type": "not_personal"}
