"""What a query joins is asserted to be the subject's too, and what it leaves out is counted."""

from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.source import Probe, SourceDescription
from dsar_export.register_check.joins import joins_findings
from dsar_export.wiring import register_in
from tests.shops import Shop
from tests.worlds import World

MARA = "email=mara@example.org"
TABLES = (
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT)",
    "INSERT INTO customers VALUES (1, 'mara@example.org'), (2, 'tom@example.org')",
    "CREATE TABLE films (id INTEGER PRIMARY KEY, title TEXT)",
    "INSERT INTO films VALUES (1, 'Alpha'), (2, 'CANARY')",
    "CREATE TABLE rentals (id INTEGER PRIMARY KEY, customer_id INTEGER, film INTEGER)",
    "INSERT INTO rentals VALUES (10, 1, 1), (11, 2, 2)",
    "CREATE TABLE payments (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, rental INTEGER, note TEXT)",
    "CREATE INDEX payments_by_customer ON payments (customer_id, id)",
    "INSERT INTO payments VALUES (100, 1, 10, 'a'), (101, 1, 11, 'b'), (102, 2, 11, 'c'), (103, 1, NULL, 'd')",
)
QUERY = """
SELECT p.id AS id, p.customer_id AS customer_id, f.title AS title, p.note AS note, r.customer_id AS rental_customer
FROM payments p LEFT JOIN rentals r ON r.id = p.rental LEFT JOIN films f ON f.id = r.film
WHERE p.customer_id IN :customer_id
"""
JOINS = 'joins = { rentals = "rental_customer" }'


def payments(tmp_path: Path, *more: str, query: str = QUERY) -> Shop:
    made = Shop(tmp_path / "register", left_out=["customers", "films", "rentals"])
    made.link("customers", "email:email", "customer_id:id")
    lines = ['order_by = ["id"]', 'key = "id"', f'query = """{query}"""', *more]
    key = '{ column = "customer_id", identifier = "customer_id" }'
    fields = {"id": "", "title": "", "note": ""}
    made.dataset("payments", key, fields, more="\n".join(lines), left_out=["rental"])
    return made.write(*TABLES)


def test_a_joined_table_of_people_without_an_owner_is_refused_by_check_and_by_export(tmp_path: Path) -> None:
    made = payments(tmp_path)
    (found,) = made.findings()
    assert found.startswith("payments.toml: joins: the query reads rows of people from 'rentals'")
    with pytest.raises(RegisterError, match="rows of people from 'rentals'"):
        made.export(MARA)


def test_a_row_joined_to_somebody_elses_is_not_copied_and_counted(tmp_path: Path) -> None:
    made = payments(tmp_path, JOINS)
    assert made.findings() == []
    package = made.package(MARA)
    assert [(record["id"], record["title"]) for record in package.json("payments")] == [
        ("100", "Alpha"),
        ("103", None),
    ]
    assert package.outcome("payments")["read"] == 2
    assert made.gaps(MARA) == ["rows that are stored together with another person's: 1; not copied"]


def test_a_lookup_table_needs_no_owner(tmp_path: Path) -> None:
    query = (
        "SELECT p.id AS id, p.customer_id AS customer_id, f.title AS title, p.note AS note FROM payments p "
    )
    query += "LEFT JOIN films f ON f.id = p.rental WHERE p.customer_id IN :customer_id"
    assert payments(tmp_path, query=query).findings() == []


@pytest.mark.parametrize("rentals", ["(SELECT * FROM rentals)", "seen"])
def test_a_table_behind_a_subquery_or_a_view_is_seen(tmp_path: Path, rentals: str) -> None:
    made = payments(tmp_path, query=QUERY.replace("rentals r", f"{rentals} r")).write(
        "CREATE VIEW seen AS SELECT * FROM rentals"
    )
    assert any("rows of people from 'rentals'" in line for line in made.findings())


def test_its_own_table_read_once_more_is_other_peoples_rows(tmp_path: Path) -> None:
    query = "SELECT p.id AS id, p.customer_id AS customer_id, o.note AS title, p.note AS note, o.customer_id AS other "
    query += (
        "FROM payments p LEFT JOIN payments o ON o.id = p.rental + 91 WHERE p.customer_id IN :customer_id"
    )
    made = payments(tmp_path / "1", query=query)
    assert any("rows of people from 'payments'" in line for line in made.findings())
    made = payments(tmp_path / "2", 'joins = { payments = "other" }', query=query)
    assert made.findings() == []
    assert made.values("payments", "title", MARA) == ["b", None]


def test_a_join_that_the_query_does_not_read_is_found(tmp_path: Path) -> None:
    made = payments(tmp_path, 'joins = { rentals = "rental_customer", rental = "rental_customer" }')
    (found,) = made.findings()
    assert found.endswith(
        "joins.rental: the query does not read a table 'rental'; nearest valid name: rentals"
    )


def test_a_query_that_returns_nothing_of_what_its_key_finds_is_a_gap(tmp_path: Path) -> None:
    made = payments(tmp_path, JOINS, query=QUERY + " AND p.note = 'typo'")
    assert made.gaps(MARA) == ["rows that the query of the register does not return: 3; not copied"]


def test_a_query_that_returns_fewer_rows_is_a_warning_unless_the_register_gives_a_reason(
    tmp_path: Path,
) -> None:
    fewer = QUERY + " AND p.note <> 'd'"
    (answer,) = payments(tmp_path / "1", JOINS, query=fewer).export(MARA).datasets
    assert answer.warnings[0].startswith("the query returns 2 of 3 rows of the table")
    (answer,) = payments(tmp_path / "2", JOINS, 'narrows = "d is a draft"', query=fewer).export(MARA).datasets
    assert answer.warnings == ()


def test_a_person_without_rows_has_neither_gap_nor_warning(tmp_path: Path) -> None:
    made = payments(tmp_path, JOINS).write("DELETE FROM payments WHERE customer_id = 1")
    (answer,) = made.export(MARA).datasets
    assert (answer.gaps, answer.warnings) == ((), ())


def test_a_query_whose_plan_is_kept_from_the_account_is_refused(tmp_path: Path) -> None:
    register = register_in(payments(tmp_path, JOINS).folder)
    probe = Probe(without_index=False, reads=None)
    (found,) = joins_findings(register, register.datasets[0], SourceDescription(()), probe)
    assert "GRANT SHOW VIEW" in found.problem


@pytest.mark.parametrize("more", [JOINS, 'narrows = "w"'])
def test_joins_and_narrows_go_with_a_query(tmp_path: Path, more: str) -> None:
    made = Shop(tmp_path / "register").link("customers", "email:email", "customer_id:id")
    key = '{ column = "customer_id", identifier = "customer_id" }'
    made.dataset("payments", key, {"id": ""}, more=f'order_by = ["id"]\n{more}').write(*TABLES)
    with pytest.raises(RegisterError, match="joins and narrows need a query"):
        made.findings()


def test_a_table_that_is_read_twice_needs_two_owners(tmp_path: Path) -> None:
    query = QUERY.replace("f.title AS title", "s.film AS title, s.customer_id AS second_owner").replace(
        "LEFT JOIN films f ON f.id = r.film", "LEFT JOIN rentals s ON s.id = r.id + 1"
    )
    one = payments(tmp_path / "1", JOINS, query=query)
    assert any("rows of people from 'rentals'" in line for line in one.findings())
    both = payments(tmp_path / "2", 'joins = { rentals = ["rental_customer", "second_owner"] }', query=query)
    assert both.findings() == []
    assert both.values("payments", "id", MARA) == ["103"]


def test_a_joined_row_may_name_the_subject_by_another_kind(tmp_path: Path) -> None:
    query = QUERY.replace("r.customer_id AS rental_customer", "r.owner AS rental_owner")
    joined = 'joins = { rentals = { column = "rental_owner", identifier = "email" } }'
    made = payments(tmp_path, joined, query=query)
    made.write("ALTER TABLE rentals ADD COLUMN owner TEXT")
    made.write("UPDATE rentals SET owner = (SELECT email FROM customers c WHERE c.id = customer_id)")
    assert made.values("payments", "title", MARA) == ["Alpha", None]
    assert made.gaps(MARA) == ["rows that are stored together with another person's: 1; not copied"]


def test_a_window_function_reads_rows_of_others(tmp_path: Path) -> None:
    query = (
        "SELECT * FROM (SELECT p.id AS id, p.customer_id AS customer_id, p.note AS note, lag(p.note) OVER w AS title, "
        "lag(p.customer_id) OVER w AS before FROM payments p "
        "WINDOW w AS (ORDER BY p.id)) WHERE customer_id IN :customer_id"
    )
    found = payments(tmp_path / "1", query=query).findings()
    assert any("rows of people from 'payments'" in line for line in found)
    made = payments(tmp_path / "2", 'joins = { payments = "before" }', query=query)
    assert made.values("payments", "title", MARA) == [None, "a"]


def test_a_table_that_refers_to_peoples_rows_by_several_columns_is_one_of_people_too(tmp_path: Path) -> None:
    query = QUERY.replace("FROM payments p", "FROM payments p LEFT JOIN returns b ON b.rental = p.rental")
    made = payments(tmp_path, JOINS, query=query)
    for statement in (
        "CREATE UNIQUE INDEX rentals_by_film ON rentals (id, film)",
        "CREATE TABLE returns (rental INTEGER, film INTEGER, FOREIGN KEY (rental, film) REFERENCES rentals (id, film))",
    ):
        World(made.folder).run(statement)
    refused = [line for line in made.findings() if "reads rows of people from 'returns'" in line]
    assert refused, made.findings()
