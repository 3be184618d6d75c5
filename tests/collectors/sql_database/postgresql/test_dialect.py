"""PostgreSQL for real: read-only, one moment, streamed, lost and slow connections, roles, schemas and types."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from collectors.sql_database.snapshot import SqlSnapshot
from dsar_export.errors import RegisterError, SourceLostError, SourceUnreadableError
from dsar_export.model.field_mapping import CodeTable
from dsar_export.model.request import Identifier
from dsar_export.model.source import Probe
from tests.collectors.sources import (
    C1,
    LINK,
    SAM,
    PostgresDatabase,
    SqliteDatabase,
    cells,
    fill,
    letters_dataset,
    meanings,
    read,
    selection,
    table_dataset,
)
from tests.replacing import replace
from tools.servers.postgres import PostgresServer

RECORDS = table_dataset("text")
OURS = (
    "SELECT pid FROM pg_stat_activity WHERE application_name = 'dsar-export' AND datname = current_database()"
)
CODES = CodeTable(table="campaigns", code="id", meaning="title")


@pytest.fixture
def snapshot(pg: PostgresDatabase) -> Iterator[SqlSnapshot]:
    with pg.collector().snapshot() as opened:
        assert isinstance(opened, SqlSnapshot)
        yield opened


def fetch_cell(snapshot: SqlSnapshot, statement: str) -> object:
    """The cell that a statement returns on the snapshot's own connection."""
    return snapshot._connection.exec_driver_sql(statement).scalar_one()


# Never changed, one moment, streamed


def test_the_transaction_is_repeatable_read_and_read_only(snapshot: SqlSnapshot) -> None:
    assert fetch_cell(snapshot, "SHOW transaction_isolation") == "repeatable read"
    assert fetch_cell(snapshot, "SHOW transaction_read_only") == "on"


def test_not_even_the_owner_can_write_through_it(pg: PostgresDatabase) -> None:
    for statement in (
        "INSERT INTO campaigns (title) VALUES ('x')",
        "DROP TABLE records",
        "CREATE TABLE x (y int)",
    ):
        with (
            pg.collector_at(pg.url).snapshot() as opened,
            pytest.raises(DBAPIError, match="read-only transaction"),
        ):
            fetch_cell(opened, statement)
    assert pg.rows("SELECT count(*) FROM campaigns") == [(0,)]


def test_a_row_that_another_connection_commits_later_is_never_seen(
    pg: PostgresDatabase,
) -> None:
    with pg.collector().snapshot() as opened:
        fill(pg, "later")  # nothing has been read yet
        pg.run("INSERT INTO customers VALUES ('C-1', 'sam@example.org')")
        assert list(opened.chunks(selection(RECORDS, C1))) == []
        assert list(opened.resolve(LINK, [SAM.value], ())) == []
    assert cells(pg, RECORDS, C1) == [("later",)]


def test_rows_are_fetched_from_a_server_side_cursor(pg: PostgresDatabase, snapshot: SqlSnapshot) -> None:
    fill(pg, *map(str, range(600)))
    with pg.collector().snapshot() as opened:
        stream = opened.chunks(selection(RECORDS, C1))
        first = len(next(stream).rows)
        assert fetch_cell(opened, "SELECT count(*) FROM pg_cursors") == 1
        assert sum(len(chunk.rows) for chunk in stream) == 600 - first
        assert fetch_cell(opened, "SELECT count(*) FROM pg_cursors") == 0


# Slow and lost


def test_a_statement_that_takes_too_long_is_stopped_by_the_server_and_reported(pg: PostgresDatabase) -> None:
    fill(pg, "PRIVATE")
    slow = replace(
        table_dataset("text"),
        query="SELECT id, customer_id, text FROM records WHERE customer_id IN :customer_id AND pg_sleep(30) IS NULL",
        key="id",
    )
    with (
        pg.collector(timeout=1).snapshot() as opened,
        pytest.raises(
            SourceUnreadableError, match="dataset 'records': the statement took too long"
        ) as caught,
    ):
        list(opened.chunks(selection(slow, C1)))
    assert not isinstance(caught.value, SourceLostError)


def terminate(pg: PostgresDatabase, snapshot: SqlSnapshot) -> None:
    pid = fetch_cell(snapshot, "SELECT pg_backend_pid()")
    assert pg.rows("SELECT pg_terminate_backend(?, 5000)", pid) == [(True,)]


def test_a_connection_lost_before_the_first_row_raises_source_lost(
    pg: PostgresDatabase, snapshot: SqlSnapshot
) -> None:
    terminate(pg, snapshot)
    with pytest.raises(SourceLostError, match="dataset 'records': the connection was lost"):
        list(snapshot.chunks(selection(RECORDS, C1)))


@pytest.mark.parametrize("what", ["links", "codes", "a probe"])
def test_a_connection_lost_before_anything_was_read_raises_source_lost_everywhere(
    pg: PostgresDatabase, snapshot: SqlSnapshot, what: str
) -> None:
    acts: dict[str, Callable[[], object]] = {
        "links": lambda: list(snapshot.resolve(LINK, [SAM.value], ())),
        "codes": lambda: meanings(snapshot, CODES),
        "a probe": lambda: snapshot.probe(selection(RECORDS, C1)),
    }
    terminate(pg, snapshot)
    with pytest.raises(SourceLostError, match=r"link from 'email'|code table|dataset 'records'"):
        acts[what]()


@pytest.mark.parametrize("times", [1, 1000], ids=["while rows are fetch_cell for ahead", "while none are"])
def test_a_connection_lost_after_rows_were_delivered_raises_source_unreadable(
    pg: PostgresDatabase, times: int
) -> None:
    fill(pg, *["PRIVATE" * times] * 2000)
    with pg.collector().snapshot() as opened:
        assert isinstance(opened, SqlSnapshot)
        stream = opened.chunks(selection(RECORDS, C1))
        assert next(stream).rows
        pid = pg.rows(OURS)
        assert pg.rows("SELECT pg_terminate_backend(?, 5000)", pid[0][0]) == [(True,)]
        with pytest.raises(SourceUnreadableError, match="dataset 'records'") as caught:
            list(stream)
    assert not isinstance(caught.value, SourceLostError)
    assert "PRIVATE" not in str(caught.value)


# Refused


def test_a_table_that_the_role_may_not_read_is_named_without_its_contents(pg: PostgresDatabase) -> None:
    fill(pg, "PRIVATE")
    pg.run(f"REVOKE SELECT ON records FROM {pg.role}")
    with (
        pg.collector().snapshot() as opened,
        pytest.raises(RegisterError, match="permission denied for table records"),
    ):
        opened.probe(selection(RECORDS, C1))
    with pg.collector().snapshot() as opened, pytest.raises(SourceUnreadableError, match="dataset 'records'"):
        list(opened.chunks(selection(RECORDS, C1)))


def test_a_policy_that_would_hide_rows_is_an_error(pg: PostgresDatabase) -> None:
    fill(pg, "hidden")
    pg.run("ALTER TABLE records ENABLE ROW LEVEL SECURITY")
    pg.run("CREATE POLICY none ON records USING (false)")
    with pg.collector().snapshot() as opened, pytest.raises(RegisterError, match="row-level security"):
        opened.probe(selection(RECORDS, C1))
    with pytest.raises(SourceUnreadableError):
        read(pg, RECORDS, C1)


def test_a_wrong_password_is_reported_but_not_shown(pg: PostgresDatabase) -> None:
    wrong = make_url(pg.reader).set(password="PRIVATE-WORD").render_as_string(hide_password=False)
    with pytest.raises(SourceUnreadableError, match="source 'main' could not be read: connecting") as caught:
        pg.collector_at(wrong).snapshot().__enter__()
    assert not [text for text in ("PRIVATE", pg.role, "127.0.0.1") if text in str(caught.value)]
    assert caught.value.__cause__ is None


def test_a_cell_that_stops_a_query_is_not_quoted(pg: PostgresDatabase) -> None:
    fill(pg, "PRIVATE")
    failing = replace(
        RECORDS,
        query="SELECT id, customer_id, text::int::text AS text FROM records WHERE customer_id IN :customer_id",
        key="id",
    )
    with pytest.raises(SourceUnreadableError) as caught:
        read(pg, failing, C1)
    assert "PRIVATE" not in str(caught.value)
    assert "invalid" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("kind", ["VIEW", "MATERIALIZED VIEW"])
def test_a_view_of_either_kind_cannot_be_a_datasets_table(pg: PostgresDatabase, kind: str) -> None:
    pg.run(f"CREATE {kind} shown AS SELECT * FROM records")
    table = pg.collector().describe().table("shown")
    assert table is not None
    assert table.is_view
    with pg.collector().snapshot() as opened, pytest.raises(RegisterError, match="'shown' is a view"):
        opened.probe(selection(table_dataset("text", name="shown"), C1))


# Roles


def test_a_role_with_only_select_is_enough_and_has_no_privileges_beyond_reading(pg: PostgresDatabase) -> None:
    fill(pg, "one")
    assert cells(pg, RECORDS, C1) == [("one",)]
    assert pg.collector().describe().may_write == ()


@pytest.mark.parametrize(
    ("grant", "privilege"),
    [
        ("GRANT INSERT ON letters TO {role}", "public.letters"),
        ("GRANT UPDATE (body) ON letters TO {role}", "public.letters"),
        ("GRANT DELETE ON seen TO {role}", "public.seen"),
        ("GRANT TRUNCATE ON records TO {role}", "public.records"),
        ("ALTER TABLE campaigns OWNER TO {role}", "public.campaigns"),
    ],
)
def test_a_roles_privileges_beyond_reading_are_named(
    pg: PostgresDatabase, grant: str, privilege: str
) -> None:
    pg.run(grant.format(role=pg.role))
    assert pg.collector().describe().may_write == (privilege,)


def test_a_superuser_is_named_as_such(pg: PostgresDatabase) -> None:
    may = pg.collector_at(pg.url).describe().may_write
    assert "SUPERUSER" in may
    assert "public.records" in may


# Names and order


def test_a_table_of_another_schema_is_read_by_its_full_name(pg: PostgresDatabase) -> None:
    pg.run("CREATE SCHEMA crm")
    pg.run("CREATE TABLE crm.letters (id INTEGER PRIMARY KEY, customer_id TEXT, body TEXT)")
    pg.run("INSERT INTO crm.letters VALUES (1, 'C-1', 'theirs'), (2, 'C-2', 'another')")
    pg.run(f"GRANT USAGE ON SCHEMA crm TO {pg.role}")
    pg.run(f"GRANT SELECT ON crm.letters TO {pg.role}")
    held = pg.collector().describe()
    table = held.table("crm.letters")
    assert table is not None
    assert (table.columns, table.unique_keys) == (("id", "customer_id", "body"), (frozenset({"id"}),))
    assert held.table("letters") is not None
    assert cells(pg, replace(table_dataset("body"), table="crm.letters"), C1) == [("theirs",)]


def test_names_in_capitals_and_sql_keywords_are_ordinary_names(pg: PostgresDatabase) -> None:
    pg.run('CREATE TABLE "Order" ("customer_id" TEXT, "id" INTEGER, "Select" TEXT, "a""b" TEXT)')
    pg.run("""INSERT INTO "Order" VALUES ('C-1', 1, 'x', 'y')""")
    assert cells(pg, replace(table_dataset("Select", 'a"b'), table="Order"), C1) == [("x", "y")]


def test_a_partitioned_table_is_one_table(pg: PostgresDatabase) -> None:
    pg.run("CREATE TABLE parts (id INTEGER, customer_id TEXT, text TEXT) PARTITION BY RANGE (id)")
    pg.run("CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)")
    pg.run("CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20)")
    pg.run("INSERT INTO parts VALUES (1, 'C-1', 'a'), (11, 'C-1', 'b'), (12, 'C-2', 'x')")
    names = {table.name for table in pg.collector().describe().tables}
    assert "parts" in names
    assert not {"parts_1", "parts_2"} & names
    assert cells(pg, table_dataset("text", name="parts"), C1) == [("a",), ("b",)]


KEYS = ("ab", "B", "a", "Ab", "é", "e", "É", "_", "-a", "Z", "z1", "z 1", "\U0001f680", "ß", "ss", "\uffee")


def test_the_order_is_the_same_as_in_sqlite_whatever_the_databases_locale(
    postgres: PostgresServer, empty_sqlite: SqliteDatabase
) -> None:
    with postgres.database("collated", locale="en-US") as url:
        collated = PostgresDatabase(url, url)
        for database in (collated, empty_sqlite):
            database.table("records", customer_id="TEXT", code="VARCHAR(9)", id="INTEGER")
            rows = [(owner, code, n) for owner in KEYS for n, code in enumerate(KEYS)]
            database.many("INSERT INTO records VALUES (?, ?, ?)", rows)
        dataset = table_dataset("code", order=("code", "id"))
        everybody = [Identifier("customer_id", key) for key in KEYS]
        by_bytes = read(collated, dataset, *everybody)
        assert by_bytes == read(empty_sqlite, dataset, *everybody)
        assert [row[0] for row in by_bytes[:: len(KEYS)]] == sorted(KEYS)
        in_locale = collated.rows("SELECT DISTINCT customer_id FROM records ORDER BY 1")
        assert [key for (key,) in in_locale] != sorted(KEYS)  # otherwise this test could not fail


def test_a_casefolded_key_uses_two_indexes(pg: PostgresDatabase) -> None:
    letters = selection(letters_dataset(query=None), SAM)
    with pg.collector().snapshot() as opened:
        scans = frozenset({("letters", 0)})
        assert opened.probe(letters) == Probe(without_index=True, remote=True, scans=scans)
    pg.run('CREATE INDEX folded ON letters (lower(email COLLATE "C"))')
    blank = r"[\x09-\x0D\x1C-\x20]"
    pg.run(rf"CREATE INDEX unfolded ON letters (id) WHERE email ~ '[^\x01-\x7F]|^{blank}|{blank}$'")
    with pg.collector().snapshot() as opened:
        assert opened.probe(letters) == Probe(without_index=False, remote=True)


def test_an_open_snapshot_is_closed_with_its_block(pg: PostgresDatabase) -> None:
    with pg.collector().snapshot() as opened:
        next(opened.chunks(selection(RECORDS, C1)), None)
        assert len(pg.rows(OURS)) == 1
    assert pg.rows(OURS) == []
    pg.run("DROP TABLE records")
