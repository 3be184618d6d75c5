"""Mail is queued with what it is about, sent by a real server, and what became of it is seen by staff."""

import logging
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from dsar_export.delivery.mail_message import author_in
from dsar_export.delivery.smtp import Encryption, MailServer, SmtpSender
from dsar_export.errors import NotPermittedError, WrongUseError
from dsar_export.interfaces import Sender
from dsar_export.model.mail import (
    Delivery,
    Mail,
    MailKind,
    MailState,
    Notification,
    Posted,
    Postmark,
    PostResult,
)
from dsar_export.requests.database import reading
from dsar_export.requests.outbox import LEASE
from dsar_export.requests.trail.reading import entries
from dsar_export.use_cases.look_up import request_file
from dsar_export.use_cases.post import Sending, mails_here, note_bounce, post_mail, send_waiting
from tests.mail_servers import HOST, free_port, mail_server, trusting
from tests.use_cases.office_checks import check_no_marker, check_trail
from tests.use_cases.offices import SPOKEN, Office

MAIL = Mail("sam@example.org", f"Subject, {SPOKEN}", f"Text, {SPOKEN}", "en")
MANY = 9


def sender(port: int) -> SmtpSender:
    server = MailServer(HOST, port, Encryption.STARTTLS, timeout=0.5, after_text=0.5)
    return SmtpSender(server, author_in("privacy@example.org"), trusting())


def queued(office: Office, kind: MailKind = MailKind.LETTER, by: str = "ada") -> str:
    """The reference of a new request with one mail about it."""
    reference = office.opened("ada", "email=sam@example.org")
    with office.desk(by).acting() as act:
        post_mail(act, MAIL, kind, reference)
    return reference


def sent(office: Office, by: Sender) -> Sending:
    return send_waiting(office.desk("ada"), by, MANY)


def actions(office: Office, reference: str) -> list[tuple[str, object]]:
    with reading(office.installation.engine) as connection:
        found = list(entries(connection, reference))
    values = [entry.values for entry in found if str(entry.values["action"]).endswith("_mail")]
    return [(str(v["action"]), v["details"]) for v in values]


@dataclass
class Watching:
    """A sender that looks around in the middle of an attempt."""

    office: Office
    result: PostResult = field(default_factory=lambda: PostResult(Posted.SENT))
    others: list[Sending] = field(default_factory=list)
    mails: list[tuple[Mail, Postmark]] = field(default_factory=list)

    def send(self, mail: Mail, postmark: Postmark) -> PostResult:
        self.mails.append((mail, postmark))
        with self.office.desk("abe").acting() as act:  # waits for nobody: no transaction is open
            act.append("probe", None, None, {})
        self.others.append(send_waiting(self.office.desk("abe"), self, MANY))
        return self.result


def test_a_mail_is_sent_once_and_leaves_nothing_but_states(office: Office) -> None:
    reference = queued(office)
    with mail_server() as running:
        done = sent(office, sender(running.port))
        assert done == Sending({MailState.SENT: 1}, 0)
        assert sent(office, sender(running.port)) == Sending({}, 0)
        (message,) = running.mailbox.messages
    (mail,) = mails_here(office.desk("ada"))
    assert message["Message-ID"] == f"<{mail.mail_id}@example.org>"
    assert str(message["Subject"]) == MAIL.subject
    assert (mail.reference, mail.state, mail.attempts) == (reference, MailState.SENT, 1)
    assert actions(office, reference) == [
        ("queue_mail", {"mail_kind": "letter"}),
        ("end_mail", {"mail_kind": "letter", "mail_state": "sent"}),
    ]
    check_no_marker(office)
    check_trail(office)


def test_an_attempt_with_all_its_timeouts_ends_within_its_lease() -> None:
    server = MailServer(HOST, 25, Encryption.STARTTLS)
    answers, texts = (
        11,
        2,
    )  # connection, STARTTLS, TLS, two greetings, login, author and recipient; DATA and text
    assert answers * server.timeout + texts * server.after_text + 60 < LEASE.total_seconds()


def test_a_mail_that_waits_lies_nowhere_in_clear(office: Office) -> None:
    queued(office)
    check_no_marker(office)


def test_a_mail_of_a_transaction_that_fails_is_never_sent(office: Office) -> None:
    reference = office.opened("ada", "email=sam@example.org")

    def fails() -> None:
        with office.desk("ada").acting() as act:
            post_mail(act, MAIL, MailKind.CODE, reference)
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert sent(office, Watching(office)) == Sending({}, 0)
    assert actions(office, reference) == []


def test_two_senders_at_once_send_it_once(office: Office) -> None:
    queued(office)
    watching = Watching(office)
    assert sent(office, watching) == Sending({MailState.SENT: 1}, 0)
    assert watching.others == [Sending({}, 0)]
    assert len(watching.mails) == 1


def test_a_lost_answer_sends_the_same_bytes_once_more_and_then_never(office: Office) -> None:
    reference = queued(office)
    with mail_server({"DATA": ["cut", "cut"]}) as running:
        assert sent(office, sender(running.port)) == Sending({}, 1)
        assert sent(office, sender(running.port)) == Sending({}, 0)
        office.now += timedelta(hours=1)
        assert sent(office, sender(running.port)) == Sending({MailState.PERHAPS_SENT: 1}, 0)
        office.now += timedelta(hours=9)
        assert sent(office, sender(running.port)) == Sending({}, 0)
        first, second = running.mailbox.contents
    assert first == second
    (mail,) = request_file(office.desk("ada"), reference).unsent_mails
    assert (mail.state, mail.failure) == (MailState.PERHAPS_SENT, "connection")


def test_a_code_whose_answer_was_lost_is_not_sent_again(office: Office) -> None:
    queued(office, MailKind.CODE)
    with mail_server({"DATA": ["cut"]}) as running:
        assert sent(office, sender(running.port)) == Sending({MailState.PERHAPS_SENT: 1}, 0)
        office.now += timedelta(minutes=5)
        assert sent(office, sender(running.port)) == Sending({}, 0)
        assert len(running.mailbox.taken) == 1


def test_a_refusal_for_now_delays_and_one_for_good_is_shown_in_the_request(office: Office) -> None:
    reference = queued(office)
    with mail_server({"RCPT": ["451 later", "550 no sam@example.org here"]}) as running:
        assert sent(office, sender(running.port)) == Sending({}, 1)
        assert request_file(office.desk("ada"), reference).unsent_mails == ()
        office.now += timedelta(hours=1)
        assert sent(office, sender(running.port)) == Sending({MailState.REFUSED: 1}, 0)
        assert running.mailbox.taken == []
    (mail,) = request_file(office.desk("ada"), reference).unsent_mails
    assert (mail.state, mail.failure) == (MailState.REFUSED, "smtp_550")
    check_no_marker(office)


def test_a_server_that_is_down_stops_the_run_and_loses_nothing(office: Office) -> None:
    for _ in range(2):
        queued(office)
    assert sent(office, sender(free_port())) == Sending({}, 1, "connection")
    first, second = mails_here(office.desk("ada"))
    assert (first.attempts, second.attempts) == (1, 0)
    office.now += timedelta(minutes=2)
    with mail_server() as running:
        assert sent(office, sender(running.port)) == Sending({MailState.SENT: 2}, 0)


def test_a_mail_that_nobody_could_send_in_time_ends(office: Office) -> None:
    reference = queued(office, MailKind.CODE)
    office.now += timedelta(hours=1)
    watching = Watching(office)
    assert sent(office, watching) == Sending({MailState.EXPIRED: 1}, 0)
    assert watching.mails == []
    assert actions(office, reference)[-1] == ("end_mail", {"mail_kind": "code", "mail_state": "expired"})


def test_a_process_that_is_interrupted_has_perhaps_sent_its_mail(office: Office) -> None:
    queued(office)

    class Interrupted(Watching):
        def send(self, mail: Mail, postmark: Postmark) -> PostResult:
            super().send(mail, postmark)
            raise KeyboardInterrupt

    interrupted, later = Interrupted(office), Watching(office)
    with pytest.raises(KeyboardInterrupt):
        sent(office, interrupted)
    assert sent(office, later) == Sending({}, 0)
    office.now += LEASE + timedelta(minutes=1)
    assert sent(office, later) == Sending({}, 0)
    (mail,) = mails_here(office.desk("ada"))
    assert (mail.state, mail.failure) == (MailState.PERHAPS_SENT, "interrupted")
    office.now += timedelta(minutes=5)
    assert sent(office, later) == Sending({MailState.SENT: 1}, 0)
    assert later.mails == interrupted.mails


def test_a_clock_that_is_set_back_sends_nothing_twice(office: Office) -> None:
    queued(office)
    watching = Watching(office)
    sent(office, watching)
    office.now -= timedelta(days=2)
    sent(office, watching)
    assert len(watching.mails) == 1


def test_agents_see_the_mail_of_their_controllers_and_others_none(office: Office) -> None:
    reference = queued(office)
    assert [m.reference for m in mails_here(office.desk("ada"))] == [reference]
    assert [m.reference for m in mails_here(office.desk("fay"))] == [reference]
    assert mails_here(office.desk("bea")) == ()
    for name in ("ray", "aud", "nia"):
        with pytest.raises(NotPermittedError, match="neither agent nor administrator"):
            mails_here(office.desk(name))
        with pytest.raises(NotPermittedError, match="neither agent nor administrator"):
            send_waiting(office.desk(name), Watching(office), MANY)


def test_a_mail_about_a_request_that_is_gone_is_refused(office: Office) -> None:
    with pytest.raises(WrongUseError, match="no request has"), office.desk("ada").acting() as act:
        post_mail(act, MAIL, MailKind.NOTICE, "DSAR-20260101-00000000")


def test_nothing_of_a_mail_is_logged_whatever_fails(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    queued(office)
    answers = ["550 no sam@example.org here"]
    with mail_server({"RCPT": answers}) as running:
        sent(office, sender(running.port))
    ours = [r.getMessage() for r in caplog.records if not r.name.startswith(("mail.", "asyncio"))]
    assert not [text for text in ours if "sam@" in text or SPOKEN in text]


# Mail that comes back later

FAILED = "5.1.1"


def failed(mail_id: str) -> Notification:
    return Notification(("0" * 32, mail_id), Delivery.FAILED, FAILED)


def test_a_bounce_is_noted_once_and_only_for_mail_that_left(each_office: Office) -> None:
    office = each_office
    reference = queued(office)
    (mail,) = mails_here(office.desk("ada"))
    with pytest.raises(WrongUseError, match="about no mail that left here"):
        note_bounce(office.desk("ada"), failed(mail.mail_id))
    assert mails_here(office.desk("ada")) == (mail,)
    sent(office, Watching(office))
    bounced = note_bounce(office.desk("ada"), failed(mail.mail_id))
    assert (bounced.state, bounced.failure, bounced.reference) == (MailState.BOUNCED, FAILED, reference)
    assert request_file(office.desk("aud"), reference).unsent_mails == (bounced,)
    office.now += timedelta(days=1)
    assert note_bounce(office.desk("ada"), failed(mail.mail_id)) == bounced
    assert [name for name, _ in actions(office, reference)] == ["queue_mail", "end_mail", "end_mail"]
    check_trail(office)


def test_a_mail_that_was_perhaps_sent_and_comes_back_is_not_sent_again(office: Office) -> None:
    queued(office)
    sent(office, Watching(office, PostResult(Posted.PERHAPS_SENT, "timeout")))
    (mail,) = mails_here(office.desk("ada"))
    assert (mail.state, mail.ended_at) == (MailState.PERHAPS_SENT, None)
    note_bounce(office.desk("fay"), failed(mail.mail_id))
    office.now += timedelta(days=1)
    again = Watching(office)
    assert sent(office, again) == Sending({}, 0)
    assert again.mails == []
    check_no_marker(office)


def test_news_that_come_while_the_mail_is_sent_are_the_last_word(office: Office) -> None:
    """A server may report a failure before it has even confirmed that it took the mail over."""
    reference = queued(office)

    class Quick:
        def send(self, mail: Mail, postmark: Postmark) -> PostResult:
            note_bounce(office.desk("abe"), failed(postmark.mail_id))
            return PostResult(Posted.SENT)

    assert sent(office, Quick()) == Sending({}, 1)
    (mail,) = request_file(office.desk("aud"), reference).unsent_mails
    assert mail.state is MailState.BOUNCED


@pytest.mark.parametrize("name", ["ray", "aud", "nia"])
def test_only_those_who_may_send_mail_note_bounces(name: str, office: Office) -> None:
    with pytest.raises(NotPermittedError):
        note_bounce(office.desk(name), failed("f" * 32))


def test_mail_of_another_company_is_unknown(office: Office) -> None:
    queued(office)
    sent(office, Watching(office))
    (mail,) = mails_here(office.desk("ada"))
    with pytest.raises(WrongUseError, match="about no mail that left here"):
        note_bounce(office.desk("bea"), failed(mail.mail_id))
    assert mails_here(office.desk("ada")) == (mail,)
