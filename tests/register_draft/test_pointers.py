"""What the person's rows point to is theirs too: addresses above all, but nobody else's row."""

from tests.register_draft.catalogues import CUSTOMERS, ORDERS, ways_of

COUNTRY = "CREATE TABLE country (id INTEGER PRIMARY KEY, name TEXT)"
CITY = "CREATE TABLE city (id INTEGER PRIMARY KEY, city TEXT, country_id INT REFERENCES country (id))"
ADDRESS = (
    "CREATE TABLE address (id INTEGER PRIMARY KEY, street TEXT, phone TEXT, city_id INT REFERENCES city (id))"
)
AT_HOME = CUSTOMERS.replace("email TEXT", "email TEXT, address_id INT REFERENCES address (id)")


def pointers(*statements: str) -> list[tuple[str, str, str]]:
    return [(p.reference.table, p.reference.columns[0], p.leads_to) for p in ways_of(*statements).pointers]


def test_an_address_and_its_city_are_pointed_to_but_not_the_code_of_its_country() -> None:
    assert pointers(AT_HOME, ORDERS, COUNTRY, CITY, ADDRESS) == [
        ("customers", "address_id", "address_id"),
        ("address", "city_id", "city_id"),
    ]


def test_orders_point_to_an_address_too() -> None:
    orders = ORDERS.replace("total", "ship_to INT REFERENCES address (id), total")
    found = pointers(CUSTOMERS, orders, COUNTRY, CITY, ADDRESS)
    assert ("orders", "ship_to", "address_id") in found


def test_the_address_of_the_shop_is_not_the_persons() -> None:
    store = "CREATE TABLE store (id INTEGER PRIMARY KEY, opened DATE, address_id INT REFERENCES address (id))"
    customers = CUSTOMERS.replace("email TEXT", "email TEXT, store_id INT REFERENCES store (id)")
    assert pointers(customers, ORDERS, store, COUNTRY, CITY, ADDRESS) == [
        ("customers", "store_id", "store_id")
    ]


def test_orders_do_not_point_to_whoever_can_be_called() -> None:
    fitters = "CREATE TABLE fitters (id INTEGER PRIMARY KEY, name TEXT, phone TEXT)"
    orders = ORDERS.replace("total", "fitter_id INT REFERENCES fitters (id), total")
    assert pointers(CUSTOMERS, orders, fitters) == []


def test_the_person_does_not_point_to_other_people() -> None:
    doctors = "CREATE TABLE doctors (id INTEGER PRIMARY KEY, last_name TEXT)"
    customers = CUSTOMERS.replace("email TEXT", "email TEXT, doctor_id INT REFERENCES doctors (id)")
    assert pointers(customers, ORDERS, doctors) == []


def test_a_card_to_pay_with_is_pointed_to_over_the_table_that_connects_it() -> None:
    card = "CREATE TABLE cards (id INTEGER PRIMARY KEY, card_number TEXT, expires DATE)"
    both = "CREATE TABLE held (customer_id INT REFERENCES customers (id), card_id INT REFERENCES cards (id))"
    assert pointers(CUSTOMERS, ORDERS, card, both) == [("held", "card_id", "card_id")]


def test_keys_of_two_tables_never_have_one_name() -> None:
    # A number of one table would otherwise select rows of the other.
    home = "CREATE TABLE home_address (address_id INTEGER PRIMARY KEY, street TEXT)"
    work = "CREATE TABLE work_address (address_id INTEGER PRIMARY KEY, street TEXT)"
    customers = CUSTOMERS.replace(
        "email TEXT",
        "email TEXT, home INT REFERENCES home_address (address_id), work INT REFERENCES work_address (address_id)",
    )
    assert pointers(customers, ORDERS, home, work) == [
        ("customers", "home", "address_id"),
        ("customers", "work", "work_address_address_id"),
    ]
