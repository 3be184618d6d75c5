"""Parts of a source that nobody has decided on are found, and entries of the register that the source lacks."""

from pathlib import Path

import pytest

from dsar_export.demo import write_organisation
from dsar_export.errors import SourceUnreadableError
from tests.register_check.changed import changed, findings, problems
from tests.worlds import World

QUERY = (
    'query = "SELECT id, customer_id, text, phone, whole, number, amount, flag, at, day, raw, details '
    'FROM records WHERE customer_id IN :customer_id"\nkey = "id"\n'
)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "CREATE TABLE secrets (id)",
            "register.toml: sources.main.left_out: no dataset reads the table 'secrets': add a dataset",
        ),
        (
            "CREATE VIEW everybody AS SELECT id FROM customers",
            "register.toml: sources.main.left_out: no dataset reads the view 'everybody': add a dataset",
        ),
        (
            "ALTER TABLE records ADD COLUMN iban",
            "records.toml: fields: column records.iban is not mapped to any field: map it, or list it under left_out",
        ),
        (
            "DROP INDEX records_order",
            "records.toml: order_by: no index serves the order, so the source would scan the table, or sort",
        ),
        (
            "ALTER TABLE customers RENAME COLUMN email TO mail",
            "register.toml: links.0.given_column: no column 'email' in 'customers'; nearest valid name: mail",
        ),
    ],
)
def test_a_change_of_the_source_is_found(tmp_path: Path, statement: str, finding: str) -> None:
    assert [line for line in problems(changed(tmp_path, statement=statement)) if line.startswith(finding)]


def test_an_order_without_an_index_is_found_with_the_index_that_serves_it(tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, statement="DROP INDEX records_order"))
    assert found.endswith("; run: CREATE INDEX records_customer_id_id ON records (customer_id, id)")


def test_a_renamed_column_is_found_on_both_sides_and_once(tmp_path: Path) -> None:
    found = problems(changed(tmp_path, statement="ALTER TABLE records RENAME COLUMN day TO date_of_it"))
    assert found[0].startswith("records.toml: fields: no column 'day' in 'records'; ")
    assert found[1].startswith("records.toml: fields: column records.date_of_it is not mapped to any field")
    assert len(found) == 2


def test_a_table_that_is_gone_is_found(tmp_path: Path) -> None:
    found = problems(changed(tmp_path, statement="ALTER TABLE records RENAME TO recordings"))
    assert "records.toml: table: no table 'records' in the source; nearest valid name: recordings" in found


def test_a_table_of_a_link_that_is_gone_is_found(tmp_path: Path) -> None:
    found = problems(changed(tmp_path, statement="DROP TABLE customers"))
    gone = "no table 'customers' in the source; valid names: records"
    assert found == [
        f"register.toml: links.0.table: {gone}",
        f"register.toml: links.1.table: {gone}",
        f"register.toml: sources.main.left_out: {gone}",
    ]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            "left_out = { customers",
            'left_out = { records = { reason = "not_personal", note = "n" }, customers',
            "sources.main.left_out: table 'records' is left out, but a dataset reads it; drop one of them",
        ),
        (
            "left_out = { customers",
            'left_out = { customer = { reason = "not_personal", note = "n" }, customers',
            "sources.main.left_out: no table 'customer' in the source; nearest valid name: customers",
        ),
    ],
)
def test_a_table_that_is_left_out_wrongly_is_found(tmp_path: Path, old: str, new: str, finding: str) -> None:
    assert problems(changed(tmp_path, register=(old, new))) == [f"register.toml: {finding}"]


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        (
            'storage_period = "short"',
            'storage_period = "short"\nleft_out = { iban = { reason = "withheld", note = "n" } }',
            "left_out: no column 'iban' in 'records'; ",
        ),
        (
            'order_by = ["id"]',
            'order_by = ["day"]',
            "order_by: is not unique in 'records'; end it with",
        ),
        ('order_by = ["id"]', 'order_by = ["idd"]', "order_by: no column 'idd' in"),
        (
            'column = "customer_id"',
            'column = "customer"',
            "subject_keys.0: no column 'customer' in",
        ),
    ],
)
def test_a_wrong_column_of_a_dataset_is_found(tmp_path: Path, old: str, new: str, finding: str) -> None:
    found = problems(changed(tmp_path, dataset=(old, new)))
    assert [line for line in found if line.startswith(f"records.toml: {finding}")]


@pytest.mark.parametrize(
    "name", ["password", "password_hash", "session_token", "API_KEY", "pwd", "salt", "totp_secret"]
)
def test_a_column_that_looks_like_a_credential_is_found_although_it_is_mapped(
    tmp_path: Path, name: str
) -> None:
    made = changed(
        tmp_path,
        dataset=('text = { column = "text" }', f'text = {{ column = "{name}" }}'),
        statement=f"ALTER TABLE records RENAME COLUMN text TO {name}",
    )
    (found,) = problems(made)
    assert found.startswith(f"records.toml: fields.text.column: column {name!r} looks like a credential")


@pytest.mark.parametrize("name", ["tokens_used_text", "hashtag", "secretary", "saltiness"])
def test_a_column_whose_name_only_begins_like_a_credential_is_left_alone(tmp_path: Path, name: str) -> None:
    made = changed(
        tmp_path,
        dataset=('text = { column = "text" }', f'text = {{ column = "{name}" }}'),
        statement=f"ALTER TABLE records RENAME COLUMN text TO {name}",
    )
    assert problems(made) == []


def test_a_query_that_fits_has_no_finding(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, dataset=("order_by", f"{QUERY}order_by"))) == []


def test_a_query_of_columns_that_are_not_there_is_found_at_the_query(tmp_path: Path) -> None:
    wrong = QUERY.replace("details FROM", "detail FROM")
    (found,) = problems(changed(tmp_path, dataset=("order_by", f"{wrong}order_by")))
    assert found.startswith(
        "records.toml: query: dataset 'records' does not fit source 'main': no such column"
    )


def test_a_query_that_does_not_select_by_its_subject_key_is_found(tmp_path: Path) -> None:
    wrong = QUERY.replace("WHERE customer_id IN :customer_id", "")
    (found,) = problems(changed(tmp_path, dataset=("order_by", f"{wrong}order_by")))
    assert found.startswith(
        "records.toml: query: datasets/records.toml: query: must select by the subject key"
    )


def test_a_key_of_a_query_that_is_not_unique_is_found(tmp_path: Path) -> None:
    # Each row would be joined to every row with the same key: repeated, or given to another owner.
    wrong = QUERY.replace('key = "id"', 'key = "customer_id"')
    found = problems(changed(tmp_path, dataset=("order_by", f"{wrong}order_by")))
    assert [line for line in found if line.startswith("records.toml: key: ")]


def test_a_key_of_a_query_that_the_table_lacks_is_found(tmp_path: Path) -> None:
    wrong = QUERY.replace('key = "id"', 'key = "number_of_it"')
    assert problems(changed(tmp_path, dataset=("order_by", f"{wrong}order_by")))


def test_a_source_that_does_not_answer_is_no_finding_but_an_error(tmp_path: Path) -> None:
    made = changed(tmp_path)
    made.database.unlink()
    with pytest.raises(SourceUnreadableError):
        findings(made)


def test_the_demo_with_one_column_more_has_one_finding(tmp_path: Path) -> None:
    write_organisation(tmp_path / "register", events=10)
    world = World(tmp_path / "register")
    (tmp_path / "register" / "main.db").unlink(missing_ok=True)
    (tmp_path / "register" / "group.db").rename(world.database)
    world.run("ALTER TABLE payments ADD COLUMN iban TEXT")
    world.database.rename(tmp_path / "register" / "group.db")
    assert problems(world) == [
        "payments.toml: fields: column payments.iban is not mapped to any field: map it, or list it under left_out"
    ]


def test_no_finding_quotes_the_data(tmp_path: Path) -> None:
    for statement in ("DROP INDEX records_order", "ALTER TABLE records RENAME COLUMN day TO d"):
        assert "PRIVATE" not in str(findings(changed(tmp_path / statement[:4], statement=statement)))


def test_datasets_that_find_their_rows_by_other_keys_answer_for_those_only(tmp_path: Path) -> None:
    """Columns that a dataset maps for sent letters stay undecided for received ones."""
    world = World(tmp_path / "register")
    world.register_text = world.register_text.replace('["records"]', '["records", "received"]')
    world.write([])
    for statement in (
        "ALTER TABLE records ADD COLUMN recipient",
        "CREATE INDEX by_recipient ON records (recipient, id)",
    ):
        world.run(statement)
    sent = world.dataset_text.replace(
        "order_by", 'left_out = { recipient = { reason = "not_personal", note = "n" } }\norder_by', 1
    )
    received = world.dataset_text.replace('name = "records"', 'name = "received"')
    received = received.replace('column = "customer_id"', 'column = "recipient"')
    received = received.replace('text = { column = "text" }\n', "").replace(
        "order_by", 'left_out = { customer_id = { reason = "not_personal", note = "n" } }\norder_by', 1
    )
    for name, text in (("records", sent), ("received", received)):
        (world.folder / "datasets" / f"{name}.toml").write_text(text, encoding="utf-8")
    assert problems(world) == [
        "received.toml: fields: column records.text is not mapped to any field: map it, or list it under left_out"
    ]
