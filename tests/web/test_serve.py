"""`dsar-export serve` as its own process: what it says, what it leaves, and how it ends."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from dsar_export.cli.app import run
from dsar_export.use_cases.accounts import make_account
from tests.requests.installations import founded_installation
from tests.use_cases.offices import Office, quick_services
from tests.web.processes import Serving, serving
from tests.web.served import SECONDS

PACKAGE = 5_000_000
AT_ONCE = 20


@pytest.fixture(scope="module")
def running(reached: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(tmp_path_factory.mktemp("serving"), reached, {}) as made:
        yield made


def slow_reader(port: int, path: str) -> tuple[HTTPConnection, HTTPResponse]:
    """A reader with a small window that has read nothing but the headers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.settimeout(SECONDS)
    plain.connect(("127.0.0.1", port))
    connection.sock = plain
    connection.request("GET", path)
    return connection, connection.getresponse()


def test_it_opens_nothing_to_others(running: Serving) -> None:
    masks = Path(f"/proc/{running.process.pid}/status").read_text(encoding="ascii").splitlines()
    assert "Umask:\t0077" in masks
    (line,) = running.lines("serving")
    assert line["url"] == f"http://127.0.0.1:{running.served.port}"


def test_many_downloads_at_once_take_little_memory(running: Serving) -> None:
    shop = running.served
    content = bytes(range(250)) * (PACKAGE // 250)
    reference = shop.available(content)
    link = shop.link(reference, most=AT_ONCE)
    downloads = [shop.started(link) for _ in range(AT_ONCE)]
    assert shop.get(downloads[0]).body == content
    before = running.peak()
    with ExitStack() as stack:
        answers = []
        for download in downloads:
            connection, answer = slow_reader(shop.port, download)
            stack.enter_context(closing(connection))
            answers.append(answer)
        assert [len(answer.read(70_000)) for answer in answers] == [70_000] * AT_ONCE
        threads = [threading.Thread(target=answer.read) for answer in answers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
    assert running.peak() - before < AT_ONCE * PACKAGE // 1000 // 3
    assert len([line for line in running.lines("download") if line["end"] == "sent"]) >= AT_ONCE


def test_its_log_names_no_link_and_it_ends_with_the_downloads_that_run(running: Serving) -> None:
    shop = running.served
    link = shop.link(shop.available(bytes(2 * PACKAGE)))
    download = shop.started(link)
    connection, answer = slow_reader(shop.port, download)
    with closing(connection):
        answer.read(1000)
        running.ask_to_end()
        running_on = threading.Event()
        assert not running_on.wait(0.5)
        assert running.process.poll() is None
        assert len(answer.read()) == 2 * PACKAGE - 1000
    assert running.ended() == 0
    assert running.lines("serving ends") != []
    log = running.log.read_text(encoding="utf-8")
    assert '"level": "error"' not in log
    assert link.rpartition("/")[2] not in log
    assert download.split("/")[2] not in log


@pytest.mark.parametrize(
    ("variables", "arguments", "wanted"),
    [
        ({}, (), "name its folder in DSAR_REGISTER"),
        ({"DSAR_REGISTER": "register"}, ("--host", "0.0.0.0"), "DSAR_WEB_URL is missing"),  # noqa: S104 # refused
        ({"DSAR_REGISTER": "register", "DSAR_WEB_URL": "http://a.example.org"}, (), "DSAR_WEB_URL is where"),
        ({"DSAR_REGISTER": "register", "DSAR_TRUSTED_PROXIES": "*"}, (), "a name or * could be anybody"),
        ({"DSAR_REGISTER": "register"}, (), "no state at dsar-state"),
    ],
)
def test_what_can_not_serve_anybody_is_refused(
    variables: dict[str, str],
    arguments: tuple[str, ...],
    wanted: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run(["serve", *arguments]) == 2
    assert wanted in " ".join(capsys.readouterr().err.split())


def shown_by_serve(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """What `serve` prints, and the module that it would become."""
    became: list[list[str]] = []
    monkeypatch.setattr(os, "execv", lambda _, command: became.append(command))
    assert run(["serve"]) == 0
    return capsys.readouterr().out, became[0][2]


def test_it_says_where_to_look_what_is_missing_and_who_works(
    reached: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installation = founded_installation(f"sqlite:///{tmp_path / 'requests.db'}", tmp_path / "keys.json")
    office = Office(installation, quick_services(reached), tmp_path, tmp_path / "trail-anchor.json")
    monkeypatch.setenv("dramatiq_queue_prefetch", "1")
    monkeypatch.setenv("DSAR_REGISTER", str(reached))
    monkeypatch.setenv("DSAR_STATE", str(tmp_path))
    shown, module = shown_by_serve(monkeypatch, capsys)
    for line in (
        "pages of staff  http://127.0.0.1:8080/staff\n",
        "workers         1\n",
        "no account yet  make one: `dsar-export people account NAME`\n",
        "mail            waits",
    ):
        assert line in shown
    assert module == "dsar_export.cli.side_by_side"
    make_account(office.desk("fay"), "ada", "correct horse battery")
    monkeypatch.setenv("DSAR_BROKER_URL", "redis://127.0.0.1")
    monkeypatch.setenv("DSAR_OUTBOX_FOLDER", str(tmp_path / "outbox"))
    shown, module = shown_by_serve(monkeypatch, capsys)
    assert "no account yet" not in shown
    assert "workers         none here" in shown
    assert "DSAR_MAIL_FROM is missing" in shown
    assert module == "dsar_export.web"
    installation.engine.dispose()
