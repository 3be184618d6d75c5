"""The table of people is found by its name, its columns, and what refers to it; in doubt nothing is chosen."""

import pytest

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.register_draft.graph import RowKey
from dsar_export.register_draft.person import Person, find_person, tables_of
from tests.register_draft.catalogues import CUSTOMERS, ITEMS, ORDERS, STAFF, graph_of, person_of

CLINIC = (
    "CREATE TABLE practice (id INTEGER PRIMARY KEY, name TEXT, phone TEXT, email TEXT, street TEXT)",
    "CREATE TABLE doctor (id INTEGER PRIMARY KEY, family_name TEXT, practice_id INT REFERENCES practice (id))",
    "CREATE TABLE patient (id INTEGER PRIMARY KEY, dob DATE, gp INT REFERENCES doctor, at INT REFERENCES practice)",
    "CREATE TABLE visit (id INTEGER PRIMARY KEY, patient_id INT REFERENCES patient, doctor_id INT REFERENCES doctor)",
)


def others_of(*statements: str) -> frozenset[str]:
    return tables_of(find_person(graph_of(*statements), None)[1])


def test_customers_are_the_people_and_staff_are_others() -> None:
    assert person_of(CUSTOMERS, ORDERS, ITEMS, STAFF) == Person("customers", RowKey("id"), "customer_id")
    assert others_of(CUSTOMERS, ORDERS, ITEMS, STAFF) == {"employees"}


def test_what_staff_did_with_rows_does_not_make_them_the_people() -> None:
    made = (
        f"CREATE TABLE t{n} (id INTEGER PRIMARY KEY, created_by INT REFERENCES users (id))" for n in range(5)
    )
    users = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, password TEXT)"
    assert person_of(CUSTOMERS, ORDERS, users, *made).table == "customers"


def test_people_do_not_belong_to_the_place_that_they_go_to() -> None:
    assert person_of(*CLINIC).table == "patient"
    assert others_of(*CLINIC) == {"doctor"}


def test_a_place_with_an_address_is_nobody() -> None:
    assert others_of(CUSTOMERS, ORDERS, CLINIC[0]) == frozenset()


def test_an_administrators_login_is_no_customer() -> None:
    admin = "CREATE TABLE admin_user (user_id INTEGER PRIMARY KEY, firstname TEXT, email TEXT, password TEXT)"
    token = "CREATE TABLE admin_log (id INTEGER PRIMARY KEY, user_id INT REFERENCES admin_user (user_id))"
    entity = "CREATE TABLE customer_entity (entity_id INTEGER PRIMARY KEY, email TEXT, firstname TEXT)"
    quote = (
        "CREATE TABLE quote (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customer_entity (entity_id))"
    )
    assert person_of(admin, token, entity, quote).table == "customer_entity"


def test_members_of_the_staff_are_no_members() -> None:
    staff = CUSTOMERS.replace("customers", "staff_member")
    shifts = (
        f"CREATE TABLE s{n} (id INTEGER PRIMARY KEY, who INT REFERENCES staff_member (id))" for n in range(5)
    )
    assert person_of(CUSTOMERS, ORDERS, staff, *shifts).table == "customers"


def test_addresses_that_belong_to_people_are_not_people() -> None:
    address = (
        "CREATE TABLE recipients (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customers (id), "
        "first_name TEXT, street TEXT)"
    )
    assert others_of(CUSTOMERS, ORDERS, address) == frozenset()


def test_addresses_that_people_point_to_are_not_people() -> None:
    address = "CREATE TABLE addresses (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT, street TEXT)"
    order = "CREATE TABLE bought (id INTEGER PRIMARY KEY, address_id INT REFERENCES addresses (id))"
    assert others_of(CUSTOMERS, ORDERS, address, order) == frozenset()


def test_a_login_and_its_customer_are_one_person() -> None:
    login = "CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username TEXT, password TEXT)"
    customer = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, phone TEXT, "
        "user_id INT UNIQUE REFERENCES auth_user (id))"
    )
    order = "CREATE TABLE sale (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customer (id))"
    token = "CREATE TABLE token (id INTEGER PRIMARY KEY, user_id INT REFERENCES auth_user (id))"
    assert person_of(login, customer, order, token).table == "customer"


def test_a_customer_who_is_only_a_role_of_a_person_is_that_person() -> None:
    person = "CREATE TABLE Person (PersonID INTEGER PRIMARY KEY, FirstName TEXT, LastName TEXT)"
    customer = (
        "CREATE TABLE Customer (CustomerID INTEGER PRIMARY KEY, PersonID INT REFERENCES Person, Phone TEXT)"
    )
    assert person_of(person, customer).table == "Person"


def test_two_kinds_of_people_without_a_clear_lead_are_listed() -> None:
    users = "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, account_id INT REFERENCES accounts (id))"
    accounts = "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT, billing_email TEXT)"
    posts = "CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INT REFERENCES users (id))"
    bills = "CREATE TABLE bills (id INTEGER PRIMARY KEY, account_id INT REFERENCES accounts (id))"
    with pytest.raises(SubjectAmbiguousError) as raised:
        person_of(users, accounts, posts, bills)
    assert "users (1 tables lead to it)" in str(raised.value)
    assert "accounts" in str(raised.value)
    assert "--person TABLE" in str(raised.value)


def test_two_tables_of_customers_that_nothing_refers_to_are_listed() -> None:
    with pytest.raises(SubjectAmbiguousError):
        person_of(CUSTOMERS, CUSTOMERS.replace("customers", "clients"))


def test_a_database_without_people_is_refused() -> None:
    with pytest.raises(WrongUseError, match="no table looks like one of people"):
        person_of("CREATE TABLE colours (id INTEGER PRIMARY KEY, name TEXT)")


def test_a_named_table_is_taken_if_it_has_a_key() -> None:
    graph = graph_of(CUSTOMERS, STAFF, "CREATE TABLE pairs (a INT, b INT)", "CREATE VIEW v AS SELECT 1 AS id")
    assert find_person(graph, "employees")[0].identifier == "employee_id"
    with pytest.raises(WrongUseError, match="there is no table 'custmers'; nearest valid name: customers"):
        find_person(graph, "custmers")
    with pytest.raises(WrongUseError, match="'pairs' has no key of one column"):
        find_person(graph, "pairs")
    with pytest.raises(WrongUseError, match="'v' has no key of one column"):
        find_person(graph, "v")


@pytest.mark.parametrize(
    ("statement", "identifier"),
    [
        ("CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT)", "customer_id"),
        ("CREATE TABLE customers (crm_no INTEGER PRIMARY KEY, email TEXT)", "crm_no"),
        ("CREATE TABLE customers (uuid TEXT PRIMARY KEY, email TEXT)", "customer_uuid"),
        ("CREATE TABLE Kunden (KundenNr INTEGER PRIMARY KEY, Nachname TEXT)", "kunden_nr"),
        ("CREATE TABLE customer_entity (entity_id INTEGER PRIMARY KEY, email TEXT)", "customer_entity_id"),
    ],
)
def test_the_identifier_is_called_after_the_key(statement: str, identifier: str) -> None:
    assert person_of(statement).identifier == identifier
