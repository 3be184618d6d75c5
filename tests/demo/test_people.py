"""The people of the demo: the owner of each row, who resembles whom, and what the companies share."""

from pathlib import Path

import pytest

from dsar_export.demo import (
    COMPANIES,
    LOOK_ALIKES,
    MAPPED_TABLES,
    NEIGHBOURS,
    PEOPLE,
    DemoPerson,
    canary,
    companies_of,
    cookie_canary,
    customer_id,
    shared_mark,
    write_organisation,
)
from tests.demo.databases import column_names, count, marks, owned_rows, rows_of, texts

GB, FR, DE = COMPANIES
EVERYBODY = {(n, c.code) for n in range(1, PEOPLE + 1) for c in companies_of(n)}
ENDED = {(n, "GB") for n in (46, 92, 138, 184)}
OF_ALL = {"customers", "accounts", "addresses", "contacts", "orders_archive", "order_lines", "payments",
          "marketing_preferences", "third_party_data"}  # fmt: skip
OF_CUSTOMERS = {"orders", "usage_events", "email_events", "devices", "web_sessions", "communications",
                "profiling", "disclosures"}  # fmt: skip
OF_TWO = {n for pair in LOOK_ALIKES if pair.ambiguous for n in (pair.first, pair.second)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    demo: DemoPerson = write_organisation(tmp_path_factory.mktemp("organisation"), events=100)
    return demo.register


@pytest.mark.parametrize("table", MAPPED_TABLES)
def test_each_row_contains_the_canary_of_its_person_and_no_other(folder: Path, table: str) -> None:
    seen = set()
    for owners, row in owned_rows(folder, table):
        if shared_mark(0, 0)[:-8] in texts(row):
            assert not marks(row)
            continue
        ((marked, person),) = marks(row)
        if marked == "web_sessions_cookie":
            assert not owners
            continue
        assert marked == table
        assert person in owners
        assert owners == {person} or person[0] in OF_TWO
        seen.add(person)
    assert (1, "GB") in seen
    assert table not in OF_ALL or seen == EVERYBODY
    assert table not in OF_CUSTOMERS or seen == EVERYBODY - ENDED


def test_canaries_are_written_as_the_tests_look_for_them(folder: Path) -> None:
    assert canary(1, "orders") == canary(1, "orders", "GB") == "CANARY-orders-p001-GB"
    assert count(folder, f"orders WHERE instr(delivery_street, '{canary(1, 'orders', 'FR')}')") != 0
    mark = cookie_canary(1, "DE")
    assert count(folder, f"web_sessions WHERE device_id IS NULL AND instr(landing_page, '{mark}')") == 1


def test_a_customer_number_is_another_person_in_each_company(folder: Path) -> None:
    for code in ("C-1", "C-2", "C-41"):
        held = rows_of(folder, f"SELECT company, given_name, email FROM customers WHERE id = '{code}'")
        assert {company for company, _, _ in held} == {"GB", "FR", "DE"}
        assert len({str(email).casefold() for _, _, email in held}) == 3
    assert rows_of(folder, "SELECT company, id FROM customers GROUP BY 1, 2 HAVING count(*) > 1") == []
    assert customer_id(1, GB) == "C-1" != customer_id(1, FR) != customer_id(1, DE)


def test_one_person_may_be_the_customer_of_all_companies_with_one_address(folder: Path) -> None:
    held = rows_of(folder, "SELECT company FROM customers WHERE folded(email) = 'alex.fielding@example.org'")
    assert sorted(held) == [("DE",), ("FR",), ("GB",)]
    assert companies_of(1) == COMPANIES
    several = [n for n in range(2, PEOPLE + 1) if len(companies_of(n)) > 1]
    assert len(several) > 30
    assert all(companies_of(n) for n in range(1, PEOPLE + 1))


def test_every_table_with_a_customer_number_names_the_company_too(folder: Path) -> None:
    for table in MAPPED_TABLES:
        names = column_names(folder, "group.db", table)
        assert "customer_id" not in names or "company" in names


@pytest.mark.parametrize("table", ["accounts", "orders", "orders_archive"])
def test_numbers_of_accounts_and_orders_are_unique_in_the_group(folder: Path, table: str) -> None:
    assert rows_of(folder, f"SELECT id FROM {table} GROUP BY id HAVING count(*) > 1") == []


def test_an_order_lies_among_the_orders_or_in_the_archive(folder: Path) -> None:
    assert count(folder, "orders WHERE id IN (SELECT id FROM orders_archive)") == 0


# Who looks like whom


def customers_with(folder: Path, column: str, text: str) -> set[object]:
    """The numbers of all British customers with this text, in any of the ways that it is written."""
    fold = "digits" if column == "phone" else "folded"
    found = rows_of(folder, f"SELECT id FROM customers WHERE company = 'GB' AND {fold}({column}) = '{text}'")
    return {row[0] for row in found}


def test_all_who_look_alike_are_british_customers(folder: Path) -> None:
    for pair in LOOK_ALIKES:
        assert GB in companies_of(pair.first)
        assert GB in companies_of(pair.second)
        assert pair.first != pair.second


def test_namesakes_wildcards_and_plus_addresses_are_of_different_people(folder: Path) -> None:
    names = "given_name = 'Alex' AND family_name = 'Fielding'"
    assert count(folder, f"customers WHERE company = 'GB' AND {names}") == 2
    like = rows_of(folder, "SELECT id FROM customers WHERE company = 'GB' AND email LIKE 'jo_lake@%'")
    assert {row[0] for row in like} == {"C-13", "C-14"}
    assert customers_with(folder, "email", "jo_lake@example.org") == {"C-13"}
    assert customers_with(folder, "email", "alex.fielding+shop@example.org") == {"C-15"}


def test_a_tablet_is_handed_on_at_one_moment_and_a_telephone_is_used_by_two(folder: Path) -> None:
    held = "SELECT account_id, since, until FROM device_accounts WHERE device_id = '{}' ORDER BY since"
    (first, second) = rows_of(folder, held.format("D-TABLET"))
    assert (first[0], second[0]) == ("A-31", "A-32")
    assert first[2] == second[1]
    assert second[2] is None
    (first, second) = rows_of(folder, held.format("D-SHARED"))
    assert (first[0], second[0]) == ("A-33", "A-34")
    assert first[2] is second[2] is None
    for device in ("D-TABLET", "D-SHARED"):
        of_two = rows_of(folder, f"SELECT DISTINCT account_id FROM web_sessions WHERE device_id = '{device}'")
        assert len(of_two) == 2


def test_a_recycled_address_was_the_first_ones_and_is_the_second_ones(folder: Path) -> None:
    (first, second) = rows_of(
        folder,
        "SELECT customer_id, since, until FROM email_history WHERE email = 'k.marlow@example.org' ORDER BY since",
    )
    assert (first[0], second[0]) == ("C-41", "C-42")
    assert str(first[2]) < str(second[1])
    assert second[2] is None
    assert customers_with(folder, "email", "k.marlow@example.org") == {"C-42"}
    events = rows_of(
        folder,
        "SELECT substr(occurred_at, 1, 4), campaign FROM email_events "
        "WHERE folded(email) = 'k.marlow@example.org'",
    )
    assert {(year, canary(41, "email_events") in str(text)) for year, text in events} == {
        ("2022", True), ("2024", False), ("2025", False),
    }  # fmt: skip


def test_a_merge_a_shared_address_and_a_shared_telephone_lead_to_two_people(folder: Path) -> None:
    assert rows_of(folder, "SELECT company, old_id, new_id FROM customer_merges") == [("GB", "C-51", "C-52")]
    assert count(folder, "customers WHERE company = 'GB' AND id = 'C-51' AND merged_into = 'C-52'") == 1
    assert customers_with(folder, "email", "the.harpers@example.org") == {"C-61", "C-62"}
    assert customers_with(folder, "phone", "7700900071") == {"C-71", "C-72"}
    assert count(folder, "hire.hire_customers WHERE digits(phone) = '7700900071'") == 2
    assert count(folder, "customers WHERE digits(phone) = '7700900001'") == 1


def test_nobody_else_shares_an_address_a_telephone_or_a_device(folder: Path) -> None:
    two = "GROUP BY company, {} HAVING count(*) > 1"
    shared = rows_of(folder, f"SELECT min(folded(email)) FROM customers {two.format('folded(email)')}")
    assert shared == [("the.harpers@example.org",)]
    shared = rows_of(folder, f"SELECT min(id) FROM customers {two.format('digits(phone)')}")
    assert shared == [("C-71",)]
    shared = rows_of(
        folder, "SELECT device_id FROM device_accounts GROUP BY 1 HAVING count(DISTINCT account_id) > 1"
    )
    assert sorted(shared) == [("D-SHARED",), ("D-TABLET",)]


def test_neighbours_write_to_each_other_and_the_message_is_marked_as_both_theirs(folder: Path) -> None:
    for first, second in NEIGHBOURS:
        mark = shared_mark(first, second)
        ((company, owner, body),) = rows_of(
            folder, f"SELECT company, customer_id, body FROM communications WHERE instr(body, '{mark}')"
        )
        assert (company, owner) == ("GB", None)
        assert "CANARY" not in str(body)
    both = [owners for owners, row in owned_rows(folder, "communications") if len(owners) == 2]
    assert {frozenset(n for n, _ in owners) for owners in both} >= {frozenset(p) for p in NEIGHBOURS}
