"""A whole draft mentions every table and column once, maps no credential, and names nobody else's rows."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from dsar_export.errors import SubjectAmbiguousError, WrongUseError
from dsar_export.model.credential import looks_like_credential
from dsar_export.model.source import SourceDescription
from dsar_export.register_draft.draft import Wishes, draft_register
from dsar_export.register_draft.graph import read_graph
from dsar_export.register_draft.person import find_person, tables_of
from dsar_export.register_draft.shape import DraftedRegister
from dsar_export.register_draft.ways import find_ways
from tests.collectors.sources import PostgresDatabase
from tests.register_draft.catalogues import (
    CUSTOMERS,
    ITEMS,
    ORDERS,
    STAFF,
    dataset,
    described,
    drafted,
    fields,
    head,
    left_out,
    reasons,
    written,
)

SCHEMAS: Final = Path(__file__).parents[3] / "shared" / "cases" / "schemas"
_TABLES: Final = (
    *(
        "customers",
        "users",
        "orders",
        "order_items",
        "addresses",
        "employees",
        "sessions",
        "jobs",
        "profiles",
    ),
    *("aux", "Kunden", "my table", "countries", "schema_migrations", "comments", "companies", "api_keys"),
)
_COLUMNS: Final = (
    *(
        "email",
        "Email",
        "e_mail",
        "last_name",
        "password",
        "token",
        "street",
        "city",
        "phone",
        "name",
        "body",
    ),
    *(
        "owner_type",
        "owner_id",
        "created_by",
        "deleted_at",
        "total",
        "currency",
        "avatar",
        "position",
        "First Name",
    ),
    *(
        "first_name",
        "customer_id",
        "user_id",
        "order_id",
        "company",
        "ü",
        "a.b",
        "x\ny",
        "api_key",
        "pin",
        "data",
    ),
)
_TYPES: Final = ("INTEGER", "TEXT", "DATE", "TIMESTAMP", "DECIMAL(9,2)", "BLOB", "BOOLEAN", "")


@st.composite
def schemas(draw: st.DrawFn) -> tuple[str, ...]:
    """Statements of tables with keys of none, one or two columns, and references to each other and to themselves."""
    names = draw(st.lists(st.sampled_from(_TABLES), min_size=1, max_size=8, unique=True))
    keyed = {name: draw(st.sampled_from(["id", "two", "none"])) for name in names}
    people = draw(
        st.sampled_from(["", 'CREATE TABLE "clients" (id INTEGER PRIMARY KEY, email TEXT, last_name TEXT)'])
    )
    keyed |= {"clients": "id"} if people else {}
    return (*([people] if people else []), *(_table(draw, name, keyed) for name in names))


def _table(draw: st.DrawFn, name: str, keyed: Mapping[str, str]) -> str:
    columns = draw(st.lists(st.sampled_from(_COLUMNS), max_size=7, unique_by=str.lower))
    types = [f'"{column}" {draw(st.sampled_from(_TYPES))}' for column in columns]
    parts = {
        "id": ["id INTEGER PRIMARY KEY"],
        "two": ["company TEXT NOT NULL", "id INTEGER NOT NULL"],
        "none": ["id INTEGER"],
    }
    targets = draw(st.lists(st.sampled_from([*keyed]), max_size=3))
    unique = draw(st.sampled_from(["", " UNIQUE"]))
    types = [t for t in types if not (keyed[name] == "two" and t.startswith('"company"'))]
    refers = [
        f'ref{n} INTEGER{unique} REFERENCES "{target}" (id)'
        for n, target in enumerate(targets)
        if keyed[target] == "id"
    ]
    ends = ["PRIMARY KEY (company, id)"] if keyed[name] == "two" else []
    return f'CREATE TABLE "{name}" ({", ".join([*parts[keyed[name]], *types, *refers, *ends])})'


def mentioned(draft: DraftedRegister) -> list[str]:
    return [*(d.table for d in draft.datasets), *(line.key for line in draft.left_out)]


def columns_of(draft: DraftedRegister, table: str) -> list[object]:
    found = dataset(draft, table)
    return [*(value["column"] for value in fields(found).values()), *left_out(found)]


def holds(description: SourceDescription, draft: DraftedRegister) -> None:
    """All tables and columns are mentioned once, no credential is mapped, all names are different, TOML is read."""
    assert sorted(mentioned(draft)) == sorted(table.name for table in description.tables)
    for each in draft.datasets:
        table = description.table(each.table)
        assert table is not None
        assert sorted(map(str, columns_of(draft, each.table))) == sorted(table.columns)
        mapped = [str(value["column"]) for value in fields(each).values()]
        assert not any(map(looks_like_credential, mapped))
        assert len({line.key for line in each.fields}) == len(each.fields)
        assert head(each)["order_by"] not in ([], None)
    files = written(draft)
    assert [*files.datasets] == files.register["datasets"]
    for found in files.datasets.values():
        for field in found["fields"].values():  # type: ignore[attr-defined] # a table of TOML
            if "references" in field:
                name, _, to = field["references"].partition(".")
                assert to in files.datasets[name]["fields"]  # type: ignore[operator] # a table of TOML


@settings(deadline=None)
@given(schemas())
def test_every_table_and_column_is_mentioned_once_and_no_way_passes_over_people(
    statements: tuple[str, ...],
) -> None:
    description = described(*statements)
    graph = read_graph(description)
    try:
        person, others = find_person(graph, None)
    except (WrongUseError, SubjectAmbiguousError) as error:
        event(type(error).__name__)
        return
    event("a person's table was found")
    holds(description, draft_register(description, "shop", Wishes()))
    ways = find_ways(graph, person, tables_of(others))
    strangers = tables_of(others) - ways.selves
    assert not strangers & {step.target for found in ways.to.values() for way in found for step in way.steps}
    assert not strangers & ways.to.keys()
    assert not strangers & {pointer.reference.target for pointer in ways.pointers}


@settings(deadline=None)
@given(schemas(), st.data())
def test_the_same_holds_for_any_table_that_staff_name(
    statements: tuple[str, ...], data: st.DataObject
) -> None:
    description = described(*statements)
    named = data.draw(st.sampled_from([table.name for table in description.tables]))
    try:
        draft = draft_register(description, "shop", Wishes(named))
    except WrongUseError:
        return
    event("drafted")
    assert draft.datasets[0].table == named
    holds(description, draft)


def test_the_persons_table_comes_first_and_others_stand_as_remarks() -> None:
    draft = drafted(STAFF, ITEMS, ORDERS, CUSTOMERS)
    assert [d.table for d in draft.datasets] == ["customers", "orders", "items"]
    assert draft.remarks == ("employees may hold people too: --person employees",)
    assert reasons(draft) == {"employees": "undecided"}


def test_staff_are_drafted_as_people_if_they_are_named() -> None:
    payslips = "CREATE TABLE payslips (id INTEGER PRIMARY KEY, employee_id INT REFERENCES employees (id))"
    draft = drafted(CUSTOMERS, ORDERS, STAFF, payslips, person="employees")
    assert (draft.subject, [d.table for d in draft.datasets]) == ("employee_id", ["employees", "payslips"])
    assert reasons(draft) == {"customers": "undecided", "orders": "undecided"}


def test_a_table_that_knows_people_by_their_address_alone_is_found_by_it() -> None:
    letters = "CREATE TABLE newsletter (id INTEGER PRIMARY KEY, email TEXT, since DATE)"
    found = dataset(drafted(CUSTOMERS, ORDERS, letters), "newsletter")
    assert head(found)["subject_keys"] == [{"column": "email", "identifier": "email", "match": "casefold"}]
    without = CUSTOMERS.replace("email TEXT,", "")
    assert reasons(drafted(without, ORDERS, letters))["newsletter"] == "undecided"


def test_rows_that_refer_to_each_other_and_acting_people_are_remarked() -> None:
    orders = ORDERS.replace(
        "total", "replaces INT REFERENCES orders (id), handled_by INT REFERENCES customers (id), total"
    )
    assert dataset(drafted(CUSTOMERS, orders), "orders").remarks == (
        "handled_by may only name who did something with the row, so it does not select rows",
        "replaces refers to another row of the table: that row is not this person's by it",
    )


def test_a_shared_company_is_found_by_its_owner_and_by_those_who_belong_to_it() -> None:
    users = (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, company_id INT REFERENCES companies (id))"
    )
    companies = (
        "CREATE TABLE companies (id INTEGER PRIMARY KEY, name TEXT, owner_id INT REFERENCES users (id))"
    )
    assert head(dataset(drafted(users, companies), "companies"))["subject_keys"] == [
        {"column": "owner_id", "identifier": "user_id"},
        {"column": "id", "identifier": "company_id"},
    ]


def test_only_the_schemas_that_were_named_are_drafted(empty_postgres: PostgresDatabase) -> None:
    pg = empty_postgres
    pg.run(CUSTOMERS)
    pg.run("CREATE SCHEMA crm")
    pg.run("CREATE TABLE crm.notes (id INT PRIMARY KEY, customer_id INT REFERENCES customers (id))")
    pg.run(f"GRANT USAGE ON SCHEMA crm TO {pg.role}")
    pg.run(f"GRANT SELECT ON ALL TABLES IN SCHEMA crm TO {pg.role}")
    description = pg.collector().describe()
    whole = draft_register(description, "shop", Wishes())
    assert [d.name for d in whole.datasets] == ["customers", "crm_notes"]
    only = draft_register(description, "shop", Wishes(schemas=("public",)))
    assert reasons(only) == {"crm.notes": "undecided"}
    holds(description, only)


@pytest.mark.parametrize("file", ["chinook-sqlite.sql"])
def test_a_published_schema_is_drafted(file: str) -> None:
    if not (SCHEMAS / file).is_file():
        pytest.skip(f"{SCHEMAS / file} is not there")
    statements = re.findall(
        r"^CREATE TABLE .*?^\);", (SCHEMAS / file).read_text(encoding="utf-8"), re.M | re.S
    )
    description = described(*statements)
    draft = draft_register(description, "shop", Wishes())
    assert [d.table for d in draft.datasets] == ["Customer", "Invoice", "InvoiceLine"]
    assert [name for name, why in reasons(draft).items() if why == "undecided"] == ["Artist", "Employee"]
    holds(description, draft)
