"""With a wrong register the export stops, its message quotes no data, and it leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dsar_export.errors import OwnershipError, RegisterError, SubjectAmbiguousError
from tests.isolation.organisation import Organisation

pytestmark = pytest.mark.usefixtures("one_salt")
LINES = "datasets/order_lines.toml"


def _join_by_row(demo: Organisation) -> None:
    """Joins each line with the order that happens to have the same row number."""
    old = "LEFT JOIN products p ON p.id = l.product_id\nWHERE l.order_id IN :order_id"
    new = (
        "LEFT JOIN products p ON p.id = l.product_id\n"
        "JOIN orders o ON o.rowid = l.id\nWHERE o.id IN :order_id"
    )
    demo.change(LINES, old, new)


def _join_by_product(demo: Organisation) -> None:
    """Returns all lines that share an article with one of the person's lines."""
    old = "WHERE l.order_id IN :order_id"
    new = "JOIN order_lines mine ON mine.product_id = l.product_id\nWHERE mine.order_id IN :order_id"
    demo.change(LINES, old, new)


def _condition_that_is_always_true(demo: Organisation) -> None:
    demo.change(LINES, "WHERE l.order_id IN :order_id", "WHERE l.order_id IN :order_id OR l.quantity > 0")


def _constant_owner(demo: Organisation) -> None:
    """A query that claims every row for the person."""
    demo.change(LINES, "l.order_id AS order_id", "first_value AS order_id")
    demo.change(
        LINES,
        "LEFT JOIN products",
        "JOIN (SELECT min(id) AS first_value FROM orders WHERE id IN :order_id)\nLEFT JOIN products",
    )
    demo.change(LINES, "WHERE l.order_id IN :order_id", "")


def _join_by_row_that_names_itself(demo: Organisation) -> None:
    """The owner that `joins` names is looked up again for each row."""
    _join_by_row(demo)
    demo.change(LINES, 'query = """', 'joins = { orders = "order_id" }\nquery = """')


def _constant_owner_that_names_itself(demo: Organisation) -> None:
    _constant_owner(demo)
    demo.change(LINES, 'query = """', 'joins = { orders = "order_id" }\nquery = """')


def _wrong_key(demo: Organisation) -> None:
    """Looks rows up again by a number with another meaning."""
    demo.change(LINES, "l.id AS id", "l.product_id AS id")


def _wrong_subject_key(demo: Organisation) -> None:
    """The query selects by order, but the subject key names `id` as the owner."""
    demo.change(LINES, 'column = "order_id"\nidentifier', 'column = "id"\nidentifier')


def _through_a_repeating_column(demo: Organisation) -> None:
    """Attributes each payment to everybody who ordered through the same channel."""
    old = 'through = [{ column = "order_id", table = "orders", key = "id" }]'
    demo.change(
        "datasets/payments.toml", old, old.replace('"order_id"', '"status"').replace('"id"', '"channel"')
    )
    demo.run("UPDATE payments SET status = 'W'")


def _through_a_column_that_the_source_contradicts(demo: Organisation) -> None:
    """Finds the hire desk's customer card by a wrong column of the agreement."""
    old = 'column = "hire_customer_id", table = "hire_customers"'
    demo.change("datasets/hire_agreements.toml", old, 'column = "item", table = "hire_customers"')


def _link_by_name(demo: Organisation) -> None:
    """Links people by given name; two people are called Alex."""
    demo.change(
        "register.toml",
        "# How one identifier leads to another.",
        "[[links]]\n"
        'given = "customer_id"\nleads_to = "given_name"\nsource = "group"\ntable = "customers"\n'
        'given_column = "id"\nleads_to_column = "given_name"\ntenant_column = "company"\n'
        "[[links]]\n"
        'given = "given_name"\nleads_to = "customer_id"\nsource = "group"\ntable = "customers"\n'
        'given_column = "given_name"\nleads_to_column = "id"\ntenant_column = "company"\n#',
    )


def _link_with_a_wrong_column(demo: Organisation) -> None:
    """Looks an email address up in the country column."""
    old = 'leads_to = "customer_id"\nsource = "group"\ntable = "customers"\ngiven_column = "email"'
    demo.change("register.toml", old, old.replace('"email"', '"country"'))
    demo.run("UPDATE customers SET country = 'alex.fielding@example.org' WHERE id IN ('C-7', 'C-8')")


def _no_tenant_column(demo: Organisation) -> None:
    """C-1 is three people: without the company, the export would include the rows of the other two."""
    demo.change("datasets/addresses.toml", ', tenant_column = "company"', "")


def _weak_link_to_data(demo: Organisation) -> None:
    """Finds a dataset only by an IP address."""
    old = 'column = "account_id"\nidentifier = "account_id"'
    demo.change("datasets/usage_events.toml", old, old.replace("account_id", "ip_address"))


def _device_without_time(demo: Organisation) -> None:
    """A tablet has another owner later: without times, the owner of its rows is unknown."""
    demo.change("datasets/devices.toml", "valid_at", "# valid_at")


def _two_companies_with_one_tenant(demo: Organisation) -> None:
    """Attributes the same rows to two companies."""
    demo.change("register.toml", 'acme_fr = ["FR"]', 'acme_fr = ["GB"]')


def _people_as_codes(demo: Organisation) -> None:
    """Translates a code into the name of the person with that number."""
    old = 'codes_from = { table = "hire_items", code = "code", meaning = "name" }'
    new = 'codes_from = { table = "hire_customers", code = "id", meaning = "name" }'
    demo.change("datasets/hire_agreements.toml", old, new)


def _left_out_and_taken_with_the_rest(demo: Organisation) -> None:
    """Leaves a secret out that lies inside a part of the JSON that a field takes whole."""
    old = 'return_place = { column = "extras", path = "/return/place" }'
    demo.change("datasets/hire_agreements.toml", old, 'return_place = { column = "extras", path = "/desk" }')


@pytest.mark.parametrize(
    ("mistake", "error"),
    [
        (_join_by_row, RegisterError),
        (_join_by_row_that_names_itself, OwnershipError),
        (_join_by_product, RegisterError),
        (_condition_that_is_always_true, OwnershipError),
        (_constant_owner, RegisterError),
        (_constant_owner_that_names_itself, OwnershipError),
        (_wrong_key, RegisterError),
        (_wrong_subject_key, OwnershipError),
        (_through_a_repeating_column, RegisterError),
        (_through_a_column_that_the_source_contradicts, RegisterError),
        (_link_by_name, SubjectAmbiguousError),
        (_link_with_a_wrong_column, SubjectAmbiguousError),
        (_no_tenant_column, RegisterError),
        (_weak_link_to_data, RegisterError),
        (_device_without_time, RegisterError),
        (_two_companies_with_one_tenant, RegisterError),
        (_people_as_codes, RegisterError),
        (_left_out_and_taken_with_the_rest, RegisterError),
    ],
)
def test_a_wrong_join_key_or_link_stops_the_export_and_leaves_nothing(
    mistake: Callable[[Organisation], None], error: type[Exception], demo: Organisation, tmp_path: Path
) -> None:
    wrong = demo.copy(tmp_path / "organisation")
    mistake(wrong)
    with pytest.raises(error) as raised:
        wrong.package(tmp_path / "packages", "email=alex.fielding@example.org")
    assert "CANARY" not in str(raised.value)
    assert "alex" not in str(raised.value).lower()
    assert list((tmp_path / "packages").rglob("*") if (tmp_path / "packages").exists() else []) == []


def test_an_account_that_two_customers_share_is_asked_about(demo: Organisation, tmp_path: Path) -> None:
    """A merged account: its events belong to both people, so neither may get them without being asked."""
    merged = demo.copy(tmp_path / "organisation")
    merged.run(
        "CREATE TABLE logins (account_id TEXT, company TEXT, customer_id TEXT)",
        "INSERT INTO logins SELECT id, company, customer_id FROM accounts",
        "INSERT INTO logins VALUES ('A-2', 'GB', 'C-1')",
    )
    old = 'table = "accounts"\ngiven_column = "customer_id"\nleads_to_column = "id"'
    merged.change("register.toml", old, old.replace('"accounts"', '"logins"').replace('"id"', '"account_id"'))
    for person in ("C-1", "C-2"):
        with pytest.raises(SubjectAmbiguousError):
            merged.package(tmp_path / "packages", f"customer_id={person}")


def test_an_identifier_that_links_match_exactly_but_a_dataset_loosely_is_asked_about(
    demo: Organisation, tmp_path: Path
) -> None:
    alike = demo.copy(tmp_path / "organisation")
    alike.run("UPDATE accounts SET id = 'a-1' WHERE id = 'A-2'")
    old = 'column = "account_id"\nidentifier = "account_id"\n'
    alike.change("datasets/usage_events.toml", old, f'{old}match = "casefold"\n')
    with pytest.raises(SubjectAmbiguousError):
        alike.package(tmp_path / "packages", "customer_id=C-1")


def test_an_order_number_alone_makes_no_package_that_denies_the_rest(
    demo: Organisation, tmp_path: Path
) -> None:
    with pytest.raises(
        SubjectAmbiguousError, match=r"most of their data would be missed.*customer_id, email"
    ):
        demo.package(tmp_path / "packages", "order_id=SO-101")
    assert not list(tmp_path.rglob("*.zip"))
