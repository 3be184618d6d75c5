"""SIGKILL while mail is sent: none is lost, and none leaves more often than it may."""

import json
import signal
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from dsar_export.model.mail import Mail, MailKind
from dsar_export.settings import Settings
from dsar_export.use_cases.post import post_mail
from dsar_export.wiring.desk import open_desk
from tests.mail_servers import HOST, Running, authority_file, mail_server
from tests.use_cases.killing import Forge, KillPoint, forge

MAIL = Mail("sam@example.org", "Your data", "MAIL-MARKER", "en")
POINTS = {
    "it was taken": (KillPoint("dsar_export.use_cases.post:claim", "after"), 0),
    "the lease is committed": (KillPoint("dsar_export.use_cases.post:_attempted"), 0),
    "the server has it": (KillPoint("dsar_export.use_cases.post:_attempted", "after"), 1),
    "it is settled, not committed": (KillPoint("dsar_export.use_cases.post:settle", "after"), 1),
}


@pytest.fixture(scope="module")
def forged() -> Iterator[Forge]:
    with forge() as running:
        yield running


@pytest.fixture
def server() -> Iterator[Running]:
    with mail_server() as running:
        yield running


def environment(folder: Path, running: Running) -> Mapping[str, str]:
    return {
        "DSAR_STATE": str(folder / "state"),
        "DSAR_SMTP_URL": f"smtp://{HOST}:{running.port}",
        "DSAR_MAIL_FROM": "privacy@example.org",
        "SSL_CERT_FILE": str(authority_file(folder)),
    }


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_sender_loses_no_mail_and_sends_no_third(
    point: str, tmp_path: Path, forged: Forge, server: Running
) -> None:
    desk = open_desk(Settings(state=tmp_path / "state"))
    with desk.acting() as act:
        post_mail(act, MAIL, MailKind.LETTER, None)
    desk.engine.dispose()
    kill, copies = POINTS[point]
    here = environment(tmp_path, server)
    killed = forged.run("mail", "send", kill=kill, environment=here)
    assert killed.code == -signal.SIGKILL, killed.err
    assert len(server.mailbox.taken) == copies
    for minutes in (1, 17, 30, 60, 120):  # the first is within the lease
        done = forged.run("mail", "send", "--json", environment=here, later=timedelta(minutes=minutes))
        assert done.code == 0, done.err
        assert "MARKER" not in done.out + done.err
    listed = json.loads(forged.run("mail", "list", "--json", environment=here).out)["mails"]
    assert [mail["state"] for mail in listed] == ["sent"]
    assert len(server.mailbox.taken) == copies + 1
    assert len(set(server.mailbox.contents)) == 1
