"""A moment is not a local time: whichever way a cell is read, it has its offset, and needs no zone."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dsar_export.errors import RegisterError
from dsar_export.model.link import Link
from dsar_export.model.place import LinkTable
from tests.collectors.sources import PostgresDatabase
from tests.collectors.sql_database.mariadb.database import MariadbDatabase, empty_mariadb
from tests.shops import Shop

SAM = "email=sam@example.org"
MOMENT, LOCAL = "2026-07-01T11:00:00Z", "2026-07-01T12:00:00+01:00"  # noon in London
LONDON = '{ column = "dt", zone = "Europe/London" }'
KEY = '{ column = "customer_id", identifier = "customer_id" }'
FIELDS = {"id": "", "ts": "", "dt": LONDON}
TS, TS_IN_LONDON = 'ts = { column = "ts" }', 'ts = { column = "ts", zone = "Europe/London" }'
BY_TIME = 'valid = { since = "since", until = "until" }'
QUERY = "SELECT id, customer_id, ts, COALESCE(ts) AS made, dt FROM events WHERE customer_id IN :customer_id"


def statements(moment: str, local: str) -> Sequence[str]:
    row = "'2026-07-01 11:00:00', '2026-07-01 12:00:00'"
    columns = f"ts {moment} NULL, dt {local} NULL"
    return (
        "CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(60))",
        "INSERT INTO people VALUES (1, 'sam@example.org'), (2, 'robin@example.org')",
        f"CREATE TABLE events (id INTEGER PRIMARY KEY, customer_id INTEGER, {columns})",
        "CREATE INDEX events_1 ON events (customer_id, id)",
        f"INSERT INTO events VALUES (1, 1, {row})",
        f"CREATE TABLE events_before (id INTEGER PRIMARY KEY, customer_id INTEGER, {columns})",
        "CREATE INDEX events_2 ON events_before (customer_id, id)",
        f"INSERT INTO events_before VALUES (2, 1, {row})",
        f"CREATE TABLE meanings (code INTEGER PRIMARY KEY, {columns})",
        f"INSERT INTO meanings VALUES (1, {row})",
        f"CREATE TABLE phones (customer_id INTEGER, phone VARCHAR(20), since {moment} NULL, until {moment} NULL)",
        "INSERT INTO phones VALUES (1, 'p-1', NULL, '2026-07-01 11:00:00')",
        "INSERT INTO phones VALUES (2, 'p-1', '2026-07-01 11:00:00', NULL)",
        f"CREATE TABLE calls (id INTEGER PRIMARY KEY, phone VARCHAR(20), at {moment} NULL)",
        "CREATE INDEX calls_1 ON calls (phone, id)",
        "INSERT INTO calls VALUES (1, 'p-1', '2026-07-01 10:59:59'), (2, 'p-1', '2026-07-01 11:00:00')",
        f"CREATE TABLE logins (at {moment} NULL, customer_id INTEGER)",
        "INSERT INTO logins VALUES ('2026-07-01 11:00:00', 1)",
    )  # fmt: skip


def shop(folder: Path, url: str) -> Shop:
    made = Shop(folder / "register", url=url, left_out=["people", "phones", "logins"])
    made.link("people", "email:email", "customer_id:id").link(
        "phones", "customer_id:customer_id", "phone:phone", BY_TIME
    )
    made.link("logins", "customer_id:customer_id", "login:at").link(
        "logins", "login:at", "customer_id:customer_id"
    )
    history = 'order_by = ["id"]\nhistory = [{ table = "events_before", order_by = ["id"] }]'
    made.dataset("events", KEY, FIELDS, more=history, moments=("ts", "dt"))
    live = '{ column = "id", codes_from = { table = "meanings", code = "code", meaning = "ts" } }'
    made.dataset("coded", KEY, {"at": live}, table="events", left_out=["id", "ts", "dt"], moments=("at",))
    query = f'order_by = ["id"]\nkey = "id"\nquery = "{QUERY}"'
    asked = {**FIELDS, "made": ""}
    made.dataset("asked", KEY, asked, table="events", more=query, moments=("ts", "dt", "made"))
    calls = 'order_by = ["id"]\nvalid_at = ["at"]'
    made.dataset(
        "calls",
        '{ column = "phone", identifier = "phone" }',
        {"id": "", "at": ""},
        more=calls,
        moments=("at",),
        left_out=["phone"],
    )
    by_moment = '{ column = "ts", identifier = "login" }'
    made.dataset("by_moment", by_moment, {"id": ""}, table="events", left_out=["ts", "dt", "customer_id"])
    return made.write()


@pytest.fixture(params=["postgres", "mariadb"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Shop:
    if request.param == "mariadb":
        mariadb = empty_mariadb(request.getfixturevalue("mariadb_server"))
        run, url, types = mariadb.run, mariadb.reader, ("TIMESTAMP", "DATETIME")
        with mariadb.connection() as cursor:
            cursor.execute("SET GLOBAL time_zone = '+00:00'")
    else:
        database: PostgresDatabase = request.getfixturevalue("empty_postgres")
        run, url, types = database.run, database.reader, ("TIMESTAMPTZ", "TIMESTAMP")
    for statement in statements(*types):
        run(statement)
    return shop(tmp_path, url)


def test_a_moment_has_its_offset_whichever_way_it_is_read(made: Shop) -> None:
    package = made.package(SAM)
    events = [(r["ts"], r["dt"], r["earlier_version"]) for r in package.json("events")]
    assert events == [(MOMENT, LOCAL, False), (MOMENT, LOCAL, True)]  # a field, and a history table's
    assert [r["at"] for r in package.json("coded")] == [MOMENT]  # a code table
    assert [(r["ts"], r["made"], r["dt"]) for r in package.json("asked")] == [
        (MOMENT, MOMENT, LOCAL)
    ]  # a query
    assert [r["id"] for r in package.json("calls")] == ["1"]  # a link's valid, and a row's valid_at
    assert [r["id"] for r in package.json("by_moment")] == ["1"]  # a link, and a key


@pytest.mark.parametrize(
    ("file", "before", "after", "at"),
    [
        ("datasets/events.toml", TS, TS_IN_LONDON, "fields.ts.zone"),
        ("datasets/asked.toml", TS, TS_IN_LONDON, "fields.ts.zone"),
        ("register.toml", 'until = "until"', 'until = "until", zone = "Europe/London"', "links.1.valid.zone"),
    ],
    ids=["a field", "a query", "a link"],
)  # fmt: skip
def test_a_zone_on_a_moment_is_refused_by_check_and_by_export(
    made: Shop, file: str, before: str, after: str, at: str
) -> None:
    made.change(file, before, after)
    assert any(f"{at}: column" in line and "drop the zone" in line for line in made.findings())
    with pytest.raises(RegisterError, match="drop the zone"):
        made.export(SAM)


def test_mariadbs_zero_timestamp_is_not_a_moment(mariadb_server: str) -> None:
    mariadb: MariadbDatabase = empty_mariadb(mariadb_server)
    mariadb.run("CREATE TABLE zeros (id INTEGER, at TIMESTAMP NOT NULL)")
    mariadb.run("SET STATEMENT sql_mode = '' FOR INSERT INTO zeros VALUES (1, 0)")
    with mariadb.collector().snapshot() as snapshot:
        link = Link(
            given="a",
            leads_to="b",
            source="main",
            at=LinkTable(table="zeros"),
            given_column="id",
            leads_to_column="at",
        )
        assert [row.reached for row in snapshot.resolve(link, {"1"}, ())] == ["0000-00-00 00:00:00"]
