"""Tables that no dataset reads are left out with a reason, or left to decide with what speaks for it."""

import pytest

from tests.register_draft.catalogues import CUSTOMERS, ITEMS, ORDERS, STAFF, drafted, reasons, remarks


def reason(*statements: str, table: str) -> object:
    return reasons(drafted(CUSTOMERS, ORDERS, ITEMS, *statements))[table]


def mark(*statements: str, table: str) -> str:
    found = remarks(drafted(CUSTOMERS, ORDERS, ITEMS, *statements))[table]
    assert found is not None
    return found


GOODS = "CREATE TABLE goods (id INTEGER PRIMARY KEY, name TEXT, price DECIMAL(9,2))"
SOLD = "CREATE TABLE sold (id INTEGER PRIMARY KEY, good_id INT REFERENCES goods (id), at DATE)"


def test_a_view_repeats_tables() -> None:
    assert reason("CREATE VIEW v AS SELECT * FROM customers", table="v") == "copied_elsewhere"


@pytest.mark.parametrize(
    "name", ["schema_migrations", "django_migrations", "alembic_version", "flyway_schema_history"]
)
def test_what_a_program_keeps_about_itself_is_not_personal(name: str) -> None:
    assert reason(f"CREATE TABLE {name} (version TEXT, at DATE)", table=name) == "not_personal"


def test_what_is_bought_is_not_personal_but_nothing_is_known_of_a_sale_without_a_buyer() -> None:
    assert reason(GOODS, SOLD, table="goods") == "not_personal"
    assert reason(GOODS, SOLD, table="sold") == "undecided"
    assert mark(GOODS, SOLD, table="sold") == "no key leads from the person to its rows"


def test_other_people_are_left_to_decide() -> None:
    assert reason(STAFF, table="employees") == "undecided"
    assert "--person" in mark(STAFF, table="employees")


def test_what_somebody_only_made_is_left_to_decide() -> None:
    made = GOODS.replace("name TEXT", "name TEXT, created_by INT REFERENCES customers (id)")
    assert reason(made, SOLD, table="goods") == "undecided"
    assert mark(made, SOLD, table="goods") == "created_by may only name who did something with a row"


@pytest.mark.parametrize(
    "table",
    [
        "CREATE TABLE carts (id INTEGER PRIMARY KEY, at DATE, n INT)",
        "CREATE TABLE things (id INTEGER PRIMARY KEY, n INT, post_author INT)",
        "CREATE TABLE things (id INTEGER PRIMARY KEY, n INT, content TEXT)",
        "CREATE TABLE things (id INTEGER PRIMARY KEY, n INT, ip TEXT)",
        "CREATE TABLE things (id INTEGER PRIMARY KEY, n INT, customer_no INT)",
        "CREATE TABLE artists (id INTEGER PRIMARY KEY, n INT, name TEXT)",
        "CREATE TABLE customer_history (id INTEGER PRIMARY KEY, n INT)",
    ],
)
def test_what_may_be_about_somebody_is_left_to_decide_even_if_others_refer_to_it(table: str) -> None:
    name = table.split()[2]
    used = f"CREATE TABLE used (id INTEGER PRIMARY KEY, it INT REFERENCES {name} (id))"
    assert reason(table, used, table=name) == "undecided"


def test_what_has_one_row_for_each_of_other_people_is_left_to_decide() -> None:
    role = "CREATE TABLE pilots (id INTEGER PRIMARY KEY REFERENCES employees (id), hours INT)"
    flown = "CREATE TABLE flown (id INTEGER PRIMARY KEY, pilot INT REFERENCES pilots (id))"
    assert reason(STAFF, role, flown, table="pilots") == "undecided"


def test_a_table_that_connects_impersonal_ones_is_not_personal() -> None:
    tags = "CREATE TABLE tags (id INTEGER PRIMARY KEY, name TEXT)"
    both = (
        "CREATE TABLE tagged (good_id INT REFERENCES goods (id), tag_id INT REFERENCES tags (id), "
        "PRIMARY KEY (good_id, tag_id))"
    )
    assert reason(GOODS, tags, both, table="tagged") == "not_personal"


def test_sessions_and_queues_are_marked() -> None:
    sessions = "CREATE TABLE django_session (session_key TEXT PRIMARY KEY, session_data TEXT, expires DATE)"
    assert mark(sessions, table="django_session").startswith("sessions:")
    jobs = "CREATE TABLE failed_jobs (id INTEGER PRIMARY KEY, queue TEXT, payload TEXT)"
    assert mark(jobs, table="failed_jobs").startswith("work in progress of a program")


def test_a_full_text_index_is_a_copy_of_its_table() -> None:
    index = "CREATE VIRTUAL TABLE found USING fts5(sku, content='items', content_rowid='id')"
    found = reasons(drafted(CUSTOMERS, ORDERS, ITEMS, index))
    assert found == dict.fromkeys(
        ("found", "found_data", "found_idx", "found_docsize", "found_config"), "copied_elsewhere"
    )


@pytest.mark.parametrize("kind", ["fts5", "fts4"])
def test_a_full_text_index_that_keeps_the_texts_itself_is_left_to_decide(kind: str) -> None:
    found = dict(
        reasons(drafted(CUSTOMERS, ORDERS, ITEMS, f"CREATE VIRTUAL TABLE found USING {kind}(words)"))
    )
    assert found.pop("found") == "undecided"
    assert {*found.values()} == {"copied_elsewhere"}


def test_an_index_of_places_is_left_to_decide() -> None:
    found = dict(
        reasons(drafted(CUSTOMERS, ORDERS, ITEMS, "CREATE VIRTUAL TABLE at USING rtree(id, x1, x2)"))
    )
    assert found.pop("at") == "undecided"
    assert {*found.values()} == {"copied_elsewhere"}


def test_tables_with_similar_names_are_no_index() -> None:
    made = (
        f"CREATE TABLE deal{ending} (id INTEGER PRIMARY KEY, n INT)"
        for ending in ("", "_data", "_content", "_config")
    )
    found = reasons(drafted(CUSTOMERS, ORDERS, ITEMS, *made))
    assert {*found.values()} == {"undecided"}
