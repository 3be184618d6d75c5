"""The tests' MariaDB is real, always removed afterwards, never run by root, and skipped with a reason if missing."""

import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pymysql
import pytest
from sqlalchemy import make_url

from tools.servers.mariadb import MISSING, mariadb_server
from tools.servers.starting import find_program, server_account

ROOT = Path(__file__).parents[2]
KILLED = """
import time
from tools.servers.mariadb import mariadb_server
with mariadb_server() as url:
    print(url, flush=True)
    time.sleep(60)
"""
installed = pytest.mark.skipif(find_program("mariadbd") is None, reason=MISSING)


def cell_from(url: str, statement: str) -> object:
    """The one cell that a statement returns."""
    at = make_url(url)
    raw: Any = pymysql.connect(host=at.host, port=at.port or 0, user=at.username, password=at.password or "")
    with closing(raw), raw.cursor() as cursor:
        cursor.execute(statement)
        ((cell,),) = cursor.fetchall()
        return cell


@installed
def test_the_server_does_not_run_as_root_and_leaves_nothing_when_the_tests_fail(own_temp: Path) -> None:
    with ExitStack() as block:
        url = block.enter_context(mariadb_server())
        data = Path(str(cell_from(url, "SELECT @@datadir")))
        assert data.is_relative_to(own_temp)
        assert data.stat().st_uid == (server_account().user or os.geteuid()) != 0
        assert cell_from(url, "SELECT @@bind_address") == "127.0.0.1"
        with pytest.raises(KeyError), block:
            raise KeyError
    assert list(own_temp.iterdir()) == []


@installed
def test_nobody_connects_without_the_password(own_temp: Path) -> None:
    with mariadb_server() as url:
        for user in ("root", "tester", ""):
            stranger = make_url(url).set(username=user, password="")
            with pytest.raises(pymysql.OperationalError, match=r"1045|1698"):
                cell_from(stranger.render_as_string(hide_password=False), "SELECT 1")


@installed
@pytest.mark.parametrize("kill", [signal.SIGTERM, signal.SIGKILL])
def test_no_server_outlives_a_killed_test_process(own_temp: Path, kill: signal.Signals) -> None:
    command = [sys.executable, "-c", KILLED]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        assert cell_from(url, "SELECT 1") == 1
        process.send_signal(kill)
    until = time.monotonic() + 10
    while list(own_temp.iterdir()) and time.monotonic() < until:
        time.sleep(0.05)
    assert list(own_temp.iterdir()) == []
    with pytest.raises(pymysql.OperationalError):
        cell_from(url, "SELECT 1")


@installed
def test_a_server_that_does_not_start_gives_the_reason_and_leaves_nothing(
    own_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.servers.mariadb._SETTINGS", ("--no-such-setting",))
    with pytest.raises(RuntimeError, match="no-such-setting"), mariadb_server():
        pytest.fail("it started")
    assert list(own_temp.iterdir()) == []


def test_without_the_package_the_skipped_test_shows_how_to_install_it(
    own_temp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tools.servers.mariadb.find_program", lambda _: None)
    with pytest.raises(pytest.skip.Exception, match="apt-get install mariadb-server"), mariadb_server():
        pytest.fail("it started")
    assert list(own_temp.iterdir()) == []


def test_a_given_server_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_MARIADB_URL", "mariadb://somebody@db.example.org")
    with mariadb_server() as url:
        assert url == "mariadb://somebody@db.example.org"
