"""Every example in the guides is in the demo, or does there what the guide states."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

import pytest
from pydantic import TypeAdapter

from collectors.http_api.parts import ApiRows
from collectors.log_files.access_lines import AccessLine
from collectors.log_files.parts import LogFormat, LogLines
from dsar_export.demo import write_organisation
from dsar_export.model.finding import Finding
from dsar_export.register_check import check_register, indexes
from dsar_export.register_check.decisions import decisions_left
from dsar_export.wiring import build_collectors, read_keys, register_in
from schemas import schema_names
from tests.homes import TO_ADDRESS, TO_CITY, world_of_homes, write_homes
from tests.isolation.organisation import Organisation, move_to_postgres, without_nul
from tests.register_check.changed import changed, problems
from tests.shops import Shop
from tests.use_cases.firms import founded
from tools.servers.postgres import PostgresServer, run

DOCS = Path(__file__).parents[2] / "docs"
REGISTER = Path(__file__).parents[2] / "dsar_export" / "demo" / "register"
FOURTH = "acme_es"
OF_KINDS = "employees"
"""Several kinds of people, of whom the demo has one."""
OF_CREDENTIALS: Mapping[str, Mapping[str, str]] = {
    "[innocent]": {"details": "data"},
    "[key_values]": {"text": "what", "phone": "content"},
}
"""What the demo needs none of, with the columns that it speaks of."""
OF_REFERENCES: Final = 'strength = "reference"'
OF_SEVERAL_COLUMNS: Final = "[[references]]"
OF_OWNERS = {"where = {": ["mine"], "nobody = [": ["mine", "an employee's"]}
"""Keys of a form that the demo does not use, and the notes that they find for customer 5."""

OF_DECISIONS = "undecided"
"""What the demo has none of, because all in it is decided."""
TICKETS = 'name = "tickets"'
"""The dataset that describes its fields itself, of which the demo has none."""
OF_LOGS: Final = "weblogs"
OF_APIS: Final = "payments"
OF_CLIENTS: Final = "held_for"
ELSEWHERE: Final = (
    OF_LOGS,
    OF_APIS,
    OF_CLIENTS,
    FOURTH,
    OF_DECISIONS,
    TICKETS,
    OF_KINDS,
    OF_REFERENCES,
    OF_SEVERAL_COLUMNS,
    *OF_CREDENTIALS,
    *OF_OWNERS,
)
"""What shows that an example does not stand in the demo; other tests try it."""


def shown(document: str, language: str) -> list[str]:
    text = (DOCS / document).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def is_part_of(part: object, whole: object) -> bool:
    """Whether a file contains everything in an example."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(is_part_of(v, whole.get(k)) for k, v in part.items())
    if isinstance(part, list) and isinstance(whole, list) and any(isinstance(v, dict) for v in part):
        return all(any(is_part_of(one, other) for other in whole) for one in part)
    return part == whole


def found(folder: Path) -> list[Finding]:
    register = register_in(folder)
    return list(check_register(register, build_collectors(register), read_keys(register)))


@pytest.fixture
def demo(tmp_path: Path) -> Organisation:
    write_organisation(tmp_path / "organisation", events=10)
    return Organisation(tmp_path / "organisation")


@pytest.mark.parametrize(
    "example",
    [e for e in shown("register.md", "toml") if not any(map(e.__contains__, ELSEWHERE))],
)
def test_an_example_of_the_register_stands_in_the_demo(example: str) -> None:
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in REGISTER.rglob("*.toml")]
    assert any(is_part_of(tomllib.loads(example), file) for file in files)


def test_an_example_of_an_api_and_of_a_clients_source_is_a_register() -> None:
    examples = [tomllib.loads(e) for e in shown("register.md", "toml") if OF_APIS in e or OF_CLIENTS in e]
    sources = [name for example in examples for name in example.get("sources", {})]
    assert sources == ["payments", "client_shops"]
    (dataset,) = [example for example in examples if example.get("name") == "payments"]
    part = TypeAdapter(ApiRows).validate_python(
        {name: value for name, value in dataset.items() if name in {f.name for f in fields(ApiRows)}}
    )
    assert part.table == "payments"


def test_an_example_of_log_files_names_columns_that_its_format_has() -> None:
    source, dataset = (tomllib.loads(e) for e in shown("register.md", "toml") if OF_LOGS in e)
    assert source["sources"]["weblogs"]["kind"] == "log_files"
    part = LogLines(files=dataset["files"], format=LogFormat(dataset["format"]))
    named = {field["column"] for field in dataset["fields"].values()}
    named |= {key["column"] for key in dataset["subject_keys"]}
    assert named <= {*AccessLine(part.format, part.pattern).columns}


def test_an_example_of_several_kinds_of_people_stands_in_the_register_of_a_firm(tmp_path: Path) -> None:
    made = founded(tmp_path)
    files = [tomllib.loads(path.read_text(encoding="utf-8")) for path in made.folder.rglob("*.toml")]
    examples = [tomllib.loads(e) for e in shown("register.md", "toml") if OF_KINDS in e]
    assert len(examples) == 2
    assert all(any(is_part_of(example, file) for file in files) for example in examples)
    assert made.findings() == []


def test_the_dataset_that_describes_its_fields_itself_is_exported(tmp_path: Path) -> None:
    (example,) = (e for e in shown("register.md", "toml") if TICKETS in e)
    made = Shop(tmp_path / "register", left_out=["customers"]).link(
        "customers", "email:email", "customer_id:id"
    )
    made.dataset("tickets", '{ column = "customer_id", identifier = "customer_id" }', {})
    rest = made.datasets["tickets"].partition('table = "tickets"')[2].partition("[fields]")[0]
    made.datasets["tickets"] = example.replace("[fields]", f"{rest}[fields]")
    made.write(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT)",
        "INSERT INTO customers VALUES (1, 'sam@example.org')",
        "CREATE TABLE tickets (id INTEGER NOT NULL PRIMARY KEY, customer_id INTEGER, subject TEXT, opened DATE, "
        "state TEXT, fee DECIMAL(8, 2))",
        "CREATE INDEX tickets_order ON tickets (customer_id, id)",
        "INSERT INTO tickets VALUES (7, 1, 'A tent', '2026-03-04', 'o', 12.75)",
    )
    assert made.findings() == []
    assert made.package("email=sam@example.org").json("tickets") == [
        {
            "ticket_id": 7,
            "subject": "A tent",
            "opened": "2026-03-04",
            "state": "o",
            "fee": "12.75",
            "currency": "GBP",
        }
    ]


@pytest.mark.parametrize("table", OF_CREDENTIALS)
def test_what_the_register_guide_shows_of_credentials_is_no_finding(table: str, tmp_path: Path) -> None:
    (example,) = (e for e in shown("register.md", "toml") if e.startswith(table))
    columns = OF_CREDENTIALS[table]
    names = {f'column = "{old}"': f'column = "{new}"' for old, new in columns.items()}
    statements = [f"ALTER TABLE records RENAME COLUMN {old} TO {new}" for old, new in columns.items()]
    world = changed(tmp_path, dataset={**names, "[fields]": f"{example}\n[fields]"}, statement=statements)
    assert problems(world) == []


def test_what_the_register_guide_shows_as_undecided_is_accepted_and_counted(tmp_path: Path) -> None:
    tables, terms = [e for e in shown("register.md", "toml") if OF_DECISIONS in e]
    main = 'left_out = { customers = { reason = "not_personal", note = "keys only" } }\n'
    decided = 'purposes = { service = "A6-1-b" }\nrecipients = []\nstorage_period = "short"\n'
    world = changed(
        tmp_path, register={main: f"\n{tables}"}, dataset={decided: terms}, statement="CREATE TABLE notes (a)"
    )
    assert problems(world) == []
    left = decisions_left(register_in(world.folder))
    assert (left.tables, left.terms, left.total) == (1, 3, 4)


@pytest.mark.parametrize("word", OF_OWNERS)
def test_a_key_of_the_register_guide_finds_the_stated_rows(word: str, tmp_path: Path) -> None:
    (example,) = (e for e in shown("register.md", "toml") if word in e)
    key = example.strip().removeprefix("subject_keys = [").removesuffix("]")
    column = "owner_id" if "owner_id" in key else "customer_id"
    shop = Shop(tmp_path / "register", left_out=["customers"]).link(
        "customers", "email:email", "customer_id:id"
    )
    other = "owner_type" if column == "owner_id" else "owner"
    shop.dataset("notes", key, {"id": "", "body": ""}, left_out=[other]).write(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT)",
        "INSERT INTO customers VALUES (5, 'mara@example.org'), (0, 'guests@example.org')",
        f"CREATE TABLE notes (id INTEGER PRIMARY KEY, {other} TEXT, {column} INTEGER, body TEXT)",
        f"CREATE INDEX notes_by_owner ON notes ({column}, id)",
        "INSERT INTO notes VALUES (1, 'customer', 5, 'mine'), (2, 'employee', 5, 'an employee''s')",
        "INSERT INTO notes VALUES (3, 'customer', 0, 'a guest''s')",
    )
    assert shop.findings() == []
    assert shop.values("notes", "body", "email=mara@example.org") == OF_OWNERS[word]
    guests = shop.package("email=guests@example.org").json("notes")
    assert len(guests) == (word == "where = {")


def test_the_reference_links_of_the_register_guide_lead_to_a_shared_home(tmp_path: Path) -> None:
    (example,) = (e for e in shown("register.md", "toml") if OF_REFERENCES in e)
    world = world_of_homes(tmp_path / "register")
    world.register_text = world.register_text.replace(TO_ADDRESS + TO_CITY, f"\n{example}")
    write_homes(world)
    assert problems(world) == []
    assert [row["name"] for row in world.package().json("cities")] == ["City 7"]


def test_the_keys_of_several_columns_of_the_register_guide_find_rows_and_are_declared(tmp_path: Path) -> None:
    (example,) = (e for e in shown("register.md", "toml") if OF_SEVERAL_COLUMNS in e)
    shop = Shop(tmp_path / "register", left_out=["customers"]).link(
        "customers", "email:email", "customer_id:id"
    )
    own = '{ column = "customer_id", identifier = "customer_id" }'
    order = {"order_id": '{ column = "id" }', "order_day": '{ column = "day" }'}
    shop.dataset("orders", own, order, more='order_by = ["id", "day"]')
    shop.dataset(
        "items",
        "-",
        {"order_id": "", "order_day": "", "what": ""},
        left_out=["number"],
        more='order_by = ["number"]',
    )
    shop.datasets["items"] = shop.datasets["items"].replace("subject_keys = [-]\n", "") + example
    shop.write(
        "CREATE TABLE customers (id INTEGER PRIMARY KEY, email TEXT)",
        "INSERT INTO customers VALUES (5, 'mara@example.org'), (6, 'noor@example.org')",
        "CREATE TABLE orders (id TEXT NOT NULL, day TEXT NOT NULL, customer_id INTEGER, PRIMARY KEY (id, day))",
        "CREATE UNIQUE INDEX orders_customer ON orders (customer_id, id, day)",
        "INSERT INTO orders VALUES ('1', 'Monday', 5), ('1', 'Tuesday', 6)",
        "CREATE TABLE items (order_id TEXT, order_day TEXT, number INTEGER, what TEXT)",
        "CREATE UNIQUE INDEX items_order ON items (order_id, order_day, number)",
        "INSERT INTO items VALUES ('1', 'Monday', 1, 'a tent'), ('1', 'Tuesday', 1, 'somebody else''s')",
    )
    assert shop.findings() == []
    package = shop.package("email=mara@example.org")
    assert [row["what"] for row in package.json("items")] == ["a tent"]
    resources = json.loads(package.members["datapackage.json"])["resources"]
    declared = [key for r in resources for key in r.get("schema", {}).get("foreignKeys", [])]
    key = ["order_id", "order_day"]
    assert declared == [
        {"fields": key, "reference": {"resource": table, "fields": key}}
        for table in ("orders", "orders-json")
    ]


@pytest.mark.parametrize("example", shown("register.md", "sql"))
def test_an_index_of_the_register_guide_stands_in_the_demo(example: str) -> None:
    script = (REGISTER.parent / "hire.sql").read_text(encoding="utf-8")
    assert all(line in script for line in example.splitlines())


def test_a_fourth_company_is_the_lines_that_the_guide_shows(demo: Organisation) -> None:
    controller, source = [e for e in shown("register.md", "toml") if FOURTH in e]
    (before,) = [e for e in shown("register.md", "toml") if e.startswith("[sources.group]")]
    for line in source.splitlines():
        (old,) = [b for b in before.splitlines() if b.partition("=")[0] == line.partition("=")[0]]
        demo.change("register.toml", old, line)
    demo.change("register.toml", "[controllers.acme_fr]", f"{controller}\n[controllers.acme_fr]")
    assert found(demo.folder) == []
    assert register_in(demo.folder).tenants_of("group", FOURTH) == ("ES",)


def test_the_guide_counts_the_built_in_schemas(tmp_path: Path) -> None:
    count = len(set(schema_names(tmp_path)))
    for document in ("register.md", "../README.md"):
        text = (DOCS / document).read_text(encoding="utf-8")
        assert re.search(rf"\b{count} (built-in )?schemas\b", text), document


@pytest.fixture
def moved(demo: Organisation, postgres: PostgresServer) -> Iterator[tuple[Organisation, str]]:
    """The demo in PostgreSQL, and where its larger database is."""
    without_nul(demo)
    with postgres.database("group") as group, postgres.database("hire") as hire:
        move_to_postgres(demo, {"group.db": group, "hire.db": hire})
        yield demo, group


def test_the_role_and_the_indexes_that_the_guide_shows_leave_nothing_to_warn_of(
    moved: tuple[Organisation, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexes, "SMALL", 0)  # the demo's tables are small, which would need no index
    organisation, url = moved
    name, role = url.rpartition("/")[2], f"{url.rpartition('/')[2]}_docs"
    about = [(Path(f.where).name, f.key) for f in found(organisation.folder)]
    assert ("register.toml", "sources.group.url") in about
    assert ("email_events.toml", "order_by") in about

    run(url, "DROP INDEX orders_by_customer")
    for example in shown("databases.md", "sql"):
        named = re.sub(r"\bcrm\b", name, example.replace("dsar_reader", role))
        run(url, *filter(str.strip, named.split(";\n")))
    user = re.sub(r"//[^@]*@", f"//{role}:choose-one@", url)
    organisation.change("register.toml", url, user)
    about = [(Path(f.where).name, f.key) for f in found(organisation.folder)]
    assert ("register.toml", "sources.group.url") not in about
    assert ("email_events.toml", "order_by") not in about
    assert ("orders.toml", "order_by") not in about
