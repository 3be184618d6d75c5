"""The demo's databases: served by indexes, true in themselves, and the same for the same seed."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from dsar_export.demo import DemoPerson, secret_canary, write_organisation
from dsar_export.model.dataset import Dataset
from dsar_export.model.register import Register
from dsar_export.model.subject_key import SubjectKey
from dsar_export.wiring import register_in
from tests.demo.databases import column_names, count, database_of, dump, rows_of, texts

EVENTS = 100
CREDENTIALS = {
    ("accounts", "password_hash"),
    ("accounts", "totp_secret"),
    ("accounts", "session_token"),
    ("payments", "gateway_token"),
    ("devices", "push_token"),
    ("web_sessions", "session_token"),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoPerson:
    return write_organisation(tmp_path_factory.mktemp("organisation"), events=EVENTS)


@pytest.fixture(scope="module")
def register(demo: DemoPerson) -> Register:
    return register_in(demo.register)


def ordered_selections(dataset: Dataset) -> Iterator[str]:
    """The subject's rows of a table in the order of the package: key, the keys on the way, order_by."""
    if dataset.place.query is not None:
        return
    for key in dataset.subject_keys:
        yield _ordered(key, dataset.place.table, key.column, dataset.place.order_by)
    for history in dataset.place.history:
        for key in dataset.subject_keys:
            column = history.column(key.column)
            assert column is not None
            yield _ordered(key, history.table, column, history.order_by)


def _ordered(key: SubjectKey, table: str, column: str, order_by: Sequence[str]) -> str:
    joins, before = "", "t0"
    on_the_way: list[str] = []
    for number, step in enumerate(key.through, start=1):
        joins += f" JOIN {step.table} t{number} ON t{number}.{step.key} = {before}.{step.column}"
        before = f"t{number}"
        on_the_way.insert(0, f"{before}.{step.key}")
    owner = before
    tenant = f" AND {owner}.{key.tenant_column} IN ('GB')" if key.tenant_column else ""
    order = ", ".join([f"{owner}.{column}", *on_the_way, *(f"t0.{c}" for c in order_by)])
    values = "'C-1', 'C-2'"
    return f"SELECT t0.* FROM {table} t0{joins} WHERE {owner}.{column} IN ({values}){tenant} ORDER BY {order}"


def test_an_index_serves_the_selection_and_the_order_of_every_dataset(
    demo: DemoPerson, register: Register
) -> None:
    for dataset in register.datasets:
        for statement in ordered_selections(dataset):
            plan = [str(row[3]) for row in rows_of(demo.register, f"EXPLAIN QUERY PLAN {statement}")]
            assert not [step for step in plan if "TEMP B-TREE" in step], statement
            assert all(step.startswith("SEARCH") for step in plan), statement


def test_every_reference_to_another_row_leads_to_one(demo: DemoPerson) -> None:
    for file in ("group.db", "hire.db"):
        with closing(sqlite3.connect(demo.register / file)) as database:
            assert database.execute("PRAGMA foreign_key_check").fetchall() == []
    orders = "(SELECT id FROM orders UNION ALL SELECT id FROM orders_archive)"
    for table in ("order_lines", "payments"):
        assert count(demo.register, f"{table} WHERE order_id NOT IN {orders}") == 0


def test_nothing_happens_before_a_person_is_a_customer_or_after_the_day_of_the_register(
    demo: DemoPerson,
) -> None:
    orders = "(SELECT * FROM orders UNION ALL SELECT * FROM orders_archive) o JOIN customers c"
    same = "c.company = o.company AND c.id = o.customer_id"
    assert count(demo.register, f"{orders} ON {same} AND o.ordered_at < c.customer_since") == 0
    ended = "o.ordered_at > coalesce(c.relationship_ended_on, '9')"
    assert count(demo.register, f"{orders} ON {same} AND {ended}") == 0
    latest = {
        "orders": "ordered_at", "payments": "paid_at", "email_events": "occurred_at", "devices": "last_seen_at",
        "communications": "sent_at", "feedback": "received_at", "third_party_data": "obtained_at",
        "profiling": "computed_at", "disclosures": "disclosed_at", "hire_agreements": "collected_at",
    }  # fmt: skip
    for table, column in latest.items():
        ((found,),) = rows_of(demo.register, f"SELECT max({column}) FROM {table}")
        assert "2024-12" < str(found) < "2026-11", table
        datetime.fromisoformat(str(found))


def test_periods_begin_before_they_end_and_their_rows_lie_within(demo: DemoPerson) -> None:
    for table in ("email_history", "device_accounts"):
        assert count(demo.register, f"{table} WHERE until IS NOT NULL AND until <= since") == 0
    for table in ("addresses", "contacts", "bank_accounts"):
        assert count(demo.register, f"{table} WHERE valid_until < valid_from") == 0
    assert count(demo.register, "devices WHERE last_seen_at < first_seen_at") == 0
    assert count(demo.register, "web_sessions WHERE ended_at <= started_at") == 0


def test_some_records_are_past_their_storage_period_and_some_marked_as_deleted(demo: DemoPerson) -> None:
    assert count(demo.register, "customers WHERE relationship_ended_on < '2019-11-01'") == 4
    assert count(demo.register, "customers WHERE deleted_at IS NOT NULL") == 4
    old = "occurred_ms / 1000 < unixepoch('2024-09-01')"
    assert 0 < count(demo.register, f"usage_events WHERE {old} AND account_id = 'A-1'") < EVENTS
    assert count(demo.register, "email_events WHERE occurred_at < '2018-05-25'") != 0
    before_2024 = "occurred_ms / 1000 < unixepoch('2024-01-01')"
    assert count(demo.register, f"usage_events WHERE {before_2024} AND account_id = 'A-1'") != 0
    assert count(demo.register, "marketing_preferences WHERE in_transit_until IS NOT NULL") != 0


def test_credentials_hold_a_canary_and_stand_only_in_columns_that_are_withheld(
    demo: DemoPerson, register: Register
) -> None:
    found = set()
    for dataset in register.datasets:
        for column in sorted(
            column_names(demo.register, database_of(register, dataset), dataset.place.table)
        ):
            cells = rows_of(demo.register, f"SELECT {column} FROM {dataset.place.table}")
            secret = [cell for cell in cells if secret_canary(1)[:-4] in texts(cell)]
            if secret:
                assert len(secret) == len(cells)
                assert dataset.left_out[column].reason == "withheld"
                found.add((dataset.place.table, column))
    assert found == CREDENTIALS


def test_the_demo_person_has_the_requested_number_of_usage_events(demo: DemoPerson) -> None:
    rows = rows_of(demo.register, "SELECT account_id, count(*) FROM usage_events GROUP BY 1")
    assert ("A-1", EVENTS) in rows
    assert {number for account_id, number in rows if account_id != "A-1"} == {4}


def test_hostile_texts_odd_times_and_gone_articles_are_there(demo: DemoPerson) -> None:
    assert count(demo.register, "customers WHERE instr(family_name, char(0))") == 1
    mine = "company = 'GB' AND customer_id = 'C-1'"
    assert count(demo.register, f"orders WHERE {mine} AND gift_message LIKE '=%'") != 0
    assert count(demo.register, "orders WHERE ordered_at = '2024-10-27 01:30:00'") == 3
    assert count(demo.register, "orders WHERE ordered_at = '2024-03-31 01:30:00'") == 3
    assert count(demo.register, "order_lines WHERE product_id NOT IN (SELECT id FROM products)") != 0
    spellings = rows_of(demo.register, "SELECT DISTINCT email FROM email_events")
    assert len([s for s in spellings if str(s[0]).casefold() == "alex.fielding@example.org"]) == 3


def test_amounts_are_in_three_currencies_and_times_of_three_zones(demo: DemoPerson) -> None:
    hired = rows_of(demo.register, "SELECT DISTINCT currency, place_zone FROM hire_agreements")
    assert set(hired) == {("GBP", "Europe/London"), ("EUR", "Europe/Paris"), ("JPY", "Asia/Tokyo")}
    ordered = rows_of(demo.register, "SELECT DISTINCT company, currency, time_zone FROM orders")
    assert set(ordered) == {
        ("GB", "GBP", "Europe/London"), ("FR", "EUR", "Europe/Paris"), ("DE", "EUR", "Europe/Berlin"),
    }  # fmt: skip


# Writing it


def test_the_same_seed_gives_the_same_data_and_another_seed_other_data(tmp_path: Path) -> None:
    for name, seed in (("first", 7), ("again", 7), ("other", 8)):
        write_organisation(tmp_path / name, events=10, seed=seed)
    assert dump(tmp_path / "first") == dump(tmp_path / "again")
    assert dump(tmp_path / "first") != dump(tmp_path / "other")


def test_a_second_run_replaces_what_the_first_wrote_and_leaves_other_files_alone(tmp_path: Path) -> None:
    write_organisation(tmp_path, events=20)
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "group.db-wal").write_bytes(b"left by a crash")
    write_organisation(tmp_path, events=10)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "group.db-wal").exists()
    assert count(tmp_path, "usage_events WHERE account_id = 'A-1'") == 10


def test_more_events_change_no_other_table(tmp_path: Path) -> None:
    for name, events in (("few", 5), ("many", 50)):
        write_organisation(tmp_path / name, events=events)
    few, many = (
        [line for line in dump(tmp_path / name) if '"usage_events"' not in line] for name in ("few", "many")
    )
    assert few == many


def test_the_small_shop_can_be_read_and_its_script_makes_the_tables_that_it_names(tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "shop"
    register = register_in(example / "register")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as database:
        database.executescript((example / "shop.sql").read_text(encoding="utf-8"))
    for dataset in register.datasets:
        held = column_names(tmp_path, "shop.db", dataset.place.table)
        assert held == set(dataset.columns) | set(dataset.left_out), dataset.name
