"""Mail goes over verified TLS to exactly one address, and every fault of a server ends as the code that it is."""

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from dsar_export.delivery.mail_message import author_in
from dsar_export.delivery.smtp import Encryption, MailServer, SmtpSender
from dsar_export.model.mail import Mail, Posted, Postmark, PostResult
from tests.mail_servers import HOST, PASSWORD, USER, Running, free_port, mail_server, trusting

MAIL = Mail("sam@example.org", "Your data", "Dear Sam,\n.a line with a dot\n", "en-GB")
POSTMARK = Postmark("0123abcd", datetime(2026, 11, 2, 9, 30, 0, 123456, tzinfo=UTC))
SENT = PostResult(Posted.SENT)


def sender(port: int, encryption: Encryption = Encryption.STARTTLS, user: str | None = None) -> SmtpSender:
    server = MailServer(HOST, port, encryption, user, PASSWORD if user else None, 0.5, 0.5)
    return SmtpSender(server, author_in("Data protection <privacy@example.org>"), trusting())


def attempt(running: Running, mail: Mail = MAIL) -> PostResult:
    return sender(running.port).send(mail, POSTMARK)


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with mail_server() as running:
        yield running


@pytest.fixture
def emptied(server: Running) -> Running:
    server.mailbox.taken.clear()
    return server


def test_a_mail_arrives_at_one_address_with_its_fixed_headers(emptied: Running) -> None:
    assert attempt(emptied) == SENT
    (envelope,), (message,) = emptied.mailbox.taken, emptied.mailbox.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("privacy@example.org", ["sam@example.org"])
    assert message["Message-ID"] == "<0123abcd@example.org>"
    assert message["Date"].datetime == POSTMARK.at.replace(microsecond=0)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == "en-GB"
    assert message["From"].addresses[0].display_name == "Data protection"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert message.get_content().replace("\r\n", "\n") == MAIL.text


def test_a_second_attempt_sends_the_same_bytes(emptied: Running) -> None:
    assert [attempt(emptied), attempt(emptied)] == [SENT, SENT]
    first, second = emptied.mailbox.contents
    assert first == second


def test_a_domain_of_another_script_is_converted(emptied: Running) -> None:
    assert attempt(emptied, Mail("anna@EXÄMPLE.org", "s", "t", "de")) == SENT
    assert emptied.mailbox.taken[0].rcpt_tos == ["anna@xn--exmple-cua.org"]
    assert str(emptied.mailbox.messages[0]["To"]) == "anna@xn--exmple-cua.org"


def test_a_domain_that_can_be_none_is_refused(emptied: Running) -> None:
    refused = PostResult(Posted.REFUSED, "address")
    assert attempt(emptied, Mail(f"anna@{'ä' * 70}.org", "s", "t", "de")) == refused


def test_a_name_of_another_script_needs_a_server_that_can_write_it(emptied: Running) -> None:
    mail = Mail("jürgen@exämple.org", "Über Ihre Daten", "t", "de")
    assert attempt(emptied, mail) == SENT
    assert emptied.mailbox.taken[0].rcpt_tos == ["jürgen@xn--exmple-cua.org"]
    assert "jürgen@xn--exmple-cua.org".encode() in emptied.mailbox.contents[0]
    with mail_server(utf8=False) as older:
        assert attempt(older, mail) == PostResult(Posted.REFUSED, "smtputf8_missing")
        assert older.mailbox.taken == []


def test_a_server_without_starttls_gets_nothing() -> None:
    with mail_server(starttls=False) as running:
        assert attempt(running) == PostResult(Posted.NO_SERVER, "tls_missing")
        assert running.mailbox.taken == []
        assert sender(running.port, Encryption.NONE).send(MAIL, POSTMARK) == SENT


def test_a_server_with_another_name_in_its_certificate_gets_nothing() -> None:
    with mail_server(name="other.example.org") as running:
        assert attempt(running) == PostResult(Posted.NO_SERVER, "tls_certificate")
        assert running.mailbox.taken == []


def test_a_certificate_of_somebody_unknown_is_refused(emptied: Running) -> None:
    strict = SmtpSender(sender(emptied.port).server, author_in("privacy@example.org"))
    assert strict.send(MAIL, POSTMARK) == PostResult(Posted.NO_SERVER, "tls_certificate")
    assert emptied.mailbox.taken == []


def test_a_login_is_made_after_tls_alone() -> None:
    with mail_server(login=True) as running:
        assert sender(running.port, user=USER).send(MAIL, POSTMARK) == SENT
        assert sender(running.port, user="other").send(MAIL, POSTMARK) == PostResult(
            Posted.NO_SERVER, "login"
        )
        assert sender(running.port).send(MAIL, POSTMARK) == PostResult(Posted.NO_SERVER, "smtp_530")
        assert len(running.mailbox.taken) == 1


def test_a_server_that_is_down_is_no_fault_of_the_mail() -> None:
    assert sender(free_port()).send(MAIL, POSTMARK) == PostResult(Posted.NO_SERVER, "connection")


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("RCPT", "550 5.1.1 no sam@example.org here", PostResult(Posted.REFUSED, "smtp_550")),
        ("RCPT", "451 4.7.1 come back later", PostResult(Posted.TRY_AGAIN, "smtp_451")),
        ("RCPT", "421 4.3.2 going down", PostResult(Posted.NO_SERVER, "smtp_421")),
        ("RCPT", "cut", PostResult(Posted.TRY_AGAIN, "connection")),
        ("RCPT", "hang", PostResult(Posted.TRY_AGAIN, "timeout")),
        ("MAIL", "550 5.7.1 who are you", PostResult(Posted.NO_SERVER, "smtp_550")),
        ("DATA", "554 5.7.1 spam", PostResult(Posted.REFUSED, "smtp_554")),
        ("DATA", "452 4.3.1 disk full", PostResult(Posted.TRY_AGAIN, "smtp_452")),
        ("DATA", "cut", PostResult(Posted.PERHAPS_SENT, "connection")),
        ("DATA", "hang", PostResult(Posted.PERHAPS_SENT, "timeout")),
    ],
)
def test_every_fault_has_its_code(command: str, answer: str, expected: PostResult) -> None:
    with mail_server({command: [answer]}) as running:
        found = attempt(running)
        assert found == expected
        assert len(running.mailbox.taken) == (found.posted is Posted.PERHAPS_SENT)
        assert "sam" not in repr(found)


def test_after_a_refusal_for_now_the_same_mail_is_taken() -> None:
    with mail_server({"RCPT": ["451 later"]}) as running:
        assert attempt(running) == PostResult(Posted.TRY_AGAIN, "smtp_451")
        assert attempt(running) == SENT


def test_nothing_of_a_mail_is_printed(emptied: Running, capfd: pytest.CaptureFixture[str]) -> None:
    assert smtplib.SMTP.debuglevel == 0
    attempt(emptied)
    assert capfd.readouterr() == ("", "")
