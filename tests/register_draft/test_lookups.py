"""Tables that only explain codes are not personal; what people do, or are, never is one."""

import pytest

from dsar_export.register_draft.lookups import describes_people, lookup_of
from tests.register_draft.catalogues import described, graph_of

USED = "CREATE TABLE used (id INTEGER PRIMARY KEY, it INTEGER REFERENCES {} (id))"


def explains(name: str, columns: str, *, used: bool = True) -> str | None:
    """The column with the meaning, if the table explains codes."""
    table = f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, {columns})"
    found = lookup_of(graph_of(table, *([USED.format(name)] if used else [])), name)
    return None if found is None else found.meaning


def test_a_key_with_a_text_explains_codes() -> None:
    assert explains("genre", "name TEXT") == "name"
    assert explains("genre", "short TEXT, label TEXT, changed DATE, active BOOLEAN") == "label"
    assert explains("genre", "name TEXT", used=False) == "name"


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("genre", "name TEXT, weight INT"),
        ("genre", "a TEXT, b TEXT, c TEXT"),
        ("drivers", "name TEXT"),
        ("clients", "name TEXT"),
        ("carts", "code TEXT"),
        ("options", "name TEXT, value TEXT"),
        ("jobs", "queue TEXT, name TEXT"),
        ("places", "street TEXT"),
        ("keys", "name TEXT, secret TEXT"),
    ],
)
def test_what_may_name_somebody_explains_no_codes(name: str, columns: str) -> None:
    assert explains(name, columns) is None


@pytest.mark.parametrize("columns", ["text TEXT, created_at DATE", "query TEXT", "message TEXT"])
def test_texts_that_nothing_refers_to_explain_no_codes(columns: str) -> None:
    assert explains("kept", columns, used=False) is None


@pytest.mark.parametrize(
    ("statement", "people"),
    [
        ("CREATE TABLE city (city_id INT, city TEXT)", False),
        ("CREATE TABLE region (id INT, region_description TEXT)", False),
        ("CREATE TABLE address (id INT, address TEXT)", True),
        ("CREATE TABLE cards (id INT, card_number TEXT)", True),
        ("CREATE TABLE goods (id INT, price INT)", False),
    ],
)
def test_a_table_of_places_is_not_about_people_but_an_address_is(statement: str, people: bool) -> None:  # noqa: FBT001 - a table of cases
    assert describes_people(described(statement).tables[0]) is people
