"""The example organisation: what its register says is what its databases hold."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from dsar_export.demo import MAPPED_TABLES, DemoPerson, canary, secret_canary, write_organisation
from dsar_export.model.register import Dataset, Register
from dsar_export.register_file import read_register

PEOPLE = range(1, 51)
EVENTS = 100
SHOP, ENGAGEMENT = "shop.db", "engagement.db"

# Whose row it is, said without the register: a table's rows joined to the customer's number.
OWNED_ROWS = {
    "customers": "SELECT id, * FROM customers",
    "accounts": "SELECT customer_id, * FROM accounts",
    "orders": "SELECT customer_id, * FROM orders",
    "order_lines": "SELECT o.customer_id, l.* FROM order_lines l JOIN orders o ON o.id = l.order_id",
    "payments": "SELECT o.customer_id, p.* FROM payments p JOIN orders o ON o.id = p.order_id",
    "usage_events": "SELECT account_id, * FROM usage_events",
    "email_events": "SELECT email, * FROM email_events",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoPerson:
    return write_organisation(tmp_path_factory.mktemp("organisation"), events=EVENTS)


@pytest.fixture(scope="module")
def register(demo: DemoPerson) -> Register:
    return read_register(demo.register)


def rows_of(folder: Path, file: str, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(folder / file)) as database:
        return database.execute(statement).fetchall()


def column_names(folder: Path, file: str, table: str) -> set[str]:
    return {str(row[1]) for row in rows_of(folder, file, f"PRAGMA table_info({table})")}


def database_of(register: Register, dataset: Dataset) -> str:
    return register.organisation.sources[dataset.source].url.removeprefix("sqlite:///")


def texts(row: tuple[object, ...]) -> str:
    return "\n".join(cell for cell in row if isinstance(cell, str))


def owned_rows(folder: Path, table: str) -> Iterator[tuple[int, tuple[object, ...]]]:
    """Each row of a table with the number of the person whose it is."""
    owners: dict[str, int] = {}
    for customer_id, email in rows_of(folder, SHOP, "SELECT id, email FROM customers"):
        owners[str(customer_id)] = owners[str(email).casefold()] = int(str(customer_id)[2:])
    for account_id, customer_id in rows_of(folder, SHOP, "SELECT id, customer_id FROM accounts"):
        owners[str(account_id)] = owners[str(customer_id)]
    file = ENGAGEMENT if table.endswith("_events") else SHOP
    for owner, *row in rows_of(folder, file, OWNED_ROWS[table]):
        yield owners[str(owner) if str(owner) in owners else str(owner).casefold()], tuple(row)


def dump(folder: Path) -> list[str]:
    lines: list[str] = []
    for file in (SHOP, ENGAGEMENT):
        with closing(sqlite3.connect(folder / file)) as database:
            lines += database.iterdump()
    return lines


def test_the_register_can_be_read_and_names_the_demo_persons_controller(
    demo: DemoPerson, register: Register
) -> None:
    assert demo.controller in register.organisation.controllers
    assert {i.partition("=")[0] for i in demo.identifiers} <= register.identifier_kinds
    assert tuple(d.table for d in register.datasets_of(demo.controller)) == MAPPED_TABLES


def test_every_table_and_view_is_read_by_a_dataset_or_left_out_with_a_reason(
    demo: DemoPerson, register: Register
) -> None:
    for name, source in register.organisation.sources.items():
        file = source.url.removeprefix("sqlite:///")
        held = {str(row[0]) for row in rows_of(demo.register, file, "SELECT tbl_name FROM sqlite_master")}
        read = {d.table for d in register.datasets if d.source == name}
        assert held == read | set(source.left_out)
        assert not read & set(source.left_out)


def test_every_column_is_taken_by_a_field_or_left_out_with_a_reason(
    demo: DemoPerson, register: Register
) -> None:
    for dataset in register.datasets:
        held = column_names(demo.register, database_of(register, dataset), dataset.table)
        taken = set(dataset.columns)
        assert not taken & set(dataset.left_out), dataset.name
        assert set(dataset.left_out) <= held, dataset.name
        assert held <= taken | set(dataset.left_out), dataset.name
        assert dataset.query is not None or taken <= held, dataset.name


def test_every_field_of_a_schema_is_filled_with_values_that_it_knows(register: Register) -> None:
    for dataset in register.datasets:
        schema = register.schemas[dataset.schema]
        assert set(dataset.fields) == set(schema.field_names), dataset.name
        for field in schema.fields:
            codes = dataset.fields[field.name].codes
            assert codes is None or set(codes.values()) <= {c.value for c in field.codes}, field.name


def test_the_register_refers_to_nothing_that_it_does_not_declare(register: Register) -> None:
    organisation = register.organisation
    for dataset in register.datasets:
        assert set(dataset.purposes) <= set(organisation.purposes)
        assert set(dataset.recipients) <= set(organisation.recipients)
        assert dataset.storage_period in organisation.storage_periods
    promised = {name for promise in organisation.promises for name in promise.datasets}
    assert promised == set(organisation.datasets)
    assert any(promise.not_searched for promise in organisation.promises)
    assert {t.recipient for t in organisation.transfers} <= set(organisation.recipients)


def test_an_index_serves_the_order_of_every_dataset(demo: DemoPerson, register: Register) -> None:
    for dataset in register.datasets:
        assert dataset.order_by[0] == dataset.subject_key.column
        plan = rows_of(
            demo.register,
            database_of(register, dataset),
            f"EXPLAIN QUERY PLAN SELECT * FROM {dataset.table} ORDER BY {', '.join(dataset.order_by)}",
        )
        assert not [step for step in plan if "TEMP B-TREE" in str(step)], dataset.name


@pytest.mark.parametrize("table", MAPPED_TABLES)
def test_everybody_has_rows_and_each_row_holds_its_persons_canary_alone(demo: DemoPerson, table: str) -> None:
    seen = set()
    for number, row in owned_rows(demo.register, table):
        marks = {n for n in PEOPLE for t in MAPPED_TABLES if canary(n, t) in texts(row)}
        assert canary(number, table) in texts(row)
        assert marks == {number}
        seen.add(number)
    assert seen == set(PEOPLE)


def test_credentials_hold_a_canary_and_stand_only_in_columns_that_are_withheld(
    demo: DemoPerson, register: Register
) -> None:
    found = set()
    for dataset in register.datasets:
        file = database_of(register, dataset)
        for column in sorted(column_names(demo.register, file, dataset.table)):
            cells = rows_of(demo.register, file, f"SELECT {column} FROM {dataset.table}")
            people = {n for n in PEOPLE for cell in cells if secret_canary(n) in texts(cell)}
            if people:
                assert people == set(PEOPLE)
                assert dataset.left_out[column].reason == "withheld"
                found.add(column)
    assert found == {"password_hash", "totp_secret", "session_token", "gateway_token"}


def test_the_demo_person_has_as_many_usage_events_as_were_asked_for(demo: DemoPerson) -> None:
    rows = rows_of(demo.register, ENGAGEMENT, "SELECT account_id, count(*) FROM usage_events GROUP BY 1")
    assert ("A-1", EVENTS) in rows
    assert {count for account_id, count in rows if account_id != "A-1"} == {4}


def test_namesakes_hostile_texts_odd_times_and_gone_articles_are_there(demo: DemoPerson) -> None:
    def count(statement: str) -> object:
        return rows_of(demo.register, SHOP, f"SELECT count(*) FROM {statement}")[0][0]

    assert count("customers WHERE given_name = 'Alex' AND family_name = 'Fielding'") == 2
    assert count("customers WHERE instr(family_name, char(0))") == 1
    assert count("orders WHERE customer_id = 'C-1' AND gift_message LIKE '=%'") != 0
    assert count("orders WHERE ordered_at = '2024-10-27 01:30:00'") == 3
    assert count("orders WHERE ordered_at = '2024-03-31 01:30:00'") == 3
    assert count("order_lines WHERE product_id NOT IN (SELECT id FROM products)") != 0
    spellings = rows_of(demo.register, ENGAGEMENT, "SELECT DISTINCT email FROM email_events")
    assert len([s for s in spellings if str(s[0]).casefold() == "alex.fielding@example.org"]) == 3


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data(tmp_path: Path) -> None:
    for name, seed in (("first", 7), ("again", 7), ("other", 8)):
        write_organisation(tmp_path / name, events=10, seed=seed)
    assert dump(tmp_path / "first") == dump(tmp_path / "again")
    assert dump(tmp_path / "first") != dump(tmp_path / "other")


def test_a_second_run_replaces_what_the_first_wrote_and_leaves_other_files_alone(tmp_path: Path) -> None:
    write_organisation(tmp_path, events=20)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "shop.db-wal").write_bytes(b"left by a crash")
    write_organisation(tmp_path, events=10)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "shop.db-wal").exists()
    events = rows_of(tmp_path, ENGAGEMENT, "SELECT count(*) FROM usage_events WHERE account_id = 'A-1'")
    assert events == [(10,)]


def test_the_small_shop_can_be_read_and_its_script_makes_the_tables_that_it_names(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "shop"
    register = read_register(example / "register")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.executescript((example / "shop.sql").read_text(encoding="utf-8"))
    for dataset in register.datasets:
        held = column_names(tmp_path, "shop.db", dataset.table)
        assert held == set(dataset.columns) | set(dataset.left_out), dataset.name
