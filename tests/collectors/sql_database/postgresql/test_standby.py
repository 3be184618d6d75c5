"""A standby shows the moment that it has replayed, which may be long ago."""

import shutil
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from psycopg import sql
from sqlalchemy import make_url

from tests.collectors.sources import C1, PostgresDatabase, cells, table_dataset
from tools.servers.postgres import (
    PostgresServer,
    installed,
    postgres_server,
    reachable,
    rows,
    run,
    select_only_role,
)
from tools.servers.starting import server_account

PATIENCE: Final = 60.0
RECORDS: Final = table_dataset("text")


@dataclass(frozen=True)
class Standby:
    """A standby and its primary, each with its URL, for a read-only role."""

    primary: str
    url: str
    reader: str

    def run(self, *statements: str) -> None:
        run(self.primary, *statements)

    def as_of(self) -> datetime | None:
        with PostgresDatabase(self.url, self.reader).collector().snapshot() as snapshot:
            return snapshot.as_of()

    def texts(self) -> list[object]:
        return [text for (text,) in cells(PostgresDatabase(self.url, self.reader), RECORDS, C1)]


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture(scope="module")
def primary() -> Iterator[PostgresServer]:
    with postgres_server() as server:
        if server.folder is None:
            pytest.skip("a standby is made of a server of our own; TEST_POSTGRES_URL names another")
        yield server


@pytest.fixture(scope="module")
def standby(primary: PostgresServer) -> Iterator[Standby]:
    """A standby that follows the primary."""
    run(primary.url, "CREATE TABLE records (id INTEGER PRIMARY KEY, customer_id TEXT, text TEXT)")
    reader = select_only_role(primary.url)
    account = server_account()
    assert primary.folder is not None
    folder = primary.folder / "standby"
    binaries = reachable(installed(), primary.folder, account) / "bin"
    followed = make_url(primary.url).set(drivername="postgresql").render_as_string(hide_password=False)
    copied: list[str | Path] = [
        binaries / "pg_basebackup",
        "-D",
        folder,
        "-d",
        followed,
        "-R",
        "-X",
        "stream",
        "-c",
        "fast",
    ]
    assert account.runs(copied, primary.folder)
    port = free_port()
    started: list[str | Path] = [
        binaries / "pg_ctl",
        "start",
        "-D",
        folder,
        "-o",
        f"-p {port}",
        "-s",
        "-w",
        "-l",
        folder / "log",
    ]
    assert account.runs(started, primary.folder)
    try:
        yield Standby(primary.url, *(on_port(url, port) for url in (primary.url, reader)))
    finally:
        account.runs([binaries / "pg_ctl", "stop", "-D", folder, "-m", "immediate", "-s"], primary.folder)
        shutil.rmtree(folder)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def on_port(url: str, port: int) -> str:
    return make_url(url).set(port=port).render_as_string(hide_password=False)


def test_a_primary_shows_now(standby: Standby) -> None:
    with PostgresDatabase(standby.primary, standby.primary).collector().snapshot() as snapshot:
        assert snapshot.as_of() is None


def test_a_standby_that_has_caught_up_shows_now_however_old_the_last_change_is(standby: Standby) -> None:
    standby.run("INSERT INTO records VALUES (1, 'C-1', 'one')")
    eventually(lambda: standby.texts() == ["one"])
    eventually(lambda: standby.as_of() is None)


def test_a_standby_that_does_not_replay_shows_the_last_change_that_it_knows(standby: Standby) -> None:
    before = datetime.now(UTC)
    standby.run("DELETE FROM records", "INSERT INTO records VALUES (2, 'C-1', 'two')")
    eventually(lambda: standby.texts() == ["two"])
    known = datetime.now(UTC)
    run(standby.url, "SELECT pg_wal_replay_pause()")
    try:
        eventually(lambda: rows(standby.url, "SELECT pg_get_wal_replay_pause_state()") == [("paused",)])
        standby.run("INSERT INTO records VALUES (3, 'C-1', 'three')")
        eventually(lambda: standby.as_of() is not None)
        as_of = standby.as_of()
        assert as_of is not None
        assert before <= as_of <= known
        assert standby.texts() == ["two"]
    finally:
        run(standby.url, "SELECT pg_wal_replay_resume()")
    eventually(lambda: standby.texts() == ["two", "three"])
    eventually(lambda: standby.as_of() is None)


def test_a_standby_without_its_primary_shows_the_last_change_that_it_knows(standby: Standby) -> None:
    (conninfo,) = rows(standby.url, "SELECT current_setting('primary_conninfo')")[0]
    standby.run("INSERT INTO records VALUES (4, 'C-1', 'four')")
    eventually(lambda: "four" in standby.texts())
    known = datetime.now(UTC)
    run(standby.url, "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()")
    try:
        eventually(lambda: standby.as_of() is not None)
        as_of = standby.as_of()
        assert as_of is not None
        assert known - timedelta(minutes=5) < as_of <= known
    finally:
        follow = sql.SQL("ALTER SYSTEM SET primary_conninfo = {}").format(sql.Literal(conninfo))
        run(standby.url, follow, "SELECT pg_reload_conf()")
    eventually(lambda: standby.as_of() is None)
