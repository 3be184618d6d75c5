"""From a database nobody has described to a package: draft, check, export, compared with an independent SQL count."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url, text

from dsar_export.demo import write_organisation
from dsar_export.errors import RegisterError
from dsar_export.model.package import ReportChoices
from dsar_export.model.request import Identifier, Verification
from dsar_export.register_check import check_register
from dsar_export.register_draft.draft import Wishes
from dsar_export.use_cases.draft_register import Drafted, DraftOrder, draft_register_in
from dsar_export.use_cases.package import PackageOrder
from dsar_export.use_cases.verify import verified_request
from dsar_export.wiring import build_collectors, build_services, collector_at, read_keys, register_in
from tests.register_draft.clubs import HELD, Database, fill_club
from tests.worlds import NOON, PASSPHRASE, OpenPackage, SilentProgress, export_package, open_package
from tools.servers.postgres import PostgresServer

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT.parent / "shared" / "cases" / "schemas"
"""Schemas that nobody prepared for this; the project has no copy of them."""


@pytest.fixture
def sqlite_database(tmp_path: Path) -> Database:
    return Database(f"sqlite:///{tmp_path / 'club.db'}")


@pytest.fixture
def postgresql_database(postgres: PostgresServer) -> Iterator[Database]:
    with postgres.database("drafted") as url:
        yield Database(url)


@pytest.fixture
def mariadb_database(mariadb_server: str) -> Iterator[Database]:
    url = make_url(mariadb_server).set(database="drafted")
    server = create_engine(make_url(mariadb_server).set(drivername="mariadb+pymysql"))
    with server.begin() as connection:
        connection.execute(text("CREATE DATABASE drafted"))
    yield Database(url.render_as_string(hide_password=False))
    with server.begin() as connection:
        connection.execute(text("DROP DATABASE drafted"))
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql", "mariadb"])
def club(request: pytest.FixtureRequest) -> Database:
    """The club in each kind of database in turn."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    fill_club(found)
    return found


def drafted(
    database: Database, out: Path, monkeypatch: pytest.MonkeyPatch, person: str | None = None
) -> Drafted:
    """A draft of a database; the address with its password is where the register names it."""
    order = DraftOrder(
        database.url, out, "Example Club", Wishes(person=person), date(2026, 11, 30), lambda _: "Europe/Paris"
    )
    made = draft_register_in(order, collector_at)
    if made.to_set is not None:
        monkeypatch.setenv(made.to_set, database.url)
    return made


def exported(register: Path, folder: Path, *identifiers: Identifier) -> OpenPackage:
    controller = next(iter(register_in(register).organisation.controllers))
    verification = Verification("support desk", "known address", NOON)
    request = verified_request("access", controller, identifiers, verification)
    order = PackageOrder(folder, PASSPHRASE, ReportChoices(language="en"), gaps_accepted=True)
    result = export_package(build_services(register, SilentProgress()), request, order)
    assert result.package is not None
    return open_package(result.package)


def problems(register: Path) -> list[str]:
    found = register_in(register)
    findings = check_register(found, build_collectors(found), read_keys(found))
    return [f"{f.where}: {f.key}: {f.problem}" for f in findings if not f.warning]


def test_a_drafted_register_is_accepted_and_its_package_has_just_the_rows_of_the_person(
    club: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = drafted(club, tmp_path / "register", monkeypatch)
    assert made.person == "members"
    assert not problems(tmp_path / "register")

    package = exported(tmp_path / "register", tmp_path / "out", Identifier("email", "ada@example.org"))

    assert {d.name for d in made.datasets} == set(HELD)
    for dataset, statement in HELD.items():
        records, held = package.json(dataset), club.count(statement)
        assert held, dataset
        assert len(records) + len(package.kept_beside(dataset)) == held, dataset
    payload = b"".join(content for name, content in package.members.items() if name.startswith("data/"))
    assert not re.findall(rb"BEA|CEM|SECRET|COACH|coach@|333", payload)


def test_chinook_needs_no_change_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'chinook.db'}")
    with closing(sqlite3.connect(tmp_path / "chinook.db")) as connection:
        connection.executescript(_script("chinook-sqlite.sql"))

    made = drafted(database, tmp_path / "register", monkeypatch)
    assert made.person == "Customer"
    assert not problems(tmp_path / "register")

    package = exported(tmp_path / "register", tmp_path / "out", Identifier("customer_id", "12"))
    assert len(package.json("customer")) == 1
    for dataset, joined in (
        ("invoice", "Invoice i"),
        ("invoice_line", "InvoiceLine l JOIN Invoice i ON i.InvoiceId = l.InvoiceId"),
    ):
        held = database.count(f"SELECT count(*) FROM {joined} WHERE i.CustomerId = 12")
        assert len(package.json(dataset)) == held > 0


def test_northwind_needs_no_change_by_hand(
    postgresql_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with psycopg.connect(postgresql_database.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(_script("northwind-postgresql.sql").encode())

    made = drafted(postgresql_database, tmp_path / "register", monkeypatch)
    assert made.person == "customers"
    assert not problems(tmp_path / "register")

    package = exported(tmp_path / "register", tmp_path / "out", Identifier("customer_id", "ALFKI"))
    assert len(package.json("customers")) == 1
    for dataset, joined in (
        ("orders", "orders o"),
        ("order_details", "order_details d JOIN orders o ON o.order_id = d.order_id"),
    ):
        held = postgresql_database.count(f"SELECT count(*) FROM {joined} WHERE o.customer_id = 'ALFKI'")
        assert len(package.json(dataset)) == held > 0


def test_the_shop_of_the_readme_needs_no_change_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'shop.db'}")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as connection:
        connection.executescript((ROOT / "examples" / "shop" / "shop.sql").read_text(encoding="utf-8"))

    drafted(database, tmp_path / "register", monkeypatch)
    assert not problems(tmp_path / "register")

    package = exported(tmp_path / "register", tmp_path / "out", Identifier("email", "mara@example.org"))
    held = {
        "customers": "SELECT count(*) FROM customers WHERE id = 1",
        "orders": "SELECT count(*) FROM orders WHERE customer_id = 1",
        "order_items": "SELECT count(*) FROM order_items WHERE order_id IN "
        "(SELECT id FROM orders WHERE customer_id = 1)",
    }
    assert {name: len(package.json(name)) for name in held} == {n: database.count(q) for n, q in held.items()}
    assert b"tom@example.org" not in b"".join(package.members.values())


def test_a_company_that_shares_its_tables_needs_the_values_of_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_organisation(tmp_path / "demo", seed=1, events=50)
    database = Database(f"sqlite:///{tmp_path / 'demo' / 'group.db'}")
    made = drafted(database, tmp_path / "register", monkeypatch)
    assert made.person == "customers"
    assert not problems(tmp_path / "register")
    person = Identifier("customer_id", "C-1")
    with pytest.raises(RegisterError, match="nobody has decided yet which rows are those of 'example_club'"):
        exported(tmp_path / "register", tmp_path / "out", person)
    file = tmp_path / "register" / "register.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('["undecided"] }', '["GB"] }'), encoding="utf-8")

    package = exported(tmp_path / "register", tmp_path / "out", person)

    own = "WHERE company = 'GB' AND customer_id = 'C-1'"
    for table in (
        "addresses",
        "subscriptions",
        "profiling",
        "orders",
        "orders_archive",
        "accounts",
        "disclosures",
    ):
        assert rows_of(package, table) == database.count(f"SELECT count(*) FROM {table} {own}") > 0, table
    orders = f"SELECT id FROM orders {own} UNION SELECT id FROM orders_archive {own}"
    for table in ("order_lines", "payments"):
        assert rows_of(package, table) == database.count(
            f"SELECT count(*) FROM {table} WHERE order_id IN ({orders})"
        )
    accounts = f"SELECT id FROM accounts {own}"
    for table in ("usage_events", "devices", "web_sessions"):
        held = database.count(f"SELECT count(*) FROM {table} WHERE account_id IN ({accounts})")
        assert rows_of(package, table) == held > 0, table


def rows_of(package: OpenPackage, dataset: str) -> int:
    """How many rows of a dataset a package has, those kept beside included."""
    return len(package.json(dataset)) + len(package.kept_beside(dataset))


def _script(name: str) -> str:
    path = SCHEMAS / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the checkout, in shared/cases/schemas")
    return path.read_text(encoding="utf-8-sig")
