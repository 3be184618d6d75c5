"""A session's settings are applied and verified, through a pooler too; those in a URL are used or refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, make_url

from collectors.sql_database import SqlDatabase
from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import RegisterError
from dsar_export.interfaces import Collector
from tests.collectors.conftest import with_tables
from tests.collectors.sources import (
    C1,
    PostgresDatabase,
    SqliteDatabase,
    cells,
    fill,
    selection,
    source,
    table_dataset,
)
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tools.servers.pgbouncer import pgbouncer
from tools.servers.postgres import rows

RECORDS = table_dataset("text")


@pytest.fixture
def mariadb(mariadb_server: str) -> MariadbDatabase:
    made = empty_mariadb(mariadb_server)
    with_tables(made)
    return made


def collector_at(url: str, **parameters: str) -> SqlDatabase:
    there = make_url(url).update_query_dict(parameters).render_as_string(hide_password=False)
    return SqlDatabase("main", replace(source(), url=there), Path())


def fetch_cell(collector: Collector, statement: str) -> object:
    """The cell that a statement returns on a snapshot's own connection."""
    with collector.snapshot() as opened:
        assert isinstance(opened, SqlSnapshot)
        return opened._connection.exec_driver_sql(statement).scalar_one()


def texts(collector: Collector) -> list[object]:
    with collector.snapshot() as opened:
        return [row[-1] for chunk in opened.chunks(selection(RECORDS, C1)) for row in chunk.rows]


@contextmanager
def sent_beside(when: str, mark: str, statement: str) -> Iterator[None]:
    """Sends a statement `before` or `after` each one that contains the mark, as a pooler or proxy might."""

    def send(_c: Any, cursor: Any, sent: str, _p: object, _context: object, _many: object) -> None:
        if mark in sent:
            cursor.connection.cursor().execute(statement)

    moment = f"{when}_cursor_execute"
    event.listen(Engine, moment, send)
    try:
        yield
    finally:
        event.remove(Engine, moment, send)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(RegisterError) as caught:
        act()
    assert str(caught.value).startswith("sources.main.url: ")
    return str(caught.value)


def opened(collector: Collector) -> None:
    with collector.snapshot():
        pass


# PostgreSQL, through a pooler


@pytest.fixture(params=["options", ""], ids=["which throws options away", "which refuses options"])
def pooled(request: pytest.FixtureRequest, pg: PostgresDatabase) -> Iterator[str]:
    """The URL of a PgBouncer that pools by transaction."""
    with pgbouncer(pg.reader, ignore_startup_parameters=request.param) as url:
        yield url


def test_a_policy_that_hides_rows_is_an_error_through_a_pooler_too(pg: PostgresDatabase, pooled: str) -> None:
    fill(pg, "open", "hidden")
    assert texts(collector_at(pooled)) == ["open", "hidden"]
    pg.run("ALTER TABLE records ENABLE ROW LEVEL SECURITY")
    pg.run("CREATE POLICY seen ON records USING (text <> 'hidden')")
    with (
        collector_at(pooled).snapshot() as snapshot,
        pytest.raises(RegisterError, match=r"row-level security.*BYPASSRLS"),
    ):
        snapshot.probe(selection(RECORDS, C1))


def test_settings_made_through_a_pooler_end_with_the_transaction(pooled: str) -> None:
    names = ("row_security", "TimeZone", "IntervalStyle", "statement_timeout", "transaction_read_only")
    before = [rows(pooled, f"SHOW {name}") for name in names]
    assert fetch_cell(collector_at(pooled), "SHOW IntervalStyle") == "iso_8601"
    assert [rows(pooled, f"SHOW {name}") for name in names] == before


def test_nothing_is_prepared_in_a_poolers_shared_session(pooled: str) -> None:
    with collector_at(pooled).snapshot() as snapshot:
        assert isinstance(snapshot, SqlSnapshot)
        for _ in range(8):
            snapshot.probe(selection(RECORDS, C1))
        prepared = "SELECT count(*) FROM pg_prepared_statements"
        assert snapshot._connection.exec_driver_sql(prepared).scalar_one() == 0


def test_settings_in_the_url_are_in_effect_through_a_pooler_too(pg: PostgresDatabase, pooled: str) -> None:
    pg.run("CREATE SCHEMA crm")
    pg.run("CREATE TABLE crm.letters (id INTEGER PRIMARY KEY)")
    pg.run(f"GRANT USAGE ON SCHEMA crm TO {pg.role}")
    pg.run(f"GRANT SELECT ON crm.letters TO {pg.role}")
    for url in (pg.reader, pooled):
        described = collector_at(url, options=r"-c search_path=crm,\ public --work-mem=5MB").describe()
        assert {"letters", "public.letters"} <= {table.name for table in described.tables}
        assert fetch_cell(collector_at(url, options="-cwork_mem=5MB"), "SHOW work_mem") == "5MB"


def test_a_pooler_by_statement_is_refused_with_a_next_step(pg: PostgresDatabase) -> None:
    with pgbouncer(pg.reader, pool_mode="statement", ignore_startup_parameters="options") as url:
        for act in (collector_at(url).describe, lambda: opened(collector_at(url))):
            assert "pools by statement" in refused(act)
            assert "pool_mode" in refused(act)


# PostgreSQL: settings that are not in effect


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("row_security", "on"),
        ("TimeZone", "Asia/Tokyo"),
        ("DateStyle", "German"),
        ("IntervalStyle", "postgres"),
        ("extra_float_digits", "0"),
        ("bytea_output", "escape"),
        ("standard_conforming_strings", "off"),
        ("statement_timeout", "0"),
        ("client_encoding", "LATIN1"),
    ],
)
def test_a_setting_that_is_not_in_effect_stops_everything(
    pg: PostgresDatabase, name: str, value: str
) -> None:
    for act in (pg.collector().describe, lambda: opened(pg.collector())):
        with sent_beside("after", "set_config(", f"SET LOCAL {name} = '{value}'"):
            message = refused(act)
        assert f"the setting {name} was set but is not in effect" in message
        assert "pool by transaction or session" in message


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        ("ISOLATION LEVEL READ COMMITTED", "transaction_isolation"),
        ("READ WRITE", "transaction_read_only"),
    ],
)
def test_a_transaction_of_another_kind_stops_everything(pg: PostgresDatabase, mode: str, name: str) -> None:
    with sent_beside("before", "set_config(", f"SET TRANSACTION {mode}"):
        assert f"the setting {name} was set but is not in effect" in refused(lambda: opened(pg.collector()))


# PostgreSQL: settings in the URL


@pytest.mark.parametrize(
    "name",
    ["row_security", "TimeZone", "datestyle", "intervalstyle", "extra-float-digits", "statement_timeout",
     "default_transaction_read_only", "client_encoding"],
)  # fmt: skip
@pytest.mark.parametrize(
    "spelled", ["-c {}=PRIVATE", "-c{}=PRIVATE", "--{}=PRIVATE", "-c jit=off  -c {}=PRIVATE"]
)
def test_an_option_that_is_set_here_is_refused_by_name(pg: PostgresDatabase, name: str, spelled: str) -> None:
    message = refused(lambda: collector_at(pg.reader, options=spelled.format(name)))
    assert f"options: {name.lower().replace('-', '_')} is set by this program itself" in message
    assert "PRIVATE" not in message
    assert pg.role not in message


@pytest.mark.parametrize("options", ["-d 5", "-c", "-c jit", "search_path=crm"])
def test_an_option_that_is_not_a_setting_is_refused(pg: PostgresDatabase, options: str) -> None:
    assert "each as `-c name=value`" in refused(lambda: collector_at(pg.reader, options=options))


@pytest.mark.parametrize("option", ["max_connections=5", "no_such_setting=5", "work_mem=much"])
def test_an_option_that_the_server_refuses_is_named(pg: PostgresDatabase, option: str) -> None:
    message = refused(lambda: opened(collector_at(pg.reader, options=f"-c {option}")))
    assert f"does not allow {option.partition('=')[0]} to be set" in message


@pytest.mark.parametrize("name", ["prepare_threshold", "autocommit", "row_factory", "PRIVATE_WORD"])
def test_an_unknown_parameter_is_refused_by_name(pg: PostgresDatabase, name: str) -> None:
    assert f"the parameter {name!r}" in refused(lambda: collector_at(pg.reader, **{name: "5"}))


def test_parameters_of_the_connection_are_passed_on(pg: PostgresDatabase) -> None:
    named = collector_at(
        pg.reader, application_name="privacy team", connect_timeout="3", client_encoding="UTF-8"
    )
    assert fetch_cell(named, "SHOW application_name") == "privacy team"
    assert fetch_cell(pg.collector(), "SHOW application_name") == "dsar-export"
    assert "client_encoding" in refused(lambda: collector_at(pg.reader, client_encoding="latin1"))


# MariaDB


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("time_zone", "'+09:00'"),
        ("sql_mode", "'ANSI_QUOTES'"),
        ("sql_select_limit", "10"),
        ("group_concat_max_len", "1024"),
        ("max_sort_length", "64"),
        ("sql_auto_is_null", "1"),
        ("system_versioning_asof", "'2020-01-01'"),
        ("tx_isolation", "'READ-COMMITTED'"),
        ("tx_read_only", "0"),
        ("character_set_results", "latin1"),
    ],
)
def test_a_setting_of_mariadb_that_is_not_in_effect_stops_everything(
    mariadb: MariadbDatabase, name: str, value: str
) -> None:
    for act in (mariadb.collector().describe, lambda: opened(mariadb.collector())):
        with sent_beside("before", "START TRANSACTION", f"SET SESSION {name} = {value}"):
            assert f"the setting {name} was set but is not in effect" in refused(act)


def test_rows_that_the_server_would_show_as_of_another_day_are_read_as_of_today(
    mariadb: MariadbDatabase,
) -> None:
    columns = "id INTEGER PRIMARY KEY, customer_id VARCHAR(9), text VARCHAR(9)"
    mariadb.run(f"CREATE TABLE kept ({columns}) WITH SYSTEM VERSIONING")
    mariadb.run("INSERT INTO kept VALUES (1, 'C-1', 'now')")
    mariadb.run("SET GLOBAL system_versioning_asof = '2020-01-01'")
    try:
        assert mariadb.rows("SELECT * FROM kept") == []
        assert cells(mariadb, table_dataset("text", name="kept"), C1) == [("now",)]
    finally:
        mariadb.run("SET GLOBAL system_versioning_asof = DEFAULT")


def test_a_transaction_that_mariadb_did_not_begin_stops_everything(mariadb: MariadbDatabase) -> None:
    with sent_beside("after", "START TRANSACTION", "COMMIT"):
        assert "the setting in_transaction was set but is not in effect" in refused(
            lambda: opened(mariadb.collector())
        )


@pytest.mark.parametrize(
    "name", ["sql_mode", "read_timeout", "use_unicode", "autocommit", "client_flag", "conv", "ssl_disabled"]
)
def test_a_parameter_that_is_set_here_is_refused_by_name(name: str) -> None:
    message = refused(lambda: collector_at("mariadb://u:SECRET@h/d", **{name: "PRIVATE"}))
    assert f"the parameter {name!r} is not supported" in message
    assert "PRIVATE" not in message
    assert ("timeout instead" in message) is (name == "read_timeout")


@pytest.mark.parametrize(
    "command",
    [
        "SET time_zone = '+01:00'",
        "set NAMES latin1",
        "SET SESSION sql_mode = 'ANSI'",
        "SET CHARACTER SET latin1",
    ],
)
def test_an_init_command_that_sets_what_is_set_here_is_refused(command: str) -> None:
    message = refused(lambda: collector_at("mariadb://u:SECRET@h/d", init_command=command))
    assert "init_command: " in message
    assert "SECRET" not in message


def test_parameters_of_mariadbs_connection_are_passed_on(mariadb: MariadbDatabase) -> None:
    kept = collector_at(mariadb.reader, init_command="SET @here = 7", charset="UTF8MB4", connect_timeout="3")
    assert fetch_cell(kept, "SELECT @here") == 7
    assert "charset" in refused(lambda: collector_at(mariadb.reader, charset="latin1"))


# SQLite


@pytest.mark.parametrize(("name", "value"), [("query_only", "OFF"), ("temp_store", "FILE")])
def test_a_setting_of_a_file_that_is_not_in_effect_stops_everything(
    sqlite: SqliteDatabase, name: str, value: str
) -> None:
    def spoil(raw: Any, _: object) -> None:
        raw.execute(f"PRAGMA {name} = {value}")

    event.listen(Engine, "connect", spoil)
    try:
        for act in (sqlite.collector().describe, lambda: opened(sqlite.collector())):
            assert f"the setting {name} was set but is not in effect" in refused(act)
    finally:
        event.remove(Engine, "connect", spoil)


def test_a_sqlite_that_always_sorts_in_files_is_refused(
    sqlite: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = next(o for o in (row[0] for row in sqlite.rows("PRAGMA compile_options")) if "THREADSAFE" in str(o))
    monkeypatch.setattr("collectors.sql_database.sqlite.dialect._ALWAYS_FILES", how)
    assert "always sorts in temporary files" in refused(lambda: opened(sqlite.collector()))


def test_a_files_url_may_have_no_parameters() -> None:
    assert "remove mode" in refused(lambda: collector_at("sqlite:///main.db", mode="rwc"))
