"""A dataset's other tables: on the way to its subject, for its history, and for its codes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from tests.register_check.changed import changed, problems
from tests.worlds import COLUMNS

# On the way to the subject

KEY = 'column = "customer_id"\nidentifier = "customer_id"'
STEP: Mapping[str, str] = {"column": "customer_id", "table": "customers", "key": "id"}
INDEX = "CREATE UNIQUE INDEX by_email ON customers (email, id)"


def _left_out(*columns: str) -> str:
    entries = ", ".join(f'{name} = {{ reason = "not_personal", note = "n" }}' for name in columns)
    return f"{{ {entries} }}"


def through(column: str = "email", **step: str) -> tuple[str, str]:
    """The dataset with its subject in the table of customers; the step's column is not mapped."""
    entries = ", ".join(f'{key} = "{name}"' for key, name in {**STEP, **step}.items())
    left_out = f"[left_out]\n{_left_out('customer_id')[2:-2]}"
    return KEY, f'column = "{column}"\nidentifier = "email"\nthrough = [{{ {entries} }}]\n\n{left_out}'


def test_a_way_that_is_there_has_no_finding(tmp_path: Path) -> None:
    # A key that may be null gives no order: the database would sort the rows of several such parents.
    customers = ("DROP TABLE customers", "CREATE TABLE customers (id TEXT NOT NULL PRIMARY KEY, email)")
    assert problems(changed(tmp_path, dataset=through(), statement=(*customers, INDEX))) == []


@pytest.mark.parametrize(
    ("dataset", "finding"),
    [
        (through(table="custmers"), ".through.0: no table 'custmers' in the source; nearest valid name: customers"),
        (through(column="customer"), ": no column 'customer' in 'customers'; "),
        (through(key="idd"), ".through.0: no column 'idd' in 'customers'; "),
        ((KEY, through()[1].replace('"customer_id"', '"customer"')), ".through.0: no column 'customer' in 'records'; "),
    ],
)  # fmt: skip
def test_a_step_that_leads_nowhere_is_found(dataset: tuple[str, str], finding: str, tmp_path: Path) -> None:
    found = problems(changed(tmp_path, dataset=dataset, statement=INDEX))
    assert any(line.startswith(f"records.toml: subject_keys.0{finding}") for line in found), found


def test_a_step_to_a_column_that_is_not_unique_is_found(
    tmp_path: Path,
) -> None:
    found = problems(changed(tmp_path, dataset=through(key="email"), statement=INDEX))
    assert (
        "records.toml: subject_keys.0.through.0.key: column 'email' is not unique in 'customers', "
        "so a row could belong to several people: name a unique column"
    ) in found


def test_the_column_of_a_step_is_undecided_if_no_record_has_it(tmp_path: Path) -> None:
    dataset = (KEY, through()[1].partition("\n\n")[0])
    found = problems(changed(tmp_path, dataset=dataset, statement=INDEX))
    assert any(
        line.startswith("records.toml: fields: column records.customer_id is not mapped to any")
        for line in found
    )


def test_a_way_without_an_index_is_found_with_every_index_that_serves_it(tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, dataset=through(), statement="DROP INDEX records_order"))
    assert found.startswith("records.toml: order_by: no index serves the order")
    assert found.endswith(
        "; run: CREATE INDEX records_customer_id_id ON records (customer_id, id); "
        "CREATE UNIQUE INDEX customers_email_id ON customers (email, id)"
    )


# History

KEYS = "id, version INTEGER, customer_id TEXT"
OLD = f"CREATE TABLE old_records ({KEYS}, {', '.join(COLUMNS)}, PRIMARY KEY (id, version))"
OLD_INDEX = "CREATE INDEX old_order ON old_records (customer_id, id, version)"


def history(**more: str) -> tuple[str, str]:
    """The dataset with a table of earlier versions."""
    keys = {"table": '"old_records"', "order_by": '["id", "version"]', **more}
    lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return "[fields]", f"[[history]]\n{lines}\n[fields]"


def test_a_history_that_is_there_has_no_finding(tmp_path: Path) -> None:
    # `version` is only used for the order: somebody must decide on it.
    made = changed(tmp_path, dataset=history(left_out=_left_out("version")), statement=(OLD, OLD_INDEX))
    assert problems(made) == []


def test_a_history_that_is_not_there_is_found(tmp_path: Path) -> None:
    found = problems(changed(tmp_path, dataset=history()))
    assert (
        "records.toml: history.0: no table 'old_records' in the source; nearest valid name: records" in found
    )


@pytest.mark.parametrize(
    ("more", "statement", "finding"),
    [
        ({}, "ALTER TABLE old_records RENAME COLUMN day TO dated", "history.0: no column 'day' in 'old_records'; "),
        ({"columns": '{ day = "dya" }'}, "", "history.0: no column 'dya' in 'old_records'; nearest valid name: day"),
        ({"order_by": '["id", "edition"]'}, "", "history.0: no column 'edition' in 'old_records'; "),
        ({"left_out": _left_out("version", "iban")}, "", "history.0: no column 'iban' in 'old_records'; "),
        ({"order_by": '["id"]'}, "", "history.0.order_by: is not unique in 'old_records'; end it with a unique key"),
        ({}, "ALTER TABLE old_records ADD COLUMN nickname", "fields: column old_records.nickname is not mapped"),
        ({"columns": '{ day = "" }'}, "", "fields: column old_records.day is not mapped to any field"),
    ],
)  # fmt: skip
def test_a_history_that_does_not_fit_is_found(
    more: Mapping[str, str], statement: str, finding: str, tmp_path: Path
) -> None:
    dataset = history(**{"left_out": _left_out("version"), **more})
    found = problems(
        changed(tmp_path, dataset=dataset, statement=[OLD, OLD_INDEX, *filter(None, [statement])])
    )
    assert [line for line in found if line.startswith(f"records.toml: {finding}")], found


def test_a_column_that_a_history_names_otherwise_or_lacks_is_no_finding(tmp_path: Path) -> None:
    dataset = history(columns='{ day = "date_of_it", raw = "" }', left_out=_left_out("version"))
    statements = (
        OLD,
        OLD_INDEX,
        "ALTER TABLE old_records RENAME COLUMN day TO date_of_it",
        "ALTER TABLE old_records DROP COLUMN raw",
    )
    assert problems(changed(tmp_path, dataset=dataset, statement=statements)) == []


def test_a_history_without_an_index_is_found(tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, dataset=history(left_out=_left_out("version")), statement=OLD))
    assert found.startswith("records.toml: order_by: no index serves the order")


def test_a_history_that_is_left_out_as_well_is_found(tmp_path: Path) -> None:
    old = "left_out = { customers"
    register = (old, 'left_out = { old_records = { reason = "withheld", note = "n" }, customers')
    dataset = history(left_out=_left_out("version"))
    (found,) = problems(changed(tmp_path, register=register, dataset=dataset, statement=(OLD, OLD_INDEX)))
    assert found == (
        "register.toml: sources.main.left_out: table 'old_records' is left out, but a dataset reads it; "
        "drop one of them"
    )


def test_a_credential_that_a_history_would_bring_in_is_found(tmp_path: Path) -> None:
    dataset = history(columns='{ text = "password" }', left_out=_left_out("version"))
    renamed = "ALTER TABLE old_records RENAME COLUMN text TO password"
    (found,) = problems(changed(tmp_path, dataset=dataset, statement=(OLD, OLD_INDEX, renamed)))
    assert found.startswith("records.toml: history.0.columns: column 'password' looks like a credential")


# Over keys of several columns

ORDERS = (
    "CREATE TABLE orders (id INTEGER NOT NULL, day TEXT NOT NULL, customer_id TEXT, PRIMARY KEY (id, day))"
)
CUSTOMERS_ORDERS = "CREATE UNIQUE INDEX orders_customer ON orders (customer_id, id, day)"
RECORDS = (
    "ALTER TABLE records ADD COLUMN order_id INTEGER",
    "ALTER TABLE records ADD COLUMN order_day TEXT",
    "CREATE UNIQUE INDEX records_by_order ON records (order_id, order_day, id)",
)


def over_order(column: str, key: str) -> tuple[str, str]:
    step = f'through = [{{ column = {column}, table = "orders", key = {key} }}]'
    left_out = _left_out("customer_id", "order_id", "order_day")[2:-2].replace("}, ", "}\n")
    return KEY, f"{KEY}\n{step}\n\n[left_out]\n{left_out}"


def ordered(tmp_path: Path, column: str, key: str, *more: str) -> list[str]:
    statements = (ORDERS, CUSTOMERS_ORDERS, *RECORDS, *more)
    reason = 'orders = { reason = "not_personal", note = "n" }'
    register = ("left_out = {", f"left_out = {{ {reason},")
    return problems(
        changed(tmp_path, register=register, dataset=over_order(column, key), statement=statements)
    )


def test_a_way_over_a_key_of_several_columns_has_no_finding(tmp_path: Path) -> None:
    assert ordered(tmp_path, '["order_id", "order_day"]', '["id", "day"]') == []


def test_half_of_a_key_is_not_unique(tmp_path: Path) -> None:
    found = ordered(tmp_path, '["order_id"]', '["id"]')
    assert any("column 'id' is not unique in 'orders', so a row could belong" in line for line in found), (
        found
    )


def test_a_step_of_several_columns_that_contradicts_a_foreign_key_is_found(tmp_path: Path) -> None:
    records = (
        f"id INTEGER PRIMARY KEY, customer_id TEXT, {', '.join(COLUMNS)}, order_id INTEGER, order_day TEXT"
    )
    key = "FOREIGN KEY (order_day, order_id) REFERENCES orders (day, id)"
    declared = ("DROP TABLE records", f"CREATE TABLE records ({records}, {key})", RECORDS[-1])
    right = ordered(tmp_path / "right", '["order_id", "order_day"]', '["id", "day"]', *declared)
    assert right == []
    wrong = ordered(tmp_path / "wrong", '["order_id", "order_day"]', '["day", "id"]', *declared)
    expected = (
        "the source declares that records.order_id, order_day refers to orders.id, day; correct the step"
    )
    assert any(line.endswith(expected) for line in wrong), wrong


def test_an_index_for_a_step_of_several_columns_has_all_of_them(tmp_path: Path) -> None:
    (found,) = ordered(tmp_path, '["order_id", "order_day"]', '["id", "day"]', "DROP INDEX records_by_order")
    assert "ON records (order_id, order_day, id)" in found


@pytest.mark.parametrize(
    ("column", "key", "problem"),
    [
        ('["order_id", "order_day"]', '"id"', "column and key must name equally many columns"),
        ('["order_id", "order_id"]', '["id", "day"]', "column must name at least one column, and each once"),
        ("[]", "[]", "column must name at least one column"),
    ],
)
def test_columns_that_are_no_pairs_are_refused(column: str, key: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=problem):
        ordered(tmp_path, column, key)
