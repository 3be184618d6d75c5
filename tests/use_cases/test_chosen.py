"""The candidate that staff choose gets an answer, and `identify` agrees with `export`."""

from pathlib import Path

import pytest

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from tests.shops import Shop

HOUSEHOLD, ORDER = "email=home@example.org", "order_id=13"
TABLES = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, name TEXT)",
    "INSERT INTO customers VALUES (1, 'home@example.org', 'Mara'), (3, 'home@example.org', 'Pat')",
    "CREATE TABLE contacts (id INTEGER, email TEXT)",
    "INSERT INTO customers VALUES (4, 'tom@example.org', 'Tom')",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, email TEXT, ship TEXT)",
    "CREATE INDEX orders_1 ON orders (customer_id, id)",
    "CREATE INDEX orders_2 ON orders (email, id)",
    "INSERT INTO orders VALUES (10, 1, 'home@example.org', 'Mara'), (13, 3, 'home@example.org', 'Pat')",
    "INSERT INTO orders VALUES (14, 4, 'tom@example.org', 'Tom'), (15, NULL, 'home@example.org', 'whose')",
    "INSERT INTO orders VALUES (16, NULL, 'guest@example.org', 'guest')",
)


def shop(tmp_path: Path, *, back: bool = False) -> Shop:
    """An address that leads to two customers; `back` is whether the same table leads back, or an empty one."""
    made = Shop(tmp_path / "register", left_out=["customers", "contacts"])
    made.link("customers", "email:email", "customer_id:id")
    made.link("customers" if back else "contacts", "customer_id:id", "email:email")
    made.link("orders", "customer_id:customer_id", "order_id:id")
    keys = (
        '{ column = "customer_id", identifier = "customer_id" }, { column = "email", identifier = "email" }'
    )
    made.dataset("orders", keys, {"id": "", "ship": ""}, left_out=["customer_id", "email"])
    return made.write(*TABLES)


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(("chosen", "name"), [("1", "Mara"), ("3", "Pat")])
def test_each_candidate_can_be_chosen_and_gets_their_own(
    tmp_path: Path, chosen: str, name: str, *, back: bool
) -> None:
    made = shop(tmp_path, back=back)
    with pytest.raises(SubjectAmbiguousError) as caught:
        made.export(HOUSEHOLD)
    assert caught.value.candidates == ("1", "3")
    result = made.export(HOUSEHOLD, chosen=[chosen])
    assert made.values("orders", "ship", HOUSEHOLD, chosen=[chosen]) == [name]
    assert result.identity.candidates == 2
    # Rows under the shared address alone belong to neither, and the package states that.
    assert any("kind 'email' that are another person's too" in str(gap.reason) for gap in result.gaps)


def test_an_identifier_of_another_candidate_is_not_used_and_staff_are_warned(tmp_path: Path) -> None:
    made = shop(tmp_path)
    result = made.export(HOUSEHOLD, ORDER, chosen=["1"])
    assert result.identity.unused == (("order_id", 1),)
    assert made.values("orders", "ship", HOUSEHOLD, ORDER, chosen=["1"]) == ["Mara"]
    assert made.values("orders", "ship", HOUSEHOLD, ORDER, chosen=["3"]) == ["Pat"]


def test_a_candidate_found_only_backwards_can_be_chosen(tmp_path: Path) -> None:
    made = shop(tmp_path)
    with pytest.raises(SubjectAmbiguousError, match="no link leads from them"):
        made.export(ORDER)
    assert made.values("orders", "ship", ORDER, chosen=["3"]) == ["Pat"]


def test_only_candidates_can_be_chosen(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="not a candidate"):
        shop(tmp_path).export(HOUSEHOLD, chosen=["4"])


@pytest.mark.parametrize("back", [False, True])
def test_an_address_that_leads_to_one_person_is_theirs_even_if_no_link_leads_back(
    tmp_path: Path, *, back: bool
) -> None:
    assert shop(tmp_path, back=back).values("orders", "ship", "email=tom@example.org") == ["Tom"]


@pytest.mark.parametrize(
    ("asked", "people", "held", "is_ambiguous"),
    [
        ("email=tom@example.org", 1, True, False),
        ("email=guest@example.org", 0, True, False),
        ("email=nobody@example.org", 0, False, False),
        ("customer_id=99", 1, False, False),
        (HOUSEHOLD, 2, False, True),
        (ORDER, 1, False, True),
    ],
)
def test_identify_reports_what_an_export_would_do(
    tmp_path: Path, asked: str, people: int, *, held: bool, is_ambiguous: bool
) -> None:
    made = shop(tmp_path)
    found = made.identify(asked)
    assert (found.people, found.held, found.ambiguous is not None) == (people, held, is_ambiguous)
    if is_ambiguous:
        with pytest.raises(SubjectAmbiguousError):
            made.export(asked)
    else:
        assert any(answer.outcome.read for answer in made.export(asked).datasets) == held
