"""`dsar-export demo --web`: pages of the example organisation, into which its two colleagues come."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.cli.commands import in_this_process
from tests.web.served import OWN_SITE

SECONDS = 60
COOKIE = "dsar-staff"


@dataclass
class RunningDemo:
    """The demo, and a browser of somebody who reads what it printed."""

    process: subprocess.Popen[bytes]
    folder: Path
    log: Path
    url: str
    browser: httpx.Client
    sessions: dict[str, str] = field(default_factory=dict)
    """The cookie of each who came in: a code counts once."""

    def page(self, path: str) -> str:
        answer = self.browser.get(f"{self.url}{path}", headers=OWN_SITE, follow_redirects=True)
        assert answer.status_code == 200, path
        assert len(answer.content) < 100_000, path
        return answer.text

    def signed_in(self, name: str) -> str:
        """The first page that a colleague sees."""
        self.browser.cookies.clear()
        if name in self.sessions:
            self.browser.cookies.set(COOKIE, self.sessions[name], domain="127.0.0.1", path="/")
            return self.page("/staff")
        shown = self.page("/demo")
        found = re.search(rf">{name}</h2>.*?<code>(\S+)</code>.*?<code>(\d{{6}})</code>", shown, re.DOTALL)
        assert found is not None
        entry = {"login": name, "password": found[1], "code": found[2]}
        answer = self.browser.post(f"{self.url}/staff/sign-in", data=entry, headers=OWN_SITE)
        assert answer.status_code == 303
        self.sessions[name] = self.browser.cookies[COOKIE]
        return self.page("/staff")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDemo]:
    folder = tmp_path_factory.mktemp("demo")
    real = f'database_url = "sqlite:///{folder / "real.db"}"\n'
    (folder / "dsar.toml").write_text(real, encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dsar_export", "demo", "--out", "d", "--events", "5", "--web"]
    environment = {
        **os.environ,
        "DSAR_STATE": str(folder / "mine"),
        "DSAR_SMTP_URL": "smtp://mail.example.org",
    }
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--port", str(port)], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + SECONDS
    with httpx.Client(trust_env=False, timeout=SECONDS) as browser:
        try:
            while not _answers(browser, url):
                text = (folder / "log").read_text(encoding="utf-8")
                assert process.poll() is None, text
                assert time.monotonic() < until, text
                time.sleep(0.2)
            yield RunningDemo(process, folder, folder / "log", url, browser)
        finally:
            process.kill()
            process.wait()


def _answers(browser: httpx.Client, url: str) -> bool:
    try:
        return browser.get(f"{url}/health/live").status_code == 200
    except httpx.TransportError:
        return False


def test_what_it_prints_leads_to_the_pages(running: RunningDemo) -> None:
    shown = running.log.read_text(encoding="utf-8")
    for path in ("/demo ", "/staff ", "/demo/outbox "):
        assert f"{running.url}{path}" in shown
    assert shown.count("otpauth://totp/") == 2


def test_both_colleagues_come_in_and_something_waits_for_each(running: RunningDemo) -> None:
    for name in ("agent", "reviewer"):
        assert "/staff/requests/DSAR-" in running.signed_in(name), name


def test_each_page_for_a_colleague_is_there(running: RunningDemo) -> None:
    running.signed_in("reviewer")
    listed = running.page("/staff/requests")
    for state in ("in review", "received"):
        assert f'">{state}</span>' in listed
    assert "overdue" in listed
    for path in ("trail", "people", "register", "register/orders", "figures"):
        running.page(f"/staff/{path}")


def test_the_worker_beside_builds_what_was_approved(running: RunningDemo) -> None:
    running.signed_in("agent")
    until = time.monotonic() + SECONDS
    while '">available</span>' not in running.page("/staff/requests?state=all"):
        assert time.monotonic() < until, running.log.read_text(encoding="utf-8")
        time.sleep(0.5)


def test_the_outbox_is_a_page(running: RunningDemo) -> None:
    assert "The outbox of this demo" in running.page("/demo/outbox")


def test_ctrl_c_ends_it_and_nothing_lies_beside_its_folder(running: RunningDemo) -> None:
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(SECONDS) == 0
    assert sorted(each.name for each in running.folder.iterdir()) == ["d", "dsar.toml", "log"]
    assert not _answers(running.browser, running.url)


def test_a_folder_that_is_not_of_a_demo_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "web" / "mine"
    mine.parent.mkdir()
    mine.touch()
    done = in_this_process(capsys, "demo", "--out", tmp_path, "--events", "0", "--web")
    assert (done.code, mine.exists()) == (2, True)
    assert "not of an earlier demo" in done.err
