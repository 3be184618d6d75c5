"""`dsar-export draft` writes a register from a database, or one line that says why it did not."""

import sqlite3
import sys
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final

import pytest

from tests.cli.commands import Finished, files_below, here, on_a_terminal
from tests.collectors.sources import PostgresDatabase
from tests.worlds import World

CUSTOMERS: Final = "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT, last_name TEXT, pin TEXT)"
ORDERS: Final = (
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), day DATE)"
)
STAFF: Final = "CREATE TABLE employees (id INTEGER PRIMARY KEY, last_name TEXT, email TEXT)"
Draft = Callable[..., Finished]


def database(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as made, made:
        for statement in statements:
            made.execute(statement)


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """Runs `draft` in a folder, in which `shop.db` may be."""

    def run(*arguments: object, **env: str) -> Finished:
        return here("draft", *arguments, stdin="", cwd=tmp_path, env=env)

    return run


def refused(draft: Draft, folder: Path, *arguments: object, code: int) -> str:
    """The only line of an error; nothing was written."""
    before = files_below(folder)
    done = draft(*arguments)
    assert (done.code, done.out) == (code, "")
    assert files_below(folder) == before
    assert done.err.startswith("dsar-export: ")
    return done.err


def test_a_register_is_written(draft: Draft, tmp_path: Path) -> None:
    database(tmp_path / "shop.db", CUSTOMERS, ORDERS, STAFF)
    done = draft("sqlite:///shop.db", "--out", "register", "--controller", "Teapots & Sons Ltd")
    assert (done.code, done.err) == (0, "")
    assert "people are the rows of customers; 2 datasets" in done.out
    assert "undecided: employees" in done.out
    assert "dsar-export check register" in done.out
    register = tomllib.loads((tmp_path / "register" / "register.toml").read_text())
    assert register["controllers"]["teapots_sons_ltd"]["name"] == "Teapots & Sons Ltd"
    assert register["sources"]["shop"]["url"] == "sqlite:///../shop.db"
    assert sorted(f.name for f in (tmp_path / "register" / "datasets").iterdir()) == [
        *("customers.toml", "orders.toml")
    ]


def test_no_value_of_the_database_is_written_or_shown(draft: Draft, tmp_path: Path) -> None:
    database(
        tmp_path / "shop.db",
        CUSTOMERS,
        ORDERS,
        "INSERT INTO customers VALUES (1, 'sam@example.org', 'Canary', 'x')",
    )
    done = draft("sqlite:///shop.db", "--out", "register")
    written = "".join(f.read_text() for f in (tmp_path / "register").rglob("*.toml"))
    for value in ("sam@example.org", "Canary"):
        assert value not in written + done.out + done.err


def test_json_has_the_same(draft: Draft, tmp_path: Path) -> None:
    database(tmp_path / "shop.db", CUSTOMERS, ORDERS, STAFF, "CREATE TABLE schema_migrations (version TEXT)")
    assert draft("sqlite:///shop.db", "--out", "r", "--json").json == {
        "register": "r",
        "person": "customers",
        "datasets": [
            {"name": "customers", "table": "customers", "fields": 3, "left_out": 1},
            {"name": "orders", "table": "orders", "fields": 3, "left_out": 0},
        ],
        "left_out": ["schema_migrations"],
        "undecided": ["employees"],
        "variable_to_set": None,
        "local_times": 0,
    }


def test_times_without_a_zone_are_counted_or_read_in_the_zone_that_is_named(
    draft: Draft, tmp_path: Path
) -> None:
    database(tmp_path / "shop.db", CUSTOMERS, ORDERS.replace("day DATE", "at TIMESTAMP"))
    assert draft("sqlite:///shop.db", "--out", "a", "--json").json["local_times"] == 1
    named = draft("sqlite:///shop.db", "--out", "b", "--zone", "Europe/London", "--json").json
    assert named["local_times"] == 0
    read = tomllib.loads((tmp_path / "b" / "datasets" / "orders.toml").read_text())
    assert read["fields"]["at"]["zone"] == "Europe/London"


def test_on_a_terminal_the_zone_is_asked_for_once(tmp_path: Path) -> None:
    database(tmp_path / "shop.db", CUSTOMERS, ORDERS.replace("day DATE", "at TIMESTAMP, until TIMESTAMP"))
    command = [sys.executable, "-m", "dsar_export", "draft", "sqlite:///shop.db", "--out", "r"]
    code, shown = on_a_terminal(command, "Europe/London", tmp_path)
    assert code == 0, shown
    assert shown.count("Time zone of stored times") == 1
    read = tomllib.loads((tmp_path / "r" / "datasets" / "orders.toml").read_text())
    assert [read["fields"][name]["zone"] for name in ("at", "until")] == ["Europe/London"] * 2


def test_the_folder_must_be_new(draft: Draft, tmp_path: Path) -> None:
    database(tmp_path / "shop.db", CUSTOMERS)
    (tmp_path / "register").mkdir()
    error = refused(draft, tmp_path, "sqlite:///shop.db", "--out", "register", code=2)
    assert "--out: register exists already; name a new folder, or add what is new with --update" in error


def test_an_empty_database_is_refused(draft: Draft, tmp_path: Path) -> None:
    database(tmp_path / "shop.db")
    (tmp_path / "shop.db").touch()
    error = refused(draft, tmp_path, "sqlite:///shop.db", "--out", "register", code=2)
    assert "the database has no table that this role can see" in error


def test_a_file_that_is_missing_is_refused(draft: Draft, tmp_path: Path) -> None:
    refused(draft, tmp_path, "sqlite:///gone.db", "--out", "register", code=3)


def test_a_server_that_does_not_respond_is_refused_without_its_password(draft: Draft, tmp_path: Path) -> None:
    url = "postgresql://reader:s3cret@127.0.0.1:1/shop"
    assert "s3cret" not in refused(draft, tmp_path, url, "--out", "register", code=3)


@pytest.mark.parametrize("url", ["shop.db", "oracle://db/shop", "env:NOT_SET_ANYWHERE"])
def test_what_is_no_address_is_refused(draft: Draft, tmp_path: Path, url: str) -> None:
    refused(draft, tmp_path, url, "--out", "register", code=2)


def test_an_address_must_be_named(draft: Draft, tmp_path: Path) -> None:
    assert "URL is missing" in refused(draft, tmp_path, "--out", "register", code=2)


def test_a_database_without_people_is_refused(draft: Draft, tmp_path: Path) -> None:
    database(tmp_path / "shop.db", "CREATE TABLE colours (id INTEGER PRIMARY KEY, name TEXT)")
    error = refused(draft, tmp_path, "sqlite:///shop.db", "--out", "register", code=2)
    assert "name it with --person TABLE" in error


def test_without_a_clear_lead_the_tables_are_listed(draft: Draft, tmp_path: Path) -> None:
    database(tmp_path / "shop.db", CUSTOMERS, CUSTOMERS.replace("customers", "clients"))
    error = refused(draft, tmp_path, "sqlite:///shop.db", "--out", "register", code=4)
    assert "customers (0 tables lead to it)" in error
    assert "clients (0 tables lead to it)" in error
    done = draft("sqlite:///shop.db", "--out", "register", "--person", "clients", "--json")
    assert (done.code, done.json["person"]) == (0, "clients")


def test_a_table_a_schema_and_a_zone_must_exist(draft: Draft, tmp_path: Path) -> None:
    database(tmp_path / "shop.db", CUSTOMERS)
    url = ("sqlite:///shop.db", "--out", "register")
    assert "nearest valid name: customers" in refused(draft, tmp_path, *url, "--person", "customer", code=2)
    assert "there is no schema 'crm' with tables, nor any" in refused(
        draft, tmp_path, *url, "--schema", "crm", code=2
    )
    error = refused(draft, tmp_path, *url, "--zone", "Europe/Londn", code=2)
    assert "nearest valid name: Europe/London" in error


def test_a_password_stays_out_of_the_register(
    draft: Draft, tmp_path: Path, empty_postgres: PostgresDatabase
) -> None:
    empty_postgres.run(CUSTOMERS)
    done = draft(empty_postgres.reader, "--out", "register", "--json")
    assert done.code == 0, done.err
    variable = str(done.json["variable_to_set"])
    text = (tmp_path / "register" / "register.toml").read_text()
    assert f'url = "env:{variable}"' in text
    again = draft(f"env:{variable}", "--out", "again", "--json", **{variable: empty_postgres.reader})
    assert (again.code, again.json["variable_to_set"]) == (0, None)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register that people have written, with its database."""
    folder = tmp_path / "register"
    World(folder).write([{"text": "one"}])
    file = folder / "register.toml"
    file.write_text(f"# ours\n{file.read_text()}")
    return folder


def test_what_is_new_is_added_and_then_nothing_is_new(draft: Draft, register: Path) -> None:
    database(
        register / "main.db",
        "ALTER TABLE records ADD COLUMN password TEXT",
        "CREATE TABLE schema_migrations (version TEXT)",
    )
    done = draft("--update", "--out", "register", "--json")
    assert (done.code, done.err) == (0, "")
    added = done.json["added"]
    assert isinstance(added, dict)
    assert (added["tables"], added["columns"]) == (["schema_migrations"], ["records.password"])
    assert (register / "register.toml").read_text().startswith("# ours\n")
    before = {f: f.read_bytes() for f in register.rglob("*.toml")}
    again = draft("--update", "--out", "register")
    assert (again.code, again.out) == (0, "register: nothing new in its databases\n")
    assert {f: f.read_bytes() for f in register.rglob("*.toml")} == before


def test_a_register_that_is_missing_is_not_updated(draft: Draft, tmp_path: Path) -> None:
    assert "no such file" in refused(draft, tmp_path, "--update", "--out", "register", code=2)
