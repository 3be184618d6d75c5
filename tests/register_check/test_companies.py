"""Several companies in one source: every key and link must tell their rows apart."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.register_check.changed import KEY_LEFT_OUT, begins, changed, problems, replaced
from tests.worlds import World

ACME = World(Path()).register_text.partition("[controllers.acme]\n")[2].partition("\n\n")[0]
SHARED: Mapping[str, str] = {
    "[sources.main]": f"[controllers.spa]\n{ACME}\n\n[sources.main]",
    'controllers = ["acme"]': 'controllers = ["acme", "spa"]\ntenants = { acme = [1], spa = ["S"] }',
}
LINKS: Mapping[str, str] = {
    'leads_to_column = "id"': 'leads_to_column = "id"\ntenant_column = "company"',
    'leads_to_column = "email"': 'leads_to_column = "email"\ntenant_column = "company"',
}
KEY: Mapping[str, str] = {
    'identifier = "customer_id"': 'identifier = "customer_id"\ntenant_column = "company"'
}
COLUMNS = ("ALTER TABLE records ADD COLUMN company", "ALTER TABLE customers ADD COLUMN company")
APART = "the source holds data of 2 controllers: name the tenant_column that tells their rows apart"


def test_a_source_of_two_companies_has_no_finding_where_keys_and_links_name_the_tenant_column(
    tmp_path: Path,
) -> None:
    assert problems(changed(tmp_path, register={**SHARED, **LINKS}, dataset=KEY, statement=COLUMNS)) == []


def test_keys_and_links_that_do_not_distinguish_two_companies_are_found(tmp_path: Path) -> None:
    found = problems(changed(tmp_path, register=SHARED))
    places = ["register.toml: links.0", "register.toml: links.1", "records.toml: subject_keys.0"]
    assert [line.partition(f": {APART}")[0] for line in found] == places


def test_a_reason_why_no_tenant_is_needed_is_taken(tmp_path: Path) -> None:
    why = 'no_tenant = "customer numbers are of one company only"'
    links = {old: f"{old}\n{why}" for old in LINKS}
    key = {old: f"{old}\n{why}" for old in KEY}
    assert problems(changed(tmp_path, register={**SHARED, **links}, dataset=key)) == []


def test_a_tenant_column_and_a_reason_against_one_contradict_each_other(tmp_path: Path) -> None:
    both = {old: f'{new}\nno_tenant = "why"' for old, new in KEY.items()}
    found = problems(changed(tmp_path, register={**SHARED, **LINKS}, dataset=both, statement=COLUMNS))
    assert found == ["records.toml: subject_keys.0: tenant_column and no_tenant exclude each other; keep one"]


@pytest.mark.parametrize("tenants", ["{ acme = [1] }", "{ acme = [1], spa = [] }"])
def test_a_company_without_tenants_is_found_because_none_of_its_rows_would_be(
    tenants: str, tmp_path: Path
) -> None:
    shared = {old: new.replace('{ acme = [1], spa = ["S"] }', tenants) for old, new in SHARED.items()}
    found = problems(changed(tmp_path, register={**shared, **LINKS}, dataset=KEY, statement=COLUMNS))
    problem = "the source's tenants list no value for controller 'spa'; add one"
    assert found == [
        f"register.toml: links.0.tenant_column: {problem}",
        f"register.toml: links.1.tenant_column: {problem}",
        f"records.toml: subject_keys.0.tenant_column: {problem}",
    ]


def test_tenants_of_a_company_without_data_in_the_source_are_found(tmp_path: Path) -> None:
    tenants = ('controllers = ["acme"]', 'controllers = ["acme"]\ntenants = { acmee = [1] }')
    (found,) = problems(changed(tmp_path, register=tenants))
    assert found == (
        "register.toml: sources.main.tenants: unknown controller of the source 'acmee'; nearest valid name: acme"
    )


@pytest.mark.parametrize(
    ("missing", "finding"),
    [
        (0, "records.toml: subject_keys.0: no column 'company' in 'records'; "),
        (1, "register.toml: links.0.tenant_column: no column 'company' in 'customers'; "),
    ],
)
def test_a_tenant_column_that_is_not_there_is_found(missing: int, finding: str, tmp_path: Path) -> None:
    statements = [statement for at, statement in enumerate(COLUMNS) if at != missing]
    found = problems(changed(tmp_path, register={**SHARED, **LINKS}, dataset=KEY, statement=statements))
    assert any(line.startswith(finding) for line in found)


OF_SPA: Mapping[str, str] = {**KEY, "order_by": 'controllers = ["spa"]\norder_by'}
RECORDS_LEFT_OUT = (
    "left_out = {",
    'left_out = { records = { reason = "not_personal", note = "spa\'s only" },',
)


def test_a_dataset_may_be_of_some_companies_of_its_source(tmp_path: Path) -> None:
    register = {**SHARED, **LINKS, RECORDS_LEFT_OUT[0]: RECORDS_LEFT_OUT[1]}
    assert problems(changed(tmp_path, register=register, dataset=OF_SPA, statement=COLUMNS)) == []


def test_a_table_that_only_another_companys_dataset_reads_is_undecided(tmp_path: Path) -> None:
    found = problems(changed(tmp_path, register={**SHARED, **LINKS}, dataset=OF_SPA, statement=COLUMNS))
    (line,) = found
    assert line.startswith(
        "register.toml: sources.main.left_out: no dataset of 'acme' reads the table 'records': "
    )


def test_a_table_that_a_dataset_of_every_company_reads_cannot_be_left_out(tmp_path: Path) -> None:
    register = {**SHARED, **LINKS, RECORDS_LEFT_OUT[0]: RECORDS_LEFT_OUT[1]}
    found = problems(changed(tmp_path, register=register, dataset=KEY, statement=COLUMNS))
    assert found == [
        "register.toml: sources.main.left_out: table 'records' is left out, but a dataset reads it; drop one of them"
    ]


def test_a_column_that_only_another_companys_dataset_takes_is_undecided(tmp_path: Path) -> None:
    world = World(tmp_path / "register")
    world.register_text = replaced(
        world.register_text, {**SHARED, **LINKS, '["records"]': '["records", "briefly"]'}
    )
    world.dataset_text = replaced(world.dataset_text, OF_SPA)
    world.write([])
    for statement in COLUMNS:
        world.run(statement)
    brief = {'name = "records"': 'name = "briefly"', '"spa"': '"acme"', 'text = { column = "text" }\n': ""}
    text = replaced(world.dataset_text, brief)
    (world.folder / "datasets" / "briefly.toml").write_text(text, encoding="utf-8")
    assert begins(
        problems(world),
        "briefly.toml: fields: column records.text is not mapped to any field of 'acme': map it",
    )


def test_a_dataset_of_a_company_without_data_in_its_source_is_found(tmp_path: Path) -> None:
    found = problems(changed(tmp_path, dataset=("order_by", 'controllers = ["acmee"]\norder_by')))
    expected = "controllers: unknown controller of the source 'acmee'; nearest valid name: acme"
    assert found[0] == f"records.toml: {expected}"


def test_a_link_into_one_company_does_not_make_a_dataset_of_another_reachable(tmp_path: Path) -> None:
    source = '[sources.theirs]\nkind = "sql_database"\nurl = "sqlite:///main.db"\ncontrollers = ["spa"]\n'
    source += (
        'left_out = { records = { reason = "withheld", note = "n" }, '
        'customers = { reason = "withheld", note = "n" } }\n'
    )
    register = {
        "[sources.main]": f"[controllers.spa]\n{ACME}\n\n{source}\n[sources.main]",
        'leads_to = "email"\nsource = "main"': 'leads_to = "email"\nsource = "theirs"',
    }
    found = problems(
        changed(tmp_path, register=register, dataset={'"customer_id"\n\n': '"email"\n\n', **KEY_LEFT_OUT})
    )
    problem = "no strong link of controller 'acme' leads to 'email'; valid names: customer_id"
    assert found == [f"records.toml: subject_keys.0.identifier: {problem}"]


@pytest.mark.parametrize(("index", "unserved"), [("UNIQUE INDEX", 0), ("INDEX", 1)])
def test_the_order_is_planned_as_an_export_of_one_company_would_read_it(
    index: str, unserved: int, tmp_path: Path
) -> None:
    """Two ways to the subject: without a company to look for, the database would choose another plan."""
    way = 'through = [{ column = "customer_id", table = "TABLE", key = "id" }]\ntenant_column = "company"'
    keys = [f'column = "email"\nidentifier = "email"\n{way.replace("TABLE", t)}' for t in ("new", "old")]
    dataset = {
        'column = "customer_id"\nidentifier = "customer_id"': "\n\n[[subject_keys]]\n".join(keys),
        "order_by": 'left_out = { customer_id = { reason = "not_personal", note = "n" } }\norder_by',
    }
    statements = [COLUMNS[1]]
    for table in ("new", "old"):
        statements += [
            f"CREATE TABLE {table} (id TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL, company TEXT)",
            f"CREATE {index} {table}_order ON {table} (email, id)",
        ]
    reason = '{ reason = "withheld", note = "n" }'
    left_out = {"left_out = { customers": f"left_out = {{ new = {reason}, old = {reason}, customers"}
    found = problems(
        changed(tmp_path, register={**SHARED, **LINKS, **left_out}, dataset=dataset, statement=statements)
    )
    assert [line.startswith("records.toml: order_by: no index") for line in found] == [True] * unserved
