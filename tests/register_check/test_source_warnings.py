"""Problems of a source that are worth fixing are warnings of the check, and leave its exit code 0."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.finding import Finding
from tests.collectors.sql_database.mariadb.database import empty_mariadb
from tests.register_check.changed import findings
from tests.register_check.hidden import world_of
from tools.servers.postgres import PostgresServer, rows, run, select_only_role


@pytest.fixture
def url(postgres: PostgresServer) -> Iterator[str]:
    with postgres.database("warned") as fresh:
        run(
            fresh,
            "CREATE TABLE customers (id TEXT PRIMARY KEY, email TEXT UNIQUE)",
            "CREATE TABLE things (id INTEGER PRIMARY KEY, customer_id TEXT, note oid)",
            "CREATE INDEX things_order ON things (customer_id, id)",
        )
        yield fresh


def warned(found: list[Finding]) -> list[tuple[str, str]]:
    assert all(f.warning for f in found)
    return [(f.key, f.problem) for f in found]


def test_the_number_of_a_large_object_is_a_warning_while_there_are_some(url: str, tmp_path: Path) -> None:
    made = world_of(tmp_path, select_only_role(url))
    assert findings(made) == []
    run(url, "INSERT INTO things VALUES (1, 'C-1', lo_from_bytea(0, 'PRIVATE letter'))")
    ((key, problem),) = warned(findings(made))
    assert key == "fields.text.column"
    assert problem.startswith("column 'note' holds the number of a large object")


def test_a_large_object_is_exported_if_the_register_sets_large_object(url: str, tmp_path: Path) -> None:
    run(
        url,
        "INSERT INTO customers VALUES ('C-1', 'sam@example.org')",
        "INSERT INTO things VALUES (1, 'C-1', lo_from_bytea(0, 'Dear Sam'))",
        "DO $$ BEGIN EXECUTE format('GRANT SELECT ON LARGE OBJECT %s TO PUBLIC', (SELECT note FROM things)); END $$",
    )
    fields = '[fields]\nrecord_id = { column = "id" }\nraw = { column = "note", large_object = true }\n'
    made = world_of(tmp_path, select_only_role(url), fields=fields)
    assert findings(made) == []
    assert made.package().json() == [{"record_id": "1", "raw": b64encode(b"Dear Sam").decode()}]


def test_a_large_object_suits_a_field_of_bytes_only(url: str, tmp_path: Path) -> None:
    fields = '[fields]\nrecord_id = { column = "id" }\ntext = { column = "note", large_object = true }\n'
    (found,) = findings(world_of(tmp_path, select_only_role(url), fields=fields))
    assert (found.key, found.problem) == (
        "fields.text.large_object",
        "a large object needs a field of bytes; this field is text",
    )


@pytest.mark.parametrize(
    ("field", "why"),
    [
        ('raw = { column = "note", path = "/a", large_object = true }', "large_object needs a column"),
        ('raw = { value = "x", large_object = true }', "large_object needs a column"),
        (
            'raw = { column = "note", large_object = true }\nwhole = { column = "note" }',
            "large_object must be the same in all fields",
        ),
    ],
)
def test_a_contradictory_large_object_is_refused(field: str, why: str, url: str, tmp_path: Path) -> None:
    with pytest.raises(RegisterError, match=why):
        findings(world_of(tmp_path, url, fields=f'[fields]\nrecord_id = {{ column = "id" }}\n{field}\n'))


def test_a_column_of_numbers_that_no_field_takes_is_no_warning(url: str, tmp_path: Path) -> None:
    run(url, "INSERT INTO things VALUES (1, 'C-1', lo_from_bytea(0, 'PRIVATE letter'))")
    left_out = '[left_out]\nnote = { reason = "withheld", note = "Ask us for the scan." }\n'
    fields = f'[fields]\nrecord_id = {{ column = "id" }}\n{left_out}'
    assert findings(world_of(tmp_path, select_only_role(url), fields=fields)) == []


def test_a_database_that_sorts_by_other_rules_than_its_indexes_is_a_warning(url: str, tmp_path: Path) -> None:
    made = world_of(tmp_path, select_only_role(url))
    change = "UPDATE pg_collation SET collversion = '{}' WHERE collname = 'pg_c_utf8'"
    kept = rows(url, "SELECT collversion FROM pg_collation WHERE collname = 'pg_c_utf8'")
    if not kept:
        pytest.skip("this PostgreSQL is older than 17 and has no builtin collation")
    ((before,),) = kept
    run(url, "CREATE INDEX by_name ON customers (email COLLATE pg_c_utf8)")
    run(url, change.format("0.1"))
    try:
        ((key, problem),) = warned(findings(made))
    finally:
        run(url, change.format(before))
    assert key == "sources.main.url"
    assert problem.startswith("the server's library sorts texts differently")


def test_an_account_that_may_not_see_all_is_a_warning(tmp_path: Path, mariadb_server: str) -> None:
    mariadb = empty_mariadb(mariadb_server)
    mariadb.run("CREATE TABLE customers (id VARCHAR(9) PRIMARY KEY, email VARCHAR(99) UNIQUE)")
    mariadb.run(
        "CREATE TABLE things (id INT PRIMARY KEY, customer_id VARCHAR(9), note VARCHAR(40), hidden TEXT)"
    )
    mariadb.run("CREATE INDEX things_order ON things (customer_id, id)")
    mariadb.run("CREATE TABLE calls (id INT PRIMARY KEY)")
    mariadb.run(f"REVOKE SELECT ON `{mariadb.name}`.* FROM `{mariadb.account}`@`%`")
    mariadb.grant(f"SELECT ON `{mariadb.name}`.customers")
    mariadb.grant(f"SELECT (id, customer_id, note) ON `{mariadb.name}`.things")
    ((key, problem),) = warned(findings(world_of(tmp_path, mariadb.reader)))
    assert key == "sources.main.url"
    assert problem.startswith("the account has no SELECT on the whole database")
