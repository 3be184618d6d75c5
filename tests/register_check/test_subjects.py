"""The check of a register with several kinds of people looks at all of them at once."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from tests.use_cases.firms import (
    CUSTOMERS,
    EMPLOYEES,
    ORDER,
    ORDERED,
    SALARY,
    TABLES,
    by_number,
    exported,
    firm,
    founded,
    written,
)


def test_a_table_that_is_read_for_one_kind_of_people_is_decided_on(tmp_path: Path) -> None:
    assert founded(tmp_path).findings() == []


def test_an_identifier_that_only_other_people_have_leads_to_nobody(tmp_path: Path) -> None:
    made = founded(tmp_path).change(
        "datasets/orders.toml", 'identifier = "customer_id"', 'identifier = "employee_id"'
    )
    (found,) = [line for line in made.findings() if "identifier" in line]
    assert found.startswith(
        "orders.toml: subject_keys.0.identifier: no strong link of controller 'acme' leads to 'employee_id'"
    )


def test_the_identifier_of_a_kind_of_people_must_be_one_of_theirs(tmp_path: Path) -> None:
    made = founded(tmp_path).change(
        "register.toml", 'identifier = "employee_id"', 'identifier = "customer_id"'
    )
    assert (
        "register.toml: subjects.employees.identifier: unknown kind of identifier 'customer_id'; "
        "valid names: email, employee_id" in made.findings()
    )


def test_a_reference_to_a_dataset_of_other_people_is_found(tmp_path: Path) -> None:
    made = founded(tmp_path).change(
        "datasets/salaries.toml",
        'text = { column = "text" }',
        'text = { column = "text", references = "orders.id" }',
    )
    (found,) = made.findings()
    assert found.startswith("salaries.toml: fields.text.references: unknown field of a dataset")


def test_a_query_that_joins_rows_of_other_kinds_of_people_is_found_and_refused(tmp_path: Path) -> None:
    made = firm(tmp_path)
    joined = (
        "SELECT o.id, o.customer_id, s.text FROM orders o JOIN salaries s ON s.employee_id = o.customer_id"
    )
    query = f"{joined} WHERE o.customer_id IN :customer_id"
    made.datasets.pop("orders")
    made.dataset(
        "orders",
        ORDER,
        {"id": "", "text": ""},
        more=f'{CUSTOMERS}\nquery = "{query}"\nkey = "id"\n{ORDERED}',
    )
    written(made)
    finding = "the query reads rows of people from 'salaries'"
    assert any(finding in line for line in made.findings())
    with pytest.raises(RegisterError, match=finding):
        exported(made, "customers", "customer_id=7")


def test_a_rule_of_comparison_is_needed_among_one_kind_of_people_only(tmp_path: Path) -> None:
    loose = 'match = "casefold"'
    made = founded(tmp_path).change("register.toml", f"{CUSTOMERS}\n", f"{CUSTOMERS}\n{loose}\n")
    made.change("register.toml", EMPLOYEES, f'{EMPLOYEES}\nmatch = "e164"\nregion = "GB"')
    assert not [line for line in made.findings() if "compares" in line]


def test_a_finding_counts_the_links_of_all(tmp_path: Path) -> None:
    made = founded(tmp_path).change("register.toml", EMPLOYEES, f'{EMPLOYEES}\nmatch = "casefold"')
    text = (made.folder / "register.toml").read_text(encoding="utf-8")
    first = text.index(f"{EMPLOYEES}\nmatch")
    again = text.index(f"{EMPLOYEES}\nmatch", first + 1)
    changed = text[:again] + text[again:].replace('match = "casefold"', 'match = "e164"\nregion = "GB"', 1)
    changed = changed.replace(
        'given = "employee_id"\nleads_to = "email"', 'given = "email"\nleads_to = "employee_id"'
    )
    (made.folder / "register.toml").write_text(changed, encoding="utf-8")
    (found,) = [line for line in made.findings() if "compares" in line]
    assert found.startswith("register.toml: links.3: compares 'email'")


def test_a_table_that_no_kind_of_people_has_is_found_once(tmp_path: Path) -> None:
    made = founded(tmp_path).write("CREATE TABLE letters (id INTEGER PRIMARY KEY)")
    written_again = made.change("register.toml", 'subject = "customer_id"\n', "")
    (found,) = written_again.findings()
    assert found.startswith("register.toml: sources.main.left_out: no dataset reads the table 'letters'")


def test_people_of_both_kinds_may_have_rows_in_one_table(tmp_path: Path) -> None:
    made = firm(tmp_path)
    made.dataset(
        "notes_of_staff",
        SALARY,
        {"id": "", "text": ""},
        table="notes",
        more=f"{EMPLOYEES}\n{ORDERED}",
        left_out=["customer_id"],
    )
    made.dataset(
        "notes", ORDER, {"id": "", "text": ""}, more=f"{CUSTOMERS}\n{ORDERED}", left_out=["employee_id"]
    )
    written(made)
    written_again = made.write(
        "CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER, employee_id INTEGER, text TEXT)",
        "CREATE INDEX notes_c ON notes (customer_id)",
        "CREATE INDEX notes_e ON notes (employee_id)",
    ).change("register.toml", 'subject = "customer_id"\n', "")
    assert written_again.findings() == []


def test_a_query_that_joins_a_table_with_the_key_of_other_kinds_of_people_is_found(tmp_path: Path) -> None:
    made = firm(tmp_path)
    made.left_out.append("payslips")
    joined = "SELECT o.id, o.customer_id, p.text FROM orders o JOIN payslips p ON p.id = o.id"
    query = f"{joined} WHERE o.customer_id IN :customer_id"
    more = f'{CUSTOMERS}\nquery = "{query}"\nkey = "id"\n{ORDERED}'
    made.dataset("orders", ORDER, {"id": "", "text": ""}, more=more)
    made.write("CREATE TABLE payslips (id INTEGER PRIMARY KEY, employee_id INTEGER, text TEXT)")
    written(made)
    assert any("the query reads rows of people from 'payslips'" in line for line in made.findings())


def test_columns_of_two_types_are_compared_among_one_kind_of_people_only(tmp_path: Path) -> None:
    made = by_number(tmp_path)
    texts = "CREATE TABLE employees (id TEXT PRIMARY KEY, email TEXT)"
    staff = "CREATE TABLE salaries (id INTEGER PRIMARY KEY, employee_id TEXT, text TEXT)"
    made.write(texts, staff, *(t for t in TABLES if "TABLE employees" not in t and "TABLE salaries" not in t))
    made.change("register.toml", 'subject = "customer_id"\n', "")
    assert made.findings() == []


def test_a_default_that_may_name_nobody_is_found_at_its_link(tmp_path: Path) -> None:
    made = firm(tmp_path)
    defaulted = "CREATE TABLE employees (id INTEGER PRIMARY KEY, email TEXT DEFAULT '0')"
    made.write(defaulted, *(table for table in TABLES if "TABLE employees" not in table))
    made.change("register.toml", 'subject = "customer_id"\n', "")
    found = [line for line in made.findings() if "default" in line]
    assert {line.partition(".nobody")[0] for line in found} == {
        "register.toml: links.2",
        "register.toml: links.3",
    }
