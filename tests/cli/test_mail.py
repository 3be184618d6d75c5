"""Mail on the command line: sent, listed and shown with its request, without a word of what it says."""

import io
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dsar_export.cli.app import run
from dsar_export.model.mail import Mail, MailKind
from dsar_export.settings import read_settings
from dsar_export.use_cases.post import post_mail
from dsar_export.wiring.desk import login_name, open_desk
from tests.cli.commands import Finished, in_this_process
from tests.mail_servers import HOST, PASSWORD, USER, Running, authority_file, mail_server
from tests.notifications import SHAPES, Report, postfix
from tests.worlds import SUBJECT, World

MAIL = Mail("sam@example.org", "SUBJECT-MARKER", "TEXT-MARKER", "en")
SECRETS = ("MARKER", "sam@", "authority.pem")
NONE = {
    "sent": 0,
    "perhaps_sent": 0,
    "refused": 0,
    "given_up": 0,
    "expired": 0,
    "tried_again": 0,
    "fault": None,
}


class Desk:
    """Commands of one installation, in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def run(self, *arguments: object, stdin: str = "") -> Finished:
        done = in_this_process(self.capsys, *arguments, stdin=stdin)
        assert not [secret for secret in SECRETS if secret in done.out + done.err]
        return done

    def mails(self, *arguments: object) -> list[dict[str, object]]:
        """What a command lists as JSON."""
        found = self.run(*arguments, "--json").json["mails"]
        assert isinstance(found, list)
        return found

    def queued(self) -> str:
        opening = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-")
        reference = str(self.run(*opening, "--json", stdin=SUBJECT).json["reference"])
        desk = open_desk(read_settings())
        with desk.acting() as act:
            post_mail(act, MAIL, MailKind.LETTER, reference)
        desk.engine.dispose()
        return reference


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    World(tmp_path / "register").write([{"text": "one"}], [])
    settings = {
        "DSAR_REGISTER": tmp_path / "register",
        "DSAR_STATE": tmp_path / "state",
        "DSAR_MAIL_FROM": "privacy@example.org",
        "SSL_CERT_FILE": authority_file(tmp_path),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, str(value))
    made = Desk(capsys)
    made.run("people", "roles", login_name(os.getuid()), "--controller", "*", "--add", "agent")
    return made


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    with mail_server({"RCPT": ["550 no sam@example.org here"]}, login=True) as running:
        monkeypatch.setenv("DSAR_SMTP_URL", f"smtp://{USER}@{HOST}:{running.port}")
        monkeypatch.setenv("DSAR_SMTP_PASSWORD", PASSWORD)
        yield running


def test_mail_is_sent_and_what_was_refused_is_shown_with_its_request(desk: Desk, server: Running) -> None:
    reference = desk.queued()
    done = desk.run("mail", "send", "--json")
    assert (done.code, done.json) == (1, {**NONE, "refused": 1})
    assert "mail that was not sent, or only perhaps: 1; `dsar-export mail list` shows it" in done.err
    desk.queued()
    done = desk.run("mail", "send", "--json")
    assert (done.code, done.json, done.err) == (0, {**NONE, "sent": 1}, "")
    assert len(server.mailbox.taken) == 1
    shown = desk.run("request", "show", reference)
    assert re.search(r"^mail not sent +letter: refused \(smtp_550\)$", shown.out, re.MULTILINE)
    (mail,) = desk.mails("request", "show", reference)
    assert (mail["state"], mail["failure"], mail["attempts"]) == ("refused", "smtp_550", 1)


def test_the_list_has_states_and_codes(desk: Desk, server: Running) -> None:
    reference = desk.queued()
    desk.run("mail", "send")
    listed = desk.run("mail", "list")
    assert listed.out.split("\n")[2].split()[:4] == [reference, "letter", "refused", "(smtp_550)"]
    (mail,) = desk.mails("mail", "list")
    assert mail.keys() == {
        "id", "reference", "kind", "state", "queued", "expires", "attempts", "next_attempt", "ended", "failure",
    }  # fmt: skip


def test_without_a_mail_server_mail_waits(desk: Desk) -> None:
    desk.queued()
    done = desk.run("mail", "send")
    assert (done.code, "set DSAR_SMTP_URL and DSAR_MAIL_FROM" in done.err) == (2, True)
    assert [mail["state"] for mail in desk.mails("mail", "list")] == ["waiting"]


def test_a_server_that_can_not_be_used_is_a_problem(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.queued()
    with mail_server(starttls=False) as running:
        monkeypatch.setenv("DSAR_SMTP_URL", f"smtp://{HOST}:{running.port}")
        done = desk.run("mail", "send", "--json")
        assert running.mailbox.taken == []
    assert (done.code, done.json) == (1, {**NONE, "tried_again": 1, "fault": "tls_missing"})
    assert "the mail server can't be used (tls_missing)" in done.err


def test_a_folder_warns_that_nobody_receives_its_mail(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.queued()
    monkeypatch.setenv("DSAR_OUTBOX_FOLDER", str(tmp_path / "mail"))
    done = desk.run("mail", "send")
    assert done.code == 0
    assert "for demonstrations only: nobody receives it" in done.err
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 1


def sent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """A request, and the id of the mail about it that a mail server has taken over."""
    reference = desk.queued()
    with mail_server() as running:
        monkeypatch.setenv("DSAR_SMTP_URL", f"smtp://{HOST}:{running.port}")
        desk.run("mail", "send")
    (mail,) = desk.mails("mail", "list")
    assert mail["state"] == "sent"
    return reference, str(mail["id"])


@pytest.mark.parametrize("shape", SHAPES)
def test_mail_that_comes_back_shows_with_its_request_like_a_refusal(
    shape: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference, mail_id = sent(desk, monkeypatch)
    file = tmp_path / "notification.eml"
    file.write_text(SHAPES[shape](Report(mail_id)), encoding="utf-8")
    done = desk.run("mail", "bounced", file)
    assert (done.code, done.err) == (0, "")
    assert re.search(r"^state +bounced \(5\.1\.1\)$", done.out, re.MULTILINE)
    shown = desk.run("request", "show", reference)
    assert re.search(r"^mail not sent +letter: bounced \(5\.1\.1\)$", shown.out, re.MULTILINE)
    assert "mail not sent" in desk.run("inbox").out
    again = desk.run("mail", "bounced", file, "--json")  # mail servers may report a mail twice
    assert again.json["mail"] == desk.mails("mail", "list")[0]
    found = desk.run("trail", "show", reference, "--json").json["entries"]
    assert isinstance(found, list)
    ended = [entry["details"]["mail_state"] for entry in found if entry["action"] == "end_mail"]
    assert ended == ["sent", "bounced"]


def test_a_pipe_gives_the_notification_on_standard_input(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _, mail_id = sent(desk, monkeypatch)
    piped = io.TextIOWrapper(io.BytesIO(postfix(Report(mail_id)).encode() + b"\xff\xfe"))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdin", piped)
        assert run(["mail", "bounced"]) == 0
    desk.capsys.readouterr()
    assert [mail["state"] for mail in desk.mails("mail", "list")] == ["bounced"]


@pytest.mark.parametrize("action", ["delayed", "delivered"])
def test_what_is_delayed_or_delivered_changes_nothing(
    action: str, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, mail_id = sent(desk, monkeypatch)
    before = desk.mails("mail", "list")
    file = tmp_path / "notification.eml"
    file.write_text(postfix(Report(mail_id, action, "4.4.1")), encoding="utf-8")
    done = desk.run("mail", "bounced", file, "--json")
    assert (done.code, done.json["delivery"], done.json["status"]) == (0, action, None)
    assert [done.json["mail"]] == before == desk.mails("mail", "list")


def test_a_notification_about_no_mail_of_ours_is_one_line_and_changes_nothing(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(desk, monkeypatch)
    before = (desk.mails("mail", "list"), desk.run("trail", "verify").out)
    file = tmp_path / "notification.eml"
    for text in (postfix(Report("f" * 32)), "Subject: Re: your letter\n\nThank you!\n"):
        file.write_text(text, encoding="utf-8")
        done = desk.run("mail", "bounced", file)
        assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
        assert "nothing was changed" in done.err
    assert (desk.mails("mail", "list"), desk.run("trail", "verify").out) == before
    assert "can't be read" in desk.run("mail", "bounced", tmp_path / "missing").err
