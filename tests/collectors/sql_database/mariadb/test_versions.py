"""Row versions of a MariaDB table WITH SYSTEM VERSIONING are read as history."""

from collections.abc import Sequence
from typing import Final

import pytest
from sqlalchemy import Connection
from sqlalchemy.sql.compiler import ExpandedState

from collectors.sql_database.cursor import Cursor
from collectors.sql_database.mariadb.dialect import Mariadb
from dsar_export.errors import RegisterError
from dsar_export.model.dataset import Dataset
from dsar_export.model.place import HistoryTable
from dsar_export.model.source import Probe
from tests.collectors.sources import (
    C1,
    PostgresDatabase,
    Row,
    SqliteDatabase,
    chunks,
    selection,
    table_dataset,
)
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.replacing import replace

COLUMNS: Final = "id INT, customer_id VARCHAR(9), note VARCHAR(40)"
KINDS: Final = {
    "with columns that nobody sees": f"{COLUMNS}, PRIMARY KEY (id)",
    "with columns of its own": f"{COLUMNS}, since TIMESTAMP(6) GENERATED ALWAYS AS ROW START, "
    "ended TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (since, ended), PRIMARY KEY (id)",
    "by transactions": f"{COLUMNS}, since BIGINT UNSIGNED GENERATED ALWAYS AS ROW START, "
    "ended BIGINT UNSIGNED GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (since, ended), PRIMARY KEY (id)",
    "without a primary key": f"{COLUMNS}, UNIQUE nullable (note), UNIQUE (id)".replace(
        "id INT,", "id INT NOT NULL,"
    ),
    "in partitions": f"{COLUMNS}, PRIMARY KEY (id)",
}
THINGS: Final = replace(
    table_dataset("id", "note", name="things"),
    history=(HistoryTable(table="things", system_versions=True, order_by=("id",)),),
)
Found = list[tuple[str, list[Row]]]


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    return empty_mariadb(mariadb_server)


@pytest.fixture(params=list(KINDS))
def versioned(request: pytest.FixtureRequest, mariadb: MariadbDatabase) -> MariadbDatabase:
    """A table of each kind with a suitable index."""
    partitions = (
        " PARTITION BY SYSTEM_TIME (PARTITION p0 HISTORY, PARTITION p1 CURRENT)"
        if request.param == "in partitions"
        else ""
    )
    mariadb.run(
        f"CREATE TABLE things ({KINDS[request.param]}, KEY (customer_id, id)) WITH SYSTEM VERSIONING{partitions}"
    )
    return mariadb


def changed(mariadb: MariadbDatabase, *statements: str) -> None:
    for statement in statements:
        mariadb.run(statement)


def put(number: int, customer: str, note: str) -> str:
    return f"INSERT INTO things (id, customer_id, note) VALUES ({number}, '{customer}', '{note}')"


def read_versions(mariadb: MariadbDatabase, dataset: Dataset = THINGS) -> Found:
    """The chunks' rows, each chunk marked as current, earlier or deleted."""
    found = chunks(mariadb, dataset, C1)
    kinds = {(False, False): "now", (True, False): "earlier", (False, True): "deleted"}
    return [(kinds[c.earlier_version, c.deleted], [tuple(row[2:]) for row in c.rows]) for c in found]


def every(found: Found) -> Sequence[Row]:
    return [row for _, rows in found for row in rows]


def test_each_version_is_returned_once_as_current_earlier_or_deleted(versioned: MariadbDatabase) -> None:
    changed(
        versioned,
        put(1, "C-1", "old address"),
        put(2, "C-1", "row to delete"),
        put(3, "C-2", "of another person"),
        "UPDATE things SET note = 'older address' WHERE id = 1",
        "UPDATE things SET note = 'new address' WHERE id = 1",
        "UPDATE things SET note = 'another person was here' WHERE id = 3",
        "UPDATE things SET note = 'deleted row' WHERE id = 2",
        "DELETE FROM things WHERE id IN (2, 3)",
    )
    assert read_versions(versioned) == [
        ("now", [(1, "new address")]),
        ("earlier", [(1, "old address"), (1, "older address"), (2, "row to delete")]),
        ("deleted", [(2, "deleted row")]),
    ]


def test_every_version_is_read_exactly_once(versioned: MariadbDatabase) -> None:
    changed(versioned, *(put(n, "C-1", f"first {n}") for n in range(20)))
    changed(
        versioned,
        "UPDATE things SET note = concat('second ', id) WHERE id % 2 = 0",
        "DELETE FROM things WHERE id % 3 = 0",
        put(0, "C-1", "again"),
        "UPDATE things SET note = concat('third ', id) WHERE id % 5 = 0",
    )
    everything = versioned.rows("SELECT id, note FROM things FOR SYSTEM_TIME ALL ORDER BY id, note")
    found = every(read_versions(versioned))
    assert sorted(found) == sorted(tuple(row) for row in everything)
    assert len(set(found)) == len(found)


def test_a_row_inserted_again_under_its_key_does_not_count_as_deleted(versioned: MariadbDatabase) -> None:
    changed(versioned, put(1, "C-1", "first"), "DELETE FROM things", put(1, "C-1", "second"))
    assert read_versions(versioned) == [("now", [(1, "second")]), ("earlier", [(1, "first")])]


def test_a_row_that_now_belongs_to_someone_else_is_an_earlier_version_and_not_deleted(
    versioned: MariadbDatabase,
) -> None:
    changed(versioned, put(1, "C-1", "mine"), "UPDATE things SET customer_id = 'C-2', note = 'theirs'")
    assert read_versions(versioned) == [("earlier", [(1, "mine")])]


def test_versions_of_one_row_are_ordered_by_time(
    mariadb: MariadbDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    mariadb.run(f"CREATE TABLE things ({COLUMNS}, PRIMARY KEY (id)) WITH SYSTEM VERSIONING")
    sent: list[str] = []
    opened = Mariadb.cursor

    def noting(self: Mariadb, connection: Connection, statement: ExpandedState) -> Cursor:
        sent.append(statement.statement)
        return opened(self, connection, statement)

    monkeypatch.setattr(Mariadb, "cursor", noting)
    read_versions(mariadb)
    assert [
        statement.rpartition("ORDER BY ")[2].replace("things.", "").split(", ")[1:] for statement in sent
    ] == [
        ["id"],
        ["id", "row_start", "row_end"],
        ["id", "row_start", "row_end"],
    ]


def test_an_index_is_used_for_versions_as_for_rows(versioned: MariadbDatabase) -> None:
    changed(versioned, *(put(n, f"C-{n % 9}", str(n)) for n in range(200)))
    changed(versioned, "DELETE FROM things WHERE id % 4 = 0", "ANALYZE TABLE things")
    with versioned.collector().snapshot() as snapshot:
        assert snapshot.probe(selection(THINGS, C1)) == Probe(without_index=False, remote=True)


def test_a_table_with_versions_is_described_with_the_keys_of_todays_rows(versioned: MariadbDatabase) -> None:
    table = versioned.collector().describe().table("things")
    assert table is not None
    assert table.keeps_versions
    assert frozenset({"id"}) in table.unique_keys


def test_a_table_without_versions_is_refused(mariadb: MariadbDatabase) -> None:
    mariadb.run(f"CREATE TABLE things ({COLUMNS}, PRIMARY KEY (id))")
    table = mariadb.collector().describe().table("things")
    assert table is not None
    assert not table.keeps_versions
    with mariadb.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="keeps no versions"):
        snapshot.probe(selection(THINGS, C1))


def test_other_databases_keep_no_versions(
    empty_sqlite: SqliteDatabase, empty_postgres: PostgresDatabase
) -> None:
    for database in (empty_sqlite, empty_postgres):
        database.run("CREATE TABLE things (id INTEGER PRIMARY KEY, customer_id TEXT, note TEXT)")
        with (
            database.collector().snapshot() as snapshot,
            pytest.raises(RegisterError, match="keeps no versions"),
        ):
            snapshot.probe(selection(THINGS, C1))


def test_without_a_unique_key_versions_are_refused(mariadb: MariadbDatabase) -> None:
    mariadb.run(f"CREATE TABLE things ({COLUMNS}, UNIQUE (id)) WITH SYSTEM VERSIONING")
    with (
        mariadb.collector().snapshot() as snapshot,
        pytest.raises(RegisterError, match="no unique key is visible"),
    ):
        snapshot.probe(selection(THINGS, C1))


def test_an_account_that_sees_no_keys_learns_which_grant_it_needs(mariadb: MariadbDatabase) -> None:
    mariadb.run(f"CREATE TABLE things ({COLUMNS}, PRIMARY KEY (id)) WITH SYSTEM VERSIONING")
    mariadb.run(f"REVOKE SELECT ON `{mariadb.name}`.* FROM `{mariadb.account}`@`%`")
    mariadb.grant(f"SELECT (id, customer_id, note) ON `{mariadb.name}`.things")
    with mariadb.collector().snapshot() as snapshot, pytest.raises(RegisterError, match="the whole table"):
        snapshot.probe(selection(THINGS, C1))


def test_a_server_that_shows_tables_of_an_earlier_day_is_read_as_of_today(mariadb: MariadbDatabase) -> None:
    mariadb.run(f"CREATE TABLE things ({COLUMNS}, PRIMARY KEY (id)) WITH SYSTEM VERSIONING")
    before = mariadb.rows("SELECT @@GLOBAL.system_versioning_asof")[0][0]
    mariadb.run("SET GLOBAL system_versioning_asof = '2020-01-01 00:00:00'")
    try:
        changed(mariadb, put(1, "C-1", "today"))
        assert read_versions(mariadb) == [("now", [(1, "today")])]
    finally:
        mariadb.run(f"SET GLOBAL system_versioning_asof = {before}")
