"""The constants of a `where` and tenants are found and asserted, whatever the type of their column."""

from dataclasses import replace
from typing import cast

import pytest

from dsar_export.export.collect import collect, ownership
from dsar_export.model.comparison import Constant
from dsar_export.model.identity import Reached
from dsar_export.model.request import Identifier
from dsar_export.model.subject_key import SubjectKey
from tests.collectors.sources import Database, table_dataset
from tests.collectors.sql_database.mariadb.database import empty_mariadb

UUID = "11111111-1111-4111-8111-11111111111a"
SEVEN = Reached(Identifier("customer_id", "7"))
TYPES = {
    "sqlite": [
        ("TEXT", f"'{UUID.upper()}'", UUID),
        ("NUMERIC", "1.00", 1),
        ("TEXT COLLATE NOCASE", "'a'", "a"),
    ],
    "postgres": [
        ("UUID", f"'{UUID}'", UUID),
        ("NUMERIC(6,2)", "1", 1),
        ("NUMERIC(6,2)", "1", "1"),
        ("BOOLEAN", "true", True),
        ("CHAR(9)", "'a'", "a"),
    ],
    "mariadb": [
        ("UUID", f"'{UUID}'", UUID),
        ("BINARY(16)", f"x'{UUID.replace('-', '')}'", UUID),
        ("DECIMAL(6,2)", "1", 1),
        ("BOOLEAN", "true", True),
        ("VARCHAR(9)", "'a'", "a"),
    ],
}
CASES = [(database, *case) for database, cases in TYPES.items() for case in cases]


def found(database: Database, key: SubjectKey, tenants: tuple[str | int, ...] = ()) -> list[object]:
    dataset = replace(table_dataset("id", name="notes"), subject_keys=(key,))
    owned = ownership(dataset, [SEVEN], tenants, {}, other_tenants=())
    with database.collector().snapshot() as snapshot:
        return [row[-1] for one in collect(owned, snapshot) for row in one.chunk.rows]


@pytest.mark.parametrize(("name", "kind", "stored", "constant"), CASES)
def test_a_constant_is_found_in_a_column_of_any_type(
    request: pytest.FixtureRequest, name: str, kind: str, stored: str, constant: Constant
) -> None:
    made = cast(
        Database,
        empty_mariadb(request.getfixturevalue("mariadb_server"))
        if name == "mariadb"
        else request.getfixturevalue(f"empty_{name}"),
    )
    made.run(f"CREATE TABLE notes (id INTEGER PRIMARY KEY, customer_id INTEGER, other {kind})")
    made.run(f"INSERT INTO notes VALUES (1, 7, {stored}), (2, 7, NULL), (3, 8, {stored})")
    if (
        kind == "TEXT COLLATE NOCASE"
    ):  # the database takes another spelling for equal, but it belongs to someone else
        made.run("INSERT INTO notes VALUES (4, 7, 'A')")
    key = SubjectKey(column="customer_id", identifier="customer_id", where={"other": constant})
    assert found(made, key) == [1]
    if not isinstance(constant, bool):
        shared = SubjectKey(column="customer_id", identifier="customer_id", tenant_column="other")
        assert found(made, shared, (constant,)) == [1]
