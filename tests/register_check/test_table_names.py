"""Names of tables in a register: each part is quoted, and a finding shows how to write an older spelling."""

from pathlib import Path
from typing import Final

from tests.register_check.changed import begins, changed, problems

QUOTED: Final = {'table = "records"': "table = '\"the.records\"'"}
RENAMED: Final = 'ALTER TABLE records RENAME TO "the.records"'
REST: Final = "text, phone, whole, number, amount, flag, at, day, raw, details"
KEYS: Final = "left_out = { customers = "


def test_a_table_with_a_dot_in_its_name_is_named_in_quotes(tmp_path: Path) -> None:
    made = changed(tmp_path, dataset=QUOTED, statement=RENAMED)
    assert problems(made) == []
    assert [record["text"] for record in made.package().json()] == ["PRIVATE"]


def test_a_finding_shows_how_to_quote_an_unquoted_name(tmp_path: Path) -> None:
    made = changed(tmp_path, dataset={'table = "records"': 'table = "the.records"'}, statement=RENAMED)
    wanting = "no table 'the.records' in the source; write \"the.records\", with the quotes"
    assert f"records.toml: table: {wanting}" in problems(made)


def test_a_table_is_left_out_by_any_spelling_of_its_name(tmp_path: Path) -> None:
    left_out = {KEYS: "left_out = { '\"customers\"' = "}
    assert problems(changed(tmp_path, register=left_out)) == []


def test_two_names_that_differ_only_in_quotes_are_two_tables_to_decide_on(tmp_path: Path) -> None:
    more = {KEYS: 'left_out = { \'"a.b"\' = { reason = "not_personal", note = "n" }, customers = '}
    made = changed(
        tmp_path, register=more, statement=('CREATE TABLE "a.b" (id)', 'CREATE TABLE "a.b.c" (id)')
    )
    assert begins(
        problems(made), "register.toml: sources.main.left_out: no dataset reads the table '\"a.b.c\"'"
    )


def test_a_table_that_a_dataset_reads_is_not_left_out_under_another_spelling(tmp_path: Path) -> None:
    more = {KEYS: 'left_out = { \'"records"\' = { reason = "not_personal", note = "n" }, customers = '}
    assert any(
        "is left out, but a dataset reads it; drop one of them" in line
        for line in problems(changed(tmp_path, register=more))
    )


def test_a_foreign_key_to_a_table_with_a_dot_is_known_by_its_quoted_name(tmp_path: Path) -> None:
    way = 'through = [{ column = "customer_id", table = \'"the.people"\', key = "id" }]\ncolumn = "id"'
    made = changed(
        tmp_path,
        register={KEYS: "left_out = { '\"the.people\"' = "},
        dataset={'column = "customer_id"': way},
        statement=(
            'ALTER TABLE customers RENAME TO "the.people"',
            "DROP TABLE records",
            f'CREATE TABLE records (id INTEGER PRIMARY KEY, customer_id TEXT REFERENCES "the.people" (id), {REST})',
            "CREATE INDEX records_order ON records (customer_id, id)",
        ),
    )
    assert not [line for line in problems(made) if "refers to" in line]


def test_a_step_to_a_table_is_the_foreign_keys_by_any_spelling(tmp_path: Path) -> None:
    way = 'through = [{ column = "customer_id", table = \'"customers"\', key = "id" }]\ncolumn = "id"'
    made = changed(
        tmp_path,
        dataset={'column = "customer_id"': way},
        statement=(
            "DROP TABLE records",
            f"CREATE TABLE records (id INTEGER PRIMARY KEY, customer_id TEXT REFERENCES customers (id), {REST})",
            "CREATE INDEX records_order ON records (customer_id, id)",
        ),
    )
    assert not [line for line in problems(made) if "refers to" in line]
