"""Links lead from what people write from to their key, and back."""

import pytest

from dsar_export.register_draft.links import contact_columns
from tests.register_draft.catalogues import CUSTOMERS, ORDERS, drafted, graph_of, links


def test_an_address_leads_to_the_key_and_back() -> None:
    assert links(drafted(CUSTOMERS, ORDERS)) == [
        ("email", "customer_id", "customers", "email", "id"),
        ("customer_id", "email", "customers", "id", "email"),
    ]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("email", "email"),
        ("EmailAddress", "email"),
        ('"E-Mail"', "email"),
        ("email_2", "email"),
        ("home_phone", "phone"),
        ("phone_home", "phone"),
        ("Mobile", "phone"),
        ("username", "login"),
        ("user_login", "login"),
        ("email_verified_at", None),
        ("EmailVerified", None),
        ("email_token", None),
        ("email_hash", None),
        ("secret_email", None),
        ("phone_type", None),
        ("mobile_app_version", None),
        ("last_login", None),
        ("last_login_ip", None),
        ("unconfirmed_email", None),
        ("parent_email", None),
        ("emergency_contact_phone", None),
        ("guardian_phone", None),
        ("referrer_email", None),
    ],
)
def test_only_what_the_person_writes_from_is_a_contact(column: str, kind: str | None) -> None:
    found = [k for k, _ in contact_columns(graph_of(f"CREATE TABLE t (id INT, {column} TEXT)"), "t")]
    assert found == ([] if kind is None else [kind])


def test_a_key_that_is_an_address_leads_nowhere_else() -> None:
    customers = "CREATE TABLE customers (email TEXT NOT NULL PRIMARY KEY, last_name TEXT)"
    assert links(drafted(customers)) == []


def test_contacts_of_a_login_and_of_a_profile_lead_to_the_person() -> None:
    login = "CREATE TABLE auth_user (id INTEGER PRIMARY KEY, username TEXT, password TEXT)"
    customer = (
        "CREATE TABLE customer (id INTEGER PRIMARY KEY, last_name TEXT, "
        "user_id INT UNIQUE REFERENCES auth_user (id))"
    )
    order = "CREATE TABLE sale (id INTEGER PRIMARY KEY, customer_id INT REFERENCES customer (id))"
    profile = (
        "CREATE TABLE profile (id INTEGER PRIMARY KEY, customer_id INT NOT NULL UNIQUE REFERENCES customer (id), "
        "phone TEXT)"
    )
    assert links(drafted(login, customer, order, profile)) == [
        ("login", "auth_user_id", "auth_user", "username", "id"),
        ("auth_user_id", "login", "auth_user", "id", "username"),
        ("phone", "customer_id", "profile", "phone", "customer_id"),
        ("customer_id", "phone", "profile", "customer_id", "phone"),
        ("customer_id", "auth_user_id", "customer", "id", "user_id"),
        ("auth_user_id", "customer_id", "customer", "user_id", "id"),
    ]


def test_a_table_of_addresses_leads_to_the_person_but_a_log_of_calls_does_not() -> None:
    person = "CREATE TABLE people (id INTEGER PRIMARY KEY, last_name TEXT)"
    addresses = "CREATE TABLE email_addresses (person_id INT REFERENCES people (id), email_address TEXT)"
    calls = "CREATE TABLE calls (id INTEGER PRIMARY KEY, person_id INT REFERENCES people (id), phone TEXT)"
    assert links(drafted(person, addresses, calls)) == [
        ("email", "person_id", "email_addresses", "email_address", "person_id"),
        ("person_id", "email", "email_addresses", "person_id", "email_address"),
    ]


def test_a_link_to_what_rows_point_to_says_so() -> None:
    customers = CUSTOMERS.replace("email TEXT", "address_id INT REFERENCES address (id)")
    address = "CREATE TABLE address (id INTEGER PRIMARY KEY, street TEXT)"
    (link,) = drafted(customers, ORDERS, address).links
    assert {line.key: line.value for line in link} == {
        "given": "customer_id",
        "leads_to": "address_id",
        "source": "shop",
        "table": "customers",
        "given_column": "id",
        "leads_to_column": "address_id",
        "strength": "reference",
    }


def test_a_link_in_a_table_that_companies_share_names_their_column() -> None:
    shared = "CREATE TABLE customers (company TEXT NOT NULL, id INT NOT NULL, email TEXT, PRIMARY KEY (company, id))"
    for link in drafted(shared).links:
        assert ("tenant_column", "company") in [(line.key, line.value) for line in link]
