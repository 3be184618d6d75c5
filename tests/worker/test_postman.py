"""A worker sends the mail that waits, soon and once, and waits where the server does not answer."""

from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from dsar_export.delivery.mail_message import author_in
from dsar_export.delivery.smtp import Encryption, MailServer, SmtpSender
from dsar_export.model.mail import Mail, MailKind
from dsar_export.use_cases.post import post_mail
from dsar_export.worker.bench import Bench
from dsar_export.worker.postman import LOOKS, Postman
from tests.mail_servers import HOST, free_port, mail_server, trusting
from tests.sites import Site

MAIL = Mail("sam@example.org", "Subject", "Text", "en")


@pytest.fixture
def bench(site: Site) -> Iterator[Bench]:
    made = Bench(site.settings.model_copy(update={"register_folder": site.folder / "register"}))
    yield made
    made.current().desk.engine.dispose()


def postman(bench: Bench, port: int, rounds: int = 1) -> Postman:
    """One that stops after some rounds."""
    server = MailServer(HOST, port, Encryption.STARTTLS, timeout=0.5, after_text=0.5)
    left = iter([False] * rounds)
    sender = SmtpSender(server, author_in("privacy@example.org"), trusting())
    return Postman(bench.current, sender, lambda _: next(left, True))


def queued(bench: Bench, mails: int = 1) -> None:
    desk = bench.current().desk
    with desk.acting() as act:
        for _ in range(mails):
            post_mail(act, MAIL, MailKind.NOTICE, None)


def test_what_waits_is_sent_and_then_it_looks_again(bench: Bench) -> None:
    queued(bench, 2)
    with mail_server() as server:
        sends = postman(bench, server.port)
        assert sends.round() == 0.0
        assert sends.round() == LOOKS
        assert len(server.mailbox.taken) == 2


def test_it_goes_on_until_the_process_is_to_stop(bench: Bench) -> None:
    with mail_server() as server:
        queued(bench)
        postman(bench, server.port, rounds=3).live()
        assert len(server.mailbox.taken) == 1


def test_a_server_that_does_not_answer_is_asked_again_a_minute_later(bench: Bench) -> None:
    queued(bench)
    with capture_logs() as logs:
        assert postman(bench, free_port()).round() == 60.0
    assert [entry["event"] for entry in logs][-1] == "the mail server can't be used"
    assert "example.org" not in str(logs)


def test_a_fault_ends_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    sends = postman(bench, free_port(), rounds=2)

    def broken() -> None:
        raise OSError("MARKER")

    monkeypatch.setattr(sends, "current", broken)
    with capture_logs() as logs:
        sends.live()
    assert [entry["event"] for entry in logs] == ["mail can't be sent"] * 2
    assert "MARKER" not in str(logs)
