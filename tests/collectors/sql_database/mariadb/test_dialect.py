"""MariaDB for real: the contract, read-only, one moment, streamed, slow and lost connections, accounts, side by side.

They are skipped where there is no MariaDB.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pymysql
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from collectors.sql_database import SqlDatabase
from collectors.sql_database.dialect import Trouble
from collectors.sql_database.mariadb.connection import open_engine
from collectors.sql_database.mariadb.dialect import Mariadb
from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import RegisterError, SourceLostError, SourceUnreadableError
from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.source import Probe
from dsar_export.testing import CollectorCase, assert_contract
from tests.collectors.cancelling import cancelled_soon
from tests.collectors.cases import filled, query_case, table_case
from tests.collectors.conftest import with_tables
from tests.collectors.sources import (
    C1,
    LINK,
    SAM,
    Database,
    cells,
    fill,
    meanings,
    read,
    selection,
    source,
    table_dataset,
)
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.replacing import replace

RECORDS = table_dataset("text")
CODES = CodeTable(table="campaigns", code="id", meaning="title")
URL = "mariadb://somebody:PRIVATE@127.0.0.1:1/shop"


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    made = empty_mariadb(mariadb_server)
    with_tables(made)
    return made


@pytest.fixture
def snapshot(mariadb: MariadbDatabase) -> Iterator[SqlSnapshot]:
    with mariadb.collector().snapshot() as opened:
        assert isinstance(opened, SqlSnapshot)
        yield opened


def fetch_cell(snapshot: object, statement: str) -> object:
    """The cell that a statement returns on the snapshot's own connection."""
    assert isinstance(snapshot, SqlSnapshot)
    return snapshot._connection.exec_driver_sql(statement).scalar_one()


# Without a server


def test_without_pymysql_the_error_shows_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pymysql", None)
    with pytest.raises(RegisterError, match="pip install pymysql"):
        SqlDatabase("main", replace(source(), url=URL), Path()).describe()


def test_a_password_that_needs_one_more_package_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise RuntimeError("'cryptography' package is required for sha256_password")

    monkeypatch.setattr(pymysql, "connect", refuse)
    with pytest.raises(RegisterError, match=r"pip install 'pymysql\[rsa\]'"):
        open_engine(make_url(URL), 1).connect()


@pytest.mark.parametrize("url", ["mysql://u:p@h", "mariadb+pymysql://u:p@h/"])
def test_a_url_must_name_its_database(url: str) -> None:
    with pytest.raises(RegisterError, match=r"sources.main.url: expected .*mariadb://…/DATABASE") as caught:
        SqlDatabase("main", replace(source(), url=url), Path())
    assert "u:p" not in str(caught.value)


@pytest.mark.parametrize(
    ("codes", "trouble"),
    [
        ((1044, 1054, 1064, 1142, 1143, 1146), Trouble.UNFIT),
        ((1969, 3024), Trouble.SLOW),
        ((1053, 1412, 1927, 2006, 2013, 2055), Trouble.LOST),
        ((1045, 1062, 2003), Trouble.OTHER),
    ],
)
def test_errors_are_classified_by_their_number(codes: tuple[int, ...], trouble: Trouble) -> None:
    for code in codes:
        failure = Mariadb(make_url(URL)).failure(DBAPIError("", None, Exception(code, "PRIVATE")))
        assert failure.trouble is trouble
        assert ("PRIVATE" in failure.reason) is (trouble is Trouble.UNFIT)


# The contract


@pytest.mark.parametrize("case", [table_case, query_case])
def test_it_keeps_the_contract(case: Callable[[Database], CollectorCase], mariadb_server: str) -> None:
    # Sorted by bytes, because the cases ask the server itself for the order.
    with filled(empty_mariadb(mariadb_server, "utf8mb4_bin")) as database:
        assert_contract(case(database))


# Never changed, one moment, streamed


def test_the_transaction_is_repeatable_read_and_read_only(snapshot: SqlSnapshot) -> None:
    names = "@@tx_isolation, @@tx_read_only, @@time_zone, @@sql_mode"
    settings = fetch_cell(snapshot, f"SELECT CONCAT_WS(' ', {names})")
    assert settings == "REPEATABLE-READ ON +00:00 "


def test_not_even_the_administrator_can_write_through_it(mariadb: MariadbDatabase) -> None:
    for statement in ("INSERT INTO campaigns (title) VALUES ('x')", "DELETE FROM records"):
        with (
            mariadb.collector_at(mariadb.url).snapshot() as opened,
            pytest.raises(DBAPIError, match="READ ONLY"),
        ):
            fetch_cell(opened, statement)
    assert mariadb.rows("SELECT count(*) FROM campaigns") == [(0,)]


def test_a_row_that_another_connection_commits_later_is_never_seen(
    mariadb: MariadbDatabase,
) -> None:
    with mariadb.collector().snapshot() as opened:
        fill(mariadb, "later")  # nothing has been read yet
        mariadb.run("INSERT INTO customers VALUES ('C-1', 'sam@example.org')")
        assert list(opened.chunks(selection(RECORDS, C1))) == []
        assert list(opened.resolve(LINK, [SAM.value], ())) == []
    assert cells(mariadb, RECORDS, C1) == [("later",)]


def test_interleaved_reads_lose_no_row(mariadb: MariadbDatabase) -> None:
    fill(mariadb, *map(str, range(600)))
    with mariadb.collector().snapshot() as opened:
        stream, other = (opened.chunks(selection(RECORDS, C1)) for _ in range(2))
        first, second = [next(stream)], [next(other)]
        assert meanings(opened, CODES) == {}
        for found in ([*first, *stream], [*second, *other]):
            assert [row[2] for chunk in found for row in chunk.rows] == list(map(str, range(600)))


# Slow and lost

# Not sleep(), which itself checks whether the client is still connected.
_ENDLESS = (
    "SELECT id, customer_id, text FROM records WHERE customer_id IN :customer_id "
    "AND BENCHMARK(100000000000, SHA2(text, 512)) = 0"
)


def test_a_statement_that_takes_too_long_is_reported_and_killed_on_the_server(
    mariadb: MariadbDatabase,
) -> None:
    fill(mariadb, "PRIVATE")
    dataset = replace(RECORDS, query=_ENDLESS, key="id")
    with (
        mariadb.collector(timeout=1).snapshot() as opened,
        pytest.raises(SourceUnreadableError, match="'records': the statement took too long") as caught,
    ):
        list(opened.chunks(selection(dataset, C1)))
    assert not isinstance(caught.value, SourceLostError)
    assert not running(mariadb)


def test_a_statement_is_cancelled_at_the_server_from_another_thread(mariadb: MariadbDatabase) -> None:
    fill(mariadb, "PRIVATE")
    dataset = replace(RECORDS, query=_ENDLESS, key="id")
    collector = mariadb.collector(timeout=60)
    with (
        collector.snapshot() as opened,
        cancelled_soon(collector.cancel),
        pytest.raises(SourceUnreadableError, match="dataset 'records'"),
    ):
        list(opened.chunks(selection(dataset, C1)))
    assert not running(mariadb)


def running(mariadb: MariadbDatabase) -> list[tuple[object, ...]]:
    """The reading account's connections, after the server has had time to end one."""
    asking = "SELECT id FROM information_schema.processlist WHERE user = ?"
    for _ in range(50):
        if not (found := mariadb.rows(asking, mariadb.account)):
            break
        time.sleep(0.1)
    return found


def test_the_readers_own_pauses_do_not_count_as_waiting(mariadb: MariadbDatabase) -> None:
    fill(mariadb, *["x" * (1 << 20)] * 60)
    with mariadb.collector(timeout=1).snapshot() as opened:
        stream = opened.chunks(selection(RECORDS, C1))
        first = next(stream)
        time.sleep(2)
        assert sum(len(chunk.rows) for chunk in (first, *stream)) == 60


def end(mariadb: MariadbDatabase) -> None:
    asking = "SELECT id FROM information_schema.processlist WHERE user = ?"
    ((number,),) = mariadb.rows(asking, mariadb.account)
    mariadb.run(f"KILL {number}")
    assert not running(mariadb)


@pytest.mark.parametrize("what", ["rows", "links", "codes", "a probe"])
def test_a_connection_lost_before_anything_was_read_raises_source_lost(
    mariadb: MariadbDatabase, snapshot: SqlSnapshot, what: str
) -> None:
    acts: dict[str, Callable[[], object]] = {
        "rows": lambda: list(snapshot.chunks(selection(RECORDS, C1))),
        "links": lambda: list(snapshot.resolve(LINK, [SAM.value], ())),
        "codes": lambda: meanings(snapshot, CODES),
        "a probe": lambda: snapshot.probe(selection(RECORDS, C1)),
    }
    end(mariadb)
    with pytest.raises(SourceLostError, match=r"(link from 'email'|code table|dataset 'records').*lost"):
        acts[what]()


def test_a_connection_lost_after_rows_were_delivered_raises_source_unreadable(
    mariadb: MariadbDatabase,
) -> None:
    fill(mariadb, *["PRIVATE" * 5000] * 2000)
    with mariadb.collector().snapshot() as opened:
        stream = opened.chunks(selection(RECORDS, C1))
        assert len(next(stream).rows) > 1
        end(mariadb)
        with pytest.raises(SourceUnreadableError, match="dataset 'records'") as caught:
            list(stream)
    assert not isinstance(caught.value, SourceLostError)
    assert "PRIVATE" not in str(caught.value)


# Refused, and accounts


def test_a_missing_column_or_table_is_named(snapshot: SqlSnapshot) -> None:
    for dataset in (table_dataset("no_such_column"), table_dataset("id", name="no_such_table")):
        with pytest.raises(RegisterError, match=r"does not fit source 'main': .*no_such_"):
            snapshot.probe(selection(dataset, C1))


def test_a_wrong_password_is_reported_but_not_shown(mariadb: MariadbDatabase) -> None:
    wrong = make_url(mariadb.reader).set(password="PRIVATE").render_as_string(hide_password=False)
    with pytest.raises(SourceUnreadableError, match="connecting: the server refused the account") as caught:
        mariadb.collector_at(wrong).snapshot().__enter__()
    assert "PRIVATE" not in str(caught.value)
    assert caught.value.__cause__ is None


def may_write(mariadb: MariadbDatabase) -> set[str]:
    # A new server lets everybody write to databases with these names.
    return {t for t in mariadb.collector().describe().may_write if not t.startswith("test")}


def test_an_accounts_privileges_beyond_reading_are_named(mariadb: MariadbDatabase) -> None:
    assert may_write(mariadb) == set()
    here, role = mariadb.name, f"{mariadb.name}_role"
    mariadb.grant(f"UPDATE (body) ON {here}.letters")
    mariadb.grant(f"SELECT, DELETE ON {here}.campaigns")
    mariadb.grant("PROCESS ON *.*")
    mariadb.run(f"CREATE OR REPLACE ROLE {role}")
    mariadb.run(f"GRANT INSERT ON {here}.records TO {role}")
    mariadb.run(f"GRANT {role} TO `{mariadb.account}`@`%`")
    assert may_write(mariadb) == {f"{here}.letters", f"{here}.campaigns", f"{here}.records", "PROCESS"}
    mariadb.run(f"DROP ROLE {role}")
    privileges = mariadb.collector_at(mariadb.url).describe().may_write
    assert "ALL PRIVILEGES" in privileges


def test_an_account_that_may_read_only_some_columns_or_a_view_is_enough(mariadb: MariadbDatabase) -> None:
    fill(mariadb, "one")
    mariadb.run("INSERT INTO customers VALUES ('C-1', 'sam@example.org')")
    mariadb.run("CREATE VIEW shown AS SELECT id, email FROM customers")
    mariadb.run(f"REVOKE SELECT ON {mariadb.name}.* FROM `{mariadb.account}`@`%`")
    mariadb.grant(f"SELECT (id, customer_id, text) ON {mariadb.name}.records")
    mariadb.grant(f"SELECT ON {mariadb.name}.shown")
    held = mariadb.collector().describe()
    assert {(t.name, t.columns, t.is_view) for t in held.tables} == {
        ("records", ("id", "customer_id", "text"), False),
        ("shown", ("id", "email"), True),
    }
    with mariadb.collector().snapshot() as opened:
        assert not opened.probe(selection(RECORDS, C1)).without_index
        link = replace(LINK, table="shown")
        assert [row.reached for row in opened.resolve(link, [SAM.value], ())] == ["C-1"]
        with pytest.raises(RegisterError, match=r"link from 'email'.*Unknown column"):
            list(opened.resolve(replace(link, given_column="mail"), [SAM.value], ()))
    assert read(mariadb, RECORDS, C1) == [("C-1", None, "one")]


def test_an_index_is_used_in_spite_of_the_comparison_by_bytes(mariadb: MariadbDatabase) -> None:
    for without_index in (False, True):
        with mariadb.collector().snapshot() as opened:
            scans = frozenset({("records", 0)} if without_index else ())
            assert opened.probe(selection(RECORDS, C1)) == Probe(without_index, remote=True, scans=scans)
        if not without_index:
            mariadb.run("DROP INDEX records_order ON records")
