"""Names of tables and columns are read as words, whatever their spelling."""

import pytest

from dsar_export.register_draft.words import (
    ends_in,
    is_one,
    names,
    simple_name,
    singular,
    telling_words,
    words_in,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("OrderItems", ("order", "items")),
        ("order_items", ("order", "items")),
        ("e-mail", ("e", "mail")),
        ("IPAddress", ("ip", "address")),
        ("Straße", ("strasse",)),
        ("Größe", ("groesse",)),
        ("prénom", ("prenom",)),
        ("Order Details", ("order", "details")),
        ("crm.notes", ("crm", "notes")),
        ("顧客", ()),
    ],
)
def test_a_name_is_split_into_plain_words(name: str, words: tuple[str, ...]) -> None:
    assert words_in(name) == words


@pytest.mark.parametrize(
    ("name", "simple"),
    [("First Name", "first_name"), ("2fa", "x_2fa"), ("顧客", "x"), ("a.b", "a_b"), ("userID", "user_id")],
)
def test_a_simple_name_begins_with_a_letter(name: str, simple: str) -> None:
    assert simple_name(name) == simple


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("categories", "category"),
        ("addresses", "address"),
        ("boxes", "box"),
        ("status", "status"),
        ("address", "address"),
        ("analysis", "analysis"),
        ("users", "user"),
        ("people", "person"),
    ],
)
def test_a_plural_is_read_in_the_singular(plural: str, one: str) -> None:
    assert singular(plural) == one


def test_neutral_words_at_the_end_are_skipped() -> None:
    assert telling_words("customer_entity") == ("customer",)
    assert telling_words("CustomerMasterData") == ("customer",)
    assert telling_words("data") == ("data",)


def test_a_phrase_is_found_word_for_word() -> None:
    assert names("columns.email", "billing_email")
    assert names("columns.email", "E-Mail-Adresse")
    assert names("columns.email", "EmailAddress")
    assert not names("columns.email", "emailed")
    assert ends_in("tables.customers", "tblCustomers")
    assert ends_in("tables.customers", "Kunden")
    assert not ends_in("tables.customers", "customer_groups")
    assert is_one("tables.migrations", "schema_migrations")
    assert not is_one("tables.migrations", "bird_migrations")
