"""A dataset's other tables: on the way to its subject, for its history, and for its codes."""

from collections.abc import Mapping
from pathlib import Path

import pytest

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
